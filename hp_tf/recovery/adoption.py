"""Plan with the import of what interrupted runs lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from hp_tf import codes
from hp_tf.addresses import layer_of
from hp_tf.contract.resources.base import ResourceType
from hp_tf.contract.resources.creation import Condition
from hp_tf.errors import BadInput, HptfError
from hp_tf.findings import Finding
from hp_tf.planning import installed, planner, stages
from hp_tf.planning.imports import Adoption
from hp_tf.planning.planner import Planned
from hp_tf.planning.selection import LayerOptions
from hp_tf.recovery import orphans, releases, standing
from hp_tf.recovery.held import import_ids
from hp_tf.recovery.history import Orphan
from hp_tf.run import journal
from hp_tf.run.context import Context
from hp_tf.state.snapshot import Reading
from hp_tf.terraform.failures import TerraformFailed
from hp_tf.terraform.plan import Action

_SEARCHES = 4
_FAILED = codes.CREATION_FAILED.name


def plan(
    context: Context,
    chosen: LayerOptions,
    lost: list[Orphan],
    *,
    values: bool = True,
    states: Reading | None = None,
    wait: bool | None = None,
    with_releases: bool = False,
) -> Planned:
    """Plan with the import of what was lost, until nothing more of it is found: each round makes more values known.

    Args:
        with_releases: also those that are in the cluster under the name and with the chart of one to be made.
        wait: for what is found and is still being made. If this is not None, what has failed is not imported but said.
    """
    said: dict[str, Finding] = {}
    types = context.resource_types
    planned = _plan_importing(context, chosen, orphans.adoptions(lost, types), values=values, states=states)
    if with_releases and planned.plan is not None:
        lost = [
            *lost,
            *(Orphan(item.address, item.type, None) for item, _ in installed.to_be_made(context, planned.plan)),
        ]
    known = import_ids(planned.prepared.reading.states, types)
    for _ in range(_SEARCHES if lost else 0):
        if planned.plan is None:
            break
        adoptions = planned.prepared.adoptions
        wanted = [*lost, *orphans.companions(lost, planned.plan, types)]
        open_items = [item for item in wanted if item.address not in {adoption.address for adoption in adoptions}]
        open_items = [item for item in open_items if item.address not in said]
        found = orphans.search(context, open_items, planned.plan, known, planned.prepared.folder)
        kinds = {item.address: item.type for item in wanted}
        if wait is not None:
            asked = {item.address: (types[kinds[item.address]], item.import_id) for item in found}
            said |= said_of(context, asked, wait)
        found = [item for item in found if item.address not in said or said[item.address].code.name != _FAILED]
        if not found:
            break
        planned.run.update(status=journal.DONE)
        planned = _plan_importing(context, chosen, [*adoptions, *found], states=states)
    return replace(planned, findings=(*planned.findings, *said.values()))


def said_of(context: Context, found: Mapping[str, tuple[ResourceType, str]], wait: bool) -> dict[str, Finding]:
    """Return what there is to say of what was found and is not in service."""
    if wait:
        standings = standing.wait(context, found)
    else:
        standings = {address: known for address, item in found.items() if (known := standing.ask(context, *item))}
    said = {}
    for address, item in standings.items():
        name = f"{address} ({found[address][1]})"
        if item.condition is Condition.COMING:
            text = f"{name}, lost by an earlier run, is still being made ({item.word}): apply waits for it"
            said[address] = codes.CREATION_GOES_ON.about(address, text)
        elif item.condition is not Condition.WELL:
            said[address] = codes.CREATION_FAILED.about(
                address,
                f"an earlier run was making {name}, and AWS says that it is {item.word}",
                f"delete it in {context.target.description}, and repeat the command: it is made anew",
            )
    return said


def _plan_importing(
    context: Context,
    chosen: LayerOptions,
    adoptions: Sequence[Adoption],
    *,
    alone: bool = False,
    values: bool = True,
    states: Reading | None = None,
) -> Planned:
    """Plan with imports, less those that can never succeed: one deleted by hand must not stop every plan to come.

    Args:
        alone: plan nothing but the imports.
    """
    while True:
        targets = [item.address for item in adoptions] if alone else []
        try:
            return planner.plan(context, chosen, adoptions=adoptions, targets=targets, values=values, states=states)
        except TerraformFailed as error:
            refused = orphans.impossible(error.diagnostics, adoptions)
            # Without a target it would be a plan of everything.
            if not refused or (alone and len(refused) == len(adoptions)):
                raise
        for item, why in refused.items():
            context.ui.say(f"  {item.address}, lost by an earlier run, is not taken over: {item.import_id} {why}")
        adoptions = [item for item in adoptions if item not in refused]


def plan_alone(context: Context, chosen: LayerOptions, states: Reading) -> Planned | None:
    """Plan to take over what was lost in the layers to be destroyed; None if there is nothing of it.

    Raises:
        BadInput: if a release hangs in a cluster that stays: nobody can destroy it.
        HptfError: if taking over would do more than import.
    """
    layers = chosen.layers or tuple(context.contracts)
    lost = [item for item in orphans.recorded(context) if layer_of(item.address) in layers and not item.foreign]
    if not lost:
        return None
    adoptions: Sequence[Adoption] = orphans.adoptions(lost, context.resource_types)
    try:
        found = plan(context, chosen, lost, states=states)
    except TerraformFailed as error:
        context.ui.say(f"what has no id could not be looked for: {error}")
    else:
        found.run.update(status=journal.DONE)
        adoptions = found.prepared.adoptions
        if hanging := releases.hanging(context, found, lost, layers):
            raise BadInput(hanging)
    if not adoptions:
        return None
    planned = _plan_importing(context, chosen, adoptions, alone=True, states=states)
    planned.run.update(status=journal.DONE)
    if planned.plan is None:
        return None
    harmless = (Action.NO_OP, Action.UPDATE)
    more = [
        change.address for change in planned.plan.changes() if change.importing is None or change.action not in harmless
    ]
    if more:
        raise HptfError(
            f"taking over what an earlier run lost would do more than that, to {', '.join(more)}",
            hint=f"bring the environment to what its file says first: {context.command_line.of('apply')}",
        )
    # What is imported waits for no node.
    return replace(planned, stages=stages.Stages((planned.prepared.members.present,)))


def foreign(planned: Planned, lost: Iterable[Orphan]) -> list[Finding]:
    """Return a finding for everything that a plan takes over though no run is known to have made it."""
    ours = {item.address for item in lost if not item.foreign}
    others = {item.address for item in lost if item.foreign} - ours
    changes = planned.plan.changes() if planned.plan is not None else []
    return [
        codes.EXISTING_TAKEN_OVER.about(
            change.address,
            f"{change.address} could not be made, for {change.importing} is there already, and no run of hptf's is "
            "known to have made it: it would be taken over, and made as the file says",
            f"if it is this environment's, apply with --allow '{codes.EXISTING_TAKEN_OVER}={change.address}'; if not, "
            f"name ours otherwise in layers.{change.layer}, or use that one as existing",
        )
        for change in changes
        if change.importing is not None and change.address in others
    ]


def findings(adoptions: Sequence[Adoption]) -> list[Finding]:
    """Return a finding for everything that a destroy takes over before."""
    return [
        codes.ORPHAN_ADOPTED.about(
            item.address,
            f"{item.address} ({item.import_id}), lost by an earlier run, is taken over first and destroyed as well",
        )
        for item in adoptions
    ]
