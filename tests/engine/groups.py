"""Updates of instance groups as the stand-in, which plans as awscc does, shows them in a plan's JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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


def planned(before: Sequence[Group], sent: Sequence[Group], *, about: Mapping[str, Any] | None = None) -> Plan:
    """The plan of a cluster whose groups are `before`, for groups that are sent. UNKNOWN may stand in what is sent.

    Args:
        about: attributes of the cluster itself that are sent, if others than there are.
    """
    prior = _whole(_CLUSTER, {**_ABOUT, "instance_groups": [{**item, "current_count": 1} for item in before]})
    wanted = {**_ABOUT, **(about or {}), "instance_groups": list(sent)}
    del wanted["cluster_status"]
    state = plan_update(_CLUSTER, prior, _whole(_CLUSTER, wanted)).state
    after, unknown = _split(state)
    given, given_unknown = _split({item["instance_group_name"]: item for item in sent})
    output = {"actions": ["no-op"], "after": given, "after_unknown": given_unknown}
    actions = ["no-op"] if state == prior else ["update"]
    return loaded(
        change(ADDRESS, actions, prior, after, unknown=unknown), outputs={"hyperpod__instance_groups": output}
    )


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
