"""AWS::SageMaker::Cluster for Cloud Control: CloudFormation's view of a cluster, mapped to SageMaker's calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hp_tf.emulator.awsjson import AwsError, Caller, Parameters
from hp_tf.emulator.services.cloudcontrol import SageMaker
from hp_tf.emulator.services.hyperpod_checks import FIXED_IN_GROUPS
from hp_tf.emulator.services.hyperpod_views import AS_GIVEN
from hp_tf.emulator.services.sagemaker_tags import retag, tag_map

TYPE_NAME = "AWS::SageMaker::Cluster"
_READ_ONLY = ("ClusterArn", "ClusterStatus", "CreationTime", "FailureMessage")
_CREATE_ONLY = ("ClusterName", "VpcConfig")
_GROUPS = ("InstanceGroups", "RestrictedInstanceGroups")
_TOP = (
    "VpcConfig",
    "Orchestrator",
    "NodeRecovery",
    "NodeProvisioningMode",
    "ClusterRole",
    "TieredStorageConfig",
)


class HyperpodResource:
    """The handler. `sagemaker` runs a SageMaker operation in this process: faults and the log apply to it too."""

    def __init__(self, sagemaker: SageMaker) -> None:
        self._sagemaker = sagemaker

    def create(self, caller: Caller, desired: dict[str, Any]) -> str:
        request = _request(desired)
        # CloudFormation makes up a name where none is given; here it must be given, so that runs can be compared.
        if not request.get("ClusterName"):
            raise AwsError("ValidationException", "ClusterName is required by the emulator.")
        return str(self._sagemaker(caller, "CreateCluster", request)["ClusterArn"])

    def read(self, caller: Caller, identifier: str) -> dict[str, Any]:
        found = self._sagemaker(caller, "DescribeCluster", {"ClusterName": identifier})
        tags = self._sagemaker(caller, "ListTags", {"ResourceArn": found["ClusterArn"]})["Tags"]
        model = {key: found[key] for key in (*_TOP, "ClusterArn", "ClusterName", "ClusterStatus") if found.get(key)}
        model["CreationTime"] = datetime.fromtimestamp(found["CreationTime"], UTC).isoformat().replace("+00:00", "Z")
        if found.get("FailureMessage"):
            model["FailureMessage"] = found["FailureMessage"]
        if found.get("AutoScaling"):
            scaling = found["AutoScaling"]
            model["AutoScaling"] = {key: scaling[key] for key in ("Mode", "AutoScalerType") if key in scaling}
        if found.get("RestrictedInstanceGroupsConfig"):
            shared = found["RestrictedInstanceGroupsConfig"]["SharedEnvironmentConfig"]
            model["RestrictedInstanceGroupsConfig"] = {"SharedEnvironmentConfig": _desired(shared)}
        for key in _GROUPS:
            if found.get(key):
                model[key] = [_group_model(group) for group in found[key]]
        if tags:
            model["Tags"] = tags
        return model

    def update(self, caller: Caller, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        changed = [key for key in _CREATE_ONLY if new.get(key) != old.get(key)]
        if (new.get("Orchestrator") or {}).get("Eks") != (old.get("Orchestrator") or {}).get("Eks"):
            changed.append("Orchestrator/Eks")
        before = {group["InstanceGroupName"]: group for key in _GROUPS for group in old.get(key) or ()}
        after = {group["InstanceGroupName"]: group for key in _GROUPS for group in new.get(key) or ()}
        for name, group in after.items():
            for key in FIXED_IN_GROUPS:
                if name in before and group.get(key) != before[name].get(key):
                    changed.append(f"InstanceGroups/{name}/{key}")
        if changed:
            raise AwsError("NotUpdatable", f"Create-only properties cannot be updated: {', '.join(changed)}.")
        request = {key: value for key, value in _request(new).items() if key not in ("VpcConfig", "Tags")}
        gone = sorted(set(before) - set(after))
        if gone:
            request["InstanceGroupsToDelete"] = gone
        request["ClusterName"] = old["ClusterName"]
        self._sagemaker(caller, "UpdateCluster", request)
        retag(self._sagemaker, caller, identifier, tag_map(old.get("Tags")), tag_map(new.get("Tags")))

    def delete(self, caller: Caller, identifier: str) -> None:
        self._sagemaker(caller, "DeleteCluster", {"ClusterName": identifier})

    def identifiers(self, caller: Caller) -> list[str]:
        found: list[str] = []
        token: Parameters = {}
        while True:
            answer = self._sagemaker(caller, "ListClusters", {"MaxResults": 100, **token})
            found += [entry["ClusterArn"] for entry in answer["ClusterSummaries"]]
            if not answer.get("NextToken"):
                return found
            token = {"NextToken": answer["NextToken"]}

    def progress(self, caller: Caller, identifier: str) -> tuple[str, str | None]:
        """SUCCESS, FAILED with its message, or IN_PROGRESS."""
        found = self._sagemaker(caller, "DescribeCluster", {"ClusterName": identifier})
        status = found["ClusterStatus"]
        if status == "InService":
            return "SUCCESS", None
        if status == "Failed":
            return "FAILED", found.get("FailureMessage") or "The cluster is in state Failed."
        return "IN_PROGRESS", None


def _request(model: Mapping[str, Any]) -> Parameters:
    request: Parameters = {key: value for key, value in model.items() if key not in _READ_ONLY and value is not None}
    for key in _GROUPS:
        if model.get(key):
            request[key] = [_without(group, "CurrentCount") for group in model[key]]
        else:
            request.pop(key, None)
    if not request.get("Tags"):
        request.pop("Tags", None)
    return request


def _without(group: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in group.items() if key != name and value is not None}


def _group_model(group: Mapping[str, Any]) -> dict[str, Any]:
    model = {key: group[key] for key in ("InstanceGroupName", *AS_GIVEN) if group.get(key) is not None}
    model["InstanceCount"] = group["TargetCount"]
    model["CurrentCount"] = group["CurrentCount"]
    if group.get("MinCount") is not None:
        model["MinInstanceCount"] = group["MinCount"]
    if group.get("DesiredImageId"):
        model["ImageId"] = group["DesiredImageId"]
    for key in ("KubernetesConfig", "InstanceRequirements", "AutoPatchConfig"):
        if group.get(key):
            model[key] = _desired(group[key])
    return model


def _desired(details: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked for, of what the API shows as it is now and as it shall be."""
    return {key.removeprefix("Desired"): value for key, value in details.items() if not key.startswith("Current")}
