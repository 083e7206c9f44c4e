from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.layers.evaluation import arguments, evaluate
from tests.layers.fsx.test_contract import CAPACITY, HDD, SCRATCH, TIERED, VALUES

pytestmark = [pytest.mark.slow, pytest.mark.synth]
ADDRESS = "aws_fsx_lustre_file_system.this"


def planned(change: dict[str, Any], folder: Path, *names: str) -> dict[str, Any]:
    wanted = {name: arguments("fsx", ADDRESS)[name] for name in names}
    return evaluate("fsx", {**VALUES, **change}, wanted, folder)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, 250),
        ({"per_unit_storage_throughput": 1000}, 1000),
        ({"deployment_type": "PERSISTENT_1"}, 200),
        ({**HDD, **CAPACITY}, 12),
        (SCRATCH, None),
        (TIERED, None),
    ],
)
def test_throughput_where_there_is_one(change: dict[str, Any], expected: int | None, tmp_path: Path) -> None:
    assert planned(change, tmp_path, "per_unit_storage_throughput") == {"per_unit_storage_throughput": expected}


@pytest.mark.parametrize(
    ("zone", "subnet"), [(None, "subnet-0123456789abcdef0"), ("usw2-az2", "subnet-0123456789abcdef1")]
)
def test_the_zone(zone: str | None, subnet: str, tmp_path: Path) -> None:
    assert planned({"availability_zone_id": zone}, tmp_path, "subnet_ids") == {"subnet_ids": [subnet]}


def test_scratch_has_no_words_about_backups(tmp_path: Path) -> None:
    names = ("automatic_backup_retention_days", "copy_tags_to_backups", "kms_key_id")
    assert planned(SCRATCH, tmp_path, *names) == dict.fromkeys(names)


def test_every_argument_of_the_resource_is_used() -> None:
    used = set(arguments("fsx", ADDRESS)) | set(arguments("fsx", ADDRESS)["dynamic"])
    assert used >= {
        "auto_import_policy",
        "automatic_backup_retention_days",
        "backup_id",
        "copy_tags_to_backups",
        "daily_automatic_backup_start_time",
        "data_compression_type",
        "data_read_cache_configuration",
        "deployment_type",
        "drive_cache_type",
        "efa_enabled",
        "export_path",
        "file_system_type_version",
        "final_backup_tags",
        "import_path",
        "imported_file_chunk_size",
        "kms_key_id",
        "log_configuration",
        "metadata_configuration",
        "per_unit_storage_throughput",
        "root_squash_configuration",
        "security_group_ids",
        "skip_final_backup",
        "storage_capacity",
        "storage_type",
        "subnet_ids",
        "tags",
        "throughput_capacity",
        "weekly_maintenance_start_time",
    }
