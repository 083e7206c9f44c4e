from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hp_tf.layers.hyperpod_slurm.contract import CONTRACT
from tests.contract.verdicts import Case, accepted_by_terraform, broken

CONTROLLER: dict[str, Any] = {
    "name": "controller",
    "instance_type": "ml.m5.2xlarge",
    "count": 1,
    "node_type": "Controller",
}
LOGIN: dict[str, Any] = {"name": "login", "instance_type": "ml.m5.xlarge", "count": 1, "node_type": "Login"}
WORKERS: dict[str, Any] = {"name": "workers", "instance_type": "ml.g5.8xlarge", "count": 2}
VALUES: dict[str, Any] = {
    "region": "us-west-2",
    "account_id": "123456789012",
    "partition": "aws",
    "private_subnet_ids": {"usw2-az1": "subnet-0123456789abcdef0"},
    "primary_availability_zone_id": "usw2-az1",
    "security_group_id": "sg-0123456789abcdef0",
    "execution_role_arn": "arn:aws:iam::123456789012:role/nodes",
    "instance_groups": [CONTROLLER, WORKERS],
}
SCRIPTS: dict[str, Any] = {
    "configuration": "scripts",
    "lifecycle_scripts": True,
    "lifecycle_script_uri": "s3://sagemaker-dev/LifecycleScripts/base-config",
    "lifecycle_on_create": "on_create.sh",
}
LUSTRE: dict[str, Any] = {
    "mount_lustre": True,
    "lustre_dns_name": "fs-0123456789abcdef0.fsx.us-west-2.amazonaws.com",
    "lustre_mount_name": "abcdefgh",
}
OPENZFS: dict[str, Any] = {
    "mount_openzfs": True,
    "openzfs_dns_name": "fs-0123456789abcdef1.fsx.us-west-2.amazonaws.com",
}
DATABASE: dict[str, Any] = {
    "accounting": True,
    "database_endpoint": "db.abc.us-west-2.rds.amazonaws.com",
    "database_secret_arn": "arn:aws:secretsmanager:us-west-2:123456789012:secret:db",
    "database_username": "slurm",
}
SHARED = {**SCRIPTS, **LUSTRE, **DATABASE, "failover_topic_arn": "arn:aws:sns:us-west-2:123456789012:failover"}
METRICS: dict[str, Any] = {
    "observability": True,
    "prometheus_endpoint": "https://aps-workspaces.us-west-2.amazonaws.com/workspaces/ws-01234567-89ab",
}
SSSD: dict[str, Any] = {
    "sssd": {"ldap_uri": "ldaps://ldap.example.com", "search_base": "dc=example", "bind_dn": "cn=reader,dc=example"},
    "sssd_password": "hidden",
}


def groups(*found: dict[str, Any]) -> dict[str, Any]:
    return {"instance_groups": list(found)}


def mounts(count: int) -> dict[str, Any]:
    found = [{"dns_name": OPENZFS["openzfs_dns_name"], "mount_path": f"/m{number}"} for number in range(count)]
    return {**LUSTRE, **OPENZFS, **groups(CONTROLLER, {**WORKERS, "fsx_openzfs": found})}


def controllers(count: int) -> dict[str, Any]:
    return groups({**CONTROLLER, "count": count}, WORKERS)


TWO = controllers(2)

CASES = [
    Case("plain", {}, None),
    Case("login", groups(CONTROLLER, LOGIN, WORKERS), None),
    Case("partitions", groups(CONTROLLER, {**WORKERS, "partition": "dev"}, {**WORKERS, "name": "b"}), None),
    Case("live", {"live_cluster": '{"instance_groups": []}'}, None),
    Case("live_text", {"live_cluster": "a"}, "hyperpod_slurm-live-cluster"),
    Case("no_controller", groups(WORKERS), "hyperpod_slurm-controller"),
    Case("two_controllers", groups(CONTROLLER, {**CONTROLLER, "name": "b"}, WORKERS), "hyperpod_slurm-controller"),
    Case("two_logins", groups(CONTROLLER, LOGIN, {**LOGIN, "name": "b"}, WORKERS), "hyperpod_slurm-login"),
    Case("no_compute", groups(CONTROLLER, LOGIN), "hyperpod_slurm-compute"),
    Case("same_names", groups(CONTROLLER, WORKERS, WORKERS), "hyperpod_slurm-group-names"),
    Case(
        "controller_partition",
        groups({**CONTROLLER, "partition": "dev"}, WORKERS),
        "hyperpod_slurm-partition-of-compute",
    ),
    Case("node_type", groups(CONTROLLER, {**WORKERS, "node_type": "Worker"}), "type"),
    Case("several", {**SHARED, **TWO}, None),
    Case("one_with_a_database", SHARED, None),
    Case("two_without_a_database", {**SCRIPTS, **LUSTRE, **TWO}, "hyperpod_slurm-several"),
    Case("two_by_api", TWO, "hyperpod_slurm-several"),
    Case("four", {**SHARED, **controllers(4)}, "hyperpod_slurm-controllers"),
    Case("none", {**SHARED, **controllers(0)}, "hyperpod_slurm-controllers"),
    Case("scripts", SCRIPTS, None),
    Case("scripts_off", {"configuration": "scripts"}, "hyperpod_slurm-scripts"),
    Case("scripts_nowhere", {**SCRIPTS, "lifecycle_script_uri": None}, "hyperpod_slurm-scripts-script"),
    Case("scripts_nameless", {**SCRIPTS, "lifecycle_on_create": None}, "hyperpod_slurm-scripts-on"),
    Case("lustre", LUSTRE, None),
    Case("lustre_nowhere", {**LUSTRE, "lustre_dns_name": None}, "hyperpod_slurm-lustre-dns"),
    Case("lustre_nameless", {**LUSTRE, "lustre_mount_name": None}, "hyperpod_slurm-lustre-mount"),
    Case("lustre_path", {**SCRIPTS, **LUSTRE, "lustre_mount_path": "/data"}, "hyperpod_slurm-lustre-path"),
    Case("openzfs", OPENZFS, None),
    Case("openzfs_nowhere", {"mount_openzfs": True}, "hyperpod_slurm-openzfs-dns"),
    Case("openzfs_path", {**SCRIPTS, **OPENZFS, "openzfs_mount_path": "/data"}, "hyperpod_slurm-openzfs-path"),
    Case("accounting_nowhere_shared", {**SCRIPTS, **DATABASE}, "hyperpod_slurm-shared-directory"),
    Case("accounting_at_home", {**SCRIPTS, **DATABASE, **OPENZFS, "shared_directory": "/home/slurm"}, None),
    Case("accounting_beside", {**SHARED, "shared_directory": "/data"}, "hyperpod_slurm-shared-directory"),
    Case("accounting_at_nobodys_home", {**SHARED, "shared_directory": "/home/a"}, "hyperpod_slurm-shared-directory"),
    Case("metrics", {**SCRIPTS, **METRICS}, None),
    Case("metrics_by_api", METRICS, "hyperpod_slurm-observability"),
    Case("metrics_nowhere", {**SCRIPTS, "observability": True}, "hyperpod_slurm-observability-endpoint"),
    Case("bucket", {**SCRIPTS, "mount_s3_bucket_name": "data"}, None),
    Case("bucket_by_api", {"mount_s3_bucket_name": "data"}, "hyperpod_slurm-scripts-mount-s3-bucket-name"),
    Case("features", {**SCRIPTS, "script_features": {"pam_slurm_adopt": True}}, None),
    Case("features_by_api", {"script_features": {}}, "hyperpod_slurm-scripts-script-features"),
    Case("sssd", {**SCRIPTS, **SSSD}, None),
    Case("sssd_by_api", SSSD, "hyperpod_slurm-scripts-sssd"),
    Case("sssd_open", {**SCRIPTS, **SSSD, "sssd_password": None}, "hyperpod_slurm-sssd-password"),
    Case("sssd_nothing_but_password", {**SCRIPTS, "sssd_password": "hidden"}, "hyperpod_slurm-sssd-password"),
    Case("accounting_by_api", {**DATABASE, "node_provisioning_mode": "Continuous"}, None),
    Case("accounting_by_api_at_once", DATABASE, "hyperpod_slurm-accounting"),
    Case("continuous_by_scripts", {**SCRIPTS, "node_provisioning_mode": "Continuous"}, "hyperpod_slurm-continuous"),
    Case("accounting_nowhere", {**SHARED, "database_endpoint": None}, "hyperpod_slurm-accounting-endpoint"),
    Case("accounting_open", {**SHARED, "database_secret_arn": None}, "hyperpod_slurm-accounting-secret"),
    Case("accounting_nobody", {**SHARED, "database_username": None}, "hyperpod_slurm-accounting-username"),
    Case("storage", mounts(1), None),
    Case("storage_more", mounts(2), "hyperpod_slurm-storage"),
]
# The module of awscc's leaves forms within groups to the provider.
FORMS = [
    groups(CONTROLLER, {**WORKERS, "partition": "ml.g5"}),
    groups(CONTROLLER, {**WORKERS, "labels": {"a": "b"}}),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rules(case: Case) -> None:
    found = broken(CONTRACT, {**VALUES, **case.change})
    assert case.broken in found if case.broken else not found


@pytest.mark.parametrize("change", FORMS)
def test_what_slurm_has_not_is_refused(change: dict[str, Any]) -> None:
    assert broken(CONTRACT, {**VALUES, **change}) == {"type"}


def test_every_rule_of_slurm_has_a_case() -> None:
    # The others are those of every cluster, which the tests of hyperpod try.
    shared = (
        *("-region", "-partition", "-role-here", "-primary-subnet", "-security-groups-distinct", "-tag-own"),
        *("-cluster-subnets", "-cluster-zones"),
    )
    # And those of closed networks, which tests/layers/endpoints has.
    tried = {case.broken for case in CASES} | {"hyperpod_slurm-ways"}
    for rule in CONTRACT.rules:
        if rule.level == "error" and not rule.id.startswith("hyperpod_slurm-group-"):
            assert rule.id in tried or rule.id.endswith(shared), rule.id


def test_a_small_controller_of_many_nodes_is_a_warning() -> None:
    small = {**CONTROLLER, "instance_type": "ml.t3.medium"}
    many = {**VALUES, **groups(small, {**WORKERS, "count": 33})}
    assert broken(CONTRACT, many, level="warning") == {"hyperpod_slurm-small-controller"}
    assert not broken(CONTRACT, {**VALUES, **groups(small, WORKERS)}, level="warning")


@pytest.mark.slow
def test_terraform_says_the_same(tmp_path: Path) -> None:
    verdicts = accepted_by_terraform(CONTRACT, {case.name: {**VALUES, **case.change} for case in CASES}, tmp_path)
    assert verdicts == {case.name: case.broken is None for case in CASES}
