from __future__ import annotations

import json
from dataclasses import replace

from hp_tf import codes
from hp_tf.errors import BadInput, HptfError
from hp_tf.findings import Allowance, Finding, Location
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
    private = codes.ENDPOINT_PRIVATE.about("eks", "it will be private", "be there")
    leaves = codes.LAYER_LEAVES.about("fsx", "it leaves")
    allowed = Allowance(("layer-leaves",), "fsx", "allow[0]")
    held = replace(planned(None, ("network",), findings=[private, leaves], allowances=[allowed]), later=("helm",))
    found = document(CONTEXT, held, ["the run 7 was killed"])
    assert (found["later"], found["messages"]) == (["helm"], ["the run 7 was killed"])
    assert found["findings"] == [
        {
            "code": "endpoint-private",
            "severity": "note",
            "subject": "eks",
            "message": "it will be private",
            "remedy": "be there",
            "location": None,
            "allowed": False,
        },
        {
            "code": "layer-leaves",
            "severity": "needs consent",
            "subject": "fsx",
            "message": "it leaves",
            "remedy": None,
            "location": None,
            "allowed": True,
        },
    ]


def test_a_bad_file_is_a_document_of_every_problem() -> None:
    place = Location("envs/dev.yaml", 3, 5)
    unknown = Finding("no such key", place, "did you mean x?", codes.UNKNOWN_KEY, "layers.y")
    found = failure("dev", BadInput([unknown, Finding("and this")]))
    assert found["findings"] == [
        {
            "code": "unknown-key",
            "severity": "blocks",
            "subject": "layers.y",
            "message": "no such key",
            "remedy": "did you mean x?",
            "location": {"file": "envs/dev.yaml", "line": 3, "column": 5},
        },
        {
            "code": "bad-input",
            "severity": "blocks",
            "subject": "",
            "message": "and this",
            "remedy": None,
            "location": None,
        },
    ]
    assert found["diagnostics"] == []


def test_a_failed_plan_carries_what_terraform_said() -> None:
    error = HptfError("terraform plan failed", hint="look")
    error.diagnostics = (Diagnostic("error", "Bad", "Very.", "module.a.b.c"),)  # type: ignore[attr-defined]
    found = failure("dev", error)
    assert [(item["code"], item["message"], item["remedy"]) for item in found["findings"]] == [
        ("failed", "terraform plan failed", "look")
    ]
    assert [(item["summary"], item["address"]) for item in found["diagnostics"]] == [("Bad", "module.a.b.c")]
