"""What a HyperPod cluster costs by the hour: its nodes, with their volumes; and how one looks at them."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from hp_tf.contract.amounts import nodes, zone
from hp_tf.contract.next_steps import Standing
from hp_tf.contract.purchases import Purchase, Unit
from hp_tf.contract.rules import Scope

CLUSTER = "awscc_sagemaker_cluster"
_KINDS = ("instance_groups", "restricted_instance_groups")


def buys(inputs: Scope) -> Iterator[Purchase]:
    """Yield the groups of every kind, and the storage of restricted ones."""
    for kind in _KINDS:
        for group in inputs.get(kind) or ():
            yield _group(inputs, group)
            yield from _storage(group["name"], group.get("storage"))
    yield from _storage(None, inputs.get("restricted_shared_storage"))


def next_steps(here: Standing) -> Iterator[str]:
    """Yield how the nodes are looked at."""
    yield f"aws sagemaker list-cluster-nodes --cluster-name {shlex.quote(here.outputs['cluster_name'])} {here.aws}"


def _group(inputs: Scope, group: Mapping[str, Any]) -> Purchase:
    types = [group["instance_type"]] if group.get("instance_type") else list(group.get("instance_types") or ())
    count = group["count"]
    amounts, unknown = nodes(count, types, group.get("threads_per_core"))
    parts = [f"{count:,} × {' or '.join(map(str, types))} in {_where(inputs, group)}"]
    if group["volume_size_gb"]:
        parts.append(f"{group['volume_size_gb']:,} GB volume each")
    if group.get("spot"):
        parts.append("Spot capacity")
    if group.get("training_plan_arn"):
        parts.append("of a training plan")
    counted = [unit.of(amounts[unit]) for unit in (Unit.GPUS, Unit.CHIPS, Unit.VCPUS) if unit in amounts]
    what = ": ".join(filter(None, (", ".join(parts), ", ".join(counted))))
    return Purchase(CLUSTER, group["name"], what, amounts, unknown)


def _where(inputs: Scope, group: Mapping[str, Any]) -> str:
    several = group["subnet_ids"] or group["availability_zone_ids"]
    if not group["own_network"]:
        several = inputs["cluster_subnet_ids"] or inputs["cluster_availability_zone_ids"]
    return " or ".join(map(str, several)) if several else zone(inputs, group["availability_zone_id"])


def _storage(name: str | None, storage: Mapping[str, Any] | None) -> Iterator[Purchase]:
    if storage:
        what = f"FSx for Lustre of restricted groups: {storage['size_gib']:,} GiB, {storage['throughput']} MB/s per TiB"
        yield Purchase(CLUSTER, name, what, {Unit.STORAGE: storage["size_gib"]})
