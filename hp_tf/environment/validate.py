"""What only the wired environment shows to be wrong: rules between fields, names that are too long, given values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from hp_tf.contracts.base import Contract, Folder, FromEnvironment, KeyedBy, Wired, annotation, nullable
from hp_tf.contracts.rules import UNKNOWN, Level, PythonRule, Rule
from hp_tf.environment.faults import in_order
from hp_tf.environment.shapes import default_of, with_defaults
from hp_tf.environment.structure import Draft
from hp_tf.environment.tree import Path, dotted
from hp_tf.environment.wiring import Binding, Wiring
from hp_tf.errors import Location, Problem

# Where an environment value stands in the file.
PLACES: Mapping[str, Path] = {
    "name": ("name",),
    "region": ("aws", "region"),
    "account_id": ("aws", "account_id"),
    "partition": ("aws", "region"),
    "tags": ("aws", "tags"),
    "orchestrator": ("orchestrator",),
}


def problems(draft: Draft, wiring: Wiring, contracts: Mapping[str, Contract]) -> list[Problem]:
    """Return everything that is wrong with an environment, in the order of its lines.

    Without a usable orchestrator the set of layers is a guess, so only the file's structure is judged.
    """
    found = [fault.problem for fault in draft.faults]
    if not draft.faulty(("orchestrator",)):
        unread = {fault.problem.location for fault in draft.faults if fault.path[2:] == ("existing",)}
        found += (problem for problem in wiring.problems if problem.location not in unread)
        for name in wiring.bindings:
            found += _given_problems(draft, wiring, contracts[name])
            found += _rule_problems(draft, wiring, contracts[name], "error")
            found += _name_problems(draft, wiring, contracts[name])
    return in_order(found)


def warnings(draft: Draft, wiring: Wiring, contracts: Mapping[str, Contract]) -> list[Problem]:
    """Return what a right environment should be thought over for, in the order of its lines."""
    found = [item for name in wiring.bindings for item in _rule_problems(draft, wiring, contracts[name], "warning")]
    return in_order(found)


def scope(draft: Draft, wiring: Wiring, contract: Contract) -> dict[str, Any]:
    """Return what a layer's rules look at: every input as plain data with all defaults.

    ``UNKNOWN`` stands for what another layer will supply and for what is faulty.
    """
    return {
        key: _blotted(_value(draft, wiring, contract, key, binding), ("layers", contract.name, key), draft)
        for key, binding in wiring.bindings[contract.name].items()
    }


def _value(draft: Draft, wiring: Wiring, contract: Contract, key: str, binding: Binding) -> Any:
    info = contract.inputs.model_fields[key]
    if binding.kind == "wire" and binding.wire is not None:
        return _keyed(draft, wiring, binding.wire)
    if binding.kind in ("lookup", "supplied"):
        return UNKNOWN
    if binding.kind == "environment":
        origin = annotation(info, FromEnvironment)
        return UNKNOWN if origin is None or draft.faulty(PLACES[origin.value]) else binding.value
    if binding.kind == "null":
        # What nothing supplies but something must is a problem already; rules about null would only repeat it.
        return UNKNOWN if info.is_required() and not nullable(info) else default_of(info)
    if binding.kind == "file" and annotation(info, Folder) is not None and isinstance(binding.value, str):
        return str((draft.environment.directory / binding.value).resolve())
    return with_defaults(binding.value, info.annotation)


def _keyed(draft: Draft, wiring: Wiring, wire: Wired) -> Any:
    """Return a wired map with the keys its producer is configured with and unknown values; else UNKNOWN."""
    keyed = annotation(draft.environment.layers[wire.layer].contract.outputs.model_fields[wire.output], KeyedBy)
    if keyed is None or draft.faulty(("layers", wire.layer, keyed.input)):
        return UNKNOWN
    keys = wiring.bindings[wire.layer][keyed.input].value
    return dict.fromkeys(keys, UNKNOWN) if isinstance(keys, list) else UNKNOWN


def _blotted(value: Any, path: Path, draft: Draft) -> Any:
    """Replace what a fault stands on by UNKNOWN, down to the attribute, so that rules about the rest still speak."""
    steps = {fault.path for fault in draft.faults if fault.path[: len(path)] == path}
    if not steps:
        return value
    if path in steps:
        return UNKNOWN
    if isinstance(value, Mapping):
        blotted = {key: _blotted(item, (*path, key), draft) for key, item in value.items()}
        missing = {step[len(path)]: UNKNOWN for step in steps if len(step) == len(path) + 1}
        return {**blotted, **missing}
    if isinstance(value, list):
        return [_blotted(item, (*path, index), draft) for index, item in enumerate(value)]
    return UNKNOWN


class _Unreadable(Exception):
    """A rule read an input that is faulty."""


class _Guarded(dict[str, Any]):
    """A scope for rules in Python, which do not expect UNKNOWN deep inside: touching a faulty input ends the rule."""

    def __init__(self, values: Mapping[str, Any], faulty: frozenset[str]) -> None:
        super().__init__(values)
        self._faulty = faulty

    def __getitem__(self, key: str) -> Any:
        if key in self._faulty:
            raise _Unreadable
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        if key in self._faulty:
            raise _Unreadable
        return super().get(key, default)


def _rule_problems(draft: Draft, wiring: Wiring, contract: Contract, level: Level) -> Iterator[Problem]:
    base: Path = ("layers", contract.name)
    values = scope(draft, wiring, contract)
    faulty = frozenset(str(fault.path[2]) for fault in draft.faults if fault.path[:2] == base and len(fault.path) > 2)
    for rule in contract.rules:
        if rule.level != level:
            continue
        failures = _python_failures(rule, values, faulty) if isinstance(rule, PythonRule) else []
        if isinstance(rule, Rule):
            failures = [(path, rule.text(values, path)) for path in _failures(rule, values, faulty)]
        for path, message in failures:
            text = f"{dotted((*base, *path))}: {message.rstrip('.')} ({rule.id})"
            yield Problem(text, _place(draft, wiring, contract, path))


def _python_failures(rule: PythonRule, values: Mapping[str, Any], faulty: frozenset[str]) -> list[tuple[Path, str]]:
    try:
        return list(rule.failures(_Guarded(values, faulty)))
    except _Unreadable:
        return []


def _failures(rule: Rule, values: Mapping[str, Any], faulty: frozenset[str]) -> Iterator[Path]:
    """Yield a rule's failures. Where something is faulty, elements are judged one by one, those that can be."""
    if not faulty:
        yield from rule.failures(values)
        return
    scopes = [values]
    items = values.get(rule.on)
    if rule.each and rule.on in faulty and isinstance(items, list):
        # A mapping keeps each element's number in the path of its failure.
        scopes = [{**values, rule.on: {index: element}} for index, element in enumerate(items)]
    for scope in scopes:
        try:
            yield from list(rule.failures(scope))
        except (TypeError, AttributeError, KeyError, ValueError):
            # UNKNOWN stands for a value whose type was wrong, and some rules compute with what they read.
            continue


def _place(draft: Draft, wiring: Wiring, contract: Contract, path: Path) -> Location | None:
    """Return the line an input is decided on: the user's, or that of the environment value or the output it takes."""
    environment = draft.environment
    key = str(path[0]) if path else ""
    binding = wiring.bindings[contract.name].get(key)
    if binding is not None and binding.kind == "environment":
        origin = annotation(contract.inputs.model_fields[key], FromEnvironment)
        if origin is not None:
            return environment.place(PLACES[origin.value])
    if binding is not None and binding.kind == "given" and binding.wire is not None:
        return environment.place(("layers", binding.wire.layer, "existing", binding.wire.output))
    return environment.location(contract.name, path)


def _given_problems(draft: Draft, wiring: Wiring, contract: Contract) -> Iterator[Problem]:
    """An existing layer's output is as free as its contract says; who takes it may want more."""
    for key, binding in wiring.bindings[contract.name].items():
        if binding.kind != "given" or binding.wire is None:
            continue
        path: Path = ("layers", binding.wire.layer, "existing", binding.wire.output)
        if draft.faulty(path):
            continue
        complaint = _refusal(contract.inputs.model_fields[key], binding.value)
        if complaint:
            text = f"{dotted(path)} cannot be {contract.name}.{key}: {complaint}"
            yield Problem(text, draft.environment.place(path))


def _refusal(info: FieldInfo, value: Any) -> str | None:
    try:
        TypeAdapter[Any](info.rebuild_annotation()).validate_python(value, strict=True)
    except ValidationError as error:
        return error.errors(include_url=False)[0]["msg"]
    return None


def _name_problems(draft: Draft, wiring: Wiring, contract: Contract) -> Iterator[Problem]:
    bindings = wiring.bindings[contract.name]
    values = scope(draft, wiring, contract)
    usable = {key: value for key, value in values.items() if isinstance(value, str)}
    for name in contract.names.values():
        try:
            rendered = name.render(usable)
        except KeyError:
            continue
        excess = len(rendered) - name.limit
        if excess <= 0:
            continue
        path: Path = ("name",)
        given = bindings.get("name")
        if given is not None and given.kind == "file":
            path = ("layers", contract.name, "name")
        text = f"{dotted(path)} is too long: the {name.what} would be '{rendered}', {len(rendered)} characters"
        fitting = len(str(values.get("name", ""))) - excess
        hint = f"That is {excess} more than the {name.limit} allowed"
        hint += f"; a name of {fitting} characters fits." if fitting > 0 else "."
        yield Problem(text, draft.environment.place(path), hint)
