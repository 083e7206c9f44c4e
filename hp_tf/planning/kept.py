"""What a file leaves out and a resource keeps: Terraform plans no change of it, so a plan would not say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hp_tf import codes
from hp_tf.contract.resources.changes import Refused
from hp_tf.environment.scope import scope
from hp_tf.environment.shapes import Draft
from hp_tf.findings import Finding
from hp_tf.planning.planner import Planned
from hp_tf.run.context import Context
from hp_tf.state import document


def findings(context: Context, planned: Planned) -> Iterator[Finding]:
    """Yield what stays as it is though the file does not say it any more, of resources that stay."""
    going = {
        change.address
        for change in (planned.plan.changes() if planned.plan is not None else ())
        if change.action.destroys
    }
    states = planned.prepared.reading.states
    for layer in planned.prepared.members.present:
        contract = context.contracts[layer]
        judging = {kind.type: kind.judgement.kept for kind in contract.resources if kind.judgement.kept is not None}
        for kind, address, attributes in _held(states.get(layer), judging) if judging else ():
            if address in going:
                continue
            inputs = scope(Draft(context.environment, ()), context.wiring, contract)
            for item in judging[kind](inputs, attributes):
                yield finding(address, item)


def finding(address: str, item: Refused) -> Finding:
    """Return the finding of one thing that stays."""
    subject = f"{address}.{item.attribute}"
    return codes.VALUE_KEPT.about(subject, f"{subject} stays as it is: {item.text}", item.remedy)


def _held(state: Mapping[str, Any] | None, kinds: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    wanted = {address: kind for address, kind, _ in document.addresses(state) if kind in kinds}
    for address, instance in document.instances(state):
        if address in wanted:
            yield wanted[address], address, instance.get("attributes") or {}
