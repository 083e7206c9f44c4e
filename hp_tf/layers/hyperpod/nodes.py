"""The nodes of a HyperPod cluster: which of them run."""

from __future__ import annotations

from hp_tf.contract.clients import Clients, code_of
from hp_tf.contract.roles import Nodes


def running(clients: Clients, cluster: str) -> bool:
    """Whether a node of a cluster runs; false while there is no such cluster.

    Raises:
        ClientError: if SageMaker answers something else.
        BotoCoreError: if it does not answer.
    """
    from botocore.exceptions import ClientError

    pages = clients.client("sagemaker").get_paginator("list_cluster_nodes").paginate(ClusterName=cluster)
    try:
        return any(
            node["InstanceStatus"]["Status"] == "Running" for page in pages for node in page["ClusterNodeSummaries"]
        )
    except ClientError as error:
        if code_of(error) in ("ResourceNotFound", "ValidationException"):
            return False
        raise


NODES = Nodes(cluster_name="cluster_name", running=running)
