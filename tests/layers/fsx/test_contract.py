from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hp_tf.layers.fsx.contract import CONTRACT
from tests.contract.verdicts import Case, accepted_by_terraform, broken

VALUES: dict[str, Any] = {
    "name": "dev",
    "region": "us-west-2",
    "account_id": "123456789012",
    "private_subnet_ids": {"usw2-az1": "subnet-0123456789abcdef0", "usw2-az2": "subnet-0123456789abcdef1"},
    "primary_availability_zone_id": "usw2-az1",
    "security_group_id": "sg-0123456789abcdef0",
}
HDD = {"deployment_type": "PERSISTENT_1", "storage_type": "HDD", "drive_cache_type": "READ"}
CAPACITY = {"storage_capacity_gib": 6000}
SCRATCH = {"deployment_type": "SCRATCH_2"}
TIERED: dict[str, Any] = {
    "storage_type": "INTELLIGENT_TIERING",
    "storage_capacity_gib": None,
    "throughput_capacity_mbps": 8000,
    "data_read_cache": {},
}
OWN_SIZE = {"sizing_mode": "USER_PROVISIONED"}
OWN_IOPS = {"mode": "USER_PROVISIONED"}
METADATA: dict[str, Any] = {"metadata_configuration": {}}
KEY = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"

LOGS = "arn:aws:logs:us-west-2:123456789012:log-group:/aws/fsx/dev"
IMPORT = {"deployment_type": "PERSISTENT_1", "import_path": "s3://acme/data"}


def squash(owner: str, *nids: str) -> dict[str, Any]:
    return {"root_squash_configuration": {"root_squash": owner, "no_squash_nids": list(nids)}}


CASES = [
    Case("import", IMPORT, None),
    Case("import_and_backups", {**IMPORT, "automatic_backup_retention_days": 1}, "fsx-import-backups"),
    Case("import_and_last_backup", {**IMPORT, "skip_final_backup": False}, "fsx-import-backups"),
    Case("import_and_tags", {**IMPORT, "copy_tags_to_backups": True}, "fsx-import-backups"),
    Case("export", {**IMPORT, "export_path": "s3://acme/results"}, None),
    Case("export_elsewhere", {**IMPORT, "export_path": "s3://acme-results/x"}, "fsx-export-bucket"),
    Case("squash", squash("65534:65534", "10.0.1.6@tcp", "10.0.[2-10].[1-255]@tcp"), None),
    Case("squash_off", squash("0:0"), None),
    Case("squash_half", squash("0:5"), "type"),
    Case("squash_largest", squash("4294967294:1"), None),
    Case("squash_too_large", squash("1:4294967295"), "fsx-squash-ids"),
    Case("nid_star", squash("1:1", "10.0.1.*@tcp"), "type"),
    Case("nid_list", squash("1:1", "10.0.1.[1,2]@tcp"), "type"),
    Case("nid_octet", squash("1:1", "10.0.1.256@tcp"), "type"),
    Case("nid_range", squash("1:1", "10.0.1.[1-999]@tcp"), "type"),
    Case("key_elsewhere", {"kms_key_arn": KEY.replace("us-west-2", "us-east-1")}, "fsx-kms-key-region"),
    Case("logs", {"log_level": "WARN_ONLY", "log_destination_arn": LOGS}, None),
    Case(
        "logs_of_another_region",
        {"log_level": "WARN_ONLY", "log_destination_arn": LOGS.replace("us-west-2", "us-east-1")},
        "fsx-log-destination-here",
    ),
    Case(
        "logs_of_another_account",
        {"log_level": "WARN_ONLY", "log_destination_arn": LOGS.replace("123456789012", "210987654321")},
        "fsx-log-destination-here",
    ),
    Case("primary_without_subnet", {"primary_availability_zone_id": "usw2-az3"}, "fsx-primary-has-subnet"),
    Case(
        "primary_without_subnet_nor_need",
        {"primary_availability_zone_id": "usw2-az3", "availability_zone_id": "usw2-az2"},
        None,
    ),
    Case("old_lustre", {"file_system_type_version": "2.10"}, "fsx-version"),
    Case("plain", {}, None),
    Case("zone", {"availability_zone_id": "usw2-az2"}, None),
    Case("zone_without_subnet", {"availability_zone_id": "usw2-az3"}, "fsx-zone-has-subnet"),
    Case("capacity_2400", {"storage_capacity_gib": 2400}, None),
    Case("capacity_3600", {"storage_capacity_gib": 3600}, "fsx-capacity-ssd"),
    Case("capacity_none", {"storage_capacity_gib": None}, "fsx-capacity-given"),
    Case("capacity_of_backup", {"storage_capacity_gib": None, "backup_id": "backup-0123456789abcdef0"}, None),
    Case("scratch_2", SCRATCH, None),
    Case("scratch_1_3600", {"deployment_type": "SCRATCH_1", "storage_capacity_gib": 3600}, None),
    Case("scratch_1_4800", {"deployment_type": "SCRATCH_1", "storage_capacity_gib": 4800}, "fsx-capacity-scratch-1"),
    Case("scratch_throughput", {**SCRATCH, "per_unit_storage_throughput": 200}, "fsx-throughput-none"),
    Case("scratch_backups", {**SCRATCH, "automatic_backup_retention_days": 1}, "fsx-backups-scratch"),
    Case("scratch_key", {**SCRATCH, "kms_key_arn": KEY}, "fsx-scratch-extras"),
    Case("throughput_1000", {"per_unit_storage_throughput": 1000}, None),
    Case("throughput_200", {"per_unit_storage_throughput": 200}, "fsx-throughput-persistent-2"),
    Case("persistent_1", {"deployment_type": "PERSISTENT_1", "per_unit_storage_throughput": 200}, None),
    Case(
        "persistent_1_250",
        {"deployment_type": "PERSISTENT_1", "per_unit_storage_throughput": 250},
        "fsx-throughput-persistent-1",
    ),
    Case("hdd_12", {**HDD, "storage_capacity_gib": 6000}, None),
    Case("hdd_12_1800", {**HDD, "storage_capacity_gib": 1800}, "fsx-capacity-hdd-12"),
    Case("hdd_40", {**HDD, "storage_capacity_gib": 1800, "per_unit_storage_throughput": 40}, None),
    Case("hdd_40_6000", {**HDD, **CAPACITY, "per_unit_storage_throughput": 40}, "fsx-capacity-hdd-40"),
    Case("hdd_50", {**HDD, "storage_capacity_gib": 6000, "per_unit_storage_throughput": 50}, "fsx-throughput-hdd"),
    Case("hdd_new", {"storage_type": "HDD", "drive_cache_type": "NONE", "storage_capacity_gib": 6000}, "fsx-hdd"),
    Case("hdd_without_cache", {**HDD, "storage_capacity_gib": 6000, "drive_cache_type": None}, "fsx-drive-cache"),
    Case("cache_on_ssd", {"drive_cache_type": "READ"}, "fsx-drive-cache"),
    Case("tiered", TIERED, None),
    Case("tiered_old", {**TIERED, "deployment_type": "PERSISTENT_1"}, "fsx-tiering"),
    Case("tiered_capacity", {**TIERED, "storage_capacity_gib": 1200}, "fsx-capacity-tiering"),
    Case("tiered_throughput", {**TIERED, "throughput_capacity_mbps": 5000}, "fsx-tiering-throughput"),
    Case("tiered_per_unit", {**TIERED, "per_unit_storage_throughput": 250}, "fsx-throughput-none"),
    Case("tiered_without_cache", {**TIERED, "data_read_cache": None}, "fsx-read-cache"),
    Case("tiered_cache_size", {**TIERED, "data_read_cache": {"size_gib": 64}}, "fsx-read-cache-size"),
    Case("cache_size", {**TIERED, "data_read_cache": {"sizing_mode": "USER_PROVISIONED", "size_gib": 64}}, None),
    Case(
        "cache_size_small",
        {**TIERED, "data_read_cache": {"sizing_mode": "USER_PROVISIONED", "size_gib": 32}},
        "fsx-read-cache-throughput",
    ),
    Case("cache_size_large", {**TIERED, "data_read_cache": {**OWN_SIZE, "size_gib": 262144}}, None),
    Case(
        "cache_size_too_large",
        {**TIERED, "data_read_cache": {**OWN_SIZE, "size_gib": 262145}},
        "fsx-read-cache-throughput",
    ),
    Case("tiered_metadata", {**TIERED, "metadata_configuration": {**OWN_IOPS, "iops": 12000}}, None),
    Case("tiered_metadata_automatic", {**TIERED, **METADATA}, "fsx-metadata-tiering"),
    Case(
        "tiered_metadata_iops",
        {**TIERED, "metadata_configuration": {**OWN_IOPS, "iops": 24000}},
        "fsx-metadata-tiering",
    ),
    Case("version_2_12", {"file_system_type_version": "2.12"}, None),
    Case("version_2_12_metadata", {**METADATA, "file_system_type_version": "2.12"}, "fsx-version-metadata"),
    Case("read_cache_on_ssd", {"data_read_cache": {}}, "fsx-read-cache"),
    Case("throughput_on_ssd", {"throughput_capacity_mbps": 4000}, "fsx-throughput-capacity-tiering"),
    Case("version_2_10", {"file_system_type_version": "2.10"}, "fsx-version"),
    Case("version_2_10_scratch", {**SCRATCH, "file_system_type_version": "2.10"}, None),
    Case("metadata", METADATA, None),
    Case("metadata_scratch", {**SCRATCH, **METADATA}, "fsx-metadata-type"),
    Case("metadata_iops", {"metadata_configuration": {"mode": "USER_PROVISIONED", "iops": 24000}}, None),
    Case(
        "metadata_iops_2000",
        {"metadata_configuration": {**OWN_IOPS, "iops": 2000}},
        "fsx-metadata-iops",
    ),
    Case(
        "metadata_too_few",
        {"storage_capacity_gib": 2400, "metadata_configuration": {**OWN_IOPS, "iops": 1500}},
        "fsx-metadata-iops-capacity",
    ),
    Case(
        "metadata_enough",
        {"storage_capacity_gib": 45600, "metadata_configuration": {**OWN_IOPS, "iops": 12000}},
        None,
    ),
    Case(
        "metadata_next_step",
        {"storage_capacity_gib": 48000, "metadata_configuration": {**OWN_IOPS, "iops": 12000}},
        "fsx-metadata-iops-capacity",
    ),
    Case("metadata_automatic_iops", {"metadata_configuration": {"iops": 1500}}, "fsx-metadata-iops"),
    Case("efa", {**METADATA, "efa_enabled": True, "storage_capacity_gib": 19200}, None),
    Case("efa_small", {**METADATA, "efa_enabled": True}, "fsx-efa-capacity-250"),
    Case(
        "efa_fast",
        {**METADATA, "efa_enabled": True, "storage_capacity_gib": 4800, "per_unit_storage_throughput": 1000},
        None,
    ),
    Case("efa_without_metadata", {"efa_enabled": True, "storage_capacity_gib": 19200}, "fsx-efa"),
    Case("backups", {"automatic_backup_retention_days": 7, "daily_automatic_backup_start_time": "05:30"}, None),
    Case("backup_time", {"daily_automatic_backup_start_time": "05:30"}, "fsx-backup-time"),
    Case("backup_hour", {"automatic_backup_retention_days": 7, "daily_automatic_backup_start_time": "25:00"}, "type"),
    Case("maintenance", {"weekly_maintenance_start_time": "7:05:30"}, None),
    Case("maintenance_day", {"weekly_maintenance_start_time": "8:05:30"}, "type"),
    Case("final_tags", {"final_backup_tags": {"a": "b"}}, None),
    Case("final_tags_of_nothing", {"final_backup_tags": {"a": "b"}, "skip_final_backup": True}, "fsx-final-tags"),
    Case(
        "squash",
        {"root_squash_configuration": {"root_squash": "1:1", "no_squash_nids": ["10.0.1.6@tcp"]}},
        None,
    ),
    Case("squash_name", {"root_squash_configuration": {"root_squash": "nobody"}}, "type"),
    Case("log", {"log_level": "WARN_ERROR"}, None),
    Case(
        "log_destination",
        {"log_destination_arn": "arn:aws:logs:us-west-2:123456789012:log-group:/aws/fsx/dev"},
        "fsx-log-destination",
    ),
    Case("import", {**SCRATCH, "import_path": "s3://acme-data/in", "auto_import_policy": "NEW"}, None),
    Case("import_new", {"import_path": "s3://acme-data"}, "fsx-import-type"),
    Case("export_alone", {**SCRATCH, "export_path": "s3://acme-data"}, "fsx-import-extras"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rules(case: Case) -> None:
    found = broken(CONTRACT, {**VALUES, **case.change})
    assert case.broken in found if case.broken else not found


@pytest.mark.slow
def test_terraform_says_the_same(tmp_path: Path) -> None:
    verdicts = accepted_by_terraform(CONTRACT, {case.name: {**VALUES, **case.change} for case in CASES}, tmp_path)
    assert verdicts == {case.name: case.broken is None for case in CASES}


def test_every_rule_has_a_case() -> None:
    # The steps with EFA differ by a number only.
    untried = {rule.id for rule in CONTRACT.rules if rule.level == "error"} - {case.broken for case in CASES}
    assert untried == {"fsx-efa-capacity-125", "fsx-efa-capacity-500", "fsx-efa-capacity-1000"}
