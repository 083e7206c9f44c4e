"""A contract's inputs as Terraform variables, in Terraform's JSON form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hp_tf.contract.base import RESERVED, Contract, HptfOnly, annotation
from hp_tf.contract.expressions.nodes import Length, Listed, text
from hp_tf.contract.expressions.references import references, within
from hp_tf.contract.rules import Level, Rule, implies, var
from hp_tf.synth.conditions import condition, message, wrong_names
from hp_tf.synth.elements import element_validations
from hp_tf.synth.expressions import escaped
from hp_tf.synth.problems import DefinitionError
from hp_tf.synth.shape import Attribute, Shape, attributes_of
from hp_tf.synth.validations import Check, checks


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
    looks_at: dict[str, set[str]] = {name: set() for name in inputs}
    for name, rules, validation in element_validations(contract, list(module_rules(contract, "error")), inputs):
        looks_at[name] |= {other for rule in rules for other in rule.inputs()} - {name}
        found[name].setdefault("validation", []).append(validation)
    for name, check in _checks(contract, inputs):
        holder = _holder(name, references(check.condition), looks_at)
        looks_at[holder] |= set(references(check.condition)) - {holder}
        found[holder].setdefault("validation", []).append(_validation(check, name, inputs))
    return found


def _holder(name: str, spoken_of: tuple[str, ...], looks_at: Mapping[str, set[str]]) -> str:
    """Return the variable that carries a check: the one it is about, or another one it speaks of.

    Variables whose validations look at each other are a cycle to Terraform, and it plans nothing.
    """

    def reached(start: str, seen: set[str]) -> set[str]:
        for other in looks_at[start] - seen:
            seen = reached(other, seen | {other})
        return seen

    for candidate in (name, *reversed(spoken_of)):
        others = set(spoken_of) - {candidate}
        if candidate in spoken_of and not any(candidate in reached(other, {other}) for other in others):
            return candidate
    raise DefinitionError(f"Every variable that a check of '{name}' could stand on looks at the others already.")


def _checks(contract: Contract, inputs: Mapping[str, Attribute]) -> Iterator[tuple[str, Check]]:
    """Yield (variable, check) of types, rules and names. Warnings are no validations."""
    for name, attribute in inputs.items():
        if name not in contract.named_elements:
            yield from ((name, check) for check in checks(attribute.shape, var(name), name))
    for rule in module_rules(contract, "error"):
        if not (rule.each and rule.on in contract.named_elements):
            yield rule.on, Check(rule.condition, escaped(rule.message), rule.check if rule.each else None)
    for made in contract.names.values():
        shown, of = made.hcl(), text(made.template)
        fits = Length(of).le(made.limit)
        said = f"name is too long: the {escaped(made.what)} would be '{shown}', ."
        long = f'join("", [length("{shown}"), " characters where {made.limit} are allowed"])'
        yield references(of)[0], Check(fits if made.used is None else implies(made.used, fits), said, tail=long)


def module_rules(contract: Contract, level: Level) -> Iterator[Rule]:
    """Yield the rules of a level that speak of the module's variables alone: hptf sees to the others.

    Raises:
        DefinitionError: a rule is on no input.
    """
    own = set(module_inputs(contract))
    for rule in contract.rules:
        if not isinstance(rule, Rule):
            continue
        if rule.on not in contract.inputs.model_fields:
            raise DefinitionError(f"Layer '{contract.name}': rule '{rule.id}' is on '{rule.on}', which is no input.")
        if rule.level == level and {rule.on, *rule.inputs()} <= own:
            yield rule


def warnings(contract: Contract) -> dict[str, dict[str, Any]]:
    """Return the rules that only warn, as Terraform's ``check`` blocks by name."""
    inputs = inputs_of(contract)
    found = {}
    for rule in module_rules(contract, "warning"):
        names = wrong_names(rule.check, rule.on, inputs) if rule.each else ""
        told = {
            "condition": condition(rule.condition, inputs),
            "error_message": message(escaped(rule.message), names),
        }
        found[rule.id.removeprefix(f"{contract.name}-").replace("-", "_")] = {"assert": [told]}
    return found


def listed(contract: Contract) -> dict[str, list[str | int]]:
    """Return the long lists of values that the module's conditions name, as locals."""
    nodes = (node for rule in contract.rules if isinstance(rule, Rule) for node in within(rule.condition))
    return {node.name: list(node.items) for node in nodes if isinstance(node, Listed)}


def _variable(name: str, attribute: Attribute) -> dict[str, Any]:
    body: dict[str, Any] = {"description": attribute.description, "type": attribute.shape.terraform_type()}
    if not attribute.required:
        body["default"] = attribute.default
    if not attribute.shape.nullable:
        body["nullable"] = False
    if _sensitive(attribute):
        body["sensitive"] = True
    return body


def _validation(check: Check, on: str, inputs: Mapping[str, Attribute]) -> dict[str, str]:
    named = check.of_element is not None and not _sensitive(inputs[on])
    names = wrong_names(check.of_element, on, inputs) if named and check.of_element is not None else check.tail
    return {"condition": condition(check.condition, inputs), "error_message": message(check.message, names)}


def _sensitive(attribute: Attribute) -> bool:
    return attribute.sensitive or _holds_sensitive(attribute.shape)


def _holds_sensitive(shape: Shape) -> bool:
    inner = [shape.element] if shape.element is not None else []
    return any(item.sensitive or _holds_sensitive(item.shape) for item in shape.attributes.values()) or any(
        _holds_sensitive(item) for item in inner
    )
