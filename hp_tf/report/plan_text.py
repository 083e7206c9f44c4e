"""One readable plan for all layers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from hp_tf.contract.base import Contract
from hp_tf.findings import Finding, Severity
from hp_tf.planning import consent
from hp_tf.planning.as_sent import as_sent
from hp_tf.planning.planner import Planned
from hp_tf.report import bought
from hp_tf.report.differences import Difference, contents, differences
from hp_tf.report.outside import outside
from hp_tf.report.text import PLAIN, Paint, labelled, printable, told, totals
from hp_tf.run.context import Context
from hp_tf.terraform.plan import Action, Plan, ResourceChange, cut_off

_SIGNS = {
    Action.CREATE: ("+", "32"),
    Action.UPDATE: ("~", "33"),
    Action.DELETE: ("-", "31"),
    Action.FORGET: (".", "36"),
}
_LISTED = 10
# As many resources with the same change of tags are told one by one.
_SEVERAL = 3
_NARROWEST = 60
# Characters that two values have at least, together.
_LEAST = 16


def render(context: Context, planned: Planned, *, color: bool, width: int, values: bool = False) -> str:
    """Return a plan for people: a line per layer, each layer's changes, and what to know before saying yes.

    Args:
        width: of a line, in characters; values are cut to it.
        values: of what is created, too, and what a replacement does to computed attributes. The plan must hold them.
    """
    return "\n".join(_lines(context, planned, Paint(color), max(width, _NARROWEST), values))


def _lines(context: Context, planned: Planned, paint: Paint, width: int, values: bool) -> Iterator[str]:
    members = planned.prepared.members
    verb = "Destroy" if planned.kind == "destroy" else "Plan for"
    yield paint(f"{verb} {context.environment.id} on {context.target.description}", "1")
    yield from notes(planned.findings, paint)
    yield from (labelled("warning", told(problem, paint), paint) for problem in context.environment.warnings)
    plan = planned.plan
    if plan is None:
        one = len(members.present) == 1
        yield f"No changes: {len(members.present)} {'layer is' if one else 'layers are'} as the file says."
        yield from _warnings(planned, paint)
        yield from _to_settle(planned, paint)
        return
    yield ""
    retagged = _retagged(plan, context.contracts)
    for name in members.all:
        changes = plan.changes(name)
        left = " (leaves the environment)" if name in members.leaving else ""
        yield f"{paint(name, '1')}{left}: {totals(plan.counts(name)) if changes else 'no changes'}"
        for change in (item for item in changes if item.address not in retagged):
            sent = as_sent(change, plan, context.contracts)
            yield from _change(sent, context.contracts, paint, width, values)
            if values and change.action is Action.CREATE:
                yield from (_one_line(f"      {path}: ", said, width) for path, said in contents(change))
    for said, number in Counter(retagged.values()).items():
        yield _one_line(f"{paint('~', '33')} {number} resources  ", said, width)
    yield from _outputs(plan)
    yield ""
    yield from bought.lines(planned.bought, "paid for by the hour, once applied:", paint)
    yield paint(totals(plan.counts()), "1")
    if len(planned.stages.layers) > 1:
        cut = " | ".join(", ".join(layers) for layers in planned.stages.layers)
        yield f"in {len(planned.stages.layers)} stages ({planned.stages.reason}): {cut}"
    elif planned.stages.reason is not None:
        yield f"once a node runs ({planned.stages.reason})"
    yield from _outside(planned, context.contracts, width)
    yield from _warnings(planned, paint)
    yield from _to_settle(planned, paint)


def _retagged(plan: Plan, contracts: Mapping[str, Contract]) -> dict[str, str]:
    """By address, of what gets other tags and nothing else: which, where many get the same."""
    found = {}
    for change in plan.changes():
        told = _differences(change, contracts) if change.action is Action.UPDATE else []
        if told and not any(_remarks(change)) and all(item.path.startswith("tags") for item in told):
            found[change.address] = ", ".join(_in_words(item) for item in told)
    often = {said for said, number in Counter(found.values()).items() if number > _SEVERAL}
    return {address: said for address, said in found.items() if said in often}


def _differences(change: ResourceChange, contracts: Mapping[str, Contract]) -> list[Difference]:
    contract = contracts.get(change.layer or "")
    return differences(change, contract.keyed_lists if contract is not None else {})


def _in_words(item: Difference) -> str:
    return f"{item.path}: {item.before or 'nothing'} -> {item.after or 'nothing'}"


def notes(findings: Iterable[Finding], paint: Paint = PLAIN) -> Iterator[str]:
    """Yield what of some findings is only worth knowing."""
    yield from (labelled("note", told(item, paint), paint) for item in findings if item.severity is Severity.NOTE)


def _to_settle(planned: Planned, paint: Paint) -> Iterator[str]:
    """What blocks and what needs consent, the latter last: after it comes the question."""
    for severity, label in ((Severity.BLOCKS, "error"), (Severity.CONSENT, "needs consent")):
        for item in planned.findings:
            if item.severity is severity:
                allowed = consent.is_allowed(item, planned)
                shown = replace(item, remedy=None) if allowed else item
                yield labelled("allowed" if allowed else label, told(shown, paint), paint)


def _outside(planned: Planned, contracts: Mapping[str, Contract], width: int) -> Iterator[str]:
    found = outside(planned, contracts)
    if found:
        yield "changed outside Terraform, and taken back:"
    for item in found[:_LISTED]:
        if item.changed is None:
            yield printable(f"  {item.address} is gone")
        else:
            said = ", ".join(_in_words(one) for one in item.changed)
            yield _one_line(printable(f"  {item.address}  "), said, width)
    if len(found) > _LISTED:
        yield f"  and {len(found) - _LISTED} more"


def _warnings(planned: Planned, paint: Paint) -> Iterator[str]:
    for item in planned.warnings:
        yield labelled("warning", printable(f"{item.summary}{f' ({item.address})' if item.address else ''}"), paint)


def _outputs(plan: Plan) -> Iterator[str]:
    """Outputs alone can change when a module does: otherwise their change follows from the resources'."""
    changed = [name for name, item in plan.outputs.items() if item.get("actions") not in (["no-op"], [])]
    if changed and not plan.changes():
        yield f"outputs: {', '.join(name.replace('__', '.') for name in sorted(changed))}"


def _change(
    change: ResourceChange, contracts: Mapping[str, Contract], paint: Paint, width: int, values: bool
) -> Iterator[str]:
    sign, code = ("-/+", "35") if change.action.replaces else _SIGNS.get(change.action, ("<", "36"))
    local = printable(change.address.removeprefix(f"module.{change.layer}."))
    yield f"  {paint(sign, code)} {local}{''.join(f'  ({remark})' for remark in _remarks(change))}"
    # Of what was cut off, hardly anything is known: everything would be a difference.
    if change.action is Action.UPDATE or (change.action.replaces and not cut_off(change)):
        found = _differences(change, contracts)
        told = [item for item in found if values or not item.computed]
        for item in told:
            yield from _difference(item, paint, width, values)
        if told and len(told) < len(found):
            computed = len(found) - len(told)
            yield f"      and {computed} computed attribute{'s' if computed > 1 else ''}"


def _remarks(change: ResourceChange) -> Iterator[str]:
    if cut_off(change):
        yield "its creation was cut off"
    if change.importing is not None:
        yield printable(f"import {change.importing}".rstrip())
    if change.reason == "replace_by_triggers":
        yield "with what it belongs to"
    if change.moved:
        yield printable(f"was {change.previous_address}")
    if change.deposed is not None:
        yield "left over from an interrupted replacement"


def _difference(item: Difference, paint: Paint, width: int, values: bool) -> Iterator[str]:
    why = "  # forces replacement" if item.forces else ""
    if item.before is not None and item.after is not None:
        yield f"{_fitted(f'      {item.path}: ', item.before, item.after, width - len(why))}{why}"
        return
    sign, code = _SIGNS[Action.CREATE if item.before is None else Action.DELETE]
    yield f"      {paint(sign, code)} {item.path}{why}"
    indent = " " * 10
    if values:
        yield from (_one_line(f"{indent}{path}: ", said, width) for path, said in item.parts)
    elif item.parts:
        yield f"{indent}{_listed([f'{path} {said}' for path, said in item.parts], width - len(indent))}"


def _listed(parts: Sequence[str], room: int) -> str:
    """As many parts as fit, whole; of the first one at least the beginning."""
    for number in range(len(parts), 0, -1):
        shown = f"{', '.join(parts[:number])}{', …' if number < len(parts) else ''}"
        if len(shown) <= room:
            return shown
    return _cut(parts[0], 0, room)


def _fitted(head: str, before: str, after: str, width: int) -> str:
    """One line, its values cut so that the whole fits: what leads to them never is."""
    room = max(width - len(head) - len(" -> "), _LEAST)
    if len(before) + len(after) > room:
        half = room // 2
        before_room = max(half, room - len(after))
        after_room = max(half, room - min(len(before), before_room))
        # The same beginning would be all there is to see.
        same = next((at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), 0)
        skipped = same - _LEAST // 2 if same > half // 2 else 0
        before, after = _cut(before, skipped, before_room), _cut(after, skipped, after_room)
    return f"{head}{before} -> {after}"


def _one_line(head: str, value: str, width: int) -> str:
    return f"{head}{_cut(value, 0, max(width - len(head), _LEAST))}"


def _cut(text: str, skipped: int, room: int) -> str:
    shown = f"…{text[skipped:]}" if skipped else text
    return shown if len(shown) <= room else f"{shown[: room - 1]}…"
