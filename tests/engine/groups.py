"""Updates of instance groups as the stand-in, which plans as awscc does, shows them in a plan's JSON."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from hp_tf.contract.keyed import KeyedList
from hp_tf.standin.planning import plan_update
from hp_tf.standin.schema import Attribute, load
from hp_tf.terraform.plan import Plan
from hp_tf.wire import UNKNOWN
from tests.report.plans import change, loaded

ADDRESS = "module.hyperpod.awscc_sagemaker_cluster.this"
KEY = "arn:aws:kms:us-west-2:123456789012:key/one"
SECOND = {"ebs_volume_config": {"root_volume": False, "volume_size_in_gb": 500, "volume_kms_key_id": None}}
ROOT = {"ebs_volume_config": {"root_volume": True, "volume_kms_key_id": KEY}}
LUSTRE = {"fsx_lustre_config": {"dns_name": "fs-1.aws", "mount_name": "m", "mount_path": "/fsx"}}
OPENZFS = {"fsx_open_zfs_config": {"dns_name": "fs-2.aws", "mount_path": "/home"}}
_CLUSTER = load("awscc_sagemaker_cluster").attributes
_ABOUT = {"cluster_name": "c", "cluster_status": "InService", "node_recovery": "Automatic"}

Group = dict[str, Any]


def group(name: str, **attributes: Any) -> Group:
    """A group as the module sends it; what is not given is left out."""
    return {
        "instance_group_name": name,
        "instance_type": "ml.g5.8xlarge",
        "instance_count": 1,
        "execution_role": "arn:aws:iam::123456789012:role/nodes",
        "threads_per_core": 2,
        "override_vpc_config": {"security_group_ids": ["sg-1", "sg-2"], "subnets": ["subnet-1"]},
        "image_id": None,
        "instance_storage_configs": [SECOND],
        "life_cycle_config": {"source_s3_uri": "s3://b", "on_create": "on_create.sh", "on_init_complete": None},
        **attributes,
    }


def planned(
    before: Sequence[Group],
    sent: Sequence[Group],
    *,
    about: Mapping[str, Any] | None = None,
    config: Sequence[Group] | str | None = "as sent",
    last: Sequence[Group] | None = None,
) -> Plan:
    """The plan of a cluster whose groups are `before`, for groups that are sent. UNKNOWN may stand in what is sent.

    Args:
        sent: what the file wants of every group.
        about: attributes of the cluster itself that are sent, if others than there are.
        config: what the resource is configured with, where that is something else; None for no list at all.
        last: what the file wanted before; None if no state says.
    """
    prior = _whole(_CLUSTER, {**_ABOUT, **(about or {}), "instance_groups": [_counted(item) for item in before]})
    wanted = {**_ABOUT, **(about or {}), "instance_groups": list(sent) if isinstance(config, str) else config}
    del wanted["cluster_status"]
    state = plan_update(_CLUSTER, prior, _whole(_CLUSTER, wanted)).state
    after, unknown = _split(state)
    given, given_unknown = _split(_by_name(sent))
    output = {
        "actions": ["no-op"],
        "before": None if last is None else _by_name(last),
        "after": given,
        "after_unknown": given_unknown,
    }
    actions = ["no-op"] if state == prior else ["update"]
    return loaded(
        change(ADDRESS, actions, prior, after, unknown=unknown), outputs={"hyperpod__instance_groups": output}
    )


def _counted(item: Group) -> Group:
    return {"current_count": 1, **item}


def _by_name(groups: Sequence[Group]) -> dict[str, Group]:
    return {item["instance_group_name"]: item for item in groups}


def arranged(
    known: KeyedList, live: Sequence[Group], wanted: Sequence[Group], order: Sequence[str] | None = None
) -> list[Group]:
    """What the module sends of the groups that the file wants: the same rule as in its locals.

    Args:
        live: the groups as the service lists them.
        order: as hptf gives it, where the module's own would not do.
    """
    groups, old = _by_name(wanted), [item[known.key] for item in live]
    staying = [name for position, name in enumerate(old) if position < len(groups) and name in groups]
    filling = iter([name for name in sorted(groups) if name not in staying])
    names = [
        old[position] if position < len(old) and old[position] in staying else next(filling)
        for position in range(len(groups))
    ]
    sent = []
    for position, name in enumerate(order or names):
        was = live[position] if position < len(live) else {}
        item = copy.deepcopy(groups[name])
        for path, none in known.clearing.items():
            head, _, member = path.partition(".")
            if not member and item.get(head) is None and _present(was.get(head)):
                item[head] = none
            if member and _present((was.get(head) or {}).get(member)) and (item.get(head) or {}).get(member) is None:
                item[head] = {**(item.get(head) or {}), member: none}
        own = next((held for held in live if held[known.key] == name), {})
        item |= {path: own[path] for path in known.kept if groups[name].get(path) is None and own.get(path) is not None}
        sent.append(item)
    return sent


def _present(value: Any) -> bool:
    return value not in (None, "", [], {})


def _whole(attributes: Mapping[str, Attribute], value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _nested(attribute, value.get(name)) for name, attribute in attributes.items()}


def _nested(attribute: Attribute, value: Any) -> Any:
    if not attribute.nesting or value is None or value is UNKNOWN:
        return value
    if isinstance(value, list):
        return [_whole(attribute.attributes, item) for item in value]
    return _whole(attribute.attributes, value)


def _split(value: Any) -> tuple[Any, Any]:
    """A value without its unknowns as a plan's JSON has it, and where they are."""
    if value is UNKNOWN:
        return None, True
    if isinstance(value, dict):
        parts = {name: _split(item) for name, item in value.items()}
        known = {name: item for name, (item, unknown) in parts.items() if unknown is not True}
        return known, {name: unknown for name, (_, unknown) in parts.items() if unknown}
    if isinstance(value, list):
        items = [_split(item) for item in value]
        return [item for item, _ in items], [unknown for _, unknown in items]
    return value, False
