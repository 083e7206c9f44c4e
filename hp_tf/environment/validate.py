"""What only the wired environment shows to be wrong: rules between fields, names that are too long, given values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hp_tf import codes
from hp_tf.contract.base import Contract, Wired, annotations_of
from hp_tf.contract.rules import UNKNOWN, Level, PythonRule, Rule
from hp_tf.environment.faults import in_order
from hp_tf.environment.names import name_problems
from hp_tf.environment.scope import said, scope
from hp_tf.environment.shapes import field_type, in_file, refusal
from hp_tf.environment.structure import Draft
from hp_tf.environment.surroundings import surrounding_problems
from hp_tf.environment.tree import Path, dotted
from hp_tf.environment.wiring import Wiring
from hp_tf.environment.words import listed
from hp_tf.errors import Location, Problem
from hp_tf.findings import Code, Severity


def problems(draft: Draft, wiring: Wiring, contracts: Mapping[str, Contract]) -> list[Problem]:
    """Return everything that is wrong with an environment, in the order of its lines.

    Without a usable orchestrator the set of layers is a guess, so only the file's structure is judged. Of a layer that
    cannot be read nothing more is said.
    """
    found = [fault.finding() for fault in draft.faults]
    if not draft.faulty(("orchestrator",)):
        unread = {fault.problem.location for fault in draft.faults if fault.path[2:] == ("existing",)}
        found += (problem for problem in wiring.problems if problem.location not in unread)
        readable = [contracts[name] for name in wiring.bindings if not draft.unreadable(("layers", name))]
        found += _given_problems(draft, wiring, readable)
        for contract in readable:
            found += _rule_problems(draft, wiring, contract, "error")
        found += name_problems(draft, wiring, readable)
        found += surrounding_problems(draft)
    return in_order(found)


def warnings(draft: Draft, wiring: Wiring, contracts: Mapping[str, Contract]) -> list[Problem]:
    """Return what a right environment should be thought over for, in the order of its lines."""
    found = [item for name in wiring.bindings for item in _rule_problems(draft, wiring, contracts[name], "warning")]
    return in_order(found)


class _Unreadable(Exception):
    """A rule read a value that is faulty."""


class _Guarded(dict[str, Any]):
    """A mapping for rules in Python, which do not expect UNKNOWN: touching a faulty value ends the rule."""

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


def _guarded(value: Any) -> Any:
    """Guard every mapping inside a faulty input. Elements of lists stay in their places, UNKNOWN among them."""
    if isinstance(value, Mapping):
        inner = {key: _guarded(item) for key, item in value.items()}
        return _Guarded(inner, frozenset(key for key, item in inner.items() if item is UNKNOWN))
    return [_guarded(item) for item in value] if isinstance(value, list) else value


def _rule_problems(draft: Draft, wiring: Wiring, contract: Contract, level: Level) -> Iterator[Problem]:
    base: Path = ("layers", contract.name)
    values = scope(draft, wiring, contract)
    faulty = frozenset(str(fault.path[2]) for fault in draft.faults if fault.path[:2] == base and len(fault.path) > 2)
    for rule in contract.rules:
        if rule.level != level:
            continue
        if isinstance(rule, PythonRule):
            failures, related = _python_failures(rule, values, faulty), rule.related
        else:
            failures, related = list(_failures(rule, values, faulty)), rule.related or rule.inputs()
        for path, message in failures:
            text = f"{dotted((*base, *path))}: {message.rstrip('.')}"
            place, inherited = _place(draft, wiring, contract, path, related)
            lacking = _lacking(draft, wiring, contract, [str(path[0]), *related])
            yield Problem(text, place, lacking or inherited, _code(rule), dotted((*base, *path)))


def _code(rule: Rule | PythonRule) -> Code:
    explanation = rule.message if isinstance(rule, Rule) else rule.reason
    return Code(
        rule.id, Severity.NOTE if rule.level == "warning" else Severity.BLOCKS, "a place in the file", explanation
    )


def _lacking(draft: Draft, wiring: Wiring, contract: Contract, keys: Iterable[str]) -> str | None:
    """Return what to add to an ``existing:`` block for an input that is null because the block does not say it."""
    for key in keys:
        if key not in wiring.bindings[contract.name] or wiring.bindings[contract.name][key].kind != "null":
            continue
        info = contract.inputs.model_fields[key]
        for wire in annotations_of(info, Wired):
            producer = draft.environment.layers.get(wire.layer)
            if producer is not None and producer.mode == "existing":
                itself = f", or give layers.{contract.name}.{key}" if in_file(info) else ""
                return f"Add {wire.output} to layers.{wire.layer}.existing{itself}."
    return None


def _python_failures(rule: PythonRule, values: Mapping[str, Any], faulty: frozenset[str]) -> list[tuple[Path, str]]:
    """Return a rule's failures; of one that meets a fault, those it found before."""
    lost = frozenset(key for key in faulty if values.get(key) is UNKNOWN)
    guarded = _Guarded({key: _guarded(value) if key in faulty else value for key, value in values.items()}, lost)
    found: list[tuple[Path, str]] = []
    try:
        for failure in rule.failures(guarded):
            found.append(failure)
    except _Unreadable:
        pass
    except (TypeError, AttributeError, KeyError, ValueError):
        # UNKNOWN stands for a value whose type was wrong, and the rule computed with it.
        if not faulty:
            raise
    return found


def _failures(rule: Rule, values: Mapping[str, Any], faulty: frozenset[str]) -> Iterator[tuple[Path, str]]:
    """Yield a rule's failures. Where something is faulty, elements are judged one by one, those that can be."""
    if not faulty:
        yield from rule.failures(values)
        return
    views = [values]
    items = values.get(rule.on)
    if rule.each and rule.on in faulty and isinstance(items, list):
        # A mapping keeps each element's number in the path of its failure.
        views = [{**values, rule.on: {index: element}} for index, element in enumerate(items)]
    for view in views:
        try:
            yield from list(rule.failures(view))
        except (TypeError, AttributeError, KeyError, ValueError):
            # UNKNOWN stands for a value whose type was wrong, and some rules compute with what they read.
            continue


def _place(
    draft: Draft, wiring: Wiring, contract: Contract, path: Path, related: Iterable[str]
) -> tuple[Location | None, str | None]:
    """Return the line a failure is decided on, and where the input stands if that is in an older file.

    That line is the input's, or if it has none that of another input of the rule. Of several files the newest decided.
    """
    candidates: list[Path] = [path, *((name,) for name in related)]
    places = [said(draft, wiring, contract, candidate) for candidate in candidates]
    files = [str(file) for file in draft.environment.files]
    known = [place for place in places if place is not None]
    if not known:
        return draft.environment.location(contract.name, path), None
    newest = max(known, key=lambda place: files.index(place.file))
    own = places[0]
    if own is None or own.file == newest.file:
        return newest, None
    return newest, f"{dotted(path)} is inherited, from {own}."


def _given_problems(draft: Draft, wiring: Wiring, contracts: Iterable[Contract]) -> Iterator[Problem]:
    """An existing layer's output is as free as its contract says; who takes it may want more."""
    users: dict[tuple[Path, str], list[str]] = {}
    for contract in contracts:
        for key, binding in wiring.bindings[contract.name].items():
            if binding.kind != "given" or binding.wire is None:
                continue
            path: Path = ("layers", binding.wire.layer, "existing", binding.wire.output)
            complaint = None if draft.faulty(path) else refusal(field_type(contract.inputs, (key,)), binding.value)
            if complaint:
                users.setdefault((path, complaint), []).append(f"{contract.name}.{key}")
    for (path, complaint), names in users.items():
        yield Problem(
            f"{dotted(path)} cannot be {listed(names, 'or')}: {complaint}",
            draft.environment.place(path),
            code=codes.WRONG_VALUE,
            subject=dotted(path),
        )
