from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from hp_tf.contract.role import configured_key
from hp_tf.contract.roles import KubernetesApi, RestrictedGroups
from hp_tf.layers.addons.contract import CONTRACT, AddonsInputs
from hp_tf.layers.addons.rules import OWN
from tests.contract.evaluating import failures
from tests.contract.verdicts import MODULES, Case, accepted_by_terraform, broken, python_only

SHARED = {
    "file_system_id": "fs-0123456789abcdef0",
    "file_system_dns_name": "fs-0123456789abcdef0.fsx.us-west-2.amazonaws.com",
    "file_system_mount_name": "abcdefgh",
}
OTHER = {
    "file_system_id": "fs-0123456789abcdef1",
    "dns_name": "fs-0123456789abcdef1.fsx.us-west-2.amazonaws.com",
    "mount_name": "ijklmnop",
}
NETWORK = {
    "private_subnet_ids": {"usw2-az1": "subnet-0123456789abcdef0", "usw2-az2": "subnet-0123456789abcdef1"},
    "primary_availability_zone_id": "usw2-az2",
    "security_group_id": "sg-0123456789abcdef0",
}
VALUES: dict[str, Any] = {
    "name": "dev",
    "region": "us-west-2",
    "account_id": "123456789012",
    "partition": "aws",
    "cluster_name": "dev-eks",
}
ROLE = "arn:aws:iam::123456789012:role/driver"
OFF = {"enabled": False}


def volume(**change: Any) -> dict[str, Any]:
    return {**SHARED, "lustre_volumes": {"fsx": change}}


def storage_class(**change: Any) -> dict[str, Any]:
    return {**NETWORK, "storage_classes": {"fsx": change}}


CASES = [
    Case("plain", {}, None),
    Case("version", {"coredns": {"addon_version": "v1.13.2-eksbuild.7"}}, None),
    Case("version_form", {"coredns": {"addon_version": "latest"}}, "type"),
    Case("configuration", {"coredns": {"configuration_values": '{"replicaCount": 3}'}}, None),
    Case("configuration_list", {"coredns": {"configuration_values": "[]"}}, "addons-coredns-configuration"),
    Case("further", {"further_addons": {"snapshot-controller": {}}}, None),
    Case("further_own", {"further_addons": {"coredns": {}}}, "addons-further-own"),
    Case(
        "further_configuration",
        {"further_addons": {"snapshot-controller": {"configuration_values": "a"}}},
        "addons-further-configuration",
    ),
    Case("s3_old", {"s3_csi_driver": {"addon_version": "v1.10.1-eksbuild.1"}}, "addons-s3-pod-identity"),
    Case(
        "s3_old_irsa",
        {"s3_csi_driver": {"addon_version": "v1.10.1-eksbuild.1", "service_account_role_arn": ROLE}},
        None,
    ),
    Case("volume", volume(), None),
    Case("volume_without_system", {"lustre_volumes": {"fsx": {}}}, "addons-volume-file-system"),
    Case("volume_given", {"lustre_volumes": {"fsx": OTHER}}, None),
    Case("volume_half", volume(file_system_id=OTHER["file_system_id"]), "addons-volume-whole"),
    Case("volume_names_only", volume(dns_name=OTHER["dns_name"]), "addons-volume-whole"),
    Case("volume_twice", volume(namespaces=["ml", "ml"]), "addons-volume-namespaces"),
    Case("volume_nowhere", volume(namespaces=[]), "type"),
    Case("volume_name", {**SHARED, "lustre_volumes": {"Fsx": {}}}, "type"),
    Case("volume_no_driver", {**volume(), "fsx_csi_driver": OFF}, "addons-lustre-driver"),
    Case("bucket", {"bucket_volumes": {"data": {"bucket_name": "acme-data", "prefix": "raw/"}}}, None),
    Case("bucket_prefix", {"bucket_volumes": {"data": {"bucket_name": "acme-data", "prefix": "raw"}}}, "type"),
    Case(
        "bucket_no_driver",
        {"bucket_volumes": {"data": {"bucket_name": "acme-data"}}, "s3_csi_driver": OFF},
        "addons-bucket-driver",
    ),
    Case("one_claim_twice", {**volume(), "bucket_volumes": {"fsx": {"bucket_name": "acme-data"}}}, "addons-claims"),
    Case("class", storage_class(), None),
    Case("class_scratch", storage_class(deployment_type="SCRATCH_2"), None),
    Case("class_zone", storage_class(availability_zone_id="usw2-az1"), None),
    Case("class_zone_unknown", storage_class(availability_zone_id="usw2-az3"), "addons-class-zone"),
    Case("class_throughput", storage_class(per_unit_storage_throughput=200), "addons-class-throughput"),
    Case(
        "class_scratch_throughput",
        storage_class(deployment_type="SCRATCH_2", per_unit_storage_throughput=200),
        "addons-class-throughput",
    ),
    Case("class_no_network", {"storage_classes": {"fsx": {}}}, "addons-class-subnets"),
    Case("class_no_driver", {**storage_class(), "fsx_csi_driver": OFF}, "addons-class-driver"),
    Case(
        "two_defaults",
        {**NETWORK, "storage_classes": {"a": {"default": True}, "b": {"default": True}}},
        "addons-one-default-class",
    ),
    Case("namespace", {"namespaces": {"research": {"labels": {"team": "research"}}}}, None),
    Case("namespace_name", {"namespaces": {"Research": {}}}, "type"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rules(case: Case) -> None:
    found = broken(CONTRACT, {**VALUES, **case.change})
    assert case.broken in found if case.broken else not found


@pytest.mark.slow
def test_terraform_says_the_same(tmp_path: Path) -> None:
    cases = [case for case in CASES if case.broken not in python_only(CONTRACT)]
    verdicts = accepted_by_terraform(CONTRACT, {case.name: {**VALUES, **case.change} for case in cases}, tmp_path)
    assert verdicts == {case.name: case.broken is None for case in cases}


def of_eks(**inputs: Any) -> dict[str, Any]:
    """Values beside an eks layer that is made with these inputs."""
    return {**VALUES, configured_key(KubernetesApi): inputs}


def test_an_addon_belongs_to_one_layer() -> None:
    agent: dict[str, Any] = {"eks-pod-identity-agent": {}}
    found = failures(CONTRACT, of_eks(addons={**agent, "coredns": {}}))
    assert [(item.path, item.message) for item in found] == [
        (("coredns",), "eks.addons has coredns already: an add-on belongs to one layer.")
    ]
    assert not failures(CONTRACT, {**of_eks(addons={**agent, "coredns": {}}), "coredns": OFF})


def test_drivers_without_the_agent_that_hands_them_their_roles_are_warned_of() -> None:
    warned = failures(CONTRACT, of_eks(addons={"vpc-cni": {}}), level="warning")
    assert [item.path for item in warned] == [("fsx_csi_driver",), ("s3_csi_driver",)]
    irsa = {"fsx_csi_driver": {"service_account_role_arn": ROLE}, "s3_csi_driver": OFF}
    assert not failures(CONTRACT, {**of_eks(addons={"vpc-cni": {}}), **irsa}, level="warning")


def test_versions_are_held_against_that_of_kubernetes() -> None:
    addons: dict[str, Any] = {"eks-pod-identity-agent": {}}
    pinned = {"coredns": {"addon_version": "v1.13.2-eksbuild.7"}, "further_addons": {"adot": {"addon_version": None}}}
    assert not failures(CONTRACT, {**of_eks(addons=addons, kubernetes_version="1.34"), **pinned})
    (found,) = failures(CONTRACT, {**of_eks(addons=addons, kubernetes_version="1.32"), **pinned})
    assert found.path == ("coredns", "addon_version")
    assert found.message.startswith(
        "coredns v1.13.2-eksbuild.7 is for newer Kubernetes versions than 1.32: take v1.11.4"
    )


def test_no_driver_has_more_rights_than_its_own() -> None:
    main = (MODULES / "addons" / "main.tf").read_text(encoding="utf-8")
    assert not re.findall(r'"[a-z0-9]+:\*"|Resource += "\*"', main)
    assert main.count('"aws:SourceAccount"') == main.count('"pods.eks.amazonaws.com"') == 2
    # What the driver did not make, such as the environment's file system, it cannot delete.
    (deletes,) = re.findall(r'"fsx:DeleteFileSystem".*?\n      \},', main, re.DOTALL)
    assert '"aws:ResourceTag/CSIVolumeName" = "false"' in deletes


def test_every_addon_it_knows_needs_nodes() -> None:
    from hp_tf.contract.eks_addons import NEEDING_NODES

    assert set(OWN.values()) <= set(NEEDING_NODES)


def test_of_a_cluster_that_exists_every_table_is_asked() -> None:
    def warned(version: str) -> set[str]:
        return broken(CONTRACT, {**VALUES, "coredns": {"addon_version": version}}, "warning")

    assert not warned("v1.14.2-eksbuild.4") and not warned("v1.10.1-eksbuild.1")
    assert warned("v1.99.0-eksbuild.1") == {"addons-addon-unknown"}


def test_coredns_outlives_the_layer() -> None:
    inputs = AddonsInputs.model_validate({**VALUES, "coredns": {"addon_version": None}})
    assert inputs.coredns.preserve and not inputs.cert_manager.preserve


def test_on_restricted_nodes_the_addons_must_be_told_to_run() -> None:
    beside = {**VALUES, configured_key(RestrictedGroups): {"restricted_instance_groups": [{"name": "nova"}]}}
    assert broken(CONTRACT, beside, "warning") == {"addons-restricted"}
    assert not broken(CONTRACT, {**beside, "restricted_nodes": True}, "warning")
