"""hptf's own contracts in whole files: warnings, and what one layer learns from another's inputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.findings import Severity
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.report import summary
from tests.environment.samples import read, wrong

ONE_ZONE = """\
orchestrator: eks
name: dev
aws: {region: us-west-2, account_id: "123456789012"}
layers:
  network: {availability_zone_ids: [usw2-az1]}
  eks: {availability_zone_ids: [usw2-az1, usw2-az2]}
"""
KEY = "arn:aws:kms:us-west-2:123456789012:key/"


def test_a_warning_refuses_nothing_and_has_its_place(tmp_path: Path) -> None:
    text = ONE_ZONE + "  hyperpod:\n    instance_groups:\n    - {name: a, instance_type: ml.g5.xlarge, count: 1}\n"
    environment, wiring = read(tmp_path, text, CONTRACTS)
    (warning,) = environment.warnings
    assert warning.location is not None
    assert (warning.location.line, warning.location.column) == (9, 32)
    assert warning.message.endswith("fewer than the add-ons need: ml.g5.xlarge 14")
    assert (warning.code.name, warning.severity) == ("hyperpod-group-pods", Severity.NOTE)
    assert f"\nwarning: {warning} (hyperpod-group-pods)" in summary.environment(environment, wiring)


def test_five_zones_need_a_larger_quota(tmp_path: Path) -> None:
    zones = ", ".join(f"usw2-az{number}" for number in range(1, 6))
    text = ONE_ZONE.replace("[usw2-az1]}", f"[{zones}], primary_availability_zone_id: usw2-az1}}")
    text += "  hyperpod: {instance_groups: [{name: a, instance_type: ml.m5.large, count: 1}]}\n"
    environment, _ = read(tmp_path, text, CONTRACTS)
    assert [warning.code.name for warning in environment.warnings] == ["network-zones-quota"]


def test_the_nodes_role_knows_every_group_and_key_of_the_file(tmp_path: Path) -> None:
    text = ONE_ZONE + (
        f"  storage: {{kms_key_arn: '{KEY}bucket'}}\n"
        "  hyperpod:\n"
        "    additional_security_group_ids: [sg-0123456789abcdef1]\n"
        "    instance_groups:\n"
        f"    - {{name: a, instance_type: ml.m5.large, count: 1, volume_kms_key_arn: '{KEY}a',\n"
        f"       root_volume_kms_key_arn: '{KEY}root', security_group_ids: [sg-0123456789abcdef2]}}\n"
        f"    - {{name: b, instance_type: ml.m5.large, count: 1, volume_kms_key_arn: '{KEY}a',\n"
        "       security_group_ids: [sg-0123456789abcdef1]}\n"
    )
    _, wiring = read(tmp_path, text, CONTRACTS)
    iam = wiring.bindings["iam"]
    assert iam["additional_security_group_ids"].value == ["sg-0123456789abcdef1", "sg-0123456789abcdef2"]
    assert iam["volume_kms_key_arns"].value == [f"{KEY}a", f"{KEY}root"]
    assert iam["bucket_kms_key_arn"].value == f"{KEY}bucket"
    assert {iam[name].kind for name in ("additional_security_group_ids", "volume_kms_key_arns")} == {"configured"}


def test_the_nodes_role_reads_the_scripts_of_other_buckets(tmp_path: Path) -> None:
    group = "{name: a, instance_type: ml.m5.large, count: 1, lifecycle_script_uri: 's3://acme-gpu/x'}"
    _, wiring = read(tmp_path, f"{ONE_ZONE}  hyperpod: {{instance_groups: [{group}]}}\n", CONTRACTS)
    assert wiring.bindings["iam"]["lifecycle_script_uris"].value == ["s3://acme-gpu/x"]
    text = f"{ONE_ZONE}  hyperpod: {{lifecycle_script_uri: 's3://acme-all', instance_groups: [{group}]}}\n"
    _, wiring = read(tmp_path, text, CONTRACTS)
    assert wiring.bindings["iam"]["lifecycle_script_uris"].value == ["s3://acme-all", "s3://acme-gpu/x"]


def test_the_nodes_role_reads_the_scripts_of_a_storage_that_exists(tmp_path: Path) -> None:
    existing = "{bucket_name: acme-data, lifecycle_script_uri: 's3://acme-scripts', lifecycle_on_create: a.sh}"
    text = ONE_ZONE + f"  storage: {{existing: {existing}}}\n"
    text += "  hyperpod: {instance_groups: [{name: a, instance_type: ml.m5.large, count: 1}]}\n"
    _, wiring = read(tmp_path, text, CONTRACTS)
    assert wiring.bindings["iam"]["lifecycle_script_uris"].value == ["s3://acme-scripts"]


def test_without_any_the_role_has_its_defaults(tmp_path: Path) -> None:
    text = ONE_ZONE + "  hyperpod: {instance_groups: [{name: a, instance_type: ml.m5.large, count: 1}]}\n"
    _, wiring = read(tmp_path, text, CONTRACTS)
    assert wiring.bindings["iam"]["additional_security_group_ids"].kind == "default"
    assert wiring.bindings["iam"]["volume_kms_key_arns"].kind == "default"
    # By wire the scripts are in storage's bucket, which the role knows anyway.
    assert wiring.bindings["iam"]["lifecycle_script_uris"].kind == "default"


def test_a_group_cannot_have_checks_the_chart_does_not_allow(tmp_path: Path) -> None:
    text = ONE_ZONE + (
        "  helm: {deep_health_check: false}\n"
        "  hyperpod:\n    instance_groups:\n"
        "    - {name: a, instance_type: ml.g5.8xlarge, count: 1, deep_health_checks: [InstanceStress]}\n"
    )
    (problem,) = wrong(tmp_path, text, CONTRACTS)
    assert problem.message.startswith("layers.hyperpod.instance_groups[0].deep_health_checks: ")
    assert "helm.deep_health_check true" in problem.message


def test_a_group_mounts_the_environments_file_system_where_it_names_none(tmp_path: Path) -> None:
    group = "{name: a, instance_type: ml.m5.large, count: 1"
    plain, shared = (f"  hyperpod: {{instance_groups: [{group}{mount}}}]}}\n" for mount in ("", ", fsx_lustre: [{}]"))
    other = plain.replace("}]}", ", fsx_lustre: [{dns_name: fs-0123456789abcdef0.fsx.local, mount_name: a}]}]}")
    for text in (plain, other):
        _, found = read(tmp_path, ONE_ZONE + text, CONTRACTS)
        assert found.bindings["hyperpod"]["lustre_dns_name"].kind == "default"
        assert "fsx" not in found.producers("hyperpod")
    _, wanted = read(tmp_path, ONE_ZONE + shared, CONTRACTS)
    assert {wanted.bindings["hyperpod"][name].kind for name in ("lustre_dns_name", "lustre_mount_name")} == {"wire"}
    assert wanted.order.index("fsx") < wanted.order.index("hyperpod")
    (problem,) = wrong(tmp_path, ONE_ZONE + "  fsx: {enabled: false}\n" + shared, CONTRACTS)
    assert "is the environment's file system, and there is none" in problem.message


@pytest.mark.parametrize("mounts", ["many", "[many]", "[1]", "{a: b}", "[null]"])
def test_mounts_that_are_none_are_only_that_wrong(tmp_path: Path, mounts: str) -> None:
    group = f"{{name: a, instance_type: ml.m5.large, count: 1, fsx_lustre: {mounts}}}"
    assert wrong(tmp_path, ONE_ZONE + f"  hyperpod: {{instance_groups: [{group}]}}\n", CONTRACTS)
    assert wrong(tmp_path, ONE_ZONE + f"  hyperpod: {{instance_groups: {mounts}}}\n", CONTRACTS)
    assert wrong(tmp_path, ONE_ZONE + f"  addons: {{enabled: true, lustre_volumes: {mounts}}}\n", CONTRACTS)


def test_groups_that_are_no_list_are_only_that_wrong(tmp_path: Path) -> None:
    (problem,) = wrong(tmp_path, ONE_ZONE + "  hyperpod: {instance_groups: many}\n", CONTRACTS)
    assert "instance_groups must be a list" in problem.message


def test_a_layer_has_what_others_read_of_it_by_its_roles() -> None:
    lacking = [
        f"{contract.name}.{name}"
        for contract in CONTRACTS.values()
        for role in contract.provides
        for names, fields in ((role.inputs, contract.inputs), (role.outputs, contract.outputs))
        for name in names
        if name not in fields.model_fields
    ]
    assert lacking == []
