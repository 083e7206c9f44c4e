"""Wiring to verdict: the rules between fields, names that are too long, and values given to those who want more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hp_tf import codes
from hp_tf.contract.base import Contract, Wired, annotations_of, quoted
from hp_tf.contract.rules import UNKNOWN, PythonRule, Rule, evaluate
from hp_tf.environment.credentials import credentials
from hp_tf.environment.fields import field_type, in_file, refusal
from hp_tf.environment.messages.supply import ways_to_find
from hp_tf.environment.messages.values import likeliest
from hp_tf.environment.messages.words import clause, listed
from hp_tf.environment.mistakes import Mistake, in_order, mistake
from hp_tf.environment.model import LayerConfig
from hp_tf.environment.scope import said, scope, shown
from hp_tf.environment.shapes import Draft
from hp_tf.environment.surroundings import surroundings
from hp_tf.environment.tree import Path, dotted
from hp_tf.environment.wiring import Wiring
from hp_tf.findings import Code, Finding, Location, Severity

Scope = dict[str, Any]


def judged(draft: Draft, wiring: Wiring, contracts: Mapping[str, Contract]) -> list[Finding]:
    """Return everything there is to say of an environment, in the order of its lines, warnings among it.

    Without a usable orchestrator the set of layers is a guess, so only the file's structure is judged. Of a layer that
    cannot be read nothing more is said.
    """
    found: list[Finding] = [*draft.mistakes]
    if not draft.faulty(("orchestrator",)):
        unread = {one.location for one in draft.mistakes if one.path[2:] == ("existing",)}
        found += (one for one in wiring.problems if one.location not in unread)
        readable = [contracts[name] for name in wiring.bindings if not draft.unreadable(("layers", name))]
        scopes = {contract.name: scope(draft, wiring, contract) for contract in readable}
        for contract in readable:
            found += _broken(draft, wiring, contract, scopes[contract.name])
        for layer in draft.environment.of_mode("existing"):
            found += _broken_outputs(draft, wiring, layer)
        found += _too_long(draft, wiring, readable, scopes)
        found += _unfit(draft, wiring, readable)
        found += surroundings(draft)
        found += credentials(draft.environment.tree)
    return in_order(found)


def _broken(draft: Draft, wiring: Wiring, contract: Contract, values: Scope) -> Iterator[Finding]:
    """Yield the failures of a layer's rules."""
    base: Path = ("layers", contract.name)
    faulty = frozenset(str(one.path[2]) for one in draft.mistakes if one.path[:2] == base and len(one.path) > 2)
    for rule in contract.rules:
        for path, message in _failures(rule, values, faulty):
            related = rule.related or (rule.inputs() if isinstance(rule, Rule) else ())
            binding = wiring.bindings[contract.name].get(str(path[0]))
            # Where the file says it, by whatever name.
            there = (*binding.places[0], *path[1:]) if binding and binding.kind == "given" else (*base, *path)
            name = dotted(there)
            place, inherited = _decided(draft, wiring, contract, path, related)
            lacking = _lacking(draft, wiring, contract, [str(path[0]), *related])
            text = f"{name}: {clause(message)}"
            mistaken = rule.mistaken(values, path) if isinstance(rule, Rule) else None
            meant = likeliest(*mistaken) if mistaken is not None else None
            yield Mistake(text, place, lacking or inherited or meant, _code(rule), name, there)


def _broken_outputs(draft: Draft, wiring: Wiring, layer: LayerConfig) -> Iterator[Finding]:
    """Yield the failures of the rules about what is given of a layer that exists."""
    base: Path = ("layers", layer.name, "existing")
    values = {
        key: UNKNOWN if draft.faulty((*base, key)) else layer.existing.get(key)
        for key in layer.contract.outputs.model_fields
    }
    for rule in layer.contract.given:
        code = _code(rule)
        for path, message in rule.failures({**values, **shown(draft, wiring)}):
            yield mistake(code, draft.environment.tree, (*base, *path), f": {clause(message)}")


def _code(rule: Rule | PythonRule) -> Code:
    severity = Severity.NOTE if rule.level == "warning" else Severity.BLOCKS
    return Code(rule.id, severity, "a place in the file", rule.message if isinstance(rule, Rule) else rule.reason)


class _Unreadable(Exception):
    """A rule read a value that is faulty."""


class _Guarded(dict[str, Any]):
    """Values for a rule that Python words: to it UNKNOWN is what another layer supplies, and what is wrong ends it."""

    def __init__(self, values: Mapping[str, Any], faulty: Iterable[str]) -> None:
        super().__init__({key: _guarded(value) if key in faulty else value for key, value in values.items()})
        self._lost = {key for key in faulty if values.get(key) is UNKNOWN}

    def __getitem__(self, key: str) -> Any:
        if key in self._lost:
            raise _Unreadable
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        if key in self._lost:
            raise _Unreadable
        return super().get(key, default)


def _guarded(value: Any) -> Any:
    """Guard every mapping inside a faulty input. Elements of lists stay in their places, UNKNOWN among them."""
    if isinstance(value, Mapping):
        return _Guarded(value, value)
    return [_guarded(item) for item in value] if isinstance(value, list) else value


def _failures(rule: Rule | PythonRule, values: Scope, faulty: frozenset[str]) -> list[tuple[Path, str]]:
    """Return a rule's failures; of one that Python words and that meets a mistake, those it found before."""
    if isinstance(rule, Rule) and rule.details is None:
        return list(rule.failures(values))
    found: list[tuple[Path, str]] = []
    try:
        for failure in rule.failures(_Guarded(values, faulty)):
            found.append(failure)
    except _Unreadable:
        pass
    except (TypeError, AttributeError, KeyError, ValueError):
        # In a list UNKNOWN stands for a value whose type was wrong, and the rule computed with it.
        if not faulty:
            raise
    return found


def _decided(
    draft: Draft, wiring: Wiring, contract: Contract, path: Path, related: Iterable[str]
) -> tuple[Location, str | None]:
    """Return the line a failure is decided on, and where the input stands if that is in an older file.

    That line is the input's, or if it has none that of another input of the rule. Of several files the newest decided.
    """
    places = [said(draft, wiring, contract, one) for one in (path, *((name,) for name in related))]
    files = [str(file) for file in draft.environment.files]
    known = [place for place in places if place is not None]
    if not known:
        return draft.environment.place(("layers", contract.name, *path)), None
    newest, own = max(known, key=lambda place: files.index(place.file)), places[0]
    inherited = own is not None and own.file != newest.file
    return newest, f"{dotted(path)} is inherited, from {own}" if inherited else None


def _lacking(draft: Draft, wiring: Wiring, contract: Contract, keys: Iterable[str]) -> str | None:
    """Return what to add to an ``existing:`` block for an input that is null because the block does not say it."""
    bindings = wiring.bindings[contract.name]
    for key in (key for key in keys if key in bindings and bindings[key].kind == "null"):
        info = contract.inputs.model_fields[key]
        for wire in annotations_of(info, Wired):
            producer = draft.environment.layers.get(wire.layer)
            if producer is not None and producer.mode == "existing":
                itself = f", or give layers.{contract.name}.{key}" if in_file(info) else ""
                ways = ways_to_find(producer.contract, wire.output, producer.existing)
                block = f"layers.{wire.layer}.existing"
                if ways is not None:
                    return f"add {ways} to {block}, and hptf looks {wire.output} up; or {wire.output} itself{itself}"
                return f"add {wire.output} to {block}{itself}"
    return None


def _too_long(
    draft: Draft, wiring: Wiring, contracts: Iterable[Contract], scopes: Mapping[str, Scope]
) -> Iterator[Finding]:
    """Yield one mistake for each prefix that is too long, with every name made from it that AWS does not take."""
    found: dict[tuple[Path, str], list[tuple[int, str, str]]] = {}
    for contract in contracts:
        values = scopes[contract.name]
        usable = {key: value for key, value in values.items() if isinstance(value, str)}
        path: Path = ("layers", contract.name, "name")
        binding = wiring.bindings[contract.name].get("name")
        path = path if binding is not None and binding.kind == "file" else ("name",)
        for name in contract.names.values():
            known = {"name", *re.findall(r"\{(\w+)\}", name.template)} <= {*usable}
            made = name.used is None or evaluate(name.used, values) is True
            rendered = name.render(usable) if known and made else ""
            if len(rendered) > name.limit:
                found.setdefault((path, usable["name"]), []).append((len(rendered) - name.limit, name.what, rendered))
    for (path, prefix), names in found.items():
        (excess, what, rendered), *others = sorted(names, key=lambda one: -one[0])
        text = f" is too long: the {what} would be {quoted(rendered)}, {len(rendered)} characters where "
        text += f"{len(rendered) - excess} are allowed"
        fitting = len(prefix) - excess
        remedy = f"a name of at most {fitting} characters fits" if fitting > 0 else "no name is short enough"
        if others:
            too = listed([f"the {what} (by {excess})" for excess, what, _ in others])
            remedy += f"; too long {'are' if len(others) > 1 else 'is'} also {too}"
        yield mistake(codes.NAME_TOO_LONG, draft.environment.tree, path, text, remedy)


def _unfit(draft: Draft, wiring: Wiring, contracts: Iterable[Contract]) -> Iterator[Finding]:
    """Yield given outputs that are right by their own contract, and not for who takes them."""
    users: dict[tuple[Path, str], list[str]] = {}
    for contract in contracts:
        for key, binding in wiring.bindings[contract.name].items():
            if binding.kind != "given" or draft.faulty(binding.places[0]):
                continue
            complaint = refusal(field_type(contract.inputs, (key,)), binding.value)
            if complaint:
                users.setdefault((binding.places[0], complaint), []).append(f"{contract.name}.{key}")
    for (path, complaint), names in users.items():
        text = f" cannot be {listed(names, 'or')}: {complaint}"
        yield mistake(codes.WRONG_VALUE, draft.environment.tree, path, text)
