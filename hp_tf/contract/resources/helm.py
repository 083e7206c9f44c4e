"""Helm's resource type: what a layer has in the cluster comes by a release of its chart."""

from __future__ import annotations

from hp_tf.contract.resources.base import ResourceType

RELEASE = ResourceType(
    "helm_release",
    import_id="{namespace}/{name}",
    own_id=True,
    exists=lambda planned, account: account.has_release(planned["namespace"], planned["name"]),
    # The helm provider records nothing of a release whose installation failed, though the cluster holds it under its
    # name (Create in helm/resource_helm_release.go of hashicorp/helm 3): creating it again would be refused for ever.
    left_unrecorded=True,
)
