"""Contracts as variables: types, defaults, what cannot be said in Terraform."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, create_model

from hp_tf.contract.base import Contract, HptfOnly, Inputs, Outputs, Sensitive, Text
from hp_tf.contract.expressions.nodes import Listed
from hp_tf.contract.rules import Rule, element, var
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.synth.generate import draft
from hp_tf.synth.hcl import variables_tf
from hp_tf.synth.problems import DefinitionError
from hp_tf.synth.variables import listed, variables, warnings
from tests.synth import samples
from tests.synth.terraform import Terraform, write
from tests.synth.verdicts import terraform_verdicts


def contract(kind: Any, default: Any = ..., name: str = "thing", **more: Any) -> Contract:
    fields: dict[str, Any] = {name: (kind, Field(default, description="D."))}
    model = create_model("Made", __base__=Inputs, **fields)
    return Contract("made", "Made.", model, Outputs, **more)


def variable(kind: Any, default: Any = ...) -> dict[str, Any]:
    return variables(contract(kind, default))["thing"]


@pytest.mark.parametrize("default", [False, 0, "", None, [], {}])
def test_falsy_defaults_stay(default: Any) -> None:
    kinds: dict[type, Any] = {bool: bool, int: int, str: str, list: list[str], dict: dict[str, str]}
    found = variable(kinds.get(type(default), str | None), default)
    assert found["default"] == default
    assert found.get("nullable") is (None if default is None else False)


def test_required_has_no_default() -> None:
    found = variable(str)
    assert "default" not in found
    assert found["nullable"] is False


def test_nested_types_and_defaults() -> None:
    found = variables(samples.CONTRACT)["groups"]["type"]
    assert "zone = optional(string)\n" in found
    assert "encrypted = optional(bool, false)\n" in found
    assert "}), { size = 50 })\n" in found
    assert "labels = optional(map(string), {})\n" in found
    assert "count = number\n" in found


def test_a_long_list_of_values_is_said_once_and_named() -> None:
    colours = Listed("colours", ("red", "${blue}"))
    known = Rule(
        "made-known", "thing", var("thing").every("one", element("one").within(colours)), "A colour.", level="warning"
    )
    found = contract(list[str], [], rules=(known,))
    (told,) = warnings(found)["known"]["assert"]
    assert told["condition"] == "${alltrue([for one in var.thing : contains(local.colours, one)])}"
    assert listed(found) == {"colours": ["red", "${blue}"]}
    made = draft(found, samples.built({"resource": {"terraform_data": {"a": {"input": "${var.thing}"}}}}))
    assert 'colours = ["red", "$${blue}"]' in made.hcl["lists.tf"]
    assert "colours =" not in made.hcl["variables.tf"] + made.hcl["main.tf"]
    assert 'check "known"' in made.hcl["main.tf"]
    assert made.document["locals"] == {"colours": ["red", "$${blue}"]}
    with pytest.raises(DefinitionError, match="makes a local 'colours' already"):
        draft(found, samples.built({"locals": {"colours": []}}))


def test_sensitive() -> None:
    assert variables(samples.CONTRACT)["secret"]["sensitive"] is True


def test_rules_become_validations_of_their_variable() -> None:
    found = variables(samples.CONTRACT)["given"]["validation"][-1]
    assert found["condition"] == "${var.given == null ? true : contains(var.zones, var.given)}"
    assert found["error_message"] == "The given zone must be one of zones; not $${this}."


def test_messages_say_what_would_be_right() -> None:
    messages = [
        # Without the names of what is wrong, which an expression puts before the full stop.
        re.sub(r'^\$\{join\("", \[\n"(.*?)",\n.*\Z', r"\1.", item["error_message"], flags=re.DOTALL)
        for body in variables(samples.CONTRACT).values()
        for item in body.get("validation", [])
    ]
    assert "vpc_id must be a VPC id such as 'vpc-0a'." in messages
    assert "Every element of zones must be a zone id such as 'usw2-az1'." in messages
    assert "Every groups[].count must be a whole number, from 0 to 100." in messages
    assert "Every key of groups[].labels must be a label such as 'blue' and must have at most 8 characters." in messages
    assert "mode must be one of 'single', 'per_az'." in messages
    assert "ratio must be a number, more than 0 and less than 1." in messages
    assert "capacity must be a whole number, at least 1200 and a multiple of 1200." in messages
    assert all(message.endswith(".") for message in messages)


def test_inputs_that_only_hptf_reads_are_no_variables() -> None:
    assert variables(contract(Annotated[str, HptfOnly()])) == {}


@pytest.mark.parametrize(
    "name", ["version", "count", "source", "providers", "lifecycle", "depends_on", "for_each", "locals"]
)
def test_reserved_names(name: str) -> None:
    with pytest.raises(DefinitionError, match=f"reserves the input name '{name}'"):
        variables(contract(str, name=name))


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (str | int, "is a union"),
        (tuple[str, ...], "no Terraform counterpart"),
        (Literal["a", 1], "mixes kinds"),
        (Annotated[str, Text("(?=a)b", "b")], "RE2 cannot read"),
        (Annotated[str, Text(r"(a)\1", "aa")], "RE2 cannot read"),
        (Annotated[str, Text("a{2,1001}", "a")], "RE2 cannot read"),
        (list[Annotated[str, Field(pattern="a")]], "bare pattern"),
    ],
)
def test_what_terraform_cannot_say(kind: Any, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        variable(kind)


def test_default_none_needs_a_nullable_type() -> None:
    with pytest.raises(DefinitionError, match="does not allow null"):
        variable(str, None)


def test_description_is_required() -> None:
    model = create_model("Bare", __base__=Inputs, thing=(str, ...))
    with pytest.raises(DefinitionError, match=r"made\.thing has no description"):
        variables(Contract("made", "Made.", model, Outputs))


def test_null_inside_is_refused_with_a_message_and_no_other_error(
    tmp_path: Path, terraform: Callable[[Path], Terraform]
) -> None:
    plain = dataclasses.replace(samples.CONTRACT, rules=())
    groups: list[Any] = [
        [None],
        [{"name": "a", "count": None, "spot": True}],
        [{"name": None, "count": 1, "spot": True}],
        [{"name": "a", "count": 1, "spot": None}],
        [{"name": "a", "count": 1, "spot": True, "labels": {"k": None}}],
        [{"name": "a", "count": 1, "spot": True, "checks": [None]}],
    ]
    cases = [{**samples.GOOD, "groups": group} for group in groups] + [{**samples.GOOD, "zones": [None]}]
    for accepted, message in terraform_verdicts(plain, cases, tmp_path, terraform):
        assert not accepted
        assert "This was checked by the validation rule" in message
        assert "null value" not in message
        assert "not be null" not in message


def test_rule_on_nothing() -> None:
    rule = Rule("made-rule", on="nothing", check=var("thing").given(), message="No.")
    with pytest.raises(DefinitionError, match="is on 'nothing', which is no input"):
        variables(contract(str, rules=(rule,)))


def test_a_message_names_the_elements_that_are_wrong(tmp_path: Path, terraform: Callable[[Path], Terraform]) -> None:
    plain = dataclasses.replace(samples.CONTRACT, rules=samples.RULES[1:])
    right, many, wrong = {"name": "a", "count": 1}, {"name": "b", "count": 101}, {"name": "c", "count": -1}
    cases = [
        [many, {**wrong, "spot": True}],
        [right, {**right, "name": "d", "spot": True, "count": 11}],
        # A null costs the names, not the message.
        [{**many, "name": None}],
        [{**right, "checks": ["none"]}, right],
    ]
    values = [{**samples.GOOD, "groups": [{"spot": False, **group} for group in groups]} for groups in cases]
    found = [message for _, message in terraform_verdicts(plain, values, tmp_path, terraform)]
    assert "Every groups[].count must be a whole number, from 0 to 100: b, c.\n" in found[0]
    assert "A spot group has at most 10 members: d.\n" in found[1]
    assert "Every groups[].count must be a whole number, from 0 to 100.\n" in found[2]
    assert "Every element of groups[].checks must be one of 'stress', 'connectivity': a.\n" in found[3]


def test_what_a_sensitive_variable_holds_is_not_named() -> None:
    for kind in (list[samples.Group], Annotated[list[samples.Group], Sensitive()]):
        messages = [item["error_message"] for item in variable(kind)["validation"]]
        assert any("item.name" in message for message in messages) == (kind == list[samples.Group])


def test_elements_are_named_though_something_in_them_is_sensitive(
    tmp_path: Path, terraform: Callable[[Path], Terraform]
) -> None:
    text = variables_tf(variables(contract(list[samples.Group])), header="Under test.")
    call = 'thing = [{ name = "a", count = sensitive(101), spot = false }]'
    write(tmp_path, {"module/variables.tf": text, "main.tf": f'module "made" {{\nsource = "./module"\n{call}\n}}\n'})
    terraform(tmp_path).init()
    (problem,) = terraform(tmp_path).diagnostics()
    assert problem["detail"].startswith("Every thing[].count must be a whole number, from 0 to 100: a.\n")


@pytest.mark.parametrize(("count", "problems"), [(1, []), (101, [": b."])])
def test_what_is_unknown_in_an_element_hides_no_other_problem(
    count: int, problems: list[str], tmp_path: Path, terraform: Callable[[Path], Terraform]
) -> None:
    text = variables_tf(variables(contract(list[samples.Group])), header="Under test.")
    groups = [
        '{ name = "a", count = 1, spot = false, zone = terraform_data.later.output, labels = { k = "v" } }',
        f'{{ name = "b", count = {count}, spot = false }}',
    ]
    call = f'module "made" {{\nsource = "./module"\nthing = [{", ".join(groups)}]\n}}\n'
    write(tmp_path, {"module/variables.tf": text, "main.tf": f'resource "terraform_data" "later" {{}}\n{call}'})
    terraform(tmp_path).init()
    found = [item["detail"].partition("\n")[0] for item in terraform(tmp_path).diagnostics()]
    assert found == [f"Every thing[].count must be a whole number, from 0 to 100{problem}" for problem in problems]


@pytest.mark.parametrize("layer", CONTRACTS.values(), ids=CONTRACTS)
def test_validations_look_at_each_other_in_no_circle(layer: Contract) -> None:
    """Terraform calls that a cycle and plans nothing."""
    looks_at = {
        name: {
            other
            for item in body.get("validation", [])
            for other in re.findall(r"\bvar\.(\w+)", item["condition"] + item["error_message"])
        }
        - {name}
        for name, body in variables(layer).items()
    }
    assert list(TopologicalSorter(looks_at).static_order())
