"""EKS: add-ons, and what EKS knows of them."""

from __future__ import annotations

import json
from typing import Any

from hp_tf.contract.eks_addons import ADDONS, KUBERNETES, EksAddon, judged
from hp_tf.emulator.awsjson import AwsError, Caller, Parameters, operation
from hp_tf.emulator.kube.store import namespace
from hp_tf.emulator.services.eks_pod_identity import EksPodIdentity
from hp_tf.emulator.services.eks_store import AddonRecord, EksCluster, EksStore

PUBLISHER = "eks"


class EksAddons:
    """Operations on add-ons.

    An add-on is a record with a status; of what it deploys, there are its namespace and CSI drivers alone.
    """

    def __init__(self, store: EksStore, pod_identity: EksPodIdentity) -> None:
        self._store = store
        self._world = store.world
        self._pod_identity = pod_identity

    def _facts(self, name: str) -> EksAddon:
        facts = ADDONS.get(name)
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
        version = self._version(cluster, name, parameters.get("addonVersion"))
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
                "publisher": PUBLISHER,
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
        kube = self._world.kube.get(cluster.kube_name)
        kube.put("", "namespaces", namespace(facts.namespace))
        if facts.csi_driver is not None:
            kube.put("storage.k8s.io", "csidrivers", _driver(facts.csi_driver))
        return {"addon": self._show(cluster, record)}

    def _version(self, cluster: EksCluster, name: str, wanted: str | None) -> str:
        """The version that was asked for, or the newest. Builds of a known line are taken for real: there are more."""
        kubernetes = cluster.attributes["version"]
        offered = self._facts(name).versions.get(kubernetes)
        if not offered:
            raise AwsError(
                "InvalidParameterException",
                f"Addon {name} specified is not supported in {kubernetes} kubernetes version",
            )
        if wanted is not None and judged(name, kubernetes, wanted) not in ("known", "likely"):
            raise AwsError("InvalidParameterException", f"Addon version specified is not supported: {name} {wanted}")
        return wanted or offered[0]

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
            record.attributes["addonVersion"] = self._version(cluster, name, parameters["addonVersion"])
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
        driver = self._facts(parameters["addonName"]).csi_driver
        if driver is not None and not parameters.get("preserve"):
            self._world.kube.get(cluster.kube_name).remove("storage.k8s.io", "csidrivers", None, driver)
        self._pod_identity.forget_owned(cluster, record.attributes["addonArn"])
        return {"addon": {**record.attributes, "status": "DELETING"}}

    @operation("DescribeAddonVersions")
    def describe_addon_versions(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        wanted = parameters.get("addonName")
        clusters = [parameters["kubernetesVersion"]] if parameters.get("kubernetesVersion") else list(KUBERNETES)
        offers = [
            _offer(name, facts, clusters)
            for name, facts in ADDONS.items()
            if (wanted is None or name == wanted)
            and (not parameters.get("types") or facts.kind in parameters["types"])
            and (not parameters.get("owners") or facts.owner in parameters["owners"])
        ]
        return {"addons": [offer for offer in offers if offer["addonVersions"]]}

    @operation("DescribeAddonConfiguration")
    def describe_addon_configuration(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        name, version = parameters["addonName"], parameters["addonVersion"]
        if not any(version in versions for versions in self._facts(name).versions.values()):
            raise AwsError("InvalidParameterException", f"Addon version specified is not supported: {name} {version}")
        schema = {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "additionalProperties": True}
        return {
            "addonName": name,
            "addonVersion": version,
            "configurationSchema": json.dumps(schema),
            "podIdentityConfiguration": [
                {"serviceAccount": account, "recommendedManagedPolicies": []}
                for account in self._facts(name).service_accounts
            ],
        }


def _driver(name: str) -> dict[str, Any]:
    return {"apiVersion": "storage.k8s.io/v1", "kind": "CSIDriver", "metadata": {"name": name}, "spec": {}}


def _offer(name: str, facts: EksAddon, clusters: list[str]) -> dict[str, Any]:
    by_version: dict[str, list[dict[str, Any]]] = {}
    for cluster in clusters:
        for index, version in enumerate(facts.versions.get(cluster, ())):
            found = {"clusterVersion": cluster, "platformVersions": ["*"], "defaultVersion": index == 0}
            by_version.setdefault(version, []).append(found)
    versions = [
        {
            "addonVersion": version,
            "architecture": ["amd64", "arm64"],
            "computeTypes": ["ec2", "hybrid"],
            "compatibilities": compatible,
            "requiresConfiguration": False,
            "requiresIamPermissions": bool(facts.service_accounts),
        }
        for version, compatible in by_version.items()
    ]
    return {
        "addonName": name,
        "type": facts.kind,
        "addonVersions": versions,
        "publisher": PUBLISHER,
        "owner": facts.owner,
        "defaultNamespace": facts.namespace,
    }
