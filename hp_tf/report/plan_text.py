"""One readable plan for all layers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hp_tf.orchestration.context import Context
from hp_tf.orchestration.planning import Planned
from hp_tf.terraform.plan import MASK, Action, Counts, Plan, ResourceChange, mask

_SIGNS = {
    Action.CREATE: ("+", "32"),
    Action.UPDATE: ("~", "33"),
    Action.DELETE: ("-", "31"),
    Action.FORGET: (".", "36"),
}
_UNKNOWN = "(known after apply)"
_LISTED = 12


def render(context: Context, planned: Planned, *, color: bool, width: int) -> str:
    """Return a plan for people: a line per layer, then each layer's changes, then what to know before saying yes."""
    return "\n".join(_lines(context, planned, _Paint(color), width))


def totals(counts: Counts) -> str:
    """Return counts in words."""
    parts = [
        (counts.add, "to add"),
        (counts.change, "to change"),
        (counts.replace, "to replace"),
        (counts.destroy, "to destroy"),
        (counts.forget, "to forget"),
        (counts.imported, "to import"),
    ]
    return ", ".join(f"{number} {words}" for number, words in parts if number) or "no resource changes"


class _Paint:
    def __init__(self, on: bool) -> None:
        self._on = on

    def __call__(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._on else text


def _lines(context: Context, planned: Planned, paint: _Paint, width: int) -> Iterator[str]:
    members = planned.prepared.members
    verb = "Destroy" if planned.kind == "destroy" else "Plan for"
    yield paint(f"{verb} {context.environment.id} on {context.target.description}", "1")
    yield from (f"note: {note}" for note in planned.notes)
    plan = planned.plan
    if plan is None:
        yield f"No changes: {len(members.present)} layers are as the file says."
        return
    yield ""
    for name in members.all:
        changes = plan.changes(name)
        left = " (leaves the environment)" if name in members.leaving else ""
        yield f"{paint(name, '1')}{left}: {totals(plan.counts(name)) if changes else 'no changes'}"
        for change in changes:
            yield from _change(change, paint, width)
    yield from _outputs(plan)
    yield ""
    yield paint(totals(plan.counts()), "1")
    if len(planned.stages.layers) > 1:
        cut = " | ".join(", ".join(layers) for layers in planned.stages.layers)
        yield f"in {len(planned.stages.layers)} stages ({planned.stages.reason}): {cut}"
    yield from _drift(planned)
    yield from (f"warning: {item.summary}" for item in planned.warnings)


def _drift(planned: Planned) -> Iterator[str]:
    """Only what the plan acts upon: computed attributes that were merely refreshed are no news."""
    acting = {change.address for change in planned.plan.changes()} if planned.plan else set()
    changed = [address for address in planned.drift if address in acting]
    if changed:
        yield f"changed outside Terraform: {', '.join(changed)}"


def _outputs(plan: Plan) -> Iterator[str]:
    changed = [name for name, item in plan.outputs.items() if item.get("actions") not in (["no-op"], [])]
    if changed and not plan.changes():
        yield f"outputs: {', '.join(name.replace('__', '.') for name in sorted(changed))}"


def _change(change: ResourceChange, paint: _Paint, width: int) -> Iterator[str]:
    sign, code = ("-/+", "35") if change.action.replaces else _SIGNS.get(change.action, ("<", "36"))
    local = change.address.removeprefix(f"module.{change.layer}.")
    extra = f"  (import {change.importing})" if change.importing else ""
    yield f"  {paint(sign, code)} {local}{extra}"
    if change.action is Action.UPDATE or change.action.replaces:
        forcing = {path[0] for path in change.replace_paths if path}
        for name, before, after in _attributes(change):
            why = "  # forces replacement" if name in forcing else ""
            yield _cut(f"      {name}: {before} -> {after}{why}", width)


def _attributes(change: ResourceChange) -> Iterator[tuple[str, str, str]]:
    """Yield (attribute, before, after) of what changes; sensitive values masked, named elements told apart by name."""
    shown = mask(change)["change"]
    before, after = shown.get("before") or {}, shown.get("after") or {}
    unknown = change.after_unknown if isinstance(change.after_unknown, dict) else {}
    real_before, real_after = change.before or {}, change.after or {}
    for name in sorted({*before, *after, *unknown}):
        if unknown.get(name) is True:
            if change.action.replaces and name not in real_after:
                continue
            yield name, _text(before.get(name)), _UNKNOWN
        elif real_before.get(name) != real_after.get(name):
            yield from _difference(name, before.get(name), after.get(name))


def _difference(path: str, before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
    if before == MASK and after == MASK:
        yield path, MASK, MASK
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            if before.get(key) != after.get(key):
                yield from _difference(f"{path}.{key}", before.get(key), after.get(key))
        return
    if isinstance(before, list) and isinstance(after, list):
        named_before, named_after = _named(before), _named(after)
        if named_before is not None and named_after is not None:
            for key in sorted({*named_before, *named_after}):
                if named_before.get(key) != named_after.get(key):
                    yield from _difference(f'{path}["{key}"]', named_before.get(key), named_after.get(key))
            return
    if before != after:
        yield path, _text(before), _text(after)


def _named(items: list[Any]) -> dict[str, Any] | None:
    """Return a list's elements by name, where every element has one of its own."""
    for key in ("instance_group_name", "name", "key"):
        if items and all(isinstance(item, dict) and isinstance(item.get(key), str) for item in items):
            found = {item[key]: item for item in items}
            return found if len(found) == len(items) else None
    return None


def _text(value: Any) -> str:
    if isinstance(value, str) and value.startswith("(") and value.endswith(")"):
        return value
    text = json.dumps(value, sort_keys=True, default=str)
    return text if len(text) <= _LISTED * 12 else text[: _LISTED * 12] + "…"


def _cut(line: str, width: int) -> str:
    return line if len(line) <= max(width, 60) else line[: max(width, 60) - 1] + "…"
