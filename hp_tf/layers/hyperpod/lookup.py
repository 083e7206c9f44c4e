"""What hptf finds out about a HyperPod cluster that exists."""

from __future__ import annotations

from typing import Any

from hp_tf.contract.clients import Clients
from hp_tf.contract.lookup import Given, Lookup


def _find(clients: Clients, given: Given) -> dict[str, Any]:
    arn = clients.client("sagemaker").describe_cluster(ClusterName=given["cluster_name"])["ClusterArn"]
    return {"cluster_arn": arn, "cluster_id": arn.rpartition("/")[2]}


LOOKUP = Lookup(identified_by=("cluster_name",), fills=("cluster_arn", "cluster_id"), find=_find)
