"""EKS: add-ons, and what EKS knows of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from hp_tf.emulator.awsjson import AwsError, Caller, Parameters, operation
from hp_tf.emulator.services.eks_clusters import VERSIONS
from hp_tf.emulator.services.eks_pod_identity import EksPodIdentity
from hp_tf.emulator.services.eks_store import AddonRecord, EksCluster, EksStore


@dataclass(frozen=True)
class AddonFacts:
    """What EKS offers under one name. `needs_nodes`: it stays DEGRADED until a node can run its pods."""

    versions: tuple[str, ...]
    namespace: str = "kube-system"
    kind: str = "networking"
    owner: str = "aws"
    publisher: str = "eks"
    needs_nodes: bool = True
    needs_iam: bool = False


# Newest version first; it is the default one. Daemon sets are ready when they have no node to be on.
CATALOGUE: dict[str, AddonFacts] = {
    "vpc-cni": AddonFacts(("v1.20.1-eksbuild.1", "v1.19.6-eksbuild.1"), needs_nodes=False, needs_iam=True),
    "kube-proxy": AddonFacts(("v1.33.3-eksbuild.4", "v1.33.0-eksbuild.2"), needs_nodes=False),
    "eks-pod-identity-agent": AddonFacts(
        ("v1.3.8-eksbuild.2", "v1.3.7-eksbuild.2"), kind="security", needs_nodes=False
    ),
    "eks-node-monitoring-agent": AddonFacts(("v1.4.0-eksbuild.2",), kind="observability", needs_nodes=False),
    "coredns": AddonFacts(("v1.12.2-eksbuild.4", "v1.12.1-eksbuild.2")),
    "metrics-server": AddonFacts(("v0.8.0-eksbuild.1",), kind="observability", owner="community"),
    "cert-manager": AddonFacts(("v1.18.2-eksbuild.2",), "cert-manager", "security", "community"),
    "aws-ebs-csi-driver": AddonFacts(("v1.46.0-eksbuild.1",), kind="storage", needs_iam=True),
    "aws-efs-csi-driver": AddonFacts(("v2.1.9-eksbuild.1",), kind="storage", needs_iam=True),
    "aws-fsx-csi-driver": AddonFacts(("v1.5.1-eksbuild.1",), kind="storage", needs_iam=True),
    "aws-mountpoint-s3-csi-driver": AddonFacts(("v2.0.0-eksbuild.1",), kind="storage", needs_iam=True),
    "snapshot-controller": AddonFacts(("v8.3.0-eksbuild.1",), kind="storage"),
    "external-dns": AddonFacts(("v0.18.0-eksbuild.1",), "external-dns", "networking", "community", needs_iam=True),
    "amazon-cloudwatch-observability": AddonFacts(
        ("v4.3.0-eksbuild.1",), "amazon-cloudwatch", "observability", needs_iam=True
    ),
    "amazon-sagemaker-hyperpod-taskgovernance": AddonFacts(("v1.2.0-eksbuild.1",), "kueue-system", "scheduling"),
    "amazon-sagemaker-hyperpod-training-operator": AddonFacts(
        ("v1.1.0-eksbuild.1",), "aws-hyperpod", "workloads", needs_iam=True
    ),
    "amazon-sagemaker-hyperpod-observability": AddonFacts(
        ("v1.0.3-eksbuild.1",), "hyperpod-observability", "observability", needs_iam=True
    ),
    "amazon-sagemaker-hyperpod-inference": AddonFacts(
        ("v1.0.0-eksbuild.1",), "hyperpod-inference-system", "workloads", needs_iam=True
    ),
}


class EksAddons:
    """Operations on add-ons. Nothing is deployed into the cluster: an add-on is a record with a status."""

    def __init__(self, store: EksStore, pod_identity: EksPodIdentity) -> None:
        self._store = store
        self._world = store.world
        self._pod_identity = pod_identity

    def _facts(self, name: str) -> AddonFacts:
        facts = CATALOGUE.get(name)
        if facts is None:
            raise AwsError("InvalidParameterException", f"Addon {name} specified is not supported")
        return facts

    def _get(self, caller: Caller, parameters: Parameters) -> tuple[EksCluster, AddonRecord]:
        cluster = self._store.get(caller.region, parameters["clusterName"])
        record = cluster.addons.get(parameters["addonName"])
        if record is None:
            raise AwsError(
                "ResourceNotFoundException",
                f"No addon: {parameters['addonName']} found in cluster: {cluster.name}",
                status=404,
            )
        return cluster, record

    def _show(self, cluster: EksCluster, record: AddonRecord) -> dict[str, Any]:
        status, issues = record.phase.status(self._world.clock()), []
        waits = self._facts(record.attributes["addonName"]).needs_nodes
        if status == "ACTIVE" and waits and not self._world.kube.get(cluster.kube_name).nodes_ready():
            status = "DEGRADED"
            issues = [
                {
                    "code": "InsufficientNumberOfReplicas",
                    "message": "The add-on is unhealthy because all deployments have all pods unscheduled "
                    "no nodes available to schedule pods",
                    "resourceIds": [],
                }
            ]
        return {**record.attributes, "status": status, "health": {"issues": issues}}

    @operation("CreateAddon")
    def create_addon(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster = self._store.get(caller.region, parameters["clusterName"])
        name = parameters["addonName"]
        facts = self._facts(name)
        if name in cluster.addons:
            raise AwsError("ResourceInUseException", "Addon already exists.", status=409)
        if not cluster.phase.over(self._world.clock()):
            raise AwsError("InvalidRequestException", f"Cluster {cluster.name} is not in ACTIVE status")
        version = self._version(name, facts, parameters.get("addonVersion"))
        self._check_values(parameters.get("configurationValues"))
        now = self._world.clock()
        arn = self._store.arn(caller, f"addon/{cluster.name}/{name}/{self._world.uuid()}")
        record = AddonRecord(
            {
                "addonName": name,
                "clusterName": cluster.name,
                "addonVersion": version,
                "addonArn": arn,
                "createdAt": now,
                "modifiedAt": now,
                "serviceAccountRoleArn": parameters.get("serviceAccountRoleArn"),
                "tags": parameters.get("tags") or {},
                "publisher": facts.publisher,
                "owner": facts.owner,
                "configurationValues": parameters.get("configurationValues"),
                "podIdentityAssociations": [
                    self._pod_identity.create(caller, cluster, {**given, "namespace": facts.namespace}, owner=arn)
                    for given in parameters.get("podIdentityAssociations") or ()
                ],
            },
            self._world.phase("CREATING", "ACTIVE"),
        )
        cluster.addons[name] = record
        return {"addon": self._show(cluster, record)}

    def _version(self, name: str, facts: AddonFacts, wanted: str | None) -> str:
        if wanted is None:
            return facts.versions[0]
        if wanted not in facts.versions:
            raise AwsError("InvalidParameterException", f"Addon version specified is not supported: {name} {wanted}")
        return wanted

    def _check_values(self, text: str | None) -> None:
        if not text:
            return
        try:
            parsed = json.loads(text)
        except ValueError:
            return  # YAML is allowed too, and not checked
        if not isinstance(parsed, dict):
            raise AwsError("InvalidParameterException", "ConfigurationValue is not in valid JSON or YAML format")

    @operation("DescribeAddon")
    def describe_addon(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"addon": self._show(*self._get(caller, parameters))}

    @operation("ListAddons")
    def list_addons(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"addons": sorted(self._store.get(caller.region, parameters["clusterName"]).addons)}

    @operation("UpdateAddon")
    def update_addon(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster, record = self._get(caller, parameters)
        name = parameters["addonName"]
        facts = self._facts(name)
        self._check_values(parameters.get("configurationValues"))
        if parameters.get("addonVersion"):
            record.attributes["addonVersion"] = self._version(name, facts, parameters["addonVersion"])
        for key in ("serviceAccountRoleArn", "configurationValues"):
            if key in parameters:
                record.attributes[key] = parameters[key] or None
        if "podIdentityAssociations" in parameters:
            self._pod_identity.forget_owned(cluster, record.attributes["addonArn"])
            record.attributes["podIdentityAssociations"] = [
                self._pod_identity.create(
                    caller, cluster, {**given, "namespace": facts.namespace}, owner=record.attributes["addonArn"]
                )
                for given in parameters["podIdentityAssociations"] or ()
            ]
        record.attributes["modifiedAt"] = self._world.clock()
        record.phase = self._world.phase("UPDATING", "ACTIVE")
        changed = {"AddonVersion": record.attributes["addonVersion"]}
        return {"update": self._store.record_update(cluster, "AddonUpdate", changed)}

    @operation("DeleteAddon")
    def delete_addon(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster, record = self._get(caller, parameters)
        del cluster.addons[parameters["addonName"]]
        self._pod_identity.forget_owned(cluster, record.attributes["addonArn"])
        return {"addon": {**record.attributes, "status": "DELETING"}}

    @operation("DescribeAddonVersions")
    def describe_addon_versions(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        wanted = parameters.get("addonName")
        clusters = [parameters["kubernetesVersion"]] if parameters.get("kubernetesVersion") else list(VERSIONS)
        return {
            "addons": [
                _offer(name, facts, clusters)
                for name, facts in CATALOGUE.items()
                if (wanted is None or name == wanted)
                and (not parameters.get("types") or facts.kind in parameters["types"])
                and (not parameters.get("owners") or facts.owner in parameters["owners"])
            ]
        }

    @operation("DescribeAddonConfiguration")
    def describe_addon_configuration(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        name = parameters["addonName"]
        version = self._version(name, self._facts(name), parameters["addonVersion"])
        schema = {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "additionalProperties": True}
        return {"addonName": name, "addonVersion": version, "configurationSchema": json.dumps(schema)}


def _offer(name: str, facts: AddonFacts, clusters: list[str]) -> dict[str, Any]:
    versions = [
        {
            "addonVersion": version,
            "architecture": ["amd64", "arm64"],
            "computeTypes": ["ec2", "hybrid"],
            "compatibilities": [
                {"clusterVersion": cluster, "platformVersions": ["*"], "defaultVersion": index == 0}
                for cluster in clusters
            ],
            "requiresConfiguration": False,
            "requiresIamPermissions": facts.needs_iam,
        }
        for index, version in enumerate(facts.versions)
    ]
    return {
        "addonName": name,
        "type": facts.kind,
        "addonVersions": versions,
        "publisher": facts.publisher,
        "owner": facts.owner,
        "defaultNamespace": facts.namespace,
    }
