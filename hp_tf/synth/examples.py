"""Values for the example in a module's README: right by type and constraints, taken from the contract's own words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hp_tf.contract.base import ORCHESTRATORS, Contract, FromEnvironment, Wired, annotation, annotations_of
from hp_tf.synth.expressions import expression, plain
from hp_tf.synth.problems import DefinitionError
from hp_tf.synth.shape import Shape
from hp_tf.synth.variables import inputs_of

ENVIRONMENT = {
    "name": "ml-dev",
    "region": "us-west-2",
    "account_id": "123456789012",
    "partition": "aws",
    "orchestrator": ORCHESTRATORS[0],
    "tags": {"team": "ml-platform"},
}
SUCH_AS = re.compile(r"such as '([^']+)'|such as ([^\s,;)]+)")


def example_inputs(contract: Contract) -> dict[str, Any]:
    """Return what a call of the module should give, by input: plain data whose strings are templates.

    A wired input, optional ones too because they make the order, refers to the module of its producer,
    ``module.network.vpc_id``.
    """
    found: dict[str, Any] = {}
    for name, attribute in inputs_of(contract).items():
        info = contract.inputs.model_fields[name]
        wire = next((wire for wire in annotations_of(info, Wired) if _taken(wire, contract)), None)
        fact = annotation(info, FromEnvironment)
        if fact is not None and (attribute.required or fact.value == "tags"):
            found[name] = plain(ENVIRONMENT[fact.value])
        elif wire is not None:
            found[name] = f"${{module.{wire.layer}.{wire.output}}}"
        elif info.examples:
            # An input that a rule asks for, though it has a default, has one, too.
            found[name] = plain(info.examples[0])
        elif attribute.required:
            found[name] = plain(example(attribute.shape, f"{contract.name}.{name}"))
    return found


def call(layer: str, inputs: Mapping[str, Any], source: str) -> str:
    """Return a module block, not formatted yet.

    Args:
        inputs: plain data whose strings are templates.
        source: the folder of the modules.
    """
    lines = [f"{name} = {expression(value)}\n" for name, value in inputs.items()]
    short = [line for line in lines if "\n" not in line.rstrip()]
    long = [f"\n{line}" for line in lines if "\n" in line.rstrip()]
    return f'module "{layer}" {{\nsource = "{source}/{layer}"\n\n{"".join(short + long)}}}\n'


def _taken(wire: Wired, contract: Contract) -> bool:
    """Whether the example takes a value from the module beside: it is no existing layer's, and its switch is on."""
    switch = contract.inputs.model_fields[wire.only_if] if wire.only_if is not None else None
    always = wire.only_when is None and (switch is None or switch.default is True)
    return wire.when != "existing" and always


def example(shape: Shape, where: str) -> Any:
    """Return a value of a shape.

    Raises:
        DefinitionError: if its constraints do not tell one.
    """
    if shape.choices:
        return shape.choices[0]
    if shape.kind == "object":
        return {
            name: example(attribute.shape, f"{where}.{name}")
            for name, attribute in shape.attributes.items()
            if attribute.required
        }
    if shape.kind == "list" and shape.element is not None:
        first = example(shape.element, where)
        return [first, *(_another(first, step) for step in range(1, shape.shortest or 1))]
    if shape.kind == "map" and shape.key is not None and shape.element is not None:
        return {example(shape.key, where): example(shape.element, where)}
    if shape.kind == "number":
        return shape.low if shape.low is not None else 1
    if shape.kind == "bool":
        return True
    return _text(shape, where)


def _another(value: Any, step: int) -> Any:
    """Return a value like another, its last number raised: usw2-az2 after usw2-az1."""
    if isinstance(value, str) and (match := re.search(r"\d+(?=\D*$)", value)):
        return f"{value[: match.start()]}{int(match[0]) + step}{value[match.end() :]}"
    return value


def _text(shape: Shape, where: str) -> str:
    candidates = ["example", "a"]
    for text in shape.texts:
        match = SUCH_AS.search(text.what)
        if match:
            candidates.insert(0, match.group(1) or match.group(2))
    for candidate in candidates:
        if all(text.problem(candidate) is None for text in shape.texts):
            return candidate
    raise DefinitionError(f"{where} has no example: say \"such as '...'\" in its Text, or give Field(examples=[...]).")
