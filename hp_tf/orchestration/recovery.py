"""After a crash: say what happened, bring every state to the store, and find what no state knows.

A run that was killed leaves its folder: the states Terraform sent, its event stream, the id of its locks. Terraform
persists only every twenty seconds, so the event stream minus the states is what was made and not written down. What
the stream gives an id for can be imported; what was being made at that moment is looked for when the next plan knows
its values.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from hp_tf.aws.finding import find
from hp_tf.aws.identity import import_id
from hp_tf.errors import HptfError, Interrupted
from hp_tf.orchestration import journal
from hp_tf.orchestration.context import Context
from hp_tf.orchestration.endpoint import find_cluster
from hp_tf.orchestration.journal import Run
from hp_tf.orchestration.roots import Adoption
from hp_tf.state import document, recovery
from hp_tf.state.files import write_private
from hp_tf.state.locks import LockInfo, LockSet
from hp_tf.terraform import process
from hp_tf.terraform.events import ResourceEvent, parse_line
from hp_tf.terraform.plan import Action, Plan

_WAIT_SECONDS = 900.0
# EC2 makes every security group with a rule that lets everything out, and the provider takes the rule away in a second
# call: killed between the two, the rule is there, and creating the one that the layer wants is refused as a duplicate.
_BORN_WITH = {"aws_security_group": "aws_vpc_security_group_egress_rule"}

# The helm provider records nothing of a release whose installation failed, though the cluster holds it under its name
# (Create in helm/resource_helm_release.go of hashicorp/helm 3): creating it again would be refused for ever.
_LEFT_UNRECORDED = frozenset({"helm_release"})


@dataclass(frozen=True)
class Lost:
    """A resource that a run made, or was making, and no state knows. ``id`` is None where Terraform had not said."""

    address: str
    type: str
    id: str | None


def recover(context: Context) -> None:
    """Finish what killed runs of this environment left. Raises HptfError if another hptf is at work."""
    for run in list(journal.unfinished(context.work)):
        if run.status == journal.RUNNING and run.alive():
            continue
        if run.kind == "plan" or not run.parts:
            _free(context, run)
            run.update(status=journal.RECOVERED)
            continue
        context.ui.say(f"the run {run.id} was killed while it worked on {', '.join(run.layers)}; finishing it")
        _wait_for_terraform(context, run)
        _free(context, run)
        info = LockInfo.new("OperationTypeApply", info=f"hptf recovery of {run.id}", version=str(context.terraform))
        locks = LockSet(context.store, run.layers)
        locks.acquire(info, context.lock_wait)
        with locks:
            for part in run.parts:
                left = recovery.pending(Path(part.session), Path(part.root) / "errored.tfstate")
                if left is not None:
                    written = recovery.finish(context.store, left).written
                    context.ui.say(f"wrote the state it had not written: {', '.join(sorted(written)) or 'nothing new'}")
            states = context.store.read_all(run.layers)
            known = {address for state in states.values() for address, _, _ in document.addresses(state)}
            lost = [item for item in _made(run) if item.address not in known]
            _save(context, [*(item for item in pending(context) if item.address not in known), *lost])
        for item in lost:
            what = f"made as {item.id}" if item.id else "being made"
            context.ui.say(f"  {item.address} was {what} and is in no state")
        if lost:
            context.ui.say("the next plan takes over what of this exists")
        run.update(status=journal.RECOVERED)


def keep_failed(context: Context, run: Run) -> None:
    """Note what a run that failed by itself left behind and its provider did not record, for the next plan to find."""
    run = journal.reload(run)
    left = [item for item in _made(run) if item.type in _LEFT_UNRECORDED and item.id is None]
    if left and run.status in (journal.FAILED, journal.INTERRUPTED):
        _save(context, [*pending(context), *left])
        context.ui.say(f"the next plan takes over what there is of {', '.join(item.address for item in left)}")


def pending(context: Context) -> list[Lost]:
    """Return what earlier runs lost and no state knows yet."""
    try:
        data = json.loads(_file(context).read_text())
    except FileNotFoundError:
        return []
    except (OSError, json.JSONDecodeError) as error:
        raise HptfError(f"{_file(context)} cannot be read: {error}") from error
    return [Lost(**item) for item in data]


def settle(context: Context, known: set[str]) -> None:
    """Forget what has come into a state."""
    left = [item for item in pending(context) if item.address not in known]
    if left:
        _save(context, left)
    else:
        _file(context).unlink(missing_ok=True)


def adoptions(lost: list[Lost]) -> list[Adoption]:
    """Return the imports that can be written down without looking: the id is the import's id."""
    found = []
    for item in lost:
        identity = import_id(item.type, item.id) if item.id else None
        if identity is not None:
            found.append(Adoption(item.address, identity))
    return found


def born_with(lost: list[Lost], plan: Plan) -> list[Lost]:
    """Return what a plan would create and AWS may have made by itself, together with something lost."""
    kinds = {_BORN_WITH[item.type] for item in lost if item.type in _BORN_WITH}
    layers = {document.layer_of_address(item.address) for item in lost}
    return [
        Lost(change.address, change.type, None)
        for change in plan.changes()
        if change.type in kinds and change.action is Action.CREATE and change.layer in layers
    ]


def search(context: Context, lost: list[Lost], plan: Plan, known_ids: Mapping[str, set[str]]) -> list[Adoption]:
    """Look for lost resources in the account, by the values a plan would create them with.

    Parameters
    ----------
    known_ids: import strings of what states hold, by resource type: those are somebody's already.
    """
    creates = {change.address: change for change in plan.changes() if change.action is Action.CREATE}
    found = []
    for item in lost:
        change = creates.get(item.address)
        if change is None or change.importing is not None:
            continue
        identity = find(
            change.type,
            change.after or {},
            context.target.clients,
            known_ids.get(change.type, set()),
            lambda: find_cluster(context, plan),
        )
        if identity is not None:
            context.ui.say(f"  found {item.address} as {identity}")
            found.append(Adoption(item.address, identity))
    return found


def _made(run: Run) -> Iterator[Lost]:
    """Yield what a run's event streams say was created, or had begun to be, and not deleted after."""
    made: dict[str, Lost] = {}
    for part in run.parts:
        try:
            lines = Path(part.log).read_bytes().splitlines()
        except OSError:
            continue
        for line in lines:
            event = parse_line(line)
            if not isinstance(event, ResourceEvent) or event.operation != "apply" or event.resource is None:
                continue
            address = event.resource.address
            if event.action == "create" and event.phase == "start":
                made[address] = Lost(address, event.resource.type, None)
            elif event.action == "create" and event.phase == "complete":
                made[address] = Lost(address, event.resource.type, event.id)
            elif event.action == "delete" and event.phase == "complete":
                made.pop(address, None)
    yield from made.values()


def _wait_for_terraform(context: Context, run: Run) -> None:
    """A killed hptf leaves its Terraform working; it ends by itself, with its last state in ``errored.tfstate``."""
    deadline = time.monotonic() + _WAIT_SECONDS
    told = False
    for part in run.parts:
        while (pid := process.running_pid(Path(part.log))) is not None:
            if not told:
                context.ui.say(f"its Terraform (process {pid}) still works; waiting for it to end")
                told = True
            if context.stop.requested:
                raise Interrupted("stopped while waiting for the Terraform of an earlier run")
            if time.monotonic() > deadline:
                raise HptfError(
                    f"the Terraform of run {run.id} (process {pid}) still works",
                    hint=f"wait for it, or stop it with `kill -INT {pid}`, and repeat the command",
                )
            time.sleep(0.2)


def _free(context: Context, run: Run) -> None:
    if run.lock_id is None:
        return
    broken = LockSet(context.store, run.layers).break_own([run.lock_id])
    if broken:
        context.ui.say(f"freed the locks it left on {', '.join(broken)}")


def _file(context: Context) -> Path:
    return context.work / "lost.json"


def _save(context: Context, lost: list[Lost]) -> None:
    once = {item.address: item for item in lost}  # what was lost in two runs is one resource: the later knows more
    write_private(_file(context), json.dumps([asdict(item) for item in once.values()], indent=2).encode())
