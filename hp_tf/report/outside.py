"""What somebody changed outside Terraform, and a plan would take back.

Terraform calls every attribute drift that is another than the state says: those that a service filled in later too, and
those that another resource of the same plan set. News is only what the plan itself would change again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hp_tf.contract.base import Contract
from hp_tf.planning.planner import Planned
from hp_tf.report.differences import Difference, differences
from hp_tf.terraform.plan import Action, ResourceChange
from hp_tf.terraform.values import UNKNOWN_TEXT


@dataclass(frozen=True)
class Outside:
    """A resource that is another than it was left.

    Attributes:
        changed: its attributes that are; None if it is gone.
    """

    address: str
    changed: tuple[Difference, ...] | None


def outside(planned: Planned, contracts: Mapping[str, Contract]) -> list[Outside]:
    """Return what somebody changed or deleted, by address."""
    plan = planned.plan
    acting = {change.address: change for change in plan.changes()} if plan is not None else {}
    found = [Outside(address, None) for address in planned.gone if address in acting]
    for drifted in plan.drift if plan is not None else ():
        if drifted.action is Action.UPDATE:
            mended = {path for path, _ in _mended(acting[drifted.address], contracts)}
            changed = tuple(item for _, item in _mended(drifted, contracts) if item.path in mended)
            found += [Outside(drifted.address, changed)] if changed else []
    return sorted(found, key=lambda item: item.address)


def _mended(change: ResourceChange, contracts: Mapping[str, Contract]) -> Iterator[tuple[str, Difference]]:
    """What becomes another known value: what is known only afterwards, the service sets."""
    contract = contracts.get(change.layer or "")
    for item in differences(change, contract.keyed_lists if contract is not None else {}):
        if item.after != UNKNOWN_TEXT:
            yield item.path, item
