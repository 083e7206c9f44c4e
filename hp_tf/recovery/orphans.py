"""What runs made, or were making, and no state knows: noted until it is taken over, or people are told to look for it.

Terraform persists only every twenty seconds, so its event stream minus the states is what was made and not written
down. What the stream gives an id for can be imported; what was being made when the run ended is looked for when the
next plan knows its values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from hp_tf.addresses import layer_of
from hp_tf.aws.finding import find
from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.errors import HptfError
from hp_tf.files import write_durably
from hp_tf.planning.cluster_endpoint import find_cluster
from hp_tf.planning.imports import Adoption
from hp_tf.recovery.history import History, Orphan, read_history
from hp_tf.run.context import Context
from hp_tf.run.journal import Home, Part, Run
from hp_tf.state import document
from hp_tf.state.document import State
from hp_tf.terraform.events import Diagnostic
from hp_tf.terraform.plan import Action, Plan

_GONE = "Cannot import non-existent remote object"
_UNWANTED = ("Configuration for import target does not exist", "Invalid import 'to' expression")


def recorded(context: Context) -> list[Orphan]:
    """Return what earlier runs lost.

    Raises:
        HptfError: if that belongs to other states than the command's.
    """
    file = _file(context.work)
    found = _read(file)
    if found is None or found[0].vanished(context.home):
        return []
    found[0].require(context.home, "what an interrupted run lost", file)
    return found[1]


def _read(file: Path) -> tuple[Home, list[Orphan]] | None:
    try:
        data = json.loads(file.read_text())
        return Home(**data["home"]), [Orphan(**item) for item in data["lost"]]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise HptfError(
            f"{file}, which says what interrupted runs lost, cannot be read: {error!r}",
            hint="look for what they made, then remove the file",
        ) from error


def record(context: Context, lost: Iterable[Orphan], states: Mapping[str, State | None], run: Run) -> None:
    """Add to what was lost what a run lost, and leave out what these states know by now."""
    held = _held(states)
    new = [replace(item, run=run.id) for item in lost]
    # Of what was lost twice the later run knows more.
    again = {Orphan(item.address, item.type, None) for item in new}
    kept = [item for item in recorded(context) if item not in again and not _holds(held, item)]
    _save(context, list(dict.fromkeys([*kept, *new])))


def record_failed(context: Context, run: Run, part: Part, states: Mapping[str, State | None]) -> None:
    """Note what a Terraform that failed by itself left behind and its provider did not record, for the next plan."""
    left = of_failed_run([part], states, context.resource_types)
    if left:
        record(context, left, states, run)
        context.ui.say(f"the next plan takes over what there is of {', '.join(item.address for item in left)}")


def drop_unclaimed(context: Context, layers: Collection[str]) -> None:
    """Close the matter for layers that were just applied whole: what is in no state now, nobody asks for any more."""
    lost = recorded(context)
    concerned = [item for item in lost if layer_of(item.address) in layers]
    if not concerned:
        return
    held = _held(context.store.read_all(layers))
    for item in concerned:
        # Where the id is the provider's own, what was imported has another than what was made.
        known = replace(item, id=None) if context.resource_types[item.type].own_id else item
        if not _holds(held, known):
            what = f"{item.type} {item.id}" if item.id else f"one {item.type}"
            context.ui.say(
                f"{item.address}, lost by an earlier run, was not taken over: look for {what} in "
                f"{context.target.description}, and delete it if it is there"
            )
    _save(context, [item for item in lost if item not in concerned])


def forget_emulated(work: Path) -> None:
    """Forget what was lost in an emulator: it is gone, with all that it held."""
    found = _read(_file(work))
    if found is not None and found[0].emulator is not None:
        _file(work).unlink()


def of_run(parts: Iterable[Part], states: Mapping[str, State | None]) -> list[Orphan]:
    """Return what a run's event streams say was made, or had begun to be, and these states do not hold."""
    history = read_history(part.log for part in parts)
    return _not_held(history, history.made.values(), states)


def of_failed_run(parts: Iterable[Part], states: Mapping[str, State | None], types: ResourceTypes) -> list[Orphan]:
    """Return what is `of_run`, and what failed to be made and may be there all the same."""
    history = read_history(part.log for part in parts)
    failed = [item for item in history.failed.values() if types[item.type].left_unrecorded]
    return _not_held(history, dict.fromkeys([*history.made.values(), *failed]), states)


def _not_held(history: History, items: Iterable[Orphan], states: Mapping[str, State | None]) -> list[Orphan]:
    held = _held(states, history.deleted)
    return [item for item in items if not _holds(held, item)]


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


def _held(
    states: Mapping[str, State | None], deleted: Collection[tuple[str, str | None]] = ()
) -> dict[str, set[str | None]]:
    """The ids that states hold, deposed objects' too, by address."""
    held: dict[str, set[str | None]] = {}
    for state in states.values():
        for address, _, identity in document.addresses(state):
            place = address.partition(document.DEPOSED)[0]
            if (place, identity) not in deleted:
                held.setdefault(place, set()).add(identity)
    return held


def _holds(held: Mapping[str, set[str | None]], item: Orphan) -> bool:
    """Whether states hold a lost resource; where an id is not known, any object at its address is taken for it."""
    ids = held.get(item.address, set())
    return item.id in ids or None in ids or (item.id is None and bool(ids))


def _names(text: str, address: str) -> bool:
    """Whether a text has an address in it, as such or quoted in JSON, and not a longer one that begins with it."""
    forms = {address, json.dumps(address)[1:-1]}
    return any(re.search(re.escape(form) + r"(?![\w\[-])", text) for form in forms)


def _file(work: Path) -> Path:
    return work / "lost.json"


def _save(context: Context, lost: list[Orphan]) -> None:
    if lost:
        data = {"home": asdict(context.home), "lost": [asdict(item) for item in lost]}
        write_durably(_file(context.work), json.dumps(data, indent=2).encode())
    else:
        _file(context.work).unlink(missing_ok=True)
