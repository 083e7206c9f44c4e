"""EKS's resource types that several layers make."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.clients import Clients
from hp_tf.contract.resources.base import Account, Attributes, ResourceType
from hp_tf.contract.resources.creation import Creation
from hp_tf.contract.resources.pages import pages

COMING, WELL = frozenset({"CREATING"}), frozenset({"ACTIVE", "UPDATING"})


def _addon_status(clients: Clients, identity: str) -> str:
    cluster, _, addon = identity.partition(":")
    return str(clients.client("eks").describe_addon(clusterName=cluster, addonName=addon)["addon"]["status"])


def _addon_exists(planned: Attributes, account: Account) -> bool:
    eks = account.client("eks")
    return bool(eks.describe_addon(clusterName=planned["cluster_name"], addonName=planned["addon_name"]))


def _entry_exists(planned: Attributes, account: Account) -> bool:
    client = account.client("eks")
    return bool(
        client.describe_access_entry(clusterName=planned["cluster_name"], principalArn=planned["principal_arn"])
    )


def _policy_associated(planned: Attributes, account: Account) -> bool:
    associated = pages(
        account.client("eks"),
        "list_associated_access_policies",
        "associatedAccessPolicies",
        clusterName=planned["cluster_name"],
        principalArn=planned["principal_arn"],
    )
    return any(item["policyArn"] == planned["policy_arn"] for item in associated)


def _associated_pods(planned: Attributes, clients: Clients) -> Iterator[str]:
    """Yield the association of a service account: it has one at most."""
    cluster, place = (
        planned.get("cluster_name"),
        {
            "namespace": planned.get("namespace"),
            "serviceAccount": planned.get("service_account"),
        },
    )
    if cluster and all(place.values()):
        eks = clients.client("eks")
        for item in pages(eks, "list_pod_identity_associations", "associations", clusterName=cluster, **place):
            yield f"{cluster},{item['associationId']}"


ADDON = ResourceType(
    "aws_eks_addon",
    import_id="{cluster_name}:{addon_name}",
    exists=_addon_exists,
    creation=Creation(_addon_status, coming=COMING, well=WELL),
)
ACCESS_ENTRY = ResourceType("aws_eks_access_entry", import_id="{cluster_name}:{principal_arn}", exists=_entry_exists)
ACCESS_POLICY_ASSOCIATION = ResourceType(
    "aws_eks_access_policy_association",
    import_id="{cluster_name}#{principal_arn}#{policy_arn}",
    exists=_policy_associated,
)
POD_IDENTITY = ResourceType(
    "aws_eks_pod_identity_association",
    import_id="{cluster_name},{association_id}",
    own_id=True,
    candidates=_associated_pods,
    single=True,
)
