"""The resource types of task governance."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.clients import Clients
from hp_tf.contract.resources import eks
from hp_tf.contract.resources.base import Attributes, ResourceType
from hp_tf.contract.resources.creation import Creation
from hp_tf.contract.resources.pages import pages


def _candidates(planned: Attributes, clients: Clients) -> Iterator[str]:
    """Yield the scheduler configuration of a cluster: there is one."""
    if planned.get("cluster_arn"):
        found = pages(
            clients.client("sagemaker"),
            "list_cluster_scheduler_configs",
            "ClusterSchedulerConfigSummaries",
            ClusterArn=planned["cluster_arn"],
        )
        yield from (item["ClusterSchedulerConfigArn"] for item in found if item["Status"] != "Deleting")


def _status(clients: Clients, identity: str) -> str:
    wanted = {"ClusterSchedulerConfigId": identity.rpartition("/")[2]}
    return str(clients.client("sagemaker").describe_cluster_scheduler_config(**wanted)["Status"])


RESOURCES = (
    eks.ADDON,
    ResourceType(
        "awscc_sagemaker_cluster_scheduler_config",
        candidates=_candidates,
        single=True,
        creation=Creation(_status, coming=frozenset({"Creating"}), well=frozenset({"Created", "Updating", "Updated"})),
    ),
    # The aws provider imports none of these ("doesn't support import", up to 6.x), so none is looked for.
    ResourceType("aws_cloudcontrolapi_resource", own_id=True),
    ResourceType("terraform_data", own_id=True),
)
