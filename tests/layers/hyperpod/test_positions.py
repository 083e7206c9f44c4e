"""The rule of positions, as the module has it in Terraform's language, and as the tests of the engine take it."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hp_tf.layers.hyperpod.positions import locals_of
from tests.engine.groups import Group, arranged
from tests.planning.test_positions import KNOWN, ORDERS, fresh, step
from tests.synth.terraform import Terraform

KIND = "instance_groups"
CASES = 60


@dataclass(frozen=True)
class Case:
    """Groups as the service lists them, as a file wants them, and the order hptf gives, if it gives one."""

    live: Sequence[Group]
    wanted: Sequence[Group]
    order: Sequence[str] | None

    @property
    def cluster(self) -> str:
        given = {} if self.order is None else {"order": {KIND: self.order}}
        return json.dumps({KIND: self.live, **given})


def cases() -> list[Case]:
    found = []
    for number in range(CASES):
        chance = random.Random(number)
        live = [fresh(chance, name) for name in chance.sample("abcdef", chance.randrange(5))]
        wanted = step(chance, live) if live else [fresh(chance, "a")]
        names = [str(item[KNOWN.key]) for item in wanted]
        order = chance.sample(names, len(names)) if number % 5 == 0 else None
        found.append(Case(chance.choice(list(ORDERS.values()))(live), wanted, order))
    return found


def sent(found: Sequence[Case], folder: Path) -> list[Any]:
    """What the module's locals make of every case. One run of Terraform, without any provider."""
    program = shutil.which("terraform")
    assert program is not None, "this test needs `terraform` on PATH"
    attributes = {name for case in found for item in (*case.live, *case.wanted) for name in item}
    rule = {item.name: f"${{{item.value}}}" for item in locals_of({KIND: KNOWN}, attributes)}
    groups = f"${{{{ for group in jsondecode(var.wanted) : group.{KNOWN.key} => group }}}}"
    module = {
        "variable": {"wanted": {"type": "string"}, "live_cluster": {"type": "string"}},
        "locals": {KIND: groups, **rule},
        "output": {"sent": {"value": f"${{jsonencode(local.sent.{KIND})}}"}},
    }
    calls = {
        f"c{number}": {"source": "./rule", "wanted": json.dumps(case.wanted), "live_cluster": case.cluster}
        for number, case in enumerate(found)
    }
    outputs = {name: {"value": f"${{module.{name}.sent}}"} for name in calls}
    (folder / "rule").mkdir()
    (folder / "rule" / "main.tf.json").write_text(json.dumps(module))
    (folder / "main.tf.json").write_text(json.dumps({"module": calls, "output": outputs}))
    terraform = Terraform(Path(program), folder)
    terraform.ok("init", "-input=false")
    terraform.ok("apply", "-auto-approve", "-input=false")
    told = json.loads(terraform.ok("output", "-json"))
    return [json.loads(told[name]["value"]) for name in calls]


def said(value: Any) -> Any:
    """A value without members that are null, which Terraform takes for absent. Null elements of a list are sent."""
    if isinstance(value, list):
        return [said(item) for item in value]
    if isinstance(value, dict):
        return {name: said(held) for name, held in value.items() if held is not None}
    return value


@pytest.mark.slow
def test_the_module_sends_what_the_engines_tests_say_it_sends(tmp_path: Path) -> None:
    found = cases()
    told = sent(found, tmp_path)
    assert sum(len(case.live) for case in found) > CASES
    for case, groups in zip(found, told, strict=True):
        assert said(groups) == said(arranged(KNOWN, case.live, case.wanted, case.order))
