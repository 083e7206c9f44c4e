from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hp_tf.terraform import commands
from hp_tf.terraform.events import (
    ChangeSummary,
    Diagnostic,
    DiagnosticEvent,
    Event,
    InitOutput,
    OutputsEvent,
    PlannedChange,
    ResourceEvent,
    VersionEvent,
    parse,
    parse_line,
)
from hp_tf.terraform.failures import TerraformFailed

from .conftest import MakeRoot


def test_the_stream_of_a_whole_life(make_root: MakeRoot, tmp_path: Path) -> None:
    events: list[Event] = []
    main = 'module "net" {\n  source = "./net"\n}\noutput "id" {\n  value = module.net.id\n}\n'
    invocation = make_root(main, events=events)
    (invocation.root / "net").mkdir()
    (invocation.root / "net" / "main.tf").write_text(
        'resource "terraform_data" "this" {\n  for_each = toset(["a é"])\n  input = each.key\n'
        '  provisioner "local-exec" {\n    command = "echo hello"\n  }\n}\n'
        'output "id" {\n  value = terraform_data.this["a é"].id\n}\n'
    )
    commands.init(invocation)
    assert any(isinstance(e, InitOutput) and e.code == "initializing_backend_message" for e in events)
    planned = commands.plan(invocation, out=tmp_path / "plan")
    assert [(p.action, p.resource.layer if p.resource else None) for p in planned.planned] == [("create", "net")]
    applied = commands.apply(invocation, planned.plan_file)
    commands.plan(invocation, out=tmp_path / "plan2", name="again")

    assert isinstance(events[0], VersionEvent)
    # A build of tomorrow's release says `1.17.0-dev`.
    assert events[0].terraform.partition("-")[0] == ".".join(map(str, invocation.terraform.version))
    work = [e for e in events if isinstance(e, ResourceEvent)]
    assert [(e.operation, e.phase) for e in work if e.phase != "progress"] == [
        ("apply", "start"),
        ("provision", "start"),
        ("provision", "complete"),
        ("apply", "complete"),
        ("refresh", "start"),
        ("refresh", "complete"),
    ]
    finished = next(e for e in work if (e.operation, e.phase) == ("apply", "complete"))
    assert finished.resource is not None
    assert (finished.resource.address, finished.resource.key) == ('module.net.terraform_data.this["a é"]', "a é")
    assert (finished.resource.type, finished.resource.name) == ("terraform_data", "this")
    assert finished.id == applied.outputs["id"]["value"]
    assert not any(isinstance(e, Event) and e.type == "text" for e in events)
    assert [(e.operation, e.add) for e in events if isinstance(e, ChangeSummary)] == [
        ("plan", 1),
        ("apply", 1),
        ("plan", 0),
    ]
    assert any(isinstance(e, OutputsEvent) and e.outputs["id"].get("action") == "create" for e in events)
    assert any(isinstance(e, PlannedChange) and not e.drift for e in events)


def test_a_diagnostic_keeps_its_place(make_root: MakeRoot, tmp_path: Path) -> None:
    invocation = make_root('resource "terraform_data" "x" {\n  inputt = 1\n}\n')
    with pytest.raises(TerraformFailed) as caught:
        commands.plan(invocation, out=tmp_path / "plan")
    (found,) = caught.value.diagnostics
    assert (found.severity, found.summary, found.filename, found.line) == (
        "error",
        "Unsupported argument",
        "main.tf",
        2,
    )
    assert "inputt = 1" in (found.snippet or "")
    assert str(found) == "Unsupported argument (main.tf:2)"
    assert "Unsupported argument (main.tf:2)" in str(caught.value)


def test_what_is_no_event_passes_as_text() -> None:
    assert parse_line(b"  \n") is None
    assert parse_line("panic: oh no") == Event("text", "panic: oh no")
    assert parse_line('["a", 1]') == Event("text", '["a", 1]')
    broken = parse_line(b'{"type": "version\xff')
    assert broken is not None
    assert broken.type == "text"


def test_an_unknown_type_passes_whole() -> None:
    raw = {"type": "action_start", "@message": "m", "@level": "warn", "@timestamp": "t", "new": [1]}
    assert parse_line(json.dumps(raw)) == Event("action_start", "m", "warn", "t", raw)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
KINDS = ["version", "planned_change", "resource_drift", "change_summary", "diagnostic", "outputs", "init_output"]
KINDS += ["apply_start", "apply_complete", "refresh_start", "provision_progress", "ephemeral_op_errored", "log"]
FIELDS = ["@message", "@level", "@timestamp", "change", "changes", "hook", "diagnostic", "outputs", "terraform"]


@given(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(FIELDS), json_values))
def test_no_shape_of_an_event_breaks_the_reader(kind: str, fields: dict[str, object]) -> None:
    event = parse({"type": kind, **fields})
    assert event.type == kind
    assert isinstance(event, DiagnosticEvent) == (kind == "diagnostic")


@pytest.mark.parametrize(
    ("address", "filename", "layer"),
    [
        ('module.eks.aws_eks_addon.this["a"]', "modules/network/main.tf", "eks"),
        (None, "modules/network/main.tf", "network"),
        (None, "main.tf.json", None),
        (None, None, None),
    ],
)
def test_a_diagnostic_is_about_the_layer_of_its_address_or_file(
    address: str | None, filename: str | None, layer: str | None
) -> None:
    assert Diagnostic("error", "No.", address=address, filename=filename).layer == layer
