"""What the resource types know of a plan's changes: what the service refuses, what is lost or cut off. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hp_tf import codes
from hp_tf.codes import CODES
from hp_tf.contract.base import Contract, CreateOnly, KeyedBy, annotation
from hp_tf.contract.resources.base import ResourceType
from hp_tf.contract.resources.changes import Change
from hp_tf.findings import Code, Finding, Severity
from hp_tf.planning.root import variable_name
from hp_tf.terraform.plan import Action, Plan, ResourceChange, cut_off
from hp_tf.terraform.values import PlanValue


def findings(
    plan: Plan | None,
    contracts: Mapping[str, Contract],
    types: Mapping[str, ResourceType],
    caller: str | None = None,
) -> list[Finding]:
    """Return what there is to say of the changes of a plan, resource by resource.

    Args:
        caller: the ARN of the role that it is applied with.
    """
    if plan is None:
        return []
    gone = {change.address for change in plan.resource_changes if change.action is Action.DELETE}
    return [
        *_fixed(plan, contracts),
        *(said for change in _judged(plan) for said in _of(change, types[change.type], gone, plan, caller)),
    ]


def lost(change: ResourceChange, types: Mapping[str, ResourceType]) -> str | None:
    """Return what goes with a resource that is deleted or made anew; None if that is not known, or nothing."""
    judgement = types[change.type].judgement
    before = change.before.known
    return judgement.lost(before) if judgement.lost is not None and isinstance(before, Mapping) else None


def _judged(plan: Plan) -> Iterator[ResourceChange]:
    for change in plan.changes():
        if change.deposed is None and change.action is not Action.FORGET and not cut_off(change):
            yield change


def _of(
    change: ResourceChange, kind: ResourceType, gone: set[str], plan: Plan, caller: str | None
) -> Iterator[Finding]:
    before, after = change.before.known, change.after.known
    judgement = kind.judgement
    if judgement.refused is not None and before is not None and after is not None:
        for item in judgement.refused(before, after):
            subject = f"{change.address}.{item.attribute}"
            allow = f"where the service takes it by now, apply with --allow '{codes.CHANGE_REFUSED}={subject}'"
            text = f"{subject} would change: {item.text}"
            yield codes.CHANGE_REFUSED.about(subject, text, f"{item.remedy}; {allow}")
    if judgement.told is not None:
        inside = {address.removeprefix(f"{change.module_address}.") for address in gone}
        made = {
            other.address.removeprefix(f"{change.module_address}."): other.after.known
            for other in plan.changes(change.layer)
            if other.action is Action.CREATE and other.module_address == change.module_address
        }
        key = change.index if isinstance(change.index, str) else None
        seen = Change(key, before, after, change.action.replaces, inside, made, caller)
        for told in judgement.told(seen):
            code = CODES[told.code]
            meant = f"if that is meant, apply with --allow '{code}={change.address}'" if _asks(code) else None
            yield code.about(change.address, told.text, "; ".join(filter(None, (told.remedy, meant))) or None)


def _asks(code: Code) -> bool:
    return code.severity is Severity.CONSENT


def _fixed(plan: Plan, contracts: Mapping[str, Contract]) -> Iterator[Finding]:
    """Inputs that are fixed at creation, where an output has their elements for keys: it says what they were."""
    for layer, contract in contracts.items():
        for name, info in contract.outputs.model_fields.items():
            keyed = annotation(info, KeyedBy)
            fixed = annotation(contract.inputs.model_fields[keyed.input], CreateOnly) if keyed is not None else None
            if keyed is None or fixed is None:
                continue
            output = plan.outputs.get(variable_name(layer, name)) or {}
            was, will = PlanValue.before(output), PlanValue.after(output)
            if was.is_object and will.is_object and set(was.keys()) != set(will.keys()):
                subject = f"{layer}.{keyed.input}"
                yield codes.CHANGE_REFUSED.about(
                    subject,
                    f"{subject} would change from {', '.join(sorted(was.keys()))} to {', '.join(sorted(will.keys()))}: "
                    "it is fixed at creation",
                    f"{fixed.advice}; where the service takes it by now, apply with --allow "
                    f"'{codes.CHANGE_REFUSED}={subject}'",
                )
