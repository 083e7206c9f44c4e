"""What runs made, or were making, and no state knows: noted until it is taken over, or people are told to look for it.

Terraform persists only every twenty seconds, so its event stream minus the states is what was made and not written
down. What the stream gives an id for can be imported; what was being made when the run ended is looked for when the
next plan knows its values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hp_tf.addresses import layer_of
from hp_tf.aws.finding import find
from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.planning.cluster_endpoint import find_cluster
from hp_tf.planning.imports import Adoption
from hp_tf.recovery import ledger
from hp_tf.recovery.held import Held, States
from hp_tf.recovery.history import History, Orphan, read_history
from hp_tf.run.context import Context
from hp_tf.run.journal import Part, Run
from hp_tf.terraform.events import Diagnostic
from hp_tf.terraform.plan import Action, Plan

_GONE = "Cannot import non-existent remote object"
_UNWANTED = ("Configuration for import target does not exist", "Invalid import 'to' expression")


def recorded(context: Context) -> list[Orphan]:
    """Return what earlier runs lost, as the store has it."""
    return [item for entry in ledger.read_all(context.store) if entry.over for item in entry.lost]


def record(context: Context, lost: Collection[Orphan], run: Run) -> None:
    """Note what a run that is over lost."""
    ledger.save(context.store, ledger.of_run(run, lost))


def record_failed(context: Context, book: ledger.Book, part: Part, states: States) -> None:
    """Note what a Terraform that failed by itself left behind and its provider did not record, for the next plan."""
    left = of_failed_run([part], states, context.resource_types)
    if not left:
        return
    book.conclude(left)
    ours = [item.address for item in left if not item.foreign]
    if ours:
        context.ui.say(f"the next plan takes over what there is of {', '.join(ours)}")
    if others := [item.address for item in left if item.foreign]:
        context.ui.say(f"the next plan says what is there in the place of {', '.join(others)}")


def of_run(parts: Iterable[Part], states: States) -> list[Orphan]:
    """Return what a run's event streams say was made, or had begun to be, and these states do not hold."""
    history = read_history(part.log for part in parts)
    return _not_held(history, history.made.values(), states)


def of_failed_run(
    parts: Iterable[Part], states: States, types: ResourceTypes, gone: Collection[tuple[str, str | None]] = ()
) -> list[Orphan]:
    """Return what is `of_run`, and what failed to be made and may be there all the same.

    Args:
        gone: what states may hold of old though it was to be replaced.
    """
    history = read_history(part.log for part in parts)
    failed = [item for item in history.failed.values() if types[item.type].left_unrecorded]
    taken = [
        replace(item, certain=False, foreign=True)
        for address, item in history.failed.items()
        if address in history.occupied and item not in failed and types[item.type].alone
    ]
    return _not_held(history, dict.fromkeys([*history.made.values(), *failed, *taken]), states, gone)


def _not_held(
    history: History, items: Iterable[Orphan], states: States, gone: Collection[tuple[str, str | None]] = ()
) -> list[Orphan]:
    held = Held(states, {*history.deleted, *gone})
    return [item for item in items if not held.has(item)]


def adoptions(lost: Sequence[Orphan], types: ResourceTypes) -> list[Adoption]:
    """Return the imports that can be written down without looking: the id is the import's id."""
    found = {}
    for item in lost:
        identity = types[item.type].import_id_of(item.id) if item.id else None
        if identity is not None:
            found[item.address] = Adoption(item.address, identity)
    return list(found.values())


def impossible(diagnostics: Iterable[Diagnostic], wanted: Sequence[Adoption]) -> dict[Adoption, str]:
    """Return the imports that Terraform said can never succeed, each with the reason."""
    found: dict[Adoption, str] = {}
    for item in diagnostics:
        if item.severity != "error" or item.summary not in (_GONE, *_UNWANTED):
            continue
        why = "does not exist any more" if item.summary == _GONE else "has no place in the environment's file any more"
        text = f"{item.detail}\n{item.snippet or ''}"
        found |= {adoption: why for adoption in wanted if _names(text, adoption.address)}
    return found


def companions(lost: list[Orphan], plan: Plan, types: ResourceTypes) -> list[Orphan]:
    """Return what a plan would create and AWS may have made by itself, together with something lost.

    Less what is lost in its own right: Terraform may have been making it when it was killed.
    """
    kinds = {kind for item in lost for kind in types[item.type].born_with}
    layers = {layer_of(item.address) for item in lost}
    named = {item.address for item in lost}
    return [
        Orphan(change.address, change.type, None)
        for change in plan.changes()
        if change.type in kinds
        and change.action is Action.CREATE
        and change.layer in layers
        and change.address not in named
    ]


def search(
    context: Context, lost: list[Orphan], plan: Plan, known_ids: Mapping[str, set[str]], root: Path = Path()
) -> list[Adoption]:
    """Look for lost resources in the account, by the values a plan would create them with.

    Each address and each resource is found once: Terraform refuses a second import of either.

    Args:
        known_ids: import ids of what states hold, by resource type: those are somebody's already.
        root: the folder of the root that the plan is of.
    """
    creates = {change.address: change for change in plan.changes() if change.action is Action.CREATE}
    types = context.resource_types
    taken = {kind: set(identities) for kind, identities in known_ids.items()}
    for change in plan.changes():
        if change.importing:
            taken.setdefault(change.type, set()).add(change.importing)
    found = []
    for address in dict.fromkeys(item.address for item in lost):
        planned = creates.get(address)
        if planned is None or planned.importing is not None:
            continue
        theirs = taken.setdefault(planned.type, set())
        identity = find(
            types[planned.type],
            planned.after.known or {},
            context.target.clients,
            theirs,
            lambda: find_cluster(context, plan),
            root,
        )
        if identity is not None:
            context.ui.say(f"  found {address} as {identity}")
            found.append(Adoption(address, identity))
            theirs.add(identity)
    return found


def _names(text: str, address: str) -> bool:
    """Whether a text has an address in it, as such or quoted in JSON, and not a longer one that begins with it."""
    forms = {address, json.dumps(address)[1:-1]}
    return any(re.search(re.escape(form) + r"(?![\w\[-])", text) for form in forms)
