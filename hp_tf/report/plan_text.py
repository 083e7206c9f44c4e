"""One readable plan for all layers."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.orchestration.context import Context
from hp_tf.orchestration.planning import Planned
from hp_tf.orchestration.reordering import as_sent
from hp_tf.report.differences import Difference, differences
from hp_tf.report.text import Paint, printable, some, totals
from hp_tf.terraform.plan import Action, Plan, ResourceChange

_SIGNS = {
    Action.CREATE: ("+", "32"),
    Action.UPDATE: ("~", "33"),
    Action.DELETE: ("-", "31"),
    Action.FORGET: (".", "36"),
}
_LISTED = 10
_NARROWEST = 60


def render(context: Context, planned: Planned, *, color: bool, width: int) -> str:
    """Return a plan for people: a line per layer, each layer's changes, and what to know before saying yes.

    Parameters
    ----------
    width: of a line, in characters; values are cut to it.
    """
    return "\n".join(_lines(context, planned, Paint(color), max(width, _NARROWEST)))


def _lines(context: Context, planned: Planned, paint: Paint, width: int) -> Iterator[str]:
    members = planned.prepared.members
    verb = "Destroy" if planned.kind == "destroy" else "Plan for"
    yield paint(f"{verb} {context.environment.id} on {context.target.description}", "1")
    yield from (f"note: {note}" for note in planned.notes)
    yield from (f"warning: {problem}" for problem in context.environment.warnings)
    plan = planned.plan
    if plan is None:
        one = len(members.present) == 1
        yield f"No changes: {len(members.present)} {'layer is' if one else 'layers are'} as the file says."
        yield from _drift(planned)
        yield from _warnings(planned)
        return
    yield ""
    for name in members.all:
        changes = plan.changes(name)
        left = " (leaves the environment)" if name in members.leaving else ""
        yield f"{paint(name, '1')}{left}: {totals(plan.counts(name)) if changes else 'no changes'}"
        for change in changes:
            yield from _change(as_sent(change, plan, context.contracts), paint, width)
    yield from _outputs(plan)
    yield ""
    yield paint(totals(plan.counts()), "1")
    if len(planned.stages.layers) > 1:
        cut = " | ".join(", ".join(layers) for layers in planned.stages.layers)
        yield f"in {len(planned.stages.layers)} stages ({planned.stages.reason}): {cut}"
    yield from _drift(planned)
    yield from _warnings(planned)


def _drift(planned: Planned) -> Iterator[str]:
    if planned.drift:
        yield f"changed outside Terraform: {printable(some(planned.drift, _LISTED))}"


def _warnings(planned: Planned) -> Iterator[str]:
    for item in planned.warnings:
        yield printable(f"warning: {item.summary}{f' ({item.address})' if item.address else ''}")


def _outputs(plan: Plan) -> Iterator[str]:
    """Outputs alone can change when a module does: otherwise their change follows from the resources'."""
    changed = [name for name, item in plan.outputs.items() if item.get("actions") not in (["no-op"], [])]
    if changed and not plan.changes():
        yield f"outputs: {', '.join(name.replace('__', '.') for name in sorted(changed))}"


def _change(change: ResourceChange, paint: Paint, width: int) -> Iterator[str]:
    sign, code = ("-/+", "35") if change.action.replaces else _SIGNS.get(change.action, ("<", "36"))
    local = printable(change.address.removeprefix(f"module.{change.layer}."))
    yield f"  {paint(sign, code)} {local}{''.join(f'  ({remark})' for remark in _remarks(change))}"
    if change.action is Action.UPDATE or change.action.replaces:
        for item in differences(change):
            yield _fitted(item, width)


def _remarks(change: ResourceChange) -> Iterator[str]:
    if change.importing is not None:
        yield printable(f"import {change.importing}".rstrip())
    if change.moved:
        yield printable(f"was {change.previous_address}")
    if change.deposed is not None:
        yield "left over from an interrupted replacement"


def _fitted(item: Difference, width: int) -> str:
    """One line, its values cut so that the whole fits: the path and the reason are never cut."""
    head, why = f"      {item.path}: ", "  # forces replacement" if item.forces else ""
    room = max(width - len(head) - len(" -> ") - len(why), 16)
    before, after = item.before, item.after
    if len(before) + len(after) > room:
        half = room // 2
        for_before = max(half, room - len(after))
        before = _cut(before, for_before)
        after = _cut(after, max(half, room - len(before)))
    return f"{head}{before} -> {after}{why}"


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1]}…"
