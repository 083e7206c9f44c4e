"""Resources that a plan deletes while what stays goes on naming them. Pure.

A provider keeps what a file leaves out of an optional attribute, and so does the service: the plan then deletes the one
thing and shows nothing of the other, which no later change of it survives.
"""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf import codes
from hp_tf.findings import Finding
from hp_tf.terraform.plan import Action, Plan, ResourceChange
from hp_tf.terraform.values import PlanValue


def findings(plan: Plan | None) -> list[Finding]:
    """Return what a plan deletes and still names, by the ARN."""
    changes = plan.resource_changes if plan is not None else ()
    managed = [change for change in changes if change.mode == "managed" and change.deposed is None]
    gone = {
        arn: change
        for change in managed
        if change.action is Action.DELETE and (arn := change.before.member("arn").text)
    }
    staying = [change for change in managed if change.after.is_object] if gone else []
    return [_said(gone[arn], change, path) for change in staying for path, arn in _texts(change.after) if arn in gone]


def _texts(value: PlanValue, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the known texts of a value, each with its path."""
    if value.text is not None:
        yield path, value.text
    for name, held in value.members():
        yield from _texts(held, f"{path}.{name}" if path else name)
    for at, held in enumerate(value.elements()):
        yield from _texts(held, f"{path}[{at}]")


def _said(gone: ResourceChange, staying: ResourceChange, path: str) -> Finding:
    text = f"{gone.address} would be deleted, and {staying.address} would go on naming it as its {path}"
    remedy = f"keep it, or let {path} name another first: leaving it out does not take it back"
    return codes.STILL_NAMED.about(gone.address, text, remedy)
