"""Whether metrics of nodes in a closed network reach the Prometheus workspace."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.rules import Path, PythonRule, Scope
from hp_tf.layers.endpoints.ways import unreached


def metrics_lost(layer: str) -> PythonRule:
    """Return the rule that what measures reaches Prometheus, and what makes dashboards Grafana."""

    def check(scope: Scope) -> Iterator[tuple[Path, str]]:
        wanted = ["aps-workspaces", *(("grafana", "grafana-workspace") if scope.get("dashboards") else ())]
        lost = unreached(scope, wanted)
        if lost:
            message = "The network has no way out, and none leads to Prometheus or Grafana: name"
            yield ("prometheus_endpoint",), f"{message} {', '.join(lost)} in endpoints.interface_endpoints."

    return PythonRule(f"{layer}-ways", check, "the network and its endpoints are other modules'")
