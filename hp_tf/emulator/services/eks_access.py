"""EKS: access entries and the access policies associated with them."""

from __future__ import annotations

import re
from typing import Any

from hp_tf.emulator.awsjson import AwsError, Caller, Parameters, operation
from hp_tf.emulator.services.eks_store import EksCluster, EksStore, EntryRecord
from hp_tf.emulator.services.pages import page

# Sessions of STS are no principals: their role is.
_PRINCIPAL = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(root|user/.+|role/.+)")
# Source: the EKS user guide, "Review access policy permissions", and SageMaker's and EMR's guides for theirs.
POLICIES = (
    "AmazonAIOpsAssistantPolicy",
    "AmazonARCRegionSwitchScalingPolicy",
    "AmazonEKSAdminPolicy",
    "AmazonEKSAdminViewPolicy",
    "AmazonEKSAutoNodePolicy",
    "AmazonEKSBlockStorageClusterPolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSClusterAdminPolicy",
    "AmazonEKSClusterInsightsPolicy",
    "AmazonEKSComputeClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSEditPolicy",
    "AmazonEKSEventPolicy",
    "AmazonEKSHybridPolicy",
    "AmazonEKSLoadBalancingClusterPolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingClusterPolicy",
    "AmazonEKSNetworkingPolicy",
    "AmazonEKSSecretReaderPolicy",
    "AmazonEKSViewPolicy",
    "AmazonEMRJobPolicy",
    "AmazonSagemakerHyperpodClusterPolicy",
    "AmazonSagemakerHyperpodControllerPolicy",
    "AmazonSagemakerHyperpodSpacePolicy",
    "AmazonSagemakerHyperpodSystemNamespacePolicy",
)


class EksAccess:
    """Operations on access entries.

    Whether the principal exists is not checked: a rehearsal may name roles that only the real account has.
    """

    def __init__(self, store: EksStore) -> None:
        self._store = store
        self._world = store.world

    def _cluster(self, caller: Caller, parameters: Parameters) -> EksCluster:
        cluster = self._store.get(caller.region, parameters["clusterName"])
        if cluster.attributes["accessConfig"]["authenticationMode"] == "CONFIG_MAP":
            raise AwsError(
                "InvalidRequestException",
                "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this "
                "operation.",
            )
        return cluster

    def _get(self, caller: Caller, parameters: Parameters) -> tuple[EksCluster, EntryRecord]:
        cluster = self._cluster(caller, parameters)
        entry = cluster.entries.get(parameters["principalArn"])
        if entry is None:
            raise AwsError(
                "ResourceNotFoundException",
                f"The specified principalArn could not be found: {parameters['principalArn']}",
                status=404,
            )
        return cluster, entry

    @operation("CreateAccessEntry")
    def create_access_entry(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster = self._cluster(caller, parameters)
        principal = parameters["principalArn"]
        if not _PRINCIPAL.fullmatch(principal):
            raise AwsError("InvalidParameterException", "The principalArn parameter format is not valid")
        if principal in cluster.entries:
            raise AwsError(
                "ResourceInUseException",
                "The specified access entry resource is already in use on this cluster.",
                status=409,
            )
        kind = parameters.get("type") or "STANDARD"
        if kind != "STANDARD" and (parameters.get("kubernetesGroups") or parameters.get("username")):
            raise AwsError("InvalidParameterException", f"An entry of type {kind} takes no groups and no username")
        now = self._world.clock()
        sort, _, name = principal.split(":", 5)[5].partition("/")
        identifier = f"{sort}/{self._world.account_id}/{name.rpartition('/')[2] or sort}/{self._world.uuid()}"
        attributes = {
            "clusterName": cluster.name,
            "principalArn": principal,
            "kubernetesGroups": list(parameters.get("kubernetesGroups") or ()),
            "accessEntryArn": self._store.arn(caller, f"access-entry/{cluster.name}/{identifier}"),
            "createdAt": now,
            "modifiedAt": now,
            "tags": parameters.get("tags") or {},
            "username": parameters.get("username") or _username(principal, kind),
            "type": kind,
        }
        cluster.entries[principal] = EntryRecord(attributes)
        return {"accessEntry": attributes}

    @operation("DescribeAccessEntry")
    def describe_access_entry(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"accessEntry": self._get(caller, parameters)[1].attributes}

    @operation("UpdateAccessEntry")
    def update_access_entry(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        _, entry = self._get(caller, parameters)
        for key in ("kubernetesGroups", "username"):
            if parameters.get(key) is not None:
                entry.attributes[key] = parameters[key]
        entry.attributes["modifiedAt"] = self._world.clock()
        return {"accessEntry": entry.attributes}

    @operation("DeleteAccessEntry")
    def delete_access_entry(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster, entry = self._get(caller, parameters)
        del cluster.entries[entry.attributes["principalArn"]]
        return {}

    @operation("ListAccessEntries")
    def list_access_entries(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        wanted = parameters.get("associatedPolicyArn")
        found = [
            principal
            for principal, entry in self._cluster(caller, parameters).entries.items()
            if wanted is None or wanted in entry.policies
        ]
        items, token = page(found, parameters.get("nextToken"), parameters.get("maxResults"))
        return {"accessEntries": items, "nextToken": token}

    @operation("AssociateAccessPolicy")
    def associate_access_policy(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster, entry = self._get(caller, parameters)
        arn, scope = parameters["policyArn"], parameters["accessScope"]
        prefix, _, name = arn.rpartition("/")
        if prefix != f"arn:{caller.partition}:eks::aws:cluster-access-policy" or name not in POLICIES:
            raise AwsError(
                "InvalidParameterException",
                f"The policyArn parameter is not valid: {arn} is none of the access policies {', '.join(POLICIES)}",
            )
        if entry.attributes["type"] != "STANDARD":
            raise AwsError("InvalidRequestException", "Access policies can only be associated with STANDARD entries")
        if (scope.get("type") == "namespace") != bool(scope.get("namespaces")):
            raise AwsError(
                "InvalidParameterException", "namespaces go with the access scope type namespace, and only with it"
            )
        now = self._world.clock()
        known = entry.policies.get(arn)
        entry.policies[arn] = {
            "policyArn": arn,
            "accessScope": {"type": scope.get("type", "cluster"), "namespaces": scope.get("namespaces") or []},
            "associatedAt": known["associatedAt"] if known else now,
            "modifiedAt": now,
        }
        return {
            "clusterName": cluster.name,
            "principalArn": entry.attributes["principalArn"],
            "associatedAccessPolicy": entry.policies[arn],
        }

    @operation("DisassociateAccessPolicy")
    def disassociate_access_policy(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        _, entry = self._get(caller, parameters)
        if entry.policies.pop(parameters["policyArn"], None) is None:
            raise AwsError(
                "ResourceNotFoundException", "The specified policyArn is not associated with the entry", status=404
            )
        return {}

    @operation("ListAssociatedAccessPolicies")
    def list_associated_access_policies(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster, entry = self._get(caller, parameters)
        items, token = page(list(entry.policies.values()), parameters.get("nextToken"), parameters.get("maxResults"))
        return {
            "clusterName": cluster.name,
            "principalArn": entry.attributes["principalArn"],
            "associatedAccessPolicies": items,
            "nextToken": token,
        }

    @operation("ListAccessPolicies")
    def list_access_policies(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        prefix = f"arn:{caller.partition}:eks::aws:cluster-access-policy/"
        return {"accessPolicies": [{"name": name, "arn": prefix + name} for name in POLICIES]}


def _username(principal: str, kind: str) -> str:
    if kind != "STANDARD":
        return "system:node:{{SessionName}}" if kind == "HYPERPOD_LINUX" else "system:node:{{EC2PrivateDNSName}}"
    if ":role/" in principal:
        head, _, name = principal.partition(":role/")
        return f"{head.replace(':iam:', ':sts:')}:assumed-role/{name.rpartition('/')[2]}/{{{{SessionName}}}}"
    return principal
