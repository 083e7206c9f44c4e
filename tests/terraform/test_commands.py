from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from hp_tf.errors import HptfError, Interrupted
from hp_tf.report.errors import render
from hp_tf.terraform import commands
from hp_tf.terraform.binary import Terraform
from hp_tf.terraform.events import Event, ResourceEvent
from hp_tf.terraform.failures import TerraformFailed, TerraformInterrupted
from hp_tf.terraform.stop import StopRequest

from .conftest import MakeRoot

ONE = 'variable "n" {\n  default = 1\n}\nresource "terraform_data" "x" {\n  input = var.n\n}\n'


def test_plan_apply_plan(make_root: MakeRoot, tmp_path: Path) -> None:
    invocation = make_root(ONE + 'output "o" {\n  value = terraform_data.x.output\n}\n', name="ein Ordner")
    first = commands.plan(invocation, out=tmp_path / "plan file")
    assert first.has_changes
    assert first.change_summary is not None
    assert (first.change_summary.add, first.finished.returncode) == (1, 2)
    assert first.plan_file.stat().st_mode & 0o777 == 0o600
    applied = commands.apply(invocation, first.plan_file)
    assert applied.outputs["o"]["value"] == 1
    assert applied.change_summary is not None
    assert applied.change_summary.operation == "apply"
    again = commands.plan(invocation, out=tmp_path / "again", name="again")
    assert (again.has_changes, again.planned, again.finished.returncode) == (False, (), 0)


def test_a_change_of_outputs_alone_is_a_change(make_root: MakeRoot, tmp_path: Path) -> None:
    result = commands.plan(make_root('output "o" {\n  value = 1\n}\n'), out=tmp_path / "plan")
    assert (result.has_changes, result.planned) == (True, ())


def test_arguments_reach_terraform(make_root: MakeRoot, tmp_path: Path) -> None:
    invocation = make_root(ONE + 'resource "terraform_data" "y" {}\n')
    result = commands.plan(invocation, out=tmp_path / "p", targets=["terraform_data.x"])
    assert [change.address for change in commands.show(invocation, result.plan_file).changes()] == ["terraform_data.x"]
    assert [d.summary for d in result.diagnostics] == ["Resource targeting is in effect"]
    commands.apply(invocation, result.plan_file)
    destroy = commands.plan(invocation, out=tmp_path / "d", destroy=True, name="destroy")
    assert [p.action for p in destroy.planned] == ["delete"]


def test_a_saved_plan_is_applied_once(make_root: MakeRoot, tmp_path: Path) -> None:
    invocation = make_root(ONE)
    plan = commands.plan(invocation, out=tmp_path / "p").plan_file
    commands.apply(invocation, plan)
    with pytest.raises(TerraformFailed, match="Saved plan is stale") as caught:
        commands.apply(invocation, plan, name="twice")
    assert caught.value.returncode == 1
    assert caught.value.exit_code == 1
    assert not caught.value.needs_init


def test_a_failure_names_the_first_error_and_how_many_more(make_root: MakeRoot, tmp_path: Path) -> None:
    bad = 'resource "terraform_data" "%s" {\n  lifecycle {\n    precondition {\n'
    bad += '      condition     = 1 == 2\n      error_message = "no"\n    }\n  }\n}\n'
    invocation = make_root("".join(bad % name for name in "abc"))
    with pytest.raises(TerraformFailed) as caught:
        commands.plan(invocation, out=tmp_path / "p")
    assert len(caught.value.diagnostics) == 3
    assert str(caught.value).startswith(
        f"{invocation.terraform.product} plan failed: Invalid precondition expression (main.tf:4)"
    )
    assert "(and 2 more)" in str(caught.value)


def test_a_root_that_is_not_initialised_says_so(make_root: MakeRoot, tmp_path: Path) -> None:
    invocation = make_root('module "m" {\n  source = "./m"\n}\n')
    (invocation.root / "m").mkdir()
    with pytest.raises(TerraformFailed) as caught:
        commands.plan(invocation, out=tmp_path / "p")
    assert caught.value.needs_init
    backend = make_root('terraform {\n  backend "http" {}\n}\n', name="backend")
    with pytest.raises(TerraformFailed) as caught:
        commands.plan(backend, out=tmp_path / "p")
    assert caught.value.needs_init


def test_an_interrupted_apply_is_told_from_a_failed_one(make_root: MakeRoot, tmp_path: Path) -> None:
    invocation = make_root(
        'resource "terraform_data" "x" {\n  provisioner "local-exec" {\n    command = "exec sleep 30"\n  }\n}\n'
    )
    plan = commands.plan(invocation, out=tmp_path / "p").plan_file
    stop = StopRequest()

    def on_event(event: Event) -> None:
        if isinstance(event, ResourceEvent) and event.operation == "provision" and not stop.requested:
            stop.request()

    with pytest.raises(TerraformInterrupted) as caught:
        commands.apply(replace(invocation, stop=stop, on_event=on_event), plan)
    assert isinstance(caught.value, Interrupted)
    assert caught.value.exit_code == 130
    assert caught.value.finished.stops == 1
    assert caught.value.diagnostics


def test_an_interrupted_plan_says_that_nothing_was_changed_and_nothing_else(
    make_root: MakeRoot, tmp_path: Path
) -> None:
    said = '{"type": "diagnostic", "diagnostic": {"severity": "error", "summary": "Error saving current state"}}'
    program = tmp_path / "pretender"
    program.write_text(f"#!/bin/sh\necho '{said}'\nexit 1\n")
    program.chmod(0o755)
    stop = StopRequest()
    invocation = replace(
        make_root(ONE),
        terraform=Terraform(program, "terraform", (1, 11, 4)),
        environ=dict(os.environ),
        stop=stop,
        on_event=lambda event: stop.request(),
    )
    with pytest.raises(TerraformInterrupted) as caught:
        commands.plan(invocation, out=tmp_path / "p")
    assert caught.value.exit_code == 130
    assert render(caught.value) == "error: interrupted; terraform plan changes nothing\n"


def test_an_error_without_an_address_gets_that_of_the_resource_that_failed(make_root: MakeRoot, tmp_path: Path) -> None:
    lines = [
        {"type": "apply_errored", "hook": {"resource": {"addr": "module.fsx.a.b"}, "action": "delete"}},
        {"type": "diagnostic", "diagnostic": {"severity": "error", "summary": "deleting"}},
    ]
    program = tmp_path / "pretender"
    program.write_text("#!/bin/sh\n" + "".join(f"echo '{json.dumps(line)}'\n" for line in lines) + "exit 1\n")
    program.chmod(0o755)
    invocation = replace(
        make_root(ONE), terraform=Terraform(program, "terraform", (1, 11, 4)), environ=dict(os.environ)
    )
    with pytest.raises(TerraformFailed) as caught:
        commands.apply(invocation, tmp_path / "p", destroying=True)
    assert render(caught.value).splitlines()[:2] == [
        "error: terraform destroy failed",
        "  layer fsx: deleting (module.fsx.a.b)",
    ]


def test_a_plan_that_finished_in_spite_of_a_stop_counts(make_root: MakeRoot, tmp_path: Path) -> None:
    stop = StopRequest()

    def on_event(event: Event) -> None:
        if event.type == "outputs":
            stop.request()

    invocation = replace(make_root('output "o" {\n  value = 1\n}\n'), stop=stop, on_event=on_event)
    assert commands.plan(invocation, out=tmp_path / "p").has_changes
    assert stop.requested == 1


def test_show_leaves_nothing_of_the_values_on_disk(make_root: MakeRoot, tmp_path: Path) -> None:
    invocation = make_root('resource "terraform_data" "x" {\n  input = sensitive("canary")\n}\n')
    plan = commands.plan(invocation, out=tmp_path / "p").plan_file
    (change,) = commands.show_document(invocation, plan)["resource_changes"]
    assert change["change"]["after"]["input"] == "canary"
    logs = [path for path in invocation.logs.iterdir() if path.is_file()]
    assert sorted(path.name for path in logs) == [
        "plan.jsonl",
        "plan.jsonl.pid",
        "plan.jsonl.stderr",
        "show.jsonl.stderr",
    ]
    assert not any(b"canary" in path.read_bytes() for path in logs)


def test_show_of_something_else_fails_with_terraforms_words(make_root: MakeRoot, tmp_path: Path) -> None:
    (tmp_path / "p").write_text("no plan")
    with pytest.raises(TerraformFailed, match=r"failed with exit code 1: .*plan"):
        commands.show(make_root(ONE), tmp_path / "p")


def test_the_errored_state_is_found(tmp_path: Path) -> None:
    assert commands.errored_state(tmp_path) is None
    (tmp_path / "errored.tfstate").write_text("{}")
    assert commands.errored_state(tmp_path) == tmp_path / "errored.tfstate"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("kill -9 $$", "was ended by SIGKILL"),
        ("echo 'so it goes' >&2; exit 4", "failed with exit code 4: so it goes"),
        ("exit 4", "failed with exit code 4: it gave no reason"),
    ],
)
def test_endings_without_diagnostics(make_root: MakeRoot, tmp_path: Path, body: str, says: str) -> None:
    program = tmp_path / "pretender"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    invocation = replace(
        make_root(ONE), terraform=Terraform(program, "terraform", (1, 11, 4)), environ=dict(os.environ)
    )
    with pytest.raises(TerraformFailed, match=says):
        commands.init(invocation)


def test_a_document_that_is_none(make_root: MakeRoot, tmp_path: Path) -> None:
    program = tmp_path / "pretender"
    program.write_text("#!/bin/sh\necho hello\n")
    program.chmod(0o755)
    invocation = replace(
        make_root(ONE), terraform=Terraform(program, "terraform", (1, 11, 4)), environ=dict(os.environ)
    )
    with pytest.raises(HptfError, match="printed no JSON document"):
        commands.show(invocation, tmp_path / "p")
