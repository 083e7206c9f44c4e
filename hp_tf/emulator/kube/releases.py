"""Helm releases, read from the Secrets that helm keeps them in."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import zlib
from dataclasses import dataclass

from hp_tf.emulator.kube.store import KubeState, Object

SECRET_TYPE = "helm.sh/release.v1"


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
        # Kubernetes encodes every Secret value once; helm encodes its own text once more.
        packed = base64.b64decode(base64.b64decode(secret["data"]["release"]))
        document = json.loads(gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed)
        metadata = document["chart"]["metadata"]
        return Release(
            document["name"],
            document["namespace"],
            int(document["version"]),
            document["info"]["status"],
            metadata["name"],
            metadata.get("version", ""),
        )
    except (KeyError, TypeError, ValueError, binascii.Error, OSError, EOFError, zlib.error):
        return None
