from __future__ import annotations

import json
from dataclasses import replace

from hp_tf.errors import BadInput, HptfError, Location, Problem
from hp_tf.planning.stages import Stages
from hp_tf.report.document import failure
from hp_tf.report.document import plan as document
from hp_tf.terraform.events import Diagnostic
from tests.report.plans import CONTEXT, change, loaded, planned


def test_one_document_with_terraforms_own_objects() -> None:
    entry = change("module.network.aws_vpc.this[0]", ["create"], None, {"cidr_block": "10.0.0.0/16"})
    output = {"actions": ["create"], "before": None, "after": "x", "after_unknown": False}
    held = planned(
        loaded(entry, outputs={"network__vpc_id": output}),
        ("network", "eks"),
        leaving={"fsx": "destroy"},
        stages=Stages((("network",), ("eks",))),
        warnings=[Diagnostic("warning", "Deprecated", "Use another.", "module.network.aws_vpc.this[0]")],
    )
    found = json.loads(json.dumps(document(CONTEXT, held)))
    assert found["format_version"] == "1.0"
    assert found["environment"] == "dev"
    assert found["stages"] == [["network"], ["eks"]]
    assert list(found["layers"]) == ["network", "eks", "fsx"]
    network = found["layers"]["network"]
    assert (network["add"], network["change"], network["destroy"], network["replace"]) == (1, 0, 0, 0)
    assert network["resource_changes"] == [json.loads(json.dumps(entry))]
    assert found["layers"]["eks"]["resource_changes"] == []
    assert found["outputs"] == {"network__vpc_id": output}
    assert found["diagnostics"] == [
        {
            "severity": "warning",
            "summary": "Deprecated",
            "detail": "Use another.",
            "address": "module.network.aws_vpc.this[0]",
        }
    ]


def test_without_changes_every_layer_is_there_with_zeros() -> None:
    found = document(CONTEXT, planned(None, ("network", "eks")))
    assert {name: layer["add"] for name, layer in found["layers"].items()} == {"network": 0, "eks": 0}
    assert found["outputs"] == {}


def test_what_people_are_told_is_in_it_too() -> None:
    held = replace(planned(None, ("network",), notes=["It will be private."]), later=("helm",))
    found = document(CONTEXT, held, ["the run 7 was killed"])
    assert (found["notes"], found["later"], found["messages"]) == (
        ["It will be private."],
        ["helm"],
        ["the run 7 was killed"],
    )


def test_a_bad_file_is_a_document_of_every_problem() -> None:
    bad = BadInput([Problem("no such key", Location("envs/dev.yaml", 3, 5), "Did you mean x?"), Problem("and this")])
    found = failure("dev", bad)
    assert found["diagnostics"] == [
        {
            "severity": "error",
            "summary": "no such key",
            "detail": "Did you mean x?",
            "address": None,
            "file": "envs/dev.yaml",
            "line": 3,
            "column": 5,
        },
        {"severity": "error", "summary": "and this", "detail": "", "address": None},
    ]


def test_a_failed_plan_carries_what_terraform_said() -> None:
    error = HptfError("terraform plan failed", hint="look")
    error.diagnostics = (Diagnostic("error", "Bad", "Very.", "module.a.b.c"),)  # type: ignore[attr-defined]
    assert [(item["summary"], item["address"]) for item in failure("dev", error)["diagnostics"]] == [
        ("terraform plan failed", None),
        ("Bad", "module.a.b.c"),
    ]
