"""docs/coverage.md: every parameter of AWS's CloudFormation templates, and what does its job here.

templates.toml beside this file lists the parameters. ``parameters.toml`` in a layer's folder says which input, given
output or switch of the layer does the job of which.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, get_args

from pydantic import BaseModel

from hp_tf.contract.base import Contract, Wired, annotations_of
from hp_tf.synth.problems import DefinitionError

PARAMETERS = "parameters.toml"
_GIVEN = "existing."
_ENABLED = "enabled"
_HEAD = """\
# Coverage

Written by `hptf synth` from `hp_tf/synth/templates.toml` and the layers' `parameters.toml`; edit there.

Every parameter of AWS's CloudFormation templates for HyperPod, and what does its job here: a key of `layers:` in an
environment's file, which is a variable of the layer's module too. `existing.` is a value that is given of a layer that
is not made. What another layer gives by itself, where it is made, is marked with where it comes from.
"""


@dataclass(frozen=True)
class Template:
    """A CloudFormation template.

    Attributes:
        orchestrator: whose set it is of.
        stack: its name in the main stack.
    """

    name: str
    orchestrator: str
    stack: str
    parameters: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """What does a parameter's job: ``path`` below ``layers.<layer>``."""

    layer: str
    path: str


@dataclass(frozen=True)
class Coverage:
    """All that is known of all parameters.

    Attributes:
        places: by orchestrator, template and parameter.
        environment: by parameter, the key of an environment's file.
        left: by parameter, why nothing does its job.
    """

    templates: tuple[Template, ...]
    places: Mapping[tuple[str, str, str], tuple[Place, ...]]
    environment: Mapping[str, str] = field(default_factory=dict)
    left: Mapping[str, str] = field(default_factory=dict)

    def of(self, template: Template, parameter: str) -> tuple[Place, ...]:
        """Return what does the job of a parameter; a main template's is its children's where no layer says more."""
        own = self.places.get((template.orchestrator, template.name, parameter), ())
        if own or not template.name.startswith("main-stack"):
            return own
        children = [item for item in self.templates if item.orchestrator == template.orchestrator and item != template]
        found = [
            place
            for child in children
            if parameter in child.parameters
            for place in self.places.get((child.orchestrator, child.name, parameter), ())
        ]
        return tuple(dict.fromkeys(found))


def read(contracts: Mapping[str, Contract]) -> Coverage:
    """Return what the repository says of all parameters.

    Raises:
        DefinitionError: a parameter that nothing is said of, and whatever is said of what is not there.
    """
    known = tomllib.loads((files("hp_tf.synth") / "templates.toml").read_text(encoding="utf-8"))
    environment, left = known.pop("environment"), known.pop("left")
    templates = tuple(
        Template(name, orchestrator, item["stack"], tuple(item["parameters"]))
        for orchestrator, items in known.items()
        for name, item in items.items()
    )
    places: dict[tuple[str, str, str], tuple[Place, ...]] = {}
    for name in contracts:
        for key, path in _said(name):
            places[key] = (*places.get(key, ()), Place(name, path))
    coverage = Coverage(templates, places, environment, left)
    if found := list(_problems(coverage, contracts)):
        raise DefinitionError("\n".join(found))
    return coverage


def _said(layer: str) -> Iterator[tuple[tuple[str, str, str], str]]:
    file = files("hp_tf.layers") / layer / PARAMETERS
    if not file.is_file():
        return
    for orchestrator, items in tomllib.loads(file.read_text(encoding="utf-8")).items():
        for template, parameters in items.items():
            for parameter, path in parameters.items():
                yield (orchestrator, template, parameter), path


def _problems(coverage: Coverage, contracts: Mapping[str, Contract]) -> Iterator[str]:
    there = {(item.orchestrator, item.name, name) for item in coverage.templates for name in item.parameters}
    for key, places in coverage.places.items():
        for place in places:
            if key not in there:
                yield f"layers/{place.layer}/{PARAMETERS}: templates.toml has no {'.'.join(key)}"
            if not _is_there(contracts[place.layer], place.path):
                yield f"layers/{place.layer}/{PARAMETERS}: {'.'.join(key)}: the layer has no {place.path}"
    for template in coverage.templates:
        for name in template.parameters:
            said = (coverage.of(template, name), name in coverage.environment, name in coverage.left)
            if not any(said):
                yield f"{template.orchestrator}.{template.name}.{name}: nothing says what does its job"


def _is_there(contract: Contract, path: str) -> bool:
    if path == _ENABLED:
        return True
    if path.startswith(_GIVEN):
        identifying = contract.lookup.identified_by if contract.lookup else ()
        return path.removeprefix(_GIVEN) in {*contract.outputs.model_fields, *identifying}
    model: Any = contract.inputs
    for part in path.replace("[]", "").replace("{}", "").split("."):
        if model is None or part not in model.model_fields:
            return False
        model = _block_of(model.model_fields[part].annotation)
    return True


def _block_of(annotation: Any) -> Any:
    """The block inside a type such as ``list[Group] | None``; None without one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for item in get_args(annotation) if (found := _block_of(item)) is not None), None)


def render(contracts: Mapping[str, Contract]) -> str:
    """Return the text of docs/coverage.md; the same contracts and data give the same bytes.

    Raises:
        DefinitionError: as ``read``.
    """
    coverage = read(contracts)
    lines = [_HEAD]
    for template in coverage.templates:
        stack = f"With `orchestrator: {template.orchestrator}`, in the stacks: {template.stack}."
        lines += [f"## {template.name}", "", stack, ""]
        if template.parameters:
            lines += ["| parameter | here |", "|---|---|"]
            lines += [f"| `{name}` | {_here(coverage, contracts, template, name)} |" for name in template.parameters]
        else:
            lines.append("It has no parameters of its own.")
        lines.append("")
    return "\n".join(lines)


def _here(coverage: Coverage, contracts: Mapping[str, Contract], template: Template, name: str) -> str:
    places = [_place(contracts[item.layer], item) for item in coverage.of(template, name)]
    if name in coverage.environment:
        places = [f"`{coverage.environment[name]}` of the environment"]
    return "; ".join(places) or coverage.left[name]


def _place(contract: Contract, place: Place) -> str:
    text = f"`{place.layer}.{place.path}`"
    info = contract.inputs.model_fields.get(place.path)
    sources = [wire.source for wire in annotations_of(info, Wired)] if info is not None else []
    return f"{text}, from `{sources[0]}`" if sources else text
