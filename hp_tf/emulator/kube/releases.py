"""Helm releases, read from the Secrets that helm keeps them in."""

from __future__ import annotations

from dataclasses import dataclass

from hp_tf.emulator.kube.store import KubeState, Object
from hp_tf.helm_storage import SECRET_TYPE, unpack


@dataclass(frozen=True)
class Release:
    """One revision of a release. `status` is helm's own word: deployed, failed, superseded, ..."""

    name: str
    namespace: str
    revision: int
    status: str
    chart: str
    chart_version: str


def releases(state: KubeState) -> list[Release]:
    """The latest revision of every release in the cluster."""
    latest: dict[tuple[str, str], Release] = {}
    for secret in state.list("", "secrets", None):
        release = _read(secret)
        if release is None:
            continue
        key = (release.namespace, release.name)
        if key not in latest or latest[key].revision < release.revision:
            latest[key] = release
    return list(latest.values())


def installed_charts(state: KubeState) -> set[str]:
    """Names of the charts with a deployed release, in any namespace and under any release name."""
    return {release.chart for release in releases(state) if release.status == "deployed"}


def _read(secret: Object) -> Release | None:
    """The release in a Secret, or None if it holds none that can be read."""
    if secret.get("type") != SECRET_TYPE:
        return None
    try:
        document = unpack(secret)
        metadata = document["chart"]["metadata"]
        return Release(
            document["name"],
            document["namespace"],
            int(document["version"]),
            document["info"]["status"],
            metadata["name"],
            metadata.get("version", ""),
        )
    except (KeyError, TypeError, ValueError):
        return None
