from __future__ import annotations

import json

from hp_tf.orchestration.stages import Stages
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
