"""Types that the chart's plugins do not know are warned of, with the plugin's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.contract.instance_types import INSTANCE_TYPES
from hp_tf.environment.load import validated
from hp_tf.errors import BadInput
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.layers.helm import plugins

FILE = """
orchestrator: eks
name: dev
aws: {{region: us-west-2, account_id: "123456789012"}}
state: {{local: {{directory: states}}}}
layers:
  network: {{availability_zone_ids: [usw2-az1, usw2-az2], primary_availability_zone_id: usw2-az1}}
  eks: {{availability_zone_ids: [usw2-az1, usw2-az2]}}
  helm: {helm}
  hyperpod:
    instance_groups: [{{name: workers, instance_type: {kind}, count: 1}}]
"""


@pytest.mark.parametrize(
    ("part", "revision", "kind", "unknown"),
    [
        ("nvidia_device_plugin", plugins.NEWEST, "ml.g7e.2xlarge", False),
        ("nvidia_device_plugin", plugins.TERRAFORM, "ml.g7e.2xlarge", True),
        ("nvidia_device_plugin", plugins.NEWEST, "ml.g4dn.xlarge", True),
        ("nvidia_device_plugin", plugins.RESTRICTED, "ml.p5.4xlarge", True),
        ("nvidia_device_plugin", plugins.RESTRICTED, "ml.p5.48xlarge", False),
        ("nvidia_device_plugin", plugins.NEWEST, "ml.trn1.32xlarge", False),
        ("nvidia_device_plugin", "0" * 40, "ml.g4dn.xlarge", False),
        ("neuron_device_plugin", plugins.NEWEST, "ml.trn2.3xlarge", True),
        ("health_monitoring_agent", plugins.TERRAFORM, "ml.p6-b300.48xlarge", True),
        ("efa_device_plugin", plugins.TERRAFORM, "ml.p6-b300.48xlarge", True),
        ("efa_device_plugin", plugins.NEWEST, "ml.p6-b300.48xlarge", False),
        ("efa_device_plugin", plugins.NEWEST, "ml.g5.xlarge", False),
    ],
)
def test_what_a_part_does_not_know(part: str, revision: str, kind: str, unknown: bool) -> None:
    assert plugins.missing(part, revision, kind) is unknown


def test_the_newest_revision_lacks_what_is_said_of_it() -> None:
    lacking = {kind for part in plugins.PARTS for kind in INSTANCE_TYPES if plugins.missing(part, plugins.NEWEST, kind)}
    assert {kind.split(".")[1] for kind in lacking} == {"g4dn", "g7", "trn2"}


BOTH = ["nvidia_device_plugin", "health_monitoring_agent"]


@pytest.mark.parametrize(
    ("helm", "kind", "parts"),
    [
        ("{}", "ml.g5.8xlarge", []),
        ("{}", "ml.g4dn.xlarge", BOTH),
        ("{nvidia_device_plugin: false}", "ml.g4dn.xlarge", ["health_monitoring_agent"]),
        (
            f"{{chart: {{revision: {plugins.TERRAFORM}}}}}",
            "ml.g7e.2xlarge",
            ["nvidia_device_plugin", "health_monitoring_agent"],
        ),
        ("{chart: {source: embedded}}", "ml.g4dn.xlarge", []),
    ],
)
def test_a_group_outside_of_a_plugin_is_warned_of(tmp_path: Path, helm: str, kind: str, parts: list[str]) -> None:
    (tmp_path / "dev.yaml").write_text(
        FILE.format(helm=helm, kind=kind) + ("emulator: embedded\n" if "embedded" in helm else "")
    )
    environment, _ = validated("dev", CONTRACTS, tmp_path)
    said = [item for item in environment.warnings if str(item.code) == "helm-plugin-types"]
    assert {next(part for part in parts if part in item.message) for item in said} == set(parts)
    assert all(kind in item.message for item in said)


def test_groups_that_cannot_be_read_and_types_that_nobody_knows_are_not_judged(tmp_path: Path) -> None:
    """What is wrong with them is said once, by whom it concerns."""
    text = FILE.format(helm="{}", kind="ml.g55.xlarge")
    for wrong in (text.replace("[{name: workers", "{gpu: {name: workers").replace("count: 1}]", "count: 1}}"), text):
        (tmp_path / "dev.yaml").write_text(wrong)
        try:
            environment, _ = validated("dev", CONTRACTS, tmp_path)
            said = [str(item.code) for item in environment.warnings]
        except BadInput as error:
            said = [str(item.code) for item in (*error.problems, *error.warnings)]
        assert said and "helm-plugin-types" not in said
