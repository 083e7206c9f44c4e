"""Task governance for Cloud Control: CloudFormation's view of scheduler configurations and quotas.

What is read only and what is fixed at creation stands in CloudFormation's schemas, which the stand-in providers have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hp_tf.emulator.awsjson import AwsError, Caller, Parameters
from hp_tf.emulator.services.cloudcontrol import SageMaker
from hp_tf.emulator.services.sagemaker_tags import retag, tag_map
from hp_tf.standin.schema import cloudformation, load

_TIMES = ("CreationTime", "LastModifiedTime")


@dataclass(frozen=True)
class Facts:
    """One type.

    Attributes:
        name: CloudFormation's of it.
        prefix: of its operations, and of what it calls its own ARN, id and version.
        read_only: the properties that only the service sets.
        create_only: paths of properties that the service fixes.
    """

    name: str
    prefix: str
    read_only: frozenset[str]
    create_only: tuple[tuple[str, ...], ...]


def scheduler_facts() -> Facts:
    """The cluster's scheduler configuration, from the provider's schema of it."""
    document = load("awscc_sagemaker_cluster_scheduler_config").document
    found = [member for member in document["attributes"].values() if "property" in member]
    read_only = frozenset(member["property"] for member in found if member.get("read_only"))
    create_only = tuple((member["property"],) for member in found if member.get("replace"))
    return Facts(document["cloudformation_type"], "ClusterSchedulerConfig", read_only, create_only)


def quota_facts() -> Facts:
    """A team's compute quota, from CloudFormation's schema of it."""
    schema = cloudformation("sagemaker_compute_quota")
    paths = [tuple(path.removeprefix("/properties/").split("/")) for path in schema["createOnlyProperties"]]
    read_only = frozenset(path.removeprefix("/properties/") for path in schema["readOnlyProperties"])
    return Facts(schema["typeName"], "ComputeQuota", read_only, tuple(paths))


class GovernanceResource:
    """The handler of one of the types. `sagemaker` runs a SageMaker operation in this process."""

    def __init__(self, facts: Facts, sagemaker: SageMaker) -> None:
        self._facts = facts
        self._sagemaker = sagemaker

    def _call(self, caller: Caller, verb: str, parameters: Parameters) -> Mapping[str, Any]:
        return self._sagemaker(caller, f"{verb}{self._facts.prefix}", parameters)

    def _id(self, identifier: str) -> Parameters:
        return {f"{self._facts.prefix}Id": identifier.rpartition("/")[2]}

    def create(self, caller: Caller, desired: dict[str, Any]) -> str:
        given = sorted(self._facts.read_only & desired.keys())
        if given:
            raise AwsError("ValidationException", f"Read-only properties cannot be given: {', '.join(given)}.")
        return str(self._call(caller, "Create", desired)[f"{self._facts.prefix}Arn"])

    def read(self, caller: Caller, identifier: str) -> dict[str, Any]:
        found = {**self._call(caller, "Describe", self._id(identifier))}
        found.pop("FailureReason", None)
        for key in _TIMES:
            if key in found:
                found[key] = datetime.fromtimestamp(found[key], UTC).isoformat().replace("+00:00", "Z")
        # The scheduler configuration's type has no time of the last change.
        if "LastModifiedTime" not in self._facts.read_only:
            found.pop("LastModifiedTime", None)
        tags = self._sagemaker(caller, "ListTags", {"ResourceArn": identifier})["Tags"]
        return {**found, **({"Tags": tags} if tags else {})}

    def update(self, caller: Caller, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        changed = ["/".join(path) for path in self._facts.create_only if _at(old, path) != _at(new, path)]
        if changed:
            raise AwsError("NotUpdatable", f"Create-only properties cannot be updated: {', '.join(changed)}.")
        ignored = self._facts.read_only | {path[0] for path in self._facts.create_only if len(path) == 1} | {"Tags"}
        request = {key: value for key, value in new.items() if key not in ignored}
        version = {"TargetVersion": old[f"{self._facts.prefix}Version"]}
        if any(old.get(key) != new.get(key) for key in {*old, *new} - ignored):
            self._call(caller, "Update", {**request, **self._id(identifier), **version})
        retag(self._sagemaker, caller, identifier, tag_map(old.get("Tags")), tag_map(new.get("Tags")))

    def delete(self, caller: Caller, identifier: str) -> None:
        self._call(caller, "Delete", self._id(identifier))

    def identifiers(self, caller: Caller) -> list[str]:
        answer = self._sagemaker(caller, f"List{self._facts.prefix}s", {"MaxResults": 100})
        return [str(entry[f"{self._facts.prefix}Arn"]) for entry in answer[f"{self._facts.prefix}Summaries"]]

    def progress(self, caller: Caller, identifier: str) -> tuple[str, str | None]:
        """SUCCESS, FAILED with its message, or IN_PROGRESS."""
        found = self._call(caller, "Describe", self._id(identifier))
        if found["Status"] in ("Created", "Updated"):
            return "SUCCESS", None
        if found["Status"].endswith("Failed"):
            return "FAILED", found.get("FailureReason") or f"It is in state {found['Status']}."
        return "IN_PROGRESS", None


def _at(model: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    found: Any = model
    for step in path:
        found = (found or {}).get(step)
    return found
