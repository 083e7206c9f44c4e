"""What hptf finds out about an EKS cluster that exists."""

from __future__ import annotations

from typing import Any

from hp_tf.contract.clients import Clients
from hp_tf.contract.lookup import Given, Lookup
from hp_tf.errors import HptfError


def _find(clients: Clients, given: Given) -> dict[str, Any]:
    cluster = clients.client("eks").describe_cluster(name=given["cluster_name"])["cluster"]
    if "endpoint" not in cluster:
        raise HptfError(
            f"EKS cluster {given['cluster_name']} has no endpoint yet: its status is {cluster['status']}",
            hint="wait until it is active",
        )
    return {
        "cluster_arn": cluster["arn"],
        "cluster_endpoint": cluster["endpoint"],
        "cluster_certificate_authority": cluster["certificateAuthority"]["data"],
        "cluster_security_group_id": cluster["resourcesVpcConfig"]["clusterSecurityGroupId"],
        "oidc_issuer_url": cluster["identity"]["oidc"]["issuer"],
        "vpc_id": cluster["resourcesVpcConfig"]["vpcId"],
    }


LOOKUP = Lookup(
    identified_by=("cluster_name",),
    fills=(
        "cluster_arn",
        "cluster_endpoint",
        "cluster_certificate_authority",
        "cluster_security_group_id",
        "oidc_issuer_url",
        "vpc_id",
    ),
    find=_find,
)
