"""Tags of what this emulator holds of SageMaker, by its ARN. The tags of all else are moto's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hp_tf.emulator.awsjson import AwsError, Caller, Parameters, operation
from hp_tf.emulator.services import studio_store
from hp_tf.emulator.services.governance_store import KINDS, GovernanceStore
from hp_tf.emulator.services.hyperpod_store import HyperpodStore
from hp_tf.emulator.services.not_ours import NotOurs
from hp_tf.emulator.services.studio_store import StudioStore

_OURS = ("cluster", *KINDS, *studio_store.KINDS)


class SagemakerTags:
    """The three operations on tags."""

    def __init__(self, hyperpod: HyperpodStore, governance: GovernanceStore, studio: StudioStore) -> None:
        self._hyperpod = hyperpod
        self._governance = governance
        self._studio = studio

    @operation("AddTags")
    def add_tags(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        tags = self._tags(parameters["ResourceArn"])
        tags.update(tag_map(parameters["Tags"]))
        return {"Tags": _listed(tags)}

    @operation("DeleteTags")
    def delete_tags(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        tags = self._tags(parameters["ResourceArn"])
        for key in parameters["TagKeys"]:
            tags.pop(key, None)
        return {}

    @operation("ListTags")
    def list_tags(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"Tags": _listed(self._tags(parameters["ResourceArn"]))}

    def _tags(self, arn: str) -> dict[str, str]:
        kind = arn.split(":")[-1].partition("/")[0]
        if kind not in _OURS:
            raise NotOurs
        found = self._hyperpod.clusters.get(arn) or self._governance.held.get(arn) or self._studio.held.get(arn)
        if found is None:
            raise AwsError("ResourceNotFound", f"There is no {kind} {arn}.")
        return found.tags


def tag_map(tags: list[Mapping[str, str]] | None) -> dict[str, str]:
    """Tags by their keys, from SageMaker's list of them."""
    return {tag["Key"]: tag["Value"] for tag in tags or ()}


def retag(
    sagemaker: Callable[[Caller, str, Parameters], Mapping[str, Any]],
    caller: Caller,
    arn: str,
    old: Mapping[str, str],
    new: Mapping[str, str],
) -> None:
    """Bring the tags of a resource from `old` to `new` by SageMaker's operations."""
    added = [{"Key": key, "Value": value} for key, value in new.items() if old.get(key) != value]
    gone = [key for key in old if key not in new]
    if added:
        sagemaker(caller, "AddTags", {"ResourceArn": arn, "Tags": added})
    if gone:
        sagemaker(caller, "DeleteTags", {"ResourceArn": arn, "TagKeys": gone})


def _listed(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
