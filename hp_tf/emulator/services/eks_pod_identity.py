"""EKS: pod identity associations, made alone or by an add-on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hp_tf.emulator.awsjson import AwsError, Caller, Parameters, operation
from hp_tf.emulator.services.eks_store import EksCluster, EksStore
from hp_tf.emulator.services.pages import page

_SUMMARY = ("clusterName", "namespace", "serviceAccount", "associationArn", "associationId", "ownerArn")


class EksPodIdentity:
    """Operations on pod identity associations."""

    def __init__(self, store: EksStore) -> None:
        self._store = store
        self._world = store.world

    def create(self, caller: Caller, cluster: EksCluster, given: Mapping[str, Any], *, owner: str | None = None) -> str:
        """Make an association and answer with its ARN. An add-on that makes one is its `owner`."""
        if not self._world.cloud.role_exists(given["roleArn"]):
            raise AwsError(
                "InvalidParameterException", f"Role provided in the request does not exist: {given['roleArn']}"
            )
        for known in cluster.associations.values():
            if (known["namespace"], known["serviceAccount"]) == (given["namespace"], given["serviceAccount"]):
                raise AwsError(
                    "ResourceInUseException",
                    f"Association already exists: {known['associationId']}",
                    status=409,
                )
        identifier = f"a-{self._world.base36(17)}"
        now = self._world.clock()
        cluster.associations[identifier] = {
            "clusterName": cluster.name,
            "namespace": given["namespace"],
            "serviceAccount": given["serviceAccount"],
            "roleArn": given["roleArn"],
            "associationArn": self._store.arn(caller, f"podidentityassociation/{cluster.name}/{identifier}"),
            "associationId": identifier,
            "tags": given.get("tags") or {},
            "createdAt": now,
            "modifiedAt": now,
            "ownerArn": owner,
            "disableSessionTags": given.get("disableSessionTags", False),
            "targetRoleArn": given.get("targetRoleArn"),
        }
        return str(cluster.associations[identifier]["associationArn"])

    def forget_owned(self, cluster: EksCluster, owner: str) -> None:
        """Remove the associations that an add-on made."""
        for identifier in [key for key, found in cluster.associations.items() if found["ownerArn"] == owner]:
            del cluster.associations[identifier]

    def _get(self, caller: Caller, parameters: Parameters) -> tuple[EksCluster, dict[str, Any]]:
        cluster = self._store.get(caller.region, parameters["clusterName"])
        found = cluster.associations.get(parameters["associationId"])
        if found is None:
            raise AwsError(
                "ResourceNotFoundException",
                f"The specified association was not found: {parameters['associationId']}",
                status=404,
            )
        return cluster, found

    @operation("CreatePodIdentityAssociation")
    def create_pod_identity_association(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster = self._store.get(caller.region, parameters["clusterName"])
        arn = self.create(caller, cluster, parameters)
        return {"association": cluster.associations[arn.rpartition("/")[2]]}

    @operation("DescribePodIdentityAssociation")
    def describe_pod_identity_association(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"association": self._get(caller, parameters)[1]}

    @operation("UpdatePodIdentityAssociation")
    def update_pod_identity_association(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        _, found = self._get(caller, parameters)
        for key in ("roleArn", "disableSessionTags", "targetRoleArn"):
            if parameters.get(key) is not None:
                found[key] = parameters[key]
        found["modifiedAt"] = self._world.clock()
        return {"association": found}

    @operation("DeletePodIdentityAssociation")
    def delete_pod_identity_association(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster, found = self._get(caller, parameters)
        if found["ownerArn"]:
            raise AwsError("InvalidRequestException", f"The association is owned by the add-on {found['ownerArn']}")
        return {"association": cluster.associations.pop(found["associationId"])}

    @operation("ListPodIdentityAssociations")
    def list_pod_identity_associations(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster = self._store.get(caller.region, parameters["clusterName"])
        found = [
            {key: association[key] for key in _SUMMARY}
            for association in cluster.associations.values()
            if parameters.get("namespace") in (None, association["namespace"])
            and parameters.get("serviceAccount") in (None, association["serviceAccount"])
        ]
        items, token = page(found, parameters.get("nextToken"), parameters.get("maxResults"))
        return {"associations": items, "nextToken": token}
