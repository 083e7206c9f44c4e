"""The nodes of a HyperPod cluster: which of them run, whether any come, and what happened to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from hp_tf.contract.clients import Clients, code_of
from hp_tf.contract.roles import Awaited, Nodes

EVENTS = 10


def statuses(clients: Clients, cluster: str) -> Mapping[str, int]:
    """Return how many nodes of a cluster there are in each status; none while there is no such cluster.

    Raises:
        ClientError: if SageMaker answers something else.
        BotoCoreError: if it does not answer.
    """
    from botocore.exceptions import ClientError

    pages = clients.client("sagemaker").get_paginator("list_cluster_nodes").paginate(ClusterName=cluster)
    try:
        return Counter(node["InstanceStatus"]["Status"] for page in pages for node in page["ClusterNodeSummaries"])
    except ClientError as error:
        if code_of(error) in ("ResourceNotFound", "ValidationException"):
            return {}
        raise


def awaited(clients: Clients, cluster: str) -> Awaited:
    """Return whether nodes of a cluster come by themselves, when pods ask for them, or never."""
    found = clients.client("sagemaker").describe_cluster(ClusterName=cluster)
    groups = [*(found.get("InstanceGroups") or ()), *(found.get("RestrictedInstanceGroups") or ())]
    if any(group.get("TargetCount") for group in groups):
        return "soon"
    return "for pods" if (found.get("AutoScaling") or {}).get("Mode") == "Enable" else "never"


def events(clients: Clients, cluster: str) -> list[str]:
    """Return the last events of a cluster, the newest first; none where its kind has no list of them."""
    from botocore.exceptions import ClientError

    sagemaker = clients.client("sagemaker")
    try:
        found = sagemaker.list_cluster_events(ClusterName=cluster, SortOrder="Descending", MaxResults=EVENTS)["Events"]
    except ClientError as error:
        if code_of(error) == "ValidationException":
            return []
        raise
    return [f"{event['EventTime']:%H:%M:%S} {event.get('Description', event['ResourceType'])}" for event in found]


NODES = Nodes(cluster_name="cluster_name", running="Running", statuses=statuses, awaited=awaited, events=events)
