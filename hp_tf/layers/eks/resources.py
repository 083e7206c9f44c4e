"""The resource types of the EKS cluster."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.clients import Clients
from hp_tf.contract.resources import ec2, eks, iam, logs
from hp_tf.contract.resources.base import Account, Attributes, ResourceType
from hp_tf.contract.resources.creation import Creation
from hp_tf.contract.resources.pages import pages
from hp_tf.layers.eks.changes import JUDGEMENT


def _cluster_exists(planned: Attributes, account: Account) -> bool:
    # One that is being deleted cannot be taken over: the plan creates it anew, and waits or fails by name.
    return bool(account.client("eks").describe_cluster(name=planned["name"])["cluster"]["status"] != "DELETING")


def _cluster_status(clients: Clients, identity: str) -> str:
    return str(clients.client("eks").describe_cluster(name=identity)["cluster"]["status"])


def _keys(planned: Attributes, clients: Clients) -> Iterator[str]:
    """Yield keys by description and tags: a key has no name of its own."""
    kms = clients.client("kms")
    wanted = {str(name): str(value) for name, value in (planned.get("tags") or {}).items()}
    description = planned.get("description")
    for key in pages(kms, "list_keys", "Keys") if description else ():
        found = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
        if found["KeyState"] != "Enabled" or found.get("Description") != description:
            continue
        tags = {tag["TagKey"]: tag["TagValue"] for tag in kms.list_resource_tags(KeyId=key["KeyId"])["Tags"]}
        if wanted.items() <= tags.items():
            yield key["KeyId"]


def _all_keys(clients: Clients) -> Iterator[str]:
    """Yield customers' keys less those that wait for their deletion."""
    kms = clients.client("kms")
    for key in pages(kms, "list_keys", "Keys"):
        # By its ARN: moto takes an id of one for several regions for none.
        found = kms.describe_key(KeyId=key["KeyArn"])["KeyMetadata"]
        if found["KeyManager"] == "CUSTOMER" and found["KeyState"] != "PendingDeletion":
            yield key["KeyId"]


def _aliases(clients: Clients) -> Iterator[str]:
    return (alias["AliasName"] for alias in pages(clients.client("kms"), "list_aliases", "Aliases"))


RESOURCES = (
    ResourceType(
        "aws_eks_cluster",
        import_id="{name}",
        exists=_cluster_exists,
        creation=Creation(_cluster_status, coming=eks.COMING, well=eks.WELL),
        protected=True,
        judgement=JUDGEMENT,
        mocked={
            "certificate_authority": [{"data": "bW9ja2Vk"}],
            "identity": [{"oidc": [{"issuer": "https://mocked"}]}],
        },
    ),
    eks.ADDON,
    eks.ACCESS_ENTRY,
    eks.ACCESS_POLICY_ASSOCIATION,
    ec2.SUBNET,
    ec2.ROUTE_TABLE,
    ec2.ROUTE_TABLE_ASSOCIATION,
    ec2.INGRESS_RULE,
    iam.ROLE,
    iam.ROLE_POLICY_ATTACHMENT,
    logs.LOG_GROUP,
    ResourceType("aws_kms_key", candidates=_keys, inventory=_all_keys),
    ResourceType(
        "aws_kms_alias",
        import_id="{name}",
        exists=lambda planned, account: planned["name"] in _aliases(account),
        inventory=lambda clients: (name for name in _aliases(clients) if not name.startswith("alias/aws/")),
    ),
)
