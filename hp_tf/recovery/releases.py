"""Releases that are in the cluster where a plan would make or change one: whose they are, and a way on.

Helm begins no operation on a release whose last one was cut off, and installs none under a name that is in use; none of
the provider's switches helps. What hangs is only Helm's own record, one Secret: what the cut-off operation made bears
the release's labels, and the next one takes it over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime

from hp_tf import codes
from hp_tf.addresses import layer_of
from hp_tf.aws import releases
from hp_tf.aws.releases import Cluster, Revision
from hp_tf.charts.chart import metadata
from hp_tf.contract.resources.base import Release
from hp_tf.errors import HptfError
from hp_tf.findings import Finding
from hp_tf.planning import installed
from hp_tf.planning.cluster_endpoint import destroyed_with, find_cluster
from hp_tf.planning.planner import Planned
from hp_tf.recovery.history import Orphan
from hp_tf.run.context import Context
from hp_tf.terraform.plan import Action, ResourceChange


def findings(context: Context, planned: Planned, lost: Iterable[Orphan]) -> list[Finding]:
    """Return what there is to say of the releases that a plan makes or changes.

    Args:
        lost: what earlier runs of ours lost: that is ours.

    Raises:
        HptfError: if the cluster does not say.
    """
    acting = _acting(context, planned)
    states = planned.prepared.reading.states
    cluster = find_cluster(context, planned.plan, states) if acting else None
    if cluster is None:
        return []
    ours = {item.address for item in lost}
    return [item for change, release in acting for item in _of(context, planned, cluster, change, release, ours)]


def hanging(context: Context, found: Planned, lost: Iterable[Orphan], layers: Collection[str]) -> list[Finding]:
    """Return a finding for every lost release that a destruction of these layers would leave behind, half installed.

    The provider cannot take one over; where the cluster goes as well, it goes with it.

    Args:
        found: a plan of the layers as the file says.

    Raises:
        HptfError: if the cluster does not say.
    """
    if destroyed_with(context, layers):
        return []
    places = {change.address: release for change, release in _acting(context, found)}
    stuck = [item for item in findings(context, found, lost) if item.code is codes.RELEASE_STUCK]
    return [
        codes.RELEASE_STUCK.about(
            item.subject,
            item.message,
            f"`helm uninstall {place.name} -n {place.namespace}` and repeat the command, or install it to its end "
            f"first: {context.command_line.of('apply')}",
        )
        for item in stuck
        if item.subject in {lost_one.address for lost_one in lost}
        and layer_of(item.subject) in layers
        and (place := places[item.subject])
    ]


def _acting(context: Context, planned: Planned) -> list[tuple[ResourceChange, Release]]:
    if planned.plan is None:
        return []
    changed = [change for change in planned.plan.changes() if change.action is not Action.DELETE]
    found = [(change, installed.planned_release(context, change)) for change in changed]
    return [(change, release) for change, release in found if release is not None]


def _of(
    context: Context,
    planned: Planned,
    cluster: Cluster,
    change: ResourceChange,
    release: Release,
    ours: Collection[str],
) -> Iterator[Finding]:
    found = releases.revisions(cluster, release.namespace, release.name)
    if not found:
        return
    named = f"release {release.name} in {release.namespace}"
    if _in_the_way(found, change):
        yield _stuck(change.address, named, found)
    if found[-1].uninstalled or all(item.pending for item in found):
        return
    own = str(metadata(planned.prepared.folder / release.folder)["name"])
    live = _live_chart(context, planned, cluster, change, release)
    if live not in (own, None):
        yield codes.RELEASE_FOREIGN.about(
            change.address,
            f"{named} is there with another chart, {live}, and {change.address} would install {own} under that name",
            f"name ours otherwise in layers.{change.layer}; or, if nobody needs that one, "
            f"`helm uninstall {release.name} -n {release.namespace}`",
        )
    elif live is not None and change.importing is not None and change.address not in ours:
        yield codes.RELEASE_TAKEN_OVER.about(
            change.address,
            f"{named} is there with the chart {own}, and no run of hptf's is known to have made it: it would be taken "
            "over and upgraded",
            f"if it is this environment's, apply with --allow '{codes.RELEASE_TAKEN_OVER}={change.address}'",
        )


def _in_the_way(found: tuple[Revision, ...], change: ResourceChange) -> bool:
    """Whether Helm would refuse what a plan does because of its own record alone."""
    return found[-1].pending or (found[-1].uninstalled and change.importing is None)


def _live_chart(
    context: Context, planned: Planned, cluster: Cluster, change: ResourceChange, release: Release
) -> str | None:
    """The chart that is installed; None where that is the one the state knows, whatever it is."""
    before = installed.planned_release(context, change, before=True)
    if change.action is Action.UPDATE and change.importing is None:
        states = planned.prepared.reading.states
        held = [item for item in installed.held(context, states, states) if item.address == change.address]
        was = held[0].release.chart if held else None
        return before.chart if before is not None and before.chart != was else None
    return releases.installed(cluster, release)


def _stuck(address: str, named: str, found: tuple[Revision, ...]) -> Finding:
    last = found[-1]
    allow = f"apply with --allow '{codes.RELEASE_STUCK}={address}'"
    if not last.pending:
        text = f"of {named} only its history is left, and Helm installs nothing under a name that has one"
        return codes.RELEASE_STUCK.about(address, text, f"{allow}: the history is deleted, and nothing else")
    base = [item for item in found if not item.pending and not item.uninstalled]
    safe = "what it made already bears the release's labels, and the installation takes it over"
    if base:
        safe = f"revision {base[-1].number}, {base[-1].status}, is what the next one goes on from"
    since = f" since {datetime.fromtimestamp(last.since, UTC):%Y-%m-%d %H:%M:%S} UTC" if last.since else ""
    return codes.RELEASE_STUCK.about(
        address,
        f"{named} is {last.status}{since}: its operation was cut off, or is still at work, and Helm begins no other",
        f"if nobody is at work on it, {allow}: the record of revision {last.number} is deleted, nothing else; {safe}",
    )


def clear(context: Context, planned: Planned) -> None:
    """Delete the records that Helm stumbles over, where a plan that is approved says so.

    Raises:
        HptfError: if the release has changed since, or the cluster refuses.
    """
    stuck = {item.subject for item in planned.findings if item.code is codes.RELEASE_STUCK}
    acting = [(change, release) for change, release in _acting(context, planned) if change.address in stuck]
    cluster = find_cluster(context, planned.plan, planned.prepared.reading.states) if acting else None
    if cluster is None:
        return
    for change, release in acting:
        found = releases.revisions(cluster, release.namespace, release.name)
        if not found or not _in_the_way(found, change):
            raise HptfError(
                f"release {release.name} in {release.namespace} has changed since the plan was made",
                hint=f"look at `{context.command_line.of('plan')}` and apply again",
            )
        for item in found[-1:] if found[-1].pending else found:
            releases.forget(cluster, release.namespace, item)
            context.ui.say(f"deleted the record of revision {item.number} ({item.status}) of release {release.name}")
