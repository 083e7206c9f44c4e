"""The wrapper on CDKTF: ids, meta-arguments, and the traps it keeps shut."""

from __future__ import annotations

from typing import Any

import pytest

from hp_tf.synth.engine import Built, build
from hp_tf.synth.generate import draft
from hp_tf.synth.problems import DefinitionError
from tests.synth import samples

pytestmark = [pytest.mark.slow, pytest.mark.synth, pytest.mark.usefixtures("bindings")]


def data(module: Any, identifier: str, kind: str = "terraform_data") -> Any:
    from cdktn import TerraformResource

    return TerraformResource(module, identifier, terraform_resource_type=kind)


def built(define: Any) -> Built:
    return build(samples.CONTRACT, define)


def test_construct_ids_are_terraform_names() -> None:
    def define(module: Any) -> None:
        data(module, "first.public")
        data(module, "second.public", "other_thing")
        data(module, "plain")

    made = built(define)
    assert made.document["resource"] == {"terraform_data": {"public": {}, "plain": {}}, "other_thing": {"public": {}}}
    assert made.order == ("terraform_data.public", "other_thing.public", "terraform_data.plain")


def test_a_check_reaches_the_json_form() -> None:
    asserted = [{"condition": "${var.capacity > 1}", "error_message": "Little."}]
    made = built(lambda module: module.check("roomy", "${var.capacity > 1}", "Little."))
    assert made.document == {"check": {"roomy": {"assert": asserted}}}
    with pytest.raises(DefinitionError, match="must be an expression"):
        built(lambda module: module.check("roomy", "var.capacity > 1", "Little."))


def test_meta_arguments_outputs_and_files() -> None:
    def define(module: Any) -> None:
        one = data(module, "one")
        two = data(module, "two")
        module.set(two, "input", {"a": one.fqn, "zero": 0, "false": False, "empty": ""})
        module.for_each(two, module.local("zones", "toset(var.zones)", comment="Why."))
        module.depends_on(two, [one, "terraform_data.other", module.ref("given")])
        module.precondition(two, "${true}", "First.")
        module.precondition(two, "${false}", "Second.")
        module.postcondition(two, "${true}", "Third.")
        module.dynamic(two, "thing", "${var.zones}", {"name": "${thing.value}"})
        module.dynamic(two, "thing", "${var.zones}", {"name": "${other.value}"}, iterator="other")
        module.comment(two, "Two.")
        module.accept(two, "CKV_1", "it is so")
        module.output("first", one.fqn, depends_on=[two], precondition=("${true}", "Fourth."))
        assert module.asset("scripts/a.sh", "echo\n") == "${path.module}/scripts/a.sh"
        assert module.ref("vpc_id") == "${var.vpc_id}"
        assert module.name("thing") == "${var.name}-thing"

    made = built(define)
    two = made.document["resource"]["terraform_data"]["two"]
    assert two["input"] == {"a": "${terraform_data.one}", "zero": 0, "false": False, "empty": ""}
    assert two["for_each"] == "${local.zones}"
    assert two["depends_on"] == ["terraform_data.one", "terraform_data.other", "var.given"]
    assert [item["error_message"] for item in two["lifecycle"]["precondition"]] == ["First.", "Second."]
    assert two["lifecycle"]["postcondition"] == [{"condition": "${true}", "error_message": "Third."}]
    assert [item["content"]["name"] for item in two["dynamic"]["thing"]] == ["${thing.value}", "${other.value}"]
    assert made.document["output"] == {
        "first": {
            "value": "${terraform_data.one}",
            "depends_on": ["terraform_data.two"],
            "precondition": [{"condition": "${true}", "error_message": "Fourth."}],
        }
    }
    assert made.collected.assets == {"scripts/a.sh": "echo\n"}
    assert made.collected.comments == {"zones": "Why."}
    assert made.collected.accepted == {"terraform_data.two": ["checkov:skip=CKV_1: it is so"]}


def test_values_of_other_types() -> None:
    def define(module: Any) -> None:
        thing = data(module, "thing")
        module.set(thing, "number", module.number("${var.least}"))
        module.set(thing, "list", module.strings("${var.zones}"))
        module.set(thing, "bool", module.boolean("${var.enabled}"))
        module.set(thing, "map", module.mapping("${var.tags}"))

    assert built(define).document["resource"]["terraform_data"]["thing"] == {
        "number": "${var.least}",
        "list": "${var.zones}",
        "bool": "${var.enabled}",
        "map": "${var.tags}",
    }


def test_references_stay_references_in_json_data() -> None:
    def define(module: Any) -> None:
        one = data(module, "one")
        module.set(data(module, "two"), "input", module.json({"a": one.fqn, "b": f"{one.fqn}/*", "c": ["x"]}))

    text = built(define).document["resource"]["terraform_data"]["two"]["input"]
    assert text == '${jsonencode({\na = terraform_data.one\nb = "${terraform_data.one}/*"\nc = ["x"]\n})}'


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda module: module.ref("nothing"), "no input 'nothing'"),
        (lambda module: module.name("nothing"), "no name 'nothing'"),
        (lambda module: module.output("nothing", "x"), "no output 'nothing'"),
        (lambda module: [module.output("first", "x"), module.output("first", "y")], "set twice"),
        (lambda module: module.local("a", "${var.name}"), "bare expression"),
        (lambda module: [module.local("a", "1"), module.local("a", "2")], "not a new"),
        (lambda module: module.asset("../x", ""), "not a place"),
        (lambda module: module.asset("more.tf", ""), "not a place"),
        (lambda module: module.set(data(module, "x"), "a", {"b": [None]}), "None, which would vanish"),
        (lambda module: module.precondition(data(module, "x"), "true", "No."), "must be an expression"),
    ],
)
def test_mistakes_are_named(call: Any, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        built(call)


def refused(define: Any) -> str:
    with pytest.raises(DefinitionError) as raised:
        draft(samples.CONTRACT, built(define))
    return str(raised.value)


def test_number_token_in_a_string_is_found() -> None:
    def define(module: Any) -> None:
        module.set(data(module, "x"), "input", f"n-{module.number('${count.index}')}")

    assert "number token" in refused(define)


def test_reference_that_became_text_is_found() -> None:
    def define(module: Any) -> None:
        one = data(module, "one")
        module.local("x", f'"{one.get_string_attribute("id")}-a"')

    assert "inside a string, where it is only text" in refused(define)


def test_terraform_output_and_variable_are_refused() -> None:
    def define(module: Any) -> None:
        from cdktn import TerraformOutput, TerraformVariable

        TerraformOutput(module, "first", value="x", precondition={"condition": "${true}", "error_message": "No."})
        TerraformVariable(module, "vpc_id", type="string", default=None)

    message = refused(define)
    assert "TerraformOutput, which drops preconditions" in message
    assert "declares 'variable'" in message
