"""What hptf finds out about a file system that exists."""

from __future__ import annotations

from typing import Any

from hp_tf.contract.clients import Clients
from hp_tf.contract.lookup import Given, Lookup, Unfit


def _find(clients: Clients, given: Given) -> dict[str, Any]:
    identity = given["file_system_id"]
    answer = clients.client("fsx").describe_file_systems(FileSystemIds=[identity])["FileSystems"][0]
    if answer["FileSystemType"] != "OPENZFS":
        raise Unfit(
            f"{identity} is {answer['FileSystemType']}, not OpenZFS", "name an FSx for OpenZFS file system in {}"
        )
    return {"file_system_arn": answer["ResourceARN"], "dns_name": answer["DNSName"]}


LOOKUP = Lookup(identified_by=("file_system_id",), fills=("file_system_arn", "dns_name"), find=_find)
