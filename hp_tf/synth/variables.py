"""A contract's inputs as Terraform variables, in Terraform's JSON form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hp_tf.contract.base import RESERVED, Contract, HptfOnly, annotation
from hp_tf.contract.ranges import RangeRule
from hp_tf.contract.rules import Rule
from hp_tf.synth.expressions import escaped
from hp_tf.synth.problems import DefinitionError
from hp_tf.synth.shape import Attribute, Shape, attributes_of
from hp_tf.synth.tidy import tidy
from hp_tf.synth.validations import Check, checks, wrong_names


def inputs_of(contract: Contract) -> dict[str, Attribute]:
    """Return the contract's inputs as Terraform sees them.

    Raises:
        DefinitionError: a reserved name, or a field Terraform has no like of.
    """
    reserved = sorted(RESERVED & set(contract.inputs.model_fields))
    if reserved:
        raise DefinitionError(f"Layer '{contract.name}': Terraform reserves the input name '{reserved[0]}'.")
    found = attributes_of(contract.inputs, contract.name)
    return {name: found[name] for name in module_inputs(contract)}


def module_inputs(contract: Contract) -> list[str]:
    """Return the names of the inputs the module has a variable for: not those only hptf reads."""
    fields = contract.inputs.model_fields.items()
    return [name for name, info in fields if annotation(info, HptfOnly) is None]


def variables(contract: Contract) -> dict[str, dict[str, Any]]:
    """Return the contract's variables by name: type, default, null, validations of its types, rules and names.

    CDKTF has no part in this: it drops a default of None, which makes the variable required.
    """
    inputs = inputs_of(contract)
    found = {name: _variable(name, attribute) for name, attribute in inputs.items()}
    order = list(found)
    for check in (*_rules(contract, inputs), *_names(contract)):
        found[_holder(check, order)].setdefault("validation", []).append(_validation(check))
    return found


def _holder(check: Check, order: list[str]) -> str:
    """Return the variable that carries a check: the last declared of those its condition speaks of.

    Validations that look at each other's variables are a cycle to Terraform; looking only backwards there is none.
    """
    spoken_of: list[str] = re.findall(r"\bvar\.(\w+)", check.condition)
    return max(spoken_of, key=order.index)


def _rules(contract: Contract, inputs: Mapping[str, Attribute]) -> Iterator[Check]:
    """Yield what the module checks of the rules: no warnings, and nothing about what only hptf reads."""
    for rule in contract.rules:
        if isinstance(rule, RangeRule):
            yield from (Check(twin.hcl(), escaped(twin.message)) for twin in rule.twins)
        elif isinstance(rule, Rule) and rule.level == "error" and rule.on in inputs:
            yield _check(rule, inputs)
        elif isinstance(rule, Rule) and rule.on not in contract.inputs.model_fields:
            raise DefinitionError(f"Layer '{contract.name}': rule '{rule.id}' is on '{rule.on}', which is no input.")


def _names(contract: Contract) -> Iterator[Check]:
    """Yield that no name made from the environment's is longer than the service takes it."""
    for name in contract.names.values():
        made = f'"{name.hcl()}"'
        fits = f"length({made}) <= {name.limit}"
        message = (
            f"name is too long: the {escaped(name.what)} would be '{name.hcl()}', ${{length({made})}} characters where "
            f"{name.limit} are allowed."
        )
        yield Check(fits if name.when is None else f"{name.when.hcl} ? {fits} : true", message)


def listed(contract: Contract) -> dict[str, list[str | int]]:
    """Return the long lists of values that the variables' validations name, as locals."""
    found: dict[str, list[str | int]] = {}
    waiting = [attribute.shape for attribute in inputs_of(contract).values()]
    while waiting:
        shape = waiting.pop(0)
        if shape.listed is not None:
            found[shape.listed.name] = list(shape.choices or ())
        waiting += [inner for inner in (shape.key, shape.element) if inner is not None]
        waiting += [attribute.shape for attribute in shape.attributes.values()]
    return found


def _check(rule: Rule, inputs: Mapping[str, Attribute]) -> Check:
    never_null = _never_null(rule, inputs)
    each = tidy(rule.check.hcl, never_null)
    named = rule.each and not _sensitive(inputs[rule.on])
    names = wrong_names(each, f"var.{rule.on}", inputs[rule.on].shape) if named else ""
    return Check(tidy(rule.hcl(), never_null), escaped(rule.message), names)


def _never_null(rule: Rule, inputs: Mapping[str, Attribute]) -> set[str]:
    """Return what a rule refers to and Terraform keeps null out of: a required attribute of an element may be null."""
    found = {f"var.{name}" for name, attribute in inputs.items() if not attribute.shape.nullable}
    element = inputs[rule.on].shape.element if rule.each else None
    attributes = element.attributes.items() if element is not None else ()
    safe = (name for name, attribute in attributes if not attribute.shape.nullable and not attribute.required)
    return found | {f"item.{name}" for name in safe}


def _variable(name: str, attribute: Attribute) -> dict[str, Any]:
    body: dict[str, Any] = {"description": attribute.description, "type": attribute.shape.terraform_type()}
    if not attribute.required:
        body["default"] = attribute.default
    if not attribute.shape.nullable:
        body["nullable"] = False
    if _sensitive(attribute):
        body["sensitive"] = True
    found = checks(attribute.shape, f"var.{name}", name)
    if found:
        body["validation"] = [_validation(check, named=not _sensitive(attribute)) for check in found]
    return body


def _validation(check: Check, *, named: bool = True) -> dict[str, str]:
    return {"condition": f"${{{check.condition}}}", "error_message": check.text(named=named)}


def _sensitive(attribute: Attribute) -> bool:
    return attribute.sensitive or _holds_sensitive(attribute.shape)


def _holds_sensitive(shape: Shape) -> bool:
    inner = [shape.element] if shape.element is not None else []
    return any(item.sensitive or _holds_sensitive(item.shape) for item in shape.attributes.values()) or any(
        _holds_sensitive(item) for item in inner
    )
