"""What hptf finds out about a file system that exists."""

from __future__ import annotations

from typing import Any

from hp_tf.contract.clients import Clients
from hp_tf.contract.lookup import Given, Lookup, Unfit


def _find(clients: Clients, given: Given) -> dict[str, Any]:
    identity = given["file_system_id"]
    answer = clients.client("fsx").describe_file_systems(FileSystemIds=[identity])["FileSystems"][0]
    if answer["FileSystemType"] != "LUSTRE":
        raise Unfit(f"{identity} is {answer['FileSystemType']}, not Lustre", "name an FSx for Lustre file system in {}")
    return {
        "file_system_arn": answer["ResourceARN"],
        "dns_name": answer["DNSName"],
        "mount_name": answer["LustreConfiguration"]["MountName"],
    }


LOOKUP = Lookup(identified_by=("file_system_id",), fills=("file_system_arn", "dns_name", "mount_name"), find=_find)
