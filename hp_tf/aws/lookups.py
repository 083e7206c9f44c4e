"""What can be found out about a layer that already exists, from the outputs that identify it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from hp_tf.errors import BadInput, HptfError


class Clients(Protocol):
    """Makes AWS clients."""

    def client(self, name: str) -> Any:
        """Return a client of one service."""


def eks(clients: Clients, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the outputs of an existing EKS cluster, by its name."""
    cluster = clients.client("eks").describe_cluster(name=given["cluster_name"])["cluster"]
    return {
        "cluster_name": cluster["name"],
        "cluster_arn": cluster["arn"],
        "cluster_endpoint": cluster["endpoint"],
        "cluster_certificate_authority": cluster["certificateAuthority"]["data"],
        "cluster_security_group_id": cluster["resourcesVpcConfig"]["clusterSecurityGroupId"],
        "oidc_issuer_url": cluster["identity"]["oidc"]["issuer"],
    }


def storage(clients: Clients, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the outputs of an existing bucket, by its name. The scripts are expected at its root."""
    name = given["bucket_name"]
    clients.client("s3").head_bucket(Bucket=name)
    partition = clients.client("sts").get_caller_identity()["Arn"].split(":")[1]
    return {
        "bucket_arn": f"arn:{partition}:s3:::{name}",
        "lifecycle_script_uri": f"s3://{name}",
        "lifecycle_on_create": "on_create.sh",
    }


def fsx(clients: Clients, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the outputs of an existing FSx for Lustre file system, by its id."""
    answer = clients.client("fsx").describe_file_systems(FileSystemIds=[given["file_system_id"]])["FileSystems"][0]
    return {
        "file_system_arn": answer["ResourceARN"],
        "dns_name": answer["DNSName"],
        "mount_name": answer["LustreConfiguration"]["MountName"],
    }


def iam(clients: Clients, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the outputs of an existing execution role, by its ARN."""
    name = given["execution_role_arn"].rpartition("/")[2]
    clients.client("iam").get_role(RoleName=name)
    return {"execution_role_name": name}


def hyperpod(clients: Clients, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the outputs of an existing HyperPod cluster, by its name."""
    arn = clients.client("sagemaker").describe_cluster(ClusterName=given["cluster_name"])["ClusterArn"]
    return {"cluster_arn": arn, "cluster_id": arn.rpartition("/")[2]}


LOOKUPS: Mapping[str, Callable[[Clients, Mapping[str, Any]], dict[str, Any]]] = {
    "eks": eks,
    "storage": storage,
    "fsx": fsx,
    "iam": iam,
    "hyperpod": hyperpod,
}


def look_up(layer: str, clients: Clients, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return an existing layer's outputs: what the file gives, and what AWS says of the rest.

    Raises BadInput if it does not exist, HptfError if AWS does not answer.
    """
    named = ", ".join(f"{key} {value}" for key, value in given.items())
    try:
        found = LOOKUPS[layer](clients, given)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if "NotFound" in code or code in ("404", "NoSuchEntity", "NoSuchBucket", "ValidationException"):
            raise BadInput(
                f"layer '{layer}' is given as existing, but AWS knows no {named}",
                hint="correct layers." + layer + ".existing, or remove it to create the layer",
            ) from error
        raise HptfError(f"looking up {named} for layer '{layer}': {error}") from error
    except BotoCoreError as error:
        raise HptfError(f"looking up {named} for layer '{layer}': {error}") from error
    return {**found, **given}
