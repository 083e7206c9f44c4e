"""The resource types of SageMaker Studio."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.clients import Clients
from hp_tf.contract.resources import ec2, eks
from hp_tf.contract.resources.base import Attributes, ResourceType
from hp_tf.contract.resources.iam import ROLE, ROLE_POLICY, ROLE_POLICY_ATTACHMENT
from hp_tf.contract.resources.pages import pages

_ARN = "arn:aws:sagemaker:us-west-2:123456789012"


def _domains(clients: Clients) -> Iterator[str]:
    for item in pages(clients.client("sagemaker"), "list_domains", "Domains"):
        yield item["DomainId"]


def _named_domain(planned: Attributes, clients: Clients) -> Iterator[str]:
    for item in pages(clients.client("sagemaker"), "list_domains", "Domains"):
        if item["DomainName"] == planned.get("domain_name"):
            yield item["DomainId"]


def _profiles(clients: Clients) -> Iterator[str]:
    sagemaker = clients.client("sagemaker")
    for item in pages(sagemaker, "list_user_profiles", "UserProfiles"):
        found = sagemaker.describe_user_profile(DomainId=item["DomainId"], UserProfileName=item["UserProfileName"])
        yield found["UserProfileArn"]


def _named_profile(planned: Attributes, clients: Clients) -> Iterator[str]:
    domain, name = planned.get("domain_id"), planned.get("user_profile_name")
    return (arn for arn in _profiles(clients) if domain and name and arn.endswith(f"/{domain}/{name}"))


def _spaces(clients: Clients) -> Iterator[str]:
    sagemaker = clients.client("sagemaker")
    for item in pages(sagemaker, "list_spaces", "Spaces"):
        yield sagemaker.describe_space(DomainId=item["DomainId"], SpaceName=item["SpaceName"])["SpaceArn"]


def _named_space(planned: Attributes, clients: Clients) -> Iterator[str]:
    domain, name = planned.get("domain_id"), planned.get("space_name")
    return (arn for arn in _spaces(clients) if domain and name and arn.endswith(f"/{domain}/{name}"))


def _scripts(clients: Clients) -> Iterator[str]:
    for item in pages(clients.client("sagemaker"), "list_studio_lifecycle_configs", "StudioLifecycleConfigs"):
        yield item["StudioLifecycleConfigName"]


RESOURCES = (
    ResourceType(
        "aws_sagemaker_domain",
        candidates=_named_domain,
        inventory=_domains,
        mocked={"id": "d-0123456789ab", "arn": f"{_ARN}:domain/d-0123456789ab"},
    ),
    ResourceType("aws_sagemaker_user_profile", candidates=_named_profile, single=True, inventory=_profiles),
    ResourceType("aws_sagemaker_space", candidates=_named_space, single=True, inventory=_spaces),
    ResourceType(
        "aws_sagemaker_studio_lifecycle_config",
        import_id="{studio_lifecycle_config_name}",
        exists=lambda planned, account: bool(
            account.client("sagemaker").describe_studio_lifecycle_config(
                StudioLifecycleConfigName=planned["studio_lifecycle_config_name"]
            )
        ),
        inventory=_scripts,
        mocked={"arn": f"{_ARN}:studio-lifecycle-config/mocked"},
    ),
    eks.ACCESS_ENTRY,
    eks.ACCESS_POLICY_ASSOCIATION,
    ec2.SECURITY_GROUP,
    ec2.EGRESS_RULE,
    ROLE,
    ROLE_POLICY,
    ROLE_POLICY_ATTACHMENT,
)
