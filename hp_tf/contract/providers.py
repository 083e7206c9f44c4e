"""The Terraform providers there are: each is declared once, with all that hptf knows of it.

Objects in a cluster come by charts, so there is no kubernetes provider.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# Of the tokens that ``hptf token`` gives a provider.
TOKEN_API_VERSION = "client.authentication.k8s.io/v1beta1"


@dataclass(frozen=True)
class Access:
    """The account and the way in: texts in Terraform's JSON syntax.

    Attributes:
        assume_role: the role to assume as providers call its parts (``role_arn``, ``session_name``, ``external_id``).
    """

    region: str
    account_id: str
    profile: str | None = None
    assume_role: Mapping[str, str] | None = None


@dataclass(frozen=True)
class ClusterAccess:
    """The Kubernetes API and the way in: values in Terraform's JSON syntax, expressions among them.

    Attributes:
        certificate_authority: as a whole expression; its value is PEM.
    """

    endpoint: str
    certificate_authority: str
    name: str


@dataclass(frozen=True)
class Provider:
    """A provider that modules require.

    Attributes:
        source: its address, without the registry.
        version: the range of versions that modules support.
        bindings: the Python package of its CDKTF bindings, which only ``hptf synth`` needs.
        configure: gives the arguments of its configuration in a root, in Terraform's JSON syntax.
        in_cluster: its resources are objects in the Kubernetes cluster, and its configuration is a way into that.
    """

    name: str
    source: str
    version: str
    bindings: str
    configure: Callable[[Access], Mapping[str, Any]] = lambda access: {}
    in_cluster: Callable[[Access, ClusterAccess], Mapping[str, Any]] | None = None


def _aws(access: Access) -> dict[str, Any]:
    role = {"assume_role": [dict(access.assume_role)]} if access.assume_role else {}
    return {**_region(access), "allowed_account_ids": [access.account_id], **role}


def _awscc(access: Access) -> dict[str, Any]:
    # A nested attribute, where aws has a block.
    return {**_region(access), **({"assume_role": dict(access.assume_role)} if access.assume_role else {})}


def _region(access: Access) -> dict[str, Any]:
    return {"region": access.region, **({"profile": access.profile} if access.profile else {})}


def token_plugin(access: Access, cluster_name: str) -> dict[str, Any]:
    """Return the credential plugin of a cluster, as providers are configured with it."""
    arguments = ["token", "--cluster-name", cluster_name, "--region", access.region]
    arguments += ["--profile", access.profile] if access.profile else []
    arguments += [f"--{part.replace('_', '-')}={value}" for part, value in (access.assume_role or {}).items()]
    return {"api_version": TOKEN_API_VERSION, "command": "hptf", "args": arguments}


def _helm(access: Access, cluster: ClusterAccess) -> dict[str, Any]:
    """Configure helm with an exec plugin: a token in the configuration would be in plans, and expires in the middle.

    The object is written as a constructor with unknown leaves: the provider refuses an object that is unknown whole.
    """
    return {
        "kubernetes": {
            "host": cluster.endpoint,
            "cluster_ca_certificate": cluster.certificate_authority,
            "exec": token_plugin(access, cluster.name),
        }
    }


AWS = Provider("aws", "hashicorp/aws", ">= 5.100.0, < 7.0.0", "cdktn_provider_aws", configure=_aws)
AWSCC = Provider("awscc", "hashicorp/awscc", ">= 1.106.0, < 2.0.0", "cdktn_provider_awscc", configure=_awscc)
# 3.1.0 brought take_ownership.
HELM = Provider("helm", "hashicorp/helm", ">= 3.1.0, < 4.0.0", "cdktn_provider_helm", in_cluster=_helm)
PROVIDERS = (AWS, AWSCC, HELM)
