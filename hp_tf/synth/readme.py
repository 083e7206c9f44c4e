"""A module's README, for people who take the module into a codebase of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hp_tf.contract.base import Contract, Name
from hp_tf.contract.expressions.hcl import hcl
from hp_tf.synth.conditions import never_null
from hp_tf.synth.examples import call, example_inputs
from hp_tf.synth.shape import Attribute, Shape, attributes_of
from hp_tf.synth.variables import inputs_of
from hp_tf.synth.versions import REQUIRED_VERSION
from hp_tf.terraform.versions import order

# Longer defaults are said in words; variables.tf has them in full.
SHORT = 60


def readme(contract: Contract, example: str) -> str:
    """Return README.md. ``example`` is ``usage(contract)``, formatted."""
    sections = [
        f"# {contract.name}",
        contract.summary,
        *([_replaces(contract)] if contract.replaces else []),
        "## Usage",
        f"```hcl\n{example}```",
        *([_wired_note()] if "module." in example else []),
        contract.needs,
        "## Requirements",
        _requirements(contract),
        _floors(contract),
        contract.notes,
        "## Inputs",
        _inputs(inputs_of(contract)),
        *(["## Names", _names(contract)] if contract.names else []),
        "## Outputs",
        _outputs(attributes_of(contract.outputs, f"{contract.name} (outputs)")),
        f"Generated from `hp_tf/layers/{contract.name}/` by `hptf synth`; edit there.",
    ]
    return "\n\n".join(section.strip() for section in sections if section) + "\n"


def usage(contract: Contract) -> str:
    """Return a call of the module with every required and every wired input."""
    return call(contract.name, example_inputs(contract), "./modules")


def _replaces(contract: Contract) -> str:
    stacks = [f"`{stack}`" for stack in contract.replaces]
    listed = stacks[0] if len(stacks) == 1 else f"{', '.join(stacks[:-1])} and {stacks[-1]}"
    done = f"It does what the CloudFormation {'stack' if len(stacks) == 1 else 'stacks'} {listed} did."
    return f"{done} {contract.not_replaced}"


def _wired_note() -> str:
    return "Values of `module.…` are outputs of the modules beside this one; plain ids do as well."


def _requirements(contract: Contract) -> str:
    rows = [("terraform", "", REQUIRED_VERSION)]
    rows += [(item.name, f"`{item.source}`", item.version) for item in contract.providers]
    return _table(("Name", "Source", "Version"), [(name, source, f"`{version}`") for name, source, version in rows])


def _floors(contract: Contract) -> str:
    """Return since which release of a provider there is what the module sends inside attributes."""
    rows = []
    for item in contract.resources:
        by_version: dict[str, list[str]] = {}
        for path, version in item.nested.items():
            by_version.setdefault(version, []).append(f"`{path}`")
        for version, paths in sorted(by_version.items(), key=lambda entry: order(entry[0])):
            rows.append((f"`{item.type}`", version, ", ".join(paths)))
    if not rows:
        return ""
    intro = (
        "What a provider does not know and is sent inside an attribute, Terraform drops without a word: plan, apply "
        "and the next plan are green. So keep the range above at or over the release that knows what you use:"
    )
    return f"{intro}\n\n{_table(('Resource', 'Provider from', 'Knows'), rows)}"


def _inputs(inputs: Mapping[str, Attribute]) -> str:
    rows = [_row(name, attribute) for name, attribute in inputs.items()]
    nested = [text for name, attribute in inputs.items() for text in _nested(name, attribute.shape)]
    return "\n\n".join([_table(("Name", "Description", "Type", "Default", "Allowed"), rows), *nested])


def _row(name: str, attribute: Attribute) -> tuple[str, ...]:
    shape = attribute.shape
    return (f"`{name}`", _cell(attribute.description), f"`{_type(shape)}`", _default(attribute), _cell(_allowed(shape)))


def _allowed(shape: Shape) -> str:
    """Return which values there are, in words; nothing where the type says it all."""
    if shape.kind in ("list", "map") and shape.element is not None:
        counts = _between(shape.shortest, shape.longest, "elements")
        keys = f"keys: {inner}" if shape.key is not None and (inner := _allowed(shape.key)) else ""
        each = f"each: {inner}" if (inner := _allowed(shape.element)) else ""
        return "; ".join(part for part in (counts, keys, each) if part)
    if shape.choices is not None:
        return ", ".join(f"`{choice}`" for choice in shape.choices)
    said = [text.what for text in shape.texts]
    said += [_range(shape)] if shape.kind == "number" else []
    lengths = [(text.min_length or None, text.max_length) for text in shape.texts]
    said += [_between(low, high, "characters") for low, high in (*lengths, (shape.shortest, shape.longest))]
    return "; ".join(part for part in said if part)


def _range(shape: Shape) -> str:
    words = [
        f"{word} {bound:g}"
        for bound, word in ((shape.above, "more than"), (shape.below, "less than"), (shape.step, "multiples of"))
        if bound is not None
    ]
    return ", ".join(part for part in (_between(shape.low, shape.high, ""), *words) if part)


def _between(low: float | None, high: float | None, unit: str) -> str:
    if low is not None and high is not None:
        return f"{low:.12g} to {high:.12g} {unit}".rstrip()
    return f"from {low:.12g} {unit}".rstrip() if low else f"up to {high:.12g} {unit}".rstrip() if high else ""


def _nested(name: str, shape: Shape) -> list[str]:
    """Return a table for every object inside an input, outermost first."""
    if shape.kind in ("list", "map") and shape.element is not None:
        return _nested(f"{name}[]" if shape.kind == "list" else f"{name}[*]", shape.element)
    if shape.kind != "object":
        return []
    rows = [_row(key, attribute) for key, attribute in shape.attributes.items()]
    inner = [text for key, attribute in shape.attributes.items() for text in _nested(f"{name}.{key}", attribute.shape)]
    return [f"### `{name}`\n\n{_table(('Attribute', 'Description', 'Type', 'Default', 'Allowed'), rows)}", *inner]


def _names(contract: Contract) -> str:
    inputs = inputs_of(contract)
    rows = [
        (_cell(name.what), f"`{name.template}`", name.limit, _made_if(name, inputs)) for name in contract.names.values()
    ]
    return _table(("Of", "Name", "Characters at most", "Made if"), rows)


def _made_if(name: Name, inputs: Mapping[str, Attribute]) -> str:
    return "always" if name.used is None else f"`{_cell(hcl(name.used, never_null(name.used, inputs)))}`"


def _outputs(outputs: Mapping[str, Attribute]) -> str:
    return _table(("Name", "Description"), [(f"`{name}`", _cell(item.description)) for name, item in outputs.items()])


def _type(shape: Shape) -> str:
    if shape.kind in ("list", "map") and shape.element is not None:
        return f"{shape.kind}({_type(shape.element)})"
    return shape.kind


def _default(attribute: Attribute) -> str:
    if attribute.required:
        return "required"
    text = json.dumps(attribute.default, ensure_ascii=False)
    return f"`{text}`" if len(text) <= SHORT else "see `variables.tf`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _table(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    if not rows:
        return "None."
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)
