"""What an older provider would drop in silence is named before the plan."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from hp_tf import codes
from hp_tf.contract.resources.base import ResourceType
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.planning import dropped
from hp_tf.planning.selection import LayerOptions
from hp_tf.standin.schema import load
from hp_tf.terraform import commands
from tests.engine import commands as run
from tests.engine.harness import THREE, Workbench

CLUSTER = "awscc_sagemaker_cluster"
# The layers that make one.
CLUSTERS = ("hyperpod", "hyperpod_slurm")
(TYPE,) = (item for item in CONTRACTS["hyperpod"].resources if item.type == CLUSTER)


def attribute(declared: dict[str, Any]) -> dict[str, Any]:
    """A stand-in schema's attribute, as `providers schema -json` has it."""
    inner = declared.get("attributes")
    if not inner:
        return {"type": "string"}
    nested = {name: attribute(item) for name, item in inner.items()}
    return {"nested_type": {"nesting_mode": declared.get("nesting", "single"), "attributes": nested}}


def document() -> dict[str, Any]:
    """What awscc knows, from the schema of the newest one."""
    known = {name: attribute(item) for name, item in load(CLUSTER).document["attributes"].items()}
    schemas = {CLUSTER: {"block": {"attributes": known}}}
    return {"provider_schemas": {"registry.opentofu.org/hashicorp/awscc": {"resource_schemas": schemas}}}


def without(path: str) -> dict[str, Any]:
    """The same of a provider that does not know a path."""
    found = copy.deepcopy(document())
    (provider,) = found["provider_schemas"].values()
    place = provider["resource_schemas"][CLUSTER]["block"]
    *above, last = path.split(".")
    for name in above:
        place = place["attributes"][name]["nested_type"]
    del place["attributes"][last]
    return found


def test_the_newest_provider_knows_all_that_is_sent() -> None:
    assert dropped.missing(document(), [TYPE]) == {}


@pytest.mark.parametrize("path", TYPE.nested)
def test_what_a_provider_does_not_know_is_found(path: str) -> None:
    assert dropped.missing(without(path), [TYPE]) == {CLUSTER: [path]}


@pytest.mark.parametrize("path", TYPE.nested)
def test_a_module_sends_it(path: str) -> None:
    modules = Path(__file__).parents[2] / "modules"
    text = "".join(file.read_text() for name in CLUSTERS for file in sorted((modules / name).glob("*.tf")))
    assert f"{path.rpartition('.')[2]} " in text


def test_a_type_that_the_root_does_not_have_is_not_compared() -> None:
    assert dropped.missing({"provider_schemas": {}}, [TYPE]) == {}


def test_a_plan_says_it_and_the_provider_is_asked_once(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    """`terraform_data` has no attribute `colour`, so whoever sends one inside it sends it in vain."""
    nested = {"input.colour": "9.9", "triggers_replace": "0.1"}
    bench.with_contract("beta", resources=(ResourceType("terraform_data", nested=nested),))
    bench.write(THREE)
    asked = []
    ask = commands.providers_schema

    def counted(invocation: commands.Invocation) -> Any:
        asked.append(invocation)
        return ask(invocation)

    monkeypatch.setattr(commands, "providers_schema", counted)
    for _ in range(2):
        planned = run.review(bench.open(), LayerOptions())
        (finding,) = planned.findings
        assert (finding.code, finding.subject) == (codes.ATTRIBUTE_DROPPED, "terraform_data.input.colour")
        assert "9.9" in str(finding.remedy)
    assert len(asked) == 1
    (record,) = bench.root.glob(".hptf/test/root-*/.hptf-dropped.json")
    assert json.loads(record.read_text())["missing"] == {"terraform_data": ["input.colour"]}


def test_a_stand_in_is_not_asked() -> None:
    nobody: Any = None
    assert dropped.findings(nobody, CONTRACTS.values(), ["registry.terraform.io/hashicorp/awscc"]) == ()
