from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hp_tf.environment.load import validated
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.planning.kept import findings
from hp_tf.planning.planner import Planned
from hp_tf.run.context import Context
from tests.report.plans import change, loaded

CLUSTER = "module.hyperpod.awscc_sagemaker_cluster.this"
SHARED = {"shared_environment_config": {"fsx_lustre_config": {"size_in_gi_b": 1200}}}
GROUP = "restricted_instance_groups: [{name: a, instance_type: ml.p5.48xlarge, count: 1, storage: {size_gib: 1200}}]"
TEXT = """
orchestrator: eks
name: acme
aws: {region: us-west-2, account_id: "123456789012"}
layers:
  network: {availability_zone_ids: [usw2-az1]}
  eks: {availability_zone_ids: [usw2-az1, usw2-az2]}
  hyperpod: {node_provisioning_mode: %s, %s}
"""


def _said(
    folder: Path, mode: str, live: dict[str, Any], *, more: str = GROUP, actions: Any = None
) -> list[tuple[str, str]]:
    path = folder / "acme.yaml"
    path.write_text(TEXT % (mode, more))
    environment, wiring = validated(str(path), CONTRACTS)
    context = SimpleNamespace(environment=environment, wiring=wiring, contracts=CONTRACTS)
    resource = {
        "module": "module.hyperpod",
        "mode": "managed",
        "type": "awscc_sagemaker_cluster",
        "name": "this",
        "instances": [{"attributes": {"id": "c", **live}}],
    }
    plan = loaded(change(CLUSTER, actions, live, None)) if actions else None
    members = SimpleNamespace(present=("network", "hyperpod"))
    reading = SimpleNamespace(states={"hyperpod": {"version": 4, "resources": [resource]}, "network": None})
    planned = SimpleNamespace(plan=plan, prepared=SimpleNamespace(members=members, reading=reading))
    found = list(findings(cast(Context, context), cast(Planned, planned)))
    return [(item.code.name, item.subject) for item in found]


def test_continuous_provisioning_and_shared_storage_are_for_good(tmp_path: Path) -> None:
    live = {"node_provisioning_mode": "Continuous", "restricted_instance_groups_config": SHARED}
    assert _said(tmp_path, "null", live) == [
        ("value-kept", f"{CLUSTER}.node_provisioning_mode"),
        ("value-kept", f"{CLUSTER}.restricted_instance_groups_config"),
    ]


@pytest.mark.parametrize(
    "live",
    [{}, {"node_provisioning_mode": None, "restricted_instance_groups_config": {"shared_environment_config": None}}],
)
def test_what_the_cluster_does_not_have_is_not_missed(live: dict[str, Any], tmp_path: Path) -> None:
    assert _said(tmp_path, "null", live) == []


def test_what_the_file_says_is_no_matter(tmp_path: Path) -> None:
    group = "instance_groups: [{name: a, instance_type: ml.m5.xlarge, count: 1}]"
    assert _said(tmp_path, "Continuous", {"node_provisioning_mode": "Continuous"}, more=group) == []
    shared = f"{GROUP}, restricted_shared_storage: {{size_gib: 1200}}"
    assert _said(tmp_path, "null", {"restricted_instance_groups_config": SHARED}, more=shared) == []


def test_a_cluster_that_is_made_anew_keeps_nothing(tmp_path: Path) -> None:
    live = {"node_provisioning_mode": "Continuous"}
    assert _said(tmp_path, "null", live, actions=["delete", "create"]) == []
