"""Helm's resource type: what a layer has in the cluster comes by a release of its chart."""

from __future__ import annotations

from hp_tf.contract.resources.base import Account, Attributes, Release, ResourceType


def _release(attributes: Attributes) -> Release | None:
    known = [attributes.get(name) for name in ("namespace", "name", "chart")]
    if not all(known):
        return None
    namespace, name, folder = map(str, known)
    # A list of one object in states that helm 2 wrote.
    metadata = attributes.get("metadata")
    about = metadata[0] if isinstance(metadata, list) and metadata else metadata
    return Release(namespace, name, folder, about.get("chart") if isinstance(about, dict) else None)


def _exists(planned: Attributes, account: Account) -> bool:
    release = _release(planned)
    return release is not None and account.has_release(release)


RELEASE = ResourceType(
    "helm_release",
    import_id="{namespace}/{name}",
    own_id=True,
    exists=_exists,
    # The helm provider records nothing of a release whose installation failed, though the cluster holds it under its
    # name (Create in helm/resource_helm_release.go of hashicorp/helm 3): creating it again would be refused for ever.
    left_unrecorded=True,
    # What a chart's template says after an installation, and its objects, are made from its values.
    repeated=dict.fromkeys(
        ("values", "set_sensitive", "set_wo"), ("metadata.values", "metadata.notes", "manifest", "resources")
    ),
    release=_release,
)
