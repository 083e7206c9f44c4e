"""A module's own tests for `terraform test`: no account is asked, its providers are mocked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hp_tf.contract.base import Contract, FromEnvironment, annotation, nullable
from hp_tf.contract.expressions.nodes import text
from hp_tf.contract.expressions.references import references
from hp_tf.synth.examples import ENVIRONMENT, example
from hp_tf.synth.expressions import expression, plain
from hp_tf.synth.shape import Attribute, Shape
from hp_tf.synth.variables import inputs_of, module_rules

# In the module's folder, where `terraform test` looks.
PATH = "tests/module.tftest.hcl"


def tftest(contract: Contract, header: str) -> str:
    """Return the tests: a call with what must be given is applied, and what is of a wrong form is refused."""
    inputs = inputs_of(contract)
    mocks = "".join(_mock(provider.name, contract) for provider in contract.providers)
    given = "".join(f"{name} = {expression(plain(value))}\n" for name, value in _given(contract, inputs))
    outputs = [f"output.{name}" for name, info in contract.outputs.model_fields.items() if not nullable(info)]
    listed = "".join(f"{output},\n" for output in outputs)
    condition = f"alltrue([for value in [\n{listed}] : value != null])"
    applies = f'assert {{\ncondition = {condition}\nerror_message = "An output is null."\n}}'
    runs = [f'run "applies" {{\n{applies}\n}}\n']
    for name, wrong in _wrong(contract, inputs):
        value = f"variables {{\n{name} = {expression(plain(wrong))}\n}}"
        body = f"command = plan\n\n{value}\n\nexpect_failures = [var.{name}]"
        runs.append(f'run "refuses_a_wrong_{name}" {{\n{body}\n}}\n')
    return f"# {header}\n\n{mocks}variables {{\n{given}}}\n\n" + "\n".join(runs)


def _mock(provider: str, contract: Contract) -> str:
    mocked = [item for item in contract.resources if item.mocked and item.type.startswith(f"{provider}_")]
    resources = "".join(
        f'mock_resource "{item.type}" {{\ndefaults = {expression(plain(item.mocked))}\n}}\n\n' for item in mocked
    )
    return f'mock_provider "{provider}" {{\n{resources}}}\n\n' if mocked else f'mock_provider "{provider}" {{}}\n\n'


def _given(contract: Contract, inputs: Mapping[str, Attribute]) -> Iterator[tuple[str, Any]]:
    for name, attribute in inputs.items():
        info = contract.inputs.model_fields[name]
        fact = annotation(info, FromEnvironment)
        if fact is not None and attribute.required:
            yield name, ENVIRONMENT[fact.value]
        elif info.examples:
            yield name, info.examples[0]
        elif attribute.required:
            yield name, example(attribute.shape, f"{contract.name}.{name}")


def _wrong(contract: Contract, inputs: Mapping[str, Attribute]) -> Iterator[tuple[str, Any]]:
    """Yield inputs of which nothing else speaks, so that they alone are refused, with a value of a wrong form."""
    spoken_of = {name for rule in module_rules(contract, "error") for name in (rule.on, *rule.inputs())}
    spoken_of |= {name for made in contract.names.values() for name in references(text(made.template))}
    for name, attribute in inputs.items():
        wrong = None if name in spoken_of or attribute.sensitive else _misshapen(attribute.shape)
        if wrong is not None:
            yield name, wrong


def _misshapen(shape: Shape) -> str | float | None:
    if shape.choices is not None and isinstance(shape.choices[0], str):
        return f"{shape.choices[0]}x"
    if shape.texts and shape.texts[0].problem("!") is not None:
        return "!"
    return shape.low - 1 if shape.low is not None else None
