"""What an environment pays for by the hour once a plan is applied, as far as the plan is about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hp_tf.contract.purchases import Purchase
from hp_tf.environment.scope import scope
from hp_tf.environment.shapes import Draft
from hp_tf.run.context import Context
from hp_tf.terraform.plan import Action, Plan

_MAKES = (Action.CREATE, Action.UPDATE)


@dataclass(frozen=True)
class Bought:
    """A purchase, and the layer that makes it."""

    layer: str
    purchase: Purchase


def bought(context: Context, layers: Iterable[str], plan: Plan | None) -> tuple[Bought, ...]:
    """Return what there will be of all kinds of things that a plan makes, replaces or changes, layer by layer."""
    return tuple(_bought(context, layers, plan)) if plan is not None else ()


def _bought(context: Context, layers: Iterable[str], plan: Plan) -> Iterator[Bought]:
    draft = Draft(context.environment, ())
    for name in layers:
        contract = context.contracts[name]
        changes = plan.changes(name)
        touched = {change.type for change in changes if change.action in _MAKES or change.action.replaces}
        if contract.buys is None or not touched:
            continue
        for purchase in contract.buys(scope(draft, context.wiring, contract)):
            if purchase.resource in touched:
                yield Bought(name, purchase)
