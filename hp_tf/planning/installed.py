"""Releases in the cluster, as hptf itself reads them.

The helm provider takes a release that it cannot read for gone, without a word: its Read drops it from the state, its
Delete does nothing. So a release is believed gone only by an answer that says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hp_tf.addresses import layer_of
from hp_tf.aws import reach
from hp_tf.aws.releases import Cluster, NotRead, revisions
from hp_tf.contract.resources.base import Release
from hp_tf.contract.roles import KubernetesApi
from hp_tf.errors import HptfError
from hp_tf.planning.cluster_endpoint import find_cluster
from hp_tf.run.context import Context
from hp_tf.state import document
from hp_tf.state.document import State
from hp_tf.terraform.plan import Action, Plan, ResourceChange

_FORBIDDEN = (401, 403)


@dataclass(frozen=True)
class Held:
    """A release that a state holds."""

    address: str
    type: str
    release: Release


class Unreachable(HptfError):
    """What is installed in the cluster cannot be read here."""


def held(context: Context, states: Mapping[str, State | None], layers: Iterable[str]) -> tuple[Held, ...]:
    """Return the releases in the states of these layers."""
    return tuple(item for layer in layers for item in _held(context, layer, states.get(layer)))


def _held(context: Context, layer: str, state: State | None) -> Iterator[Held]:
    # A layer of another version of hptf has a state and no contract.
    if layer in context.contracts and KubernetesApi in context.contracts[layer].requires:
        for resource in document.managed(state):
            release_of = context.resource_types[resource["type"]].release
            for address, instance in document.instances({"resources": [resource]}) if release_of is not None else ():
                release = release_of(instance["attributes"]) if release_of is not None else None
                if release is not None:
                    yield Held(address, resource["type"], release)


def planned_release(context: Context, change: ResourceChange, *, before: bool = False) -> Release | None:
    """Return the release that a change of a plan is about, None if it is about none or its name is not known."""
    contract = context.contracts.get(change.layer or "")
    release_of = context.resource_types[change.type].release
    if release_of is None or contract is None or KubernetesApi not in contract.requires:
        return None
    return release_of((change.before if before else change.after).known or {})


def to_be_made(context: Context, plan: Plan) -> list[tuple[ResourceChange, Release]]:
    """Return the changes of a plan that make a release, with that."""
    made = [change for change in plan.changes() if change.action is Action.CREATE or change.action.replaces]
    found = [(change, planned_release(context, change)) for change in made]
    return [(change, release) for change, release in found if release is not None]


def may_meet(context: Context, layers: Iterable[str], states: Mapping[str, State | None]) -> bool:
    """Return whether one of these layers has no release yet and would come into a cluster that is there."""
    installing = [name for name in layers if KubernetesApi in context.contracts[name].requires]
    without = any(not held(context, states, [name]) for name in installing)
    return without and find_cluster(context, states=states) is not None


def refuse_unread(
    context: Context, layers: Iterable[str], states: Mapping[str, State | None], before: Sequence[str] = ()
) -> None:
    """Raise Unreachable if a release of these layers cannot be read with the credential that providers use.

    Each is asked for once in a command: what happens later is found by what comes after a plan.

    Args:
        before: the layers that can be run over without the cluster.
    """
    releases = held(context, states, layers)
    unread = [item for item in releases if _key(item) not in context.read]
    cluster = find_cluster(context, states=states) if unread else None
    if cluster is None:
        return
    for item in unread:
        try:
            revisions(cluster, *_key(item))
        except NotRead as error:
            inside = sorted({layer_of(one.address) or "" for one in releases})
            raise _unreachable(context, cluster, error, inside, before) from error
        context.read.add(_key(item))


def _unreachable(
    context: Context, cluster: Cluster, error: NotRead, inside: Sequence[str], before: Sequence[str]
) -> Unreachable:
    api = context.wiring.api
    assert api is not None
    only = [f"only the layers before it: {' '.join(f'--layer {name}' for name in before)}"] if before else []
    if error.status is not None:
        hint = "repeat the command when it answers"
        if error.status in _FORBIDDEN:
            hint = "mend the credentials, or give their principal an access entry with a policy that reads Secrets"
        return Unreachable(
            f"the {api.role.what} {cluster.name} does not let what {', '.join(inside)} put there be read, and the helm "
            f"provider would take it for gone: {error.reason}",
            hint="; ".join([hint, *only]),
        )
    private = reach.private(cluster)
    ways = ["a VPN or a bastion in the cluster's VPC", "hptf run inside that VPC"]
    public = f"layers.{api.layer}.{api.role.public_access_cidrs} with your address in it"
    ways.append(f"layers.{api.layer}.{api.role.public_access}, and {public}" if private else public)
    return Unreachable(
        f"the Kubernetes endpoint of {api.role.what} {cluster.name} does not answer here, and what {', '.join(inside)} "
        f"put there must be read: {cluster.endpoint}{', a private endpoint' if private else ''}: {error.reason}",
        hint=f"ways in: {'; '.join([*ways, *only])}",
    )


def refuse_forgotten(
    context: Context,
    plan: Plan | None,
    layers: Iterable[str],
    states: Mapping[str, State | None],
    leaving: Collection[str],
) -> None:
    """Raise HptfError if a plan over these layers takes a release for gone that is there.

    Args:
        plan: None where nothing would change.
        states: those that the plan was made with.
        leaving: the layers whose resources the plan should destroy or forget.
    """
    releases = held(context, states, layers)
    gone = [item for item in releases if _gone(plan, item, layer_of(item.address) in leaving)]
    still = _still_there(context, gone, states)
    if still:
        raise HptfError(
            f"the helm provider could not read {named(still)}, which is in the cluster, and took it for gone",
            hint="nothing was done; repeat the command",
        )


def _gone(plan: Plan | None, item: Held, leaves: bool) -> bool:
    changes = plan.resource_changes if plan is not None else ()
    own = [change for change in changes if item.address in (change.address, change.previous_address)]
    if not own:
        return leaves
    return all(change.action is Action.CREATE and change.importing is None for change in own)


def left_behind(
    context: Context, plan: Plan | None, before: Mapping[str, State | None], after: Mapping[str, State | None]
) -> list[Held]:
    """Return the releases that the cluster still holds though a plan has deleted them.

    Args:
        before, after: the states before and after the plan was carried out.

    Raises:
        HptfError: if the cluster does not say.
    """
    gone = deleted(context, plan, before, after)
    try:
        return _still_there(context, gone, after)
    except NotRead as error:
        raise HptfError(
            f"whether {named(gone)} is gone cannot be said: {error.reason}",
            hint="repeat the command, which looks for it again",
        ) from error


def deleted(
    context: Context, plan: Plan | None, before: Mapping[str, State | None], after: Mapping[str, State | None]
) -> list[Held]:
    """Return the releases that a plan has deleted, by the states before and after it."""
    changes = plan.resource_changes if plan is not None else ()
    addresses = {change.address for change in changes if change.action.destroys}
    kept = {_key(item) for item in held(context, after, after)}
    return [item for item in held(context, before, before) if item.address in addresses and _key(item) not in kept]


def _key(item: Held) -> tuple[str, str]:
    return item.release.namespace, item.release.name


def _still_there(context: Context, items: Sequence[Held], states: Mapping[str, State | None]) -> list[Held]:
    cluster = find_cluster(context, states=states) if items else None
    if cluster is None:
        return []
    return [item for item in items if any(not one.uninstalled for one in revisions(cluster, *_key(item)))]


def named(items: Iterable[Held]) -> str:
    """Return releases as people know them."""
    return ", ".join(f"{item.address} (release {item.release.name} in {item.release.namespace})" for item in items)
