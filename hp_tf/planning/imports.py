"""The import blocks of a root, and whether a plan does what they say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hp_tf.errors import HptfError
from hp_tf.state import document
from hp_tf.state.document import State
from hp_tf.terraform.hcl import escape
from hp_tf.terraform.plan import Plan

_INSTANCE = re.compile(r'(.+)\[("(?:[^"\\]|\\.)*"|\d+)\]')


@dataclass(frozen=True)
class Adoption:
    """A resource that exists but is in no state: what an interrupted run made and could not write down."""

    address: str
    import_id: str


class NotImported(HptfError):
    """A plan that would make anew what it was to import."""

    def __init__(self, adoptions: Sequence[Adoption], product: str) -> None:
        self.adoptions = tuple(adoptions)
        names = ", ".join(f"{item.address} ({item.import_id})" for item in adoptions)
        super().__init__(
            f"{product} does not import what an earlier run made, and would make it a second time: {names}",
            hint="nothing was made; take another release of it (HPTF_TERRAFORM), and repeat the command",
        )


def blocks(adoptions: Iterable[Adoption]) -> list[dict[str, Any]]:
    """Return the ``import`` blocks for adoptions: one for a resource, however many of its instances there are.

    Of several blocks for instances of one resource Terraform 1.16 and later honour one, without a word.
    """
    found: dict[str, dict[str, Any]] = {}
    plain: list[dict[str, Any]] = []
    for item in adoptions:
        instance = _INSTANCE.fullmatch(item.address)
        if instance is None:
            plain.append({"to": item.address, "id": escape(item.import_id)})
            continue
        # A key stands in an address as it does in a template: its `${` are escaped already.
        key = json.loads(instance[2])
        block = found.setdefault(instance[1], {"for_each": {}, "to": f"{instance[1]}[each.value.key]"})
        block["for_each"][str(key)] = {"key": key, "id": escape(item.import_id)}
        block["id"] = "${each.value.id}"
    return [*plain, *found.values()]


def check(
    adoptions: Iterable[Adoption], plan: Plan | None, states: Mapping[str, State | None], *, product: str
) -> None:
    """Raise NotImported unless a plan imports each of these, or states have something at its address."""
    imported = {item.address for item in plan.resource_changes if item.importing is not None} if plan else set()
    held = {address for state in states.values() for address, _ in document.instances(state)}
    missing = [item for item in adoptions if item.address not in imported | held]
    if missing:
        raise NotImported(missing, product)
