"""EKS's resource types that several layers make."""

from __future__ import annotations

from hp_tf.contract.clients import Clients
from hp_tf.contract.resources.base import Account, Attributes, ResourceType
from hp_tf.contract.resources.creation import Creation

COMING, WELL = frozenset({"CREATING"}), frozenset({"ACTIVE", "UPDATING"})


def _addon_status(clients: Clients, identity: str) -> str:
    cluster, _, addon = identity.partition(":")
    return str(clients.client("eks").describe_addon(clusterName=cluster, addonName=addon)["addon"]["status"])


def _addon_exists(planned: Attributes, account: Account) -> bool:
    eks = account.client("eks")
    return bool(eks.describe_addon(clusterName=planned["cluster_name"], addonName=planned["addon_name"]))


ADDON = ResourceType(
    "aws_eks_addon",
    import_id="{cluster_name}:{addon_name}",
    exists=_addon_exists,
    creation=Creation(_addon_status, coming=COMING, well=WELL),
)
