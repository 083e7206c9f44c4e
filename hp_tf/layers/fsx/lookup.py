"""What hptf finds out about a file system that exists."""

from __future__ import annotations

from typing import Any

from hp_tf.contract.clients import Clients
from hp_tf.contract.lookup import Given, Lookup
from hp_tf.contract.resources.fsx import told


def _find(clients: Clients, given: Given) -> dict[str, Any]:
    found = told(clients, given["file_system_id"], "LUSTRE", "Lustre")
    return {
        "file_system_arn": found["ResourceARN"],
        "dns_name": found["DNSName"],
        "mount_name": found["LustreConfiguration"]["MountName"],
    }


LOOKUP = Lookup(identified_by=("file_system_id",), fills=("file_system_arn", "dns_name", "mount_name"), find=_find)
