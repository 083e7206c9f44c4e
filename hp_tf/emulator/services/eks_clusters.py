"""EKS: clusters, their updates, and tags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hp_tf.contract.eks_addons import KUBERNETES
from hp_tf.emulator.awsjson import AwsError, Caller, Parameters, operation
from hp_tf.emulator.services.eks_network import EksNetwork
from hp_tf.emulator.services.eks_store import EksCluster, EksStore, EntryRecord
from hp_tf.emulator.services.eks_tokens import role_behind
from hp_tf.emulator.services.pages import page

DEFAULT_VERSION = "1.33"
LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
MODES = ("CONFIG_MAP", "API_AND_CONFIG_MAP", "API")
CREATOR_POLICY = "cluster-access-policy/AmazonEKSClusterAdminPolicy"


class EksClusters:
    """Operations on clusters. What the cluster makes by itself: its security group, the creator's access entry."""

    def __init__(self, store: EksStore) -> None:
        self._store = store
        self._world = store.world
        self._network = EksNetwork(store.world)

    @operation("CreateCluster")
    def create_cluster(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        name = parameters["name"]
        if (caller.region, name) in self._store.clusters:
            raise AwsError("ResourceInUseException", f"Cluster already exists with name: {name}", status=409)
        version = parameters.get("version", DEFAULT_VERSION)
        if version not in KUBERNETES:
            raise AwsError("InvalidParameterException", f"unsupported Kubernetes version {version}")
        if not self._world.cloud.role_exists(parameters["roleArn"]):
            raise AwsError(
                "InvalidParameterException",
                f"Role with arn: {parameters['roleArn']}, could not be assumed because it does not exist or the "
                "trusted entity is not correct",
            )
        cluster = self.add(caller, parameters, self._network.create(caller, name, parameters["resourcesVpcConfig"]))
        self._network.connect(cluster)
        return {"cluster": self._show(cluster)}

    def add(self, caller: Caller, parameters: Parameters, network: Mapping[str, Any]) -> EksCluster:
        """Take a cluster up, unchecked, into a network that is there."""
        name, version = parameters["name"], parameters.get("version", DEFAULT_VERSION)
        access = parameters.get("accessConfig") or {}
        families = parameters.get("kubernetesNetworkConfig") or {}
        attributes = {
            "name": name,
            "arn": self._store.arn(caller, f"cluster/{name}"),
            "createdAt": self._world.clock(),
            "version": version,
            "platformVersion": "eks.1",
            "endpoint": self._world.kube_endpoint(caller.region, name),
            "roleArn": parameters["roleArn"],
            "resourcesVpcConfig": dict(network),
            "kubernetesNetworkConfig": {
                "ipFamily": "ipv4",
                "serviceIpv4Cidr": "10.100.0.0/16",
                **families,
                "elasticLoadBalancing": families.get("elasticLoadBalancing", {"enabled": False}),
            },
            "logging": _logging(parameters.get("logging"), set()),
            "identity": {
                "oidc": {"issuer": f"https://oidc.eks.{caller.region}.amazonaws.com/id/{self._world.hex(32).upper()}"}
            },
            "certificateAuthority": {"data": self._world.ca_data},
            "tags": parameters.get("tags") or {},
            "encryptionConfig": parameters.get("encryptionConfig"),
            "accessConfig": {"authenticationMode": access.get("authenticationMode", "CONFIG_MAP")},
            "upgradePolicy": parameters.get("upgradePolicy") or {"supportType": "EXTENDED"},
            "zonalShiftConfig": parameters.get("zonalShiftConfig"),
            "remoteNetworkConfig": parameters.get("remoteNetworkConfig"),
            "computeConfig": parameters.get("computeConfig"),
            "storageConfig": parameters.get("storageConfig"),
            "deletionProtection": parameters.get("deletionProtection", False),
            "health": {"issues": []},
        }
        creator = role_behind(self._world.cloud.caller_arn(caller.region, caller.access_key))
        cluster = EksCluster(
            attributes,
            self._world.phase("CREATING", "ACTIVE"),
            caller.region,
            self._world.kube_name(caller.region, name),
            creator,
        )
        mode = attributes["accessConfig"]["authenticationMode"]
        if mode != "CONFIG_MAP" and access.get("bootstrapClusterCreatorAdminPermissions", True):
            self._admit_creator(caller, cluster)
        self._store.clusters[caller.region, name] = cluster
        self._world.kube.create(cluster.kube_name, version)
        return cluster

    def _admit_creator(self, caller: Caller, cluster: EksCluster) -> None:
        now = self._world.clock()
        arn = f"arn:{caller.partition}:eks::aws:{CREATOR_POLICY}"
        policy = {"policyArn": arn, "accessScope": {"type": "cluster", "namespaces": []}}
        attributes = {
            "clusterName": cluster.name,
            "principalArn": cluster.creator,
            "kubernetesGroups": [],
            "accessEntryArn": self._store.arn(caller, f"access-entry/{cluster.name}/creator/{self._world.uuid()}"),
            "createdAt": now,
            "modifiedAt": now,
            "tags": {},
            "username": cluster.creator,
            "type": "STANDARD",
        }
        cluster.entries[cluster.creator] = EntryRecord(
            attributes, {arn: {**policy, "associatedAt": now, "modifiedAt": now}}
        )

    def _show(self, cluster: EksCluster) -> dict[str, Any]:
        return {**cluster.attributes, "status": cluster.phase.status(self._world.clock())}

    @operation("DescribeCluster")
    def describe_cluster(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"cluster": self._show(self._store.get(caller.region, parameters["name"]))}

    @operation("ListClusters")
    def list_clusters(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        names = sorted(name for region, name in self._store.clusters if region == caller.region)
        items, token = page(names, parameters.get("nextToken"), parameters.get("maxResults"))
        return {"clusters": items, "nextToken": token}

    @operation("DeleteCluster")
    def delete_cluster(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster = self._idle(caller, parameters["name"])
        if cluster.attributes["deletionProtection"]:
            raise AwsError("InvalidRequestException", f"Cluster {cluster.name} has deletion protection enabled")
        cluster.phase = self._world.phase("DELETING", "DELETED")

        def remove() -> None:
            del self._store.clusters[caller.region, cluster.name]
            self._world.kube.delete(cluster.kube_name)
            self._network.remove(cluster)

        self._world.then(cluster.phase, remove)
        return {"cluster": {**cluster.attributes, "status": "DELETING"}}

    @operation("UpdateClusterVersion")
    def update_cluster_version(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster = self._idle(caller, parameters["name"])
        old, new = cluster.attributes["version"], parameters["version"]
        if new not in KUBERNETES or KUBERNETES.index(new) != KUBERNETES.index(old) + 1:
            raise AwsError(
                "InvalidParameterException", f"Unsupported Kubernetes minor version update from {old} to {new}"
            )
        cluster.attributes["version"] = new
        self._world.kube.set_version(cluster.kube_name, new)
        cluster.phase = self._world.phase("UPDATING", "ACTIVE")
        return {"update": self._store.record_update(cluster, "VersionUpdate", {"Version": new})}

    def _idle(self, caller: Caller, name: str) -> EksCluster:
        """The cluster, unless something is being done to it."""
        cluster = self._store.get(caller.region, name)
        if not cluster.phase.over(self._world.clock()):
            status = cluster.phase.during
            raise AwsError(
                "ResourceInUseException", f"Cannot change cluster {name}, its status is {status}", status=409
            )
        return cluster

    @operation("UpdateClusterConfig")
    def update_cluster_config(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster = self._idle(caller, parameters["name"])
        changes = {
            key: value
            for key, value in parameters.items()
            if key not in ("name", "clientRequestToken") and value is not None
        }
        if not changes:
            raise AwsError("InvalidParameterException", "The type for cluster update was not provided.")
        # One call changes one thing in the real service, but for auto mode, which needs its three parts together.
        if len(changes) != 1 and not set(changes) <= {"computeConfig", "kubernetesNetworkConfig", "storageConfig"}:
            raise AwsError("InvalidParameterException", "Only one type of update can be allowed.")
        kind = self._apply(caller, cluster, changes)
        cluster.phase = self._world.phase("UPDATING", "ACTIVE")
        return {"update": self._store.record_update(cluster, kind, changes)}

    def _apply(self, caller: Caller, cluster: EksCluster, changes: Mapping[str, Any]) -> str:
        attributes = cluster.attributes
        if "logging" in changes:
            attributes["logging"] = _logging(changes["logging"], _enabled_logs(attributes["logging"]))
            return "LoggingUpdate"
        if "resourcesVpcConfig" in changes:
            return self._network.update(caller, cluster, changes["resourcesVpcConfig"])
        if "accessConfig" in changes:
            old = attributes["accessConfig"]["authenticationMode"]
            new = changes["accessConfig"]["authenticationMode"]
            if MODES.index(new) <= MODES.index(old):
                raise AwsError(
                    "InvalidParameterException", f"Unsupported authentication mode update from {old} to {new}"
                )
            attributes["accessConfig"] = {"authenticationMode": new}
            if old == "CONFIG_MAP":
                self._admit_creator(caller, cluster)
            return "AccessConfigUpdate"
        for key, value in changes.items():
            # Auto mode speaks of its part of the network configuration only; the rest stays.
            attributes[key] = {**(attributes[key] or {}), **value} if isinstance(value, Mapping) else value
        kinds = {"upgradePolicy": "UpgradePolicyUpdate", "zonalShiftConfig": "ZonalShiftConfigUpdate"}
        kinds["deletionProtection"] = "DeletionProtectionUpdate"
        return next((kind for key, kind in kinds.items() if key in changes), "AutoModeUpdate")

    @operation("AssociateEncryptionConfig")
    def associate_encryption_config(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster = self._idle(caller, parameters["clusterName"])
        if cluster.attributes["encryptionConfig"]:
            raise AwsError("InvalidRequestException", f"Cluster {cluster.name} already has an encryption configuration")
        cluster.attributes["encryptionConfig"] = parameters["encryptionConfig"]
        cluster.phase = self._world.phase("UPDATING", "ACTIVE")
        values = {"EncryptionConfig": parameters["encryptionConfig"]}
        return {"update": self._store.record_update(cluster, "AssociateEncryptionConfig", values)}

    @operation("DescribeUpdate")
    def describe_update(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        update = self._store.get(caller.region, parameters["name"]).updates.get(parameters["updateId"])
        if update is None:
            raise AwsError("ResourceNotFoundException", f"No update found for ID {parameters['updateId']}", status=404)
        return {"update": self._store.show_update(update)}

    @operation("ListUpdates")
    def list_updates(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"updateIds": list(self._store.get(caller.region, parameters["name"]).updates)}

    @operation("ListNodegroups")
    def list_nodegroups(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        self._store.get(caller.region, parameters["clusterName"])
        return {"nodegroups": []}

    @operation("ListFargateProfiles")
    def list_fargate_profiles(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        self._store.get(caller.region, parameters["clusterName"])
        return {"fargateProfileNames": []}

    @operation("DescribeClusterVersions")
    def describe_cluster_versions(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        wanted = parameters.get("clusterVersions") or KUBERNETES
        versions = [
            {
                "clusterVersion": version,
                "clusterType": "eks",
                "defaultVersion": version == DEFAULT_VERSION,
                "status": "standard-support",
                "versionStatus": "STANDARD_SUPPORT",
            }
            for version in reversed(KUBERNETES)
            if version in wanted
        ]
        return {"clusterVersions": versions}

    @operation("TagResource")
    def tag_resource(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        self._tags(parameters["resourceArn"]).update(parameters["tags"])
        return {}

    @operation("UntagResource")
    def untag_resource(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        tags = self._tags(parameters["resourceArn"])
        for key in parameters["tagKeys"]:
            tags.pop(key, None)
        return {}

    @operation("ListTagsForResource")
    def list_tags_for_resource(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"tags": self._tags(parameters["resourceArn"])}

    def _tags(self, arn: str) -> dict[str, str]:
        for cluster in self._store.clusters.values():
            tagged = [
                (cluster.arn, cluster.attributes),
                *((record.attributes["addonArn"], record.attributes) for record in cluster.addons.values()),
                *((record.attributes["accessEntryArn"], record.attributes) for record in cluster.entries.values()),
                *((found["associationArn"], found) for found in cluster.associations.values()),
            ]
            for known, attributes in tagged:
                if known == arn:
                    tags: dict[str, str] = attributes["tags"]
                    return tags
        raise AwsError("NotFoundException", f"No resource found for ARN: {arn}", status=404)


def _enabled_logs(logging: Mapping[str, Any]) -> set[str]:
    return {kind for setup in logging["clusterLogging"] if setup["enabled"] for kind in setup["types"]}


def _logging(given: Mapping[str, Any] | None, enabled: set[str]) -> dict[str, Any]:
    for setup in (given or {}).get("clusterLogging", ()):
        types = set(setup.get("types") or ())
        enabled = enabled | types if setup.get("enabled") else enabled - types
    on, off = [kind for kind in LOG_TYPES if kind in enabled], [kind for kind in LOG_TYPES if kind not in enabled]
    setups = [{"types": types, "enabled": flag} for types, flag in ((on, True), (off, False)) if types]
    return {"clusterLogging": setups}
