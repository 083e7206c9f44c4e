"""What hptf finds out about workspaces that exist."""

from __future__ import annotations

from typing import Any

from hp_tf.contract.clients import Clients
from hp_tf.contract.lookup import Given, Lookup


def _find(clients: Clients, given: Given) -> dict[str, Any]:
    amp = clients.client("amp")
    found = amp.describe_workspace(workspaceId=given["prometheus_workspace_id"])["workspace"]
    return {
        "prometheus_workspace_arn": found["arn"],
        "prometheus_endpoint": found["prometheusEndpoint"].rstrip("/"),
    }


LOOKUP = Lookup(
    identified_by=("prometheus_workspace_id",),
    fills=("prometheus_workspace_arn", "prometheus_endpoint"),
    find=_find,
)
