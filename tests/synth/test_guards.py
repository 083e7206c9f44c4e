"""Each silent trap is found and named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hp_tf.synth import guards
from hp_tf.synth.generate import draft
from hp_tf.synth.problems import DefinitionError
from tests.synth import samples


def found(document: dict[str, Any], outputs: tuple[str, ...] = ()) -> str:
    return "\n".join(guards.problems(document, samples.CONTRACT, outputs))


def resource(value: Any, **more: Any) -> dict[str, Any]:
    return {
        "resource": {
            "aws_eip": {"this": {"tags": value}},
            "aws_subnet": {"many": {"for_each": "${var.zones}"}, "one": {}, "counted": {"count": 2}},
        },
        **more,
    }


def test_the_sample_is_right() -> None:
    assert found(samples.DOCUMENT, tuple(samples.DOCUMENT["output"])) == ""


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("a--8.1e+298", "number token"),
        (-8.1e298, "number token"),
        (8.1e298, "number token"),
        ("<cdktn._LazyBaseProxy object at 0x7f00>", "Python object's name"),
        ("${TfToken[TOKEN.3]}", "never resolved"),
        ('${"aws_subnet.one.id-x"}', "inside a string, where it is only text"),
        ("${timestamp()}", "timestamp()"),
        ('${"${uuid ()}-x"}', "calls uuid()"),
        ("${plantimestamp()}", "plantimestamp()"),
    ],
)
def test_traps_in_values(value: Any, message: str) -> None:
    assert message in found(resource({"a": [value]}))


@pytest.mark.parametrize(
    "value",
    [
        '${aws_subnet.many["a"].id}',
        "${aws_subnet.many[each.key].id}",
        "${aws_subnet.counted[*].id}",
        "${aws_subnet.counted.*.id}",
        "${{ for k, s in aws_subnet.many : k => s.id }}",
        "${values(aws_subnet.many)[0].id}",
        "${aws_subnet.one.id}",
        '${lookup(var.x, "aws_subnet.unrelated.id")}',
        "${[for each_thing in var.zones : each_thing.name.id]}",
    ],
)
def test_right_references_pass(value: str) -> None:
    assert found(resource(value)) == ""


def test_keys_and_checks_are_looked_at_too() -> None:
    assert "timestamp()" in found(resource({"${timestamp()}": 1}))
    asserted = {"condition": '${"aws_subnet.many[0]" != ""}', "error_message": "No."}
    assert "inside a string" in found(resource("x", check={"a": {"assert": [asserted]}}))


def test_a_move_may_name_what_is_gone() -> None:
    document = resource("x", moved=[{"from": 'aws_subnet.many["a"].id', "to": "aws_subnet.one"}])
    assert found(document) == ""


@pytest.mark.parametrize("key", ["variable", "provider", "terraform", "module", "import"])
def test_what_a_definition_must_not_declare(key: str) -> None:
    assert f"declares '{key}'" in found({key: {}})


def test_terraform_output_is_refused() -> None:
    document = {"output": {"first": {"value": "x"}}}
    assert "TerraformOutput, which drops preconditions" in found(document)
    assert found(document, ("first",)) == ""


def test_construct_ids_must_be_terraform_names() -> None:
    assert "'Not-a-name'" in found({"resource": {"aws_vpc": {"Not-a-name": {}}}})


def test_output_that_is_never_set() -> None:
    document = {**samples.DOCUMENT, "output": {k: v for k, v in samples.DOCUMENT["output"].items() if k != "first"}}
    with pytest.raises(DefinitionError, match="never sets the output 'first'"):
        draft(samples.CONTRACT, samples.built(document))


def test_input_that_is_never_used() -> None:
    text = json.dumps(samples.DOCUMENT).replace("${var.ratio}", "x").replace("var.tags", "var.tag")
    with pytest.raises(DefinitionError) as raised:
        draft(samples.CONTRACT, samples.built(json.loads(text)))
    assert "input 'ratio' is never used" in str(raised.value)
    assert "var.tag is not an input" in str(raised.value)


def test_waiting_for_an_input_is_a_use_of_it() -> None:
    document = json.loads(json.dumps(samples.DOCUMENT).replace("${var.ratio}", "x"))
    document["resource"]["terraform_data"]["each"]["depends_on"].append("var.ratio")
    text = draft(samples.CONTRACT, samples.built(document)).hcl["main.tf"]
    assert "depends_on = [terraform_data.one, var.ratio]" in text
    document["resource"]["terraform_data"]["each"]["depends_on"].append("var.nothing")
    with pytest.raises(DefinitionError, match=r"var\.nothing is not an input"):
        draft(samples.CONTRACT, samples.built(document))
