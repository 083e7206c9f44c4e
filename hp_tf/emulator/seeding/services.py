"""EKS clusters and what is installed in them, file systems, HyperPod clusters."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import UTC, datetime
from typing import Any

from moto.rds.models import rds_backends

from hp_tf.emulator.kube.releases import installed_charts
from hp_tf.emulator.phases import Phase
from hp_tf.emulator.seeding.network import fitted_subnet
from hp_tf.emulator.seeding.scene import Facts, Scene, fitted
from hp_tf.emulator.services.amp import Amp
from hp_tf.emulator.services.eks_clusters import EksClusters
from hp_tf.emulator.services.grafana import Grafana
from hp_tf.emulator.services.hyperpod_store import Group, HyperpodCluster
from hp_tf.emulator.services.studio import DOMAIN, Studio
from hp_tf.helm_storage import SECRET_TYPE

_NAMESPACE = "kube-system"
_FILE_SYSTEMS = {
    "LUSTRE": {
        "FileSystemType": "LUSTRE",
        "StorageCapacity": 1200,
        "LustreConfiguration": {"DeploymentType": "PERSISTENT_2", "PerUnitStorageThroughput": 250},
    },
    "OPENZFS": {
        "FileSystemType": "OPENZFS",
        "StorageCapacity": 64,
        "OpenZFSConfiguration": {"DeploymentType": "SINGLE_AZ_HA_2", "ThroughputCapacity": 160},
    },
}


def eks_cluster(scene: Scene, name: str, facts: Facts) -> bool:
    """An active EKS cluster, which whoever started the emulator administers.

    Facts: `vpc`, `security_group`, `subnets`, the `issuer` of its tokens, the `key` of its secrets.
    """
    store, region = scene.own.eks, scene.caller.region
    if (region, name) in store.clusters:
        return False
    home = scene.vpc(facts)
    role = f"arn:{scene.caller.partition}:iam::{scene.caller.account_id}:role/{name}-given"
    key = facts.get("key")
    parameters = {
        "name": name,
        "roleArn": scene.ensure("role", role, {"service": "eks.amazonaws.com"}),
        "accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"},
        "encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": key}}] if key else None,
    }
    group = facts.get("security_group") or fitted("sg", name)
    network = {
        "subnetIds": list(facts.get("subnets") or (_subnet(scene, home),)),
        "securityGroupIds": [],
        "endpointPublicAccess": True,
        "endpointPrivateAccess": True,
        "publicAccessCidrs": ["0.0.0.0/0"],
        "clusterSecurityGroupId": scene.ensure("security_group", group, {"vpc": home, "cluster": name}),
        "vpcId": home,
    }
    cluster = EksClusters(store).add(scene.caller, parameters, network)
    cluster.phase = _since_long("ACTIVE")
    if facts.get("issuer"):
        cluster.attributes["identity"] = {"oidc": {"issuer": facts["issuer"]}}
    return True


def helm_release(scene: Scene, name: str, facts: Facts) -> bool:
    """A release in every cluster that is given. Facts: the name of its `chart`."""
    made = False
    for cluster in scene.ids("eks_cluster"):
        state = scene.own.world.kube.get(scene.own.eks.get(scene.caller.region, cluster).kube_name)
        if facts["chart"] in installed_charts(state):
            continue
        now = datetime.now(UTC).isoformat()
        release = {
            "name": name,
            "namespace": _NAMESPACE,
            "version": 1,
            "info": {"status": "deployed", "first_deployed": now, "last_deployed": now, "description": "Given."},
            "chart": {"metadata": {"name": facts["chart"], "version": "0.0.0", "apiVersion": "v2"}},
            "config": {},
            "manifest": "",
        }
        packed = base64.b64encode(gzip.compress(json.dumps(release).encode()))
        secret = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {
                "name": f"sh.helm.release.v1.{name}.v1",
                "labels": {"owner": "helm", "name": name, "status": "deployed", "version": "1"},
            },
            "type": SECRET_TYPE,
            "data": {"release": base64.b64encode(packed).decode()},
        }
        state.create("", "secrets", _NAMESPACE, secret)
        made = True
    return made


def file_system(scene: Scene, identity: str, facts: Facts) -> bool:
    """An FSx file system. Facts: its `type` (Lustre unless it says so), `dns_name`, and of Lustre `mount_name`."""
    systems = scene.own.fsx.file_systems
    if identity in systems:
        return False
    request = {**_FILE_SYSTEMS[facts.get("type") or "LUSTRE"], "SubnetIds": [_subnet(scene, scene.vpc(facts))]}
    answer = scene.own.services["fsx"].operations["CreateFileSystem"](scene.caller, request)
    drawn = answer["FileSystem"]["FileSystemId"]
    record = systems.pop(drawn)
    attributes = record.attributes
    for name in ("FileSystemId", "DNSName", "ResourceARN"):
        attributes[name] = attributes[name].replace(drawn, identity)
    attributes["DNSName"] = facts.get("dns_name") or attributes["DNSName"]
    if facts.get("mount_name"):
        attributes["LustreConfiguration"]["MountName"] = facts["mount_name"]
    record.phase = _since_long("AVAILABLE")
    systems[identity] = record
    return True


def hyperpod_cluster(scene: Scene, name: str, facts: Facts) -> bool:
    """A HyperPod cluster with one node. Facts: its `cluster_id`."""
    own, caller = scene.own, scene.caller
    if own.hyperpod.find(caller.region, name) is not None:
        return False
    identity = facts.get("cluster_id") or fitted("", name)[2:14]
    role = f"arn:{caller.partition}:iam::{caller.account_id}:role/{name}-given"
    group = Group(
        {
            "InstanceGroupName": "workers",
            "InstanceType": "ml.m5.xlarge",
            "InstanceCount": 1,
            "ThreadsPerCore": 1,
            "ExecutionRole": scene.ensure("role", role, {"service": "sagemaker.amazonaws.com"}),
        },
        restricted=False,
    )
    request = {"NodeRecovery": "Automatic"}
    orchestrators = [{"Eks": {"ClusterArn": own.eks.get(caller.region, eks).arn}} for eks in scene.ids("eks_cluster")]
    cluster = HyperpodCluster(
        name=name,
        arn=f"arn:{caller.partition}:sagemaker:{caller.region}:{caller.account_id}:cluster/{identity}",
        region=caller.region,
        created=own.world.clock(),
        request={**request, "Orchestrator": orchestrators[0]} if orchestrators else request,
        groups={group.name: group},
        sent=[group.name],
        tags={},
        phase=_since_long("InService"),
    )
    own.hyperpod.clusters[cluster.arn] = cluster
    own.nodes.resize(cluster, group)
    return True


def _subnet(scene: Scene, home: str) -> str:
    """Return a subnet of a VPC: one that is given, or else one made to fit."""
    cloud, region = scene.own.world.cloud, scene.caller.region
    found = (cloud.subnet(region, name) for name in scene.ids("subnet"))
    given = (facts.subnet_id for facts in found if facts is not None and facts.vpc_id == home)
    return next(given, None) or fitted_subnet(scene, home, None, "services")


def _since_long(status: str) -> Phase:
    return Phase(status, status, 0.0)


def database(scene: Scene, endpoint: str, facts: Facts) -> bool:
    """A MariaDB instance, by its endpoint. Facts: `database_name`, `database_username`."""
    backend: Any = rds_backends[scene.caller.account_id][scene.caller.region]
    identity = endpoint.partition(".")[0]
    if identity in backend.databases:
        return False
    backend.create_db_instance(
        {
            "db_instance_identifier": identity,
            "db_instance_class": "db.m6g.large",
            "engine": "mariadb",
            "engine_version": "10.11.8",
            "allocated_storage": 20,
            "db_name": facts.get("database_name"),
            "master_username": facts.get("database_username") or "slurm",
            "manage_master_user_password": True,
        }
    )
    return True


def prometheus_workspace(scene: Scene, identity: str, facts: Facts) -> bool:
    """A Prometheus workspace."""
    store = scene.own.amp
    if identity in store.workspaces:
        return False
    Amp(scene.own.world, store).add(scene.caller, identity, {"alias": "given"}).phase = _since_long("ACTIVE")
    return True


def grafana_workspace(scene: Scene, identity: str, facts: Facts) -> bool:
    """A Grafana workspace. Facts: its `name`."""
    store = scene.own.grafana
    if identity in store.workspaces:
        return False
    parameters = {
        "workspaceName": facts.get("name") or "given",
        "accountAccessType": "CURRENT_ACCOUNT",
        "permissionType": "CUSTOMER_MANAGED",
        "authenticationProviders": ["AWS_SSO"],
    }
    Grafana(scene.own.world, store).add(scene.caller, identity, parameters).phase = _since_long("ACTIVE")
    return True


def studio_domain(scene: Scene, identity: str, facts: Facts) -> bool:
    """A domain of SageMaker Studio."""
    store = scene.own.studio
    if any(held.attributes.get("DomainId") == identity for held in store.held.values()):
        return False
    given = {"DomainId": identity, "DomainName": "given", "AuthMode": "IAM"}
    Studio(scene.own.world, store).add(scene.caller, DOMAIN, identity, given).phase = _since_long("InService")
    return True
