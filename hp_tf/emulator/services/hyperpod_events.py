"""The event log of a HyperPod cluster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hp_tf.emulator.services.hyperpod_store import HyperpodCluster
from hp_tf.emulator.world import World

_DETAILS = "EventDetails"


def add_event(
    world: World,
    cluster: HyperpodCluster,
    text: str,
    *,
    group: str | None = None,
    instance: str | None = None,
    failure: str | None = None,
) -> None:
    """Add an event about the cluster, one of its groups, or one of its instances. ``failure``: what failed, if any."""
    kind = "Instance" if instance else "InstanceGroup" if group else "Cluster"
    cluster.events.append(
        {
            "EventId": world.uuid(),
            "ClusterArn": cluster.arn,
            "ClusterName": cluster.name,
            "InstanceGroupName": group,
            "InstanceId": instance,
            "ResourceType": kind,
            "EventTime": world.clock(),
            "Description": text,
            "EventLevel": "Error" if failure else "Info",
            _DETAILS: {"EventMetadata": {kind: {"FailureMessage": failure}}} if failure else None,
        }
    )


def summary_of(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event as lists have it."""
    return {key: value for key, value in event.items() if key != _DETAILS}
