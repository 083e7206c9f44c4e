"""What can be found out about a layer that already exists, from the outputs that identify it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from hp_tf.aws.network import absent, network
from hp_tf.contract.clients import Clients, code_of, says_absent
from hp_tf.errors import BadInput, HptfError
from hp_tf.layers.discovery import CONTRACTS

Given = Mapping[str, Any]
# A malformed identifier names nothing that exists, and a bucket of somebody else's answers 403.
_ABSENT = frozenset({"403", "ValidationException", "ValidationError", "InvalidParameterException"})


def eks(clients: Clients, given: Given) -> dict[str, Any]:
    """Return the outputs of an existing EKS cluster, by its name."""
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


def storage(clients: Clients, given: Given) -> dict[str, Any]:
    """Return the ARN of an existing bucket, by its name."""
    s3 = clients.client("s3")
    s3.head_bucket(Bucket=given["bucket_name"])
    return {"bucket_arn": f"arn:{s3.meta.partition}:s3:::{given['bucket_name']}"}


def fsx(clients: Clients, given: Given) -> dict[str, Any]:
    """Return the outputs of an existing FSx for Lustre file system, by its id."""
    identity = given["file_system_id"]
    answer = clients.client("fsx").describe_file_systems(FileSystemIds=[identity])["FileSystems"][0]
    if answer["FileSystemType"] != "LUSTRE":
        raise BadInput(
            f"layer 'fsx' is given as existing, but {identity} is {answer['FileSystemType']}, not Lustre",
            hint="name an FSx for Lustre file system in layers.fsx.existing",
        )
    return {
        "file_system_arn": answer["ResourceARN"],
        "dns_name": answer["DNSName"],
        "mount_name": answer["LustreConfiguration"]["MountName"],
    }


def iam(clients: Clients, given: Given) -> dict[str, Any]:
    """Return the outputs of an existing execution role, by its ARN."""
    name = given["execution_role_arn"].rpartition("/")[2]
    clients.client("iam").get_role(RoleName=name)
    return {"execution_role_name": name}


def hyperpod(clients: Clients, given: Given) -> dict[str, Any]:
    """Return the outputs of an existing HyperPod cluster, by its name."""
    arn = clients.client("sagemaker").describe_cluster(ClusterName=given["cluster_name"])["ClusterArn"]
    return {"cluster_arn": arn, "cluster_id": arn.rpartition("/")[2]}


LOOKUPS: Mapping[str, Callable[[Clients, Given], dict[str, Any]]] = {
    "network": network,
    "eks": eks,
    "storage": storage,
    "fsx": fsx,
    "iam": iam,
    "hyperpod": hyperpod,
}


def look_up(layer: str, clients: Clients, given: Given) -> dict[str, Any]:
    """Return an existing layer's outputs: what the file gives, and what AWS says of the rest.

    Raises:
        BadInput: if it does not exist or is something else.
        HptfError: if AWS does not answer.
    """
    declared = CONTRACTS[layer].lookup
    identifying = declared.identified_by if declared is not None else given
    named = ", ".join(f"{key} {_text(given[key])}" for key in identifying)
    try:
        found = LOOKUPS[layer](clients, given)
    except ClientError as error:
        if says_absent(error) or code_of(error) in _ABSENT or code_of(error).endswith(".Malformed"):
            raise absent(layer, named) from error
        raise HptfError(f"looking up {named} for layer '{layer}': {error}") from error
    except BotoCoreError as error:
        raise HptfError(f"looking up {named} for layer '{layer}': {error}") from error
    return {**found, **given}


def _text(value: Any) -> str:
    return ", ".join(map(str, value.values())) if isinstance(value, Mapping) else str(value)
