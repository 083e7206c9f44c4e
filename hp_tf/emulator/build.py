"""Puts the emulator together."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from typing import Any

from hp_tf.emulator.awsjson import Caller
from hp_tf.emulator.calls import Calls, Settings
from hp_tf.emulator.cloud import Cloud
from hp_tf.emulator.cloud_moto import MotoCloud
from hp_tf.emulator.control import Identity
from hp_tf.emulator.front import Fallback, Front, Plant
from hp_tf.emulator.kube.store import KubeClusters
from hp_tf.emulator.moto_app import MotoApp
from hp_tf.emulator.own import OwnServices
from hp_tf.emulator.patches import apply_patches
from hp_tf.emulator.seeding.ids import let_ids_be_wanted
from hp_tf.emulator.world import World


def build(
    *,
    instance: str,
    account_id: str,
    region: str,
    endpoint: str,
    ca_data: str,
    access_key: str,
    upstream: str | None = None,
    transition_seconds: float = 0.0,
) -> Front:
    """The WSGI application of one emulator.

    Args:
        instance: drawn at random at every start; tells this process from another with its process id.
        account_id: twelve digits. MOTO_ACCOUNT_ID must be set to it already.
        region: home region.
        endpoint: the URL that clients use.
        ca_data: base64 of the PEM certificate of the server.
        access_key: whoever calls must know it, see `settings.draw_key`.
        upstream: another emulator that serves what is not ours, instead of moto.
        transition_seconds: how long Creating and the like last.
    """
    settings = Settings(transition_seconds=transition_seconds)
    cloud: Cloud
    fallback: Fallback
    plant: Plant | None = None
    if upstream:
        from hp_tf.emulator.cloud_upstream import UpstreamCloud
        from hp_tf.emulator.upstream import Upstream

        cloud, fallback = UpstreamCloud(upstream, region), Upstream(upstream)
    else:
        apply_patches()
        let_ids_be_wanted()
        cloud, fallback, plant = MotoCloud(account_id, region), MotoApp(), _plant
    calls = Calls()

    def interrupt(service: str, name: str) -> None:
        calls.begin(service, name, sleep=lambda seconds: None)  # inside a call, which has waited already

    world = World(
        account_id=account_id,
        home_region=region,
        cloud=cloud,
        kube=KubeClusters(),
        endpoint=endpoint,
        ca_data=ca_data,
        access_key=access_key,
        settings=settings,
        clock=lambda: time.time() + settings.ahead_seconds,
        interrupt=interrupt,
    )
    return Front(Identity(instance, os.getpid(), account_id, region), world, fallback, calls, plant)


def _plant(own: OwnServices, caller: Caller, given: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """`planting.plant`, loaded when it is needed: few environments give anything as existing."""
    from hp_tf.emulator.seeding.planting import plant

    return plant(own, caller, given)
