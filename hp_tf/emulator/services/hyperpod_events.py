"""The event log of a HyperPod cluster."""

from __future__ import annotations

from hp_tf.emulator.services.hyperpod_store import HyperpodCluster
from hp_tf.emulator.world import World


def add_event(
    world: World, cluster: HyperpodCluster, text: str, *, group: str | None = None, instance: str | None = None
) -> None:
    """Add an event about the cluster, one of its groups, or one of its instances."""
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
        }
    )
