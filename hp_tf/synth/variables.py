"""A contract's inputs as Terraform variables, in Terraform's JSON form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hp_tf.contract.base import RESERVED, Contract, HptfOnly, annotation
from hp_tf.contract.expressions.hcl import hcl
from hp_tf.contract.expressions.nodes import Attribute as Part
from hp_tf.contract.expressions.nodes import Element, Every, Expression, For, Function, Length, Some, text
from hp_tf.contract.expressions.references import references, within
from hp_tf.contract.rules import Rule, element, implies, negation, var
from hp_tf.synth.expressions import escaped
from hp_tf.synth.problems import DefinitionError
from hp_tf.synth.shape import Attribute, Shape, attributes_of
from hp_tf.synth.validations import Check, checks

# A longer condition is not said a second time to name the elements it does not hold for.
LONGEST_TWICE = 130


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
    for check, on in (*_rules(contract, inputs), *_names(contract)):
        holder = max(references(check.condition), key=order.index)
        found[holder].setdefault("validation", []).append(_validation(check, on, inputs))
    return found


def _rules(contract: Contract, inputs: Mapping[str, Attribute]) -> Iterator[tuple[Check, str]]:
    """Yield (check, input) of what the module checks of the rules: no warnings, nothing about what only hptf reads."""
    for rule in contract.rules:
        if isinstance(rule, Rule) and rule.on not in contract.inputs.model_fields:
            raise DefinitionError(f"Layer '{contract.name}': rule '{rule.id}' is on '{rule.on}', which is no input.")
        if isinstance(rule, Rule) and rule.level == "error" and rule.on in inputs:
            yield Check(rule.condition, escaped(rule.message), rule.check if rule.each else None), rule.on


def _names(contract: Contract) -> Iterator[tuple[Check, str]]:
    """Yield that no name made from the environment's is longer than the service takes it."""
    for name in contract.names.values():
        fits = Length(text(name.template)).le(name.limit)
        long = f'${{length("{name.hcl()}")}} characters where {name.limit} are allowed'
        message = f"name is too long: the {escaped(name.what)} would be '{name.hcl()}', {long}."
        condition = fits if name.when is None else implies(name.when, fits)
        yield Check(condition, message), references(fits)[0]


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


def _never_null(node: Expression, inputs: Mapping[str, Attribute]) -> set[Expression]:
    """Return the parts of an expression that Terraform keeps null out of.

    A required attribute of an element may be null, and so may an element itself.
    """
    shapes: dict[Expression, Shape] = {var(name): attribute.shape for name, attribute in inputs.items()}
    found = {node for node, shape in shapes.items() if not shape.nullable}
    for part in within(node):
        if isinstance(part, For | Every | Some):
            among = part.among.arguments[0] if isinstance(part.among, Function) else part.among
            inner = shapes.get(among)
            if inner is not None and inner.element is not None:
                shapes[element(part.name)] = inner.element
        elif isinstance(part, Part) and part.value in shapes:
            attribute = shapes[part.value].attributes[part.name]
            shapes[part] = attribute.shape
            if not attribute.shape.nullable and not attribute.required and isinstance(part.value, Element):
                found.add(part)
    return found


def _variable(name: str, attribute: Attribute) -> dict[str, Any]:
    body: dict[str, Any] = {"description": attribute.description, "type": attribute.shape.terraform_type()}
    if not attribute.required:
        body["default"] = attribute.default
    if not attribute.shape.nullable:
        body["nullable"] = False
    if _sensitive(attribute):
        body["sensitive"] = True
    found = checks(attribute.shape, var(name), name)
    if found:
        body["validation"] = [_validation(check, name, {name: attribute}) for check in found]
    return body


def _validation(check: Check, on: str, inputs: Mapping[str, Attribute]) -> dict[str, str]:
    never_null = _never_null(check.condition, inputs)
    condition, message = f"${{{hcl(check.condition, never_null)}}}", check.message
    if check.of_element is not None and not _sensitive(inputs[on]):
        message = f"{message.removesuffix('.')}{_wrong(check.of_element, on, inputs[on].shape, never_null)}."
    return {"condition": condition, "error_message": message}


def _wrong(condition: Expression, on: str, shape: Shape, never_null: set[Expression]) -> str:
    """Return a template of the names of the elements a condition on ``item`` does not hold for: ``: a, b``.

    Only objects are named: by their key, or by their attribute ``name``. Terraform evaluates a message even if nothing
    is wrong, and takes none that fails: a null in it costs the names, not the message. What is sensitive in an element
    does not become known by saying that it is wrong.
    """
    attributes = shape.element.attributes if shape.element is not None else {}
    wrong = hcl(negation(condition), never_null)
    if not attributes or len(wrong) > LONGEST_TWICE or (shape.kind == "list" and "name" not in attributes):
        return ""
    names = f"for key, item in var.{on} : key" if shape.kind == "map" else f"for item in var.{on} : item.name"
    return f'${{try(": ${{join(", ", [{names} if nonsensitive({wrong})])}}", "")}}'


def _sensitive(attribute: Attribute) -> bool:
    return attribute.sensitive or _holds_sensitive(attribute.shape)


def _holds_sensitive(shape: Shape) -> bool:
    inner = [shape.element] if shape.element is not None else []
    return any(item.sensitive or _holds_sensitive(item.shape) for item in shape.attributes.values()) or any(
        _holds_sensitive(item) for item in inner
    )
