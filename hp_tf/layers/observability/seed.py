"""What a file says of workspaces that exist."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.seeds import Given, Seed


def seed(given: Given) -> Iterator[Seed]:
    """Yield the workspaces that are not made here."""
    values = given.existing or given.inputs
    made_here = given.existing is None
    if values.get("prometheus_workspace_id"):
        yield Seed("prometheus_workspace", values["prometheus_workspace_id"])
    if values.get("grafana_workspace_id") and (not made_here or values["grafana_workspace"] == "given"):
        yield Seed("grafana_workspace", values["grafana_workspace_id"], {"name": values.get("grafana_workspace_name")})
