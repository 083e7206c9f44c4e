"""The published schemas, against what is printed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import jsonschema
import pytest

from hp_tf import codes
from hp_tf.contract.resources.base import ResourceType
from hp_tf.errors import BadInput, HptfError
from hp_tf.findings import Finding, Location
from hp_tf.report import document, schemas
from hp_tf.terraform.events import Diagnostic
from hp_tf.terraform.plan import Counts
from tests.engine import commands
from tests.engine.harness import THREE, Workbench, up
from tests.planning.test_keyed_runs import ALL
from tests.report.plans import CONTEXT, change, loaded, planned
from tests.schemas import check

ROOT = Path(__file__).parents[2]
GOOD = 'orchestrator: eks\nname: dev\naws: {region: us-west-2, account_id: "123456789012"}\n'


@pytest.mark.parametrize(
    ("name", "text"), [("plan", schemas.plan()), ("outcome", schemas.outcome()), ("validate", schemas.validation())]
)
def test_the_committed_schemas_are_those_of_the_types(name: str, text: str) -> None:
    assert (ROOT / "schema" / f"{name}.json").read_text() == text


def test_a_plan_and_a_failure_are_as_the_schema_says() -> None:
    entry = change("module.network.aws_vpc.this[0]", ["create"], None, {"cidr_block": "10.0.0.0/16"})
    held = planned(
        loaded(entry, outputs={"network__vpc_id": {"actions": ["create"], "before": None, "after": "x"}}),
        warnings=[Diagnostic("warning", "Deprecated", "Use another.")],
        findings=[codes.LAYER_LEAVES.about("fsx", "it leaves", "say so")],
    )
    check(document.plan(CONTEXT, held, ["something"]), "plan")
    place = Location("envs/dev.yaml", 3, 5)
    check(document.failure("dev", BadInput([Finding("no", place, None, codes.UNKNOWN_KEY, "x")])), "plan")
    check(document.failure("dev", HptfError("no", hint="look")), "plan")


@pytest.mark.parametrize("kind", ["apply", "destroy"])
def test_an_outcome_is_as_the_schema_says(kind: Literal["apply", "destroy"]) -> None:
    held = planned(loaded(change("module.network.aws_vpc.this[0]", ["create"], None, {"cidr_block": "10.0.0.0/16"})))
    found = document.outcome(CONTEXT, kind, held, Counts(add=1), ["a.b"], ["said"])
    check(found, "outcome")
    assert (found["done"]["add"], found["layers"]["network"]["add"], found["forgotten"]) == (1, 1, ["a.b"])


def test_a_document_that_lacks_something_is_not() -> None:
    broken: dict[str, Any] = {**document.plan(CONTEXT, planned(None))}
    del broken["findings"]
    with pytest.raises(jsonschema.ValidationError):
        check(broken, "plan")


@pytest.mark.slow
def test_what_a_real_plan_prints_is_as_the_schema_says(bench: Workbench) -> None:
    bench.with_contract("beta", resources=(ResourceType("terraform_data", protected=True),))
    up(bench)
    bench.write(THREE.replace("gamma: {}", "gamma: {enabled: false}").replace("beta: {}", "beta: {enabled: false}"))
    context = bench.open()
    found = document.plan(context, commands.review(context, ALL))
    check(found, "plan")
    assert {item["code"] for item in found["findings"]} == {"layer-leaves", "protected-destroyed"}


@pytest.mark.parametrize(
    ("text", "code", "valid", "found"),
    [
        (GOOD + "layrs: {}\n", 2, False, [("unknown-key", "layrs", 4)]),
        ("orchestrator: [\n", 2, False, [("not-yaml", "", 2)]),
    ],
)
def test_what_validate_prints_is_as_the_schema_says(
    tmp_path: Path, text: str, code: int, valid: bool, found: Sequence[tuple[str, str, int]]
) -> None:
    (tmp_path / "envs").mkdir()
    (tmp_path / "envs" / "dev.yaml").write_text(text)
    script = "from hp_tf.cli import main; main()"
    command = [sys.executable, "-c", script, "validate", "dev", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    printed = json.loads(done.stdout)
    check(printed, "validate")
    assert printed["valid"] is valid
    said = [(item["code"], item["subject"], item["location"]["line"]) for item in printed["findings"]]
    assert set(found) <= set(said)


def test_validate_prints_the_notes_of_a_file_that_is_right() -> None:
    script = "from hp_tf.cli import main; main()"
    command = [sys.executable, "-c", script, "validate", "envs/dev.yaml", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    printed = json.loads(done.stdout)
    check(printed, "validate")
    assert printed["valid"] is True
