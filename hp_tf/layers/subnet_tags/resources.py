"""The resource type of a tag on something that somebody else made."""

from __future__ import annotations

from hp_tf.contract.resources import ec2
from hp_tf.contract.resources.base import Account, Attributes, ResourceType


def _tagged(planned: Attributes, account: Account) -> bool:
    wanted = {"resource-id": planned["resource_id"], "key": planned["key"]}
    return any(True for _ in ec2.described(account, "describe_tags", "Tags", wanted))


RESOURCES = (ResourceType("aws_ec2_tag", import_id="{resource_id},{key}", own_id=True, exists=_tagged),)
