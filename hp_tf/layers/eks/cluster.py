"""The EKS cluster as hptf asks for it: in a state, and in AWS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hp_tf.contract.clients import Clients, says_absent
from hp_tf.contract.roles import KubernetesApi


def outputs_of(held: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the attributes of an ``aws_eks_cluster`` say of the API; null while the cluster is being made."""
    authority = held.get("certificate_authority") or [{}]
    return {
        "cluster_name": held.get("name"),
        "cluster_endpoint": held.get("endpoint"),
        "cluster_certificate_authority": authority[0].get("data"),
    }


def exists(clients: Clients, name: str) -> bool:
    """Whether EKS knows a cluster.

    Raises:
        ClientError: if EKS answers something else.
        BotoCoreError: if it does not answer.
    """
    from botocore.exceptions import ClientError

    try:
        clients.client("eks").describe_cluster(name=name)
    except ClientError as error:
        if says_absent(error):
            return False
        raise
    return True


KUBERNETES_API = KubernetesApi(
    what="EKS cluster",
    endpoint="cluster_endpoint",
    certificate_authority="cluster_certificate_authority",
    cluster_name="cluster_name",
    resource="aws_eks_cluster",
    outputs_of=outputs_of,
    exists=exists,
    public_access="endpoint_public_access",
    public_access_cidrs="public_access_cidrs",
)
