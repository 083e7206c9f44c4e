from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hp_tf.contract.lookup import Unfit
from hp_tf.emulator.services.fsx_rules import OPENZFS_THROUGHPUT
from hp_tf.layers.openzfs.contract import CONTRACT
from tests.contract.verdicts import Case, accepted_by_terraform, broken

VALUES: dict[str, Any] = {
    "name": "dev",
    "private_subnet_ids": {"usw2-az1": "subnet-0123456789abcdef0", "usw2-az2": "subnet-0123456789abcdef1"},
    "private_route_table_ids": {"usw2-az1": "rtb-0123456789abcdef0", "usw2-az2": "rtb-0123456789abcdef1"},
    "primary_availability_zone_id": "usw2-az1",
    "security_group_id": "sg-0123456789abcdef0",
}
MULTI = {"deployment_type": "MULTI_AZ_1", "standby_availability_zone_id": "usw2-az2"}
FIRST = {"deployment_type": "SINGLE_AZ_1"}

CASES = [
    Case("plain", {}, None),
    Case("multi", {**MULTI, "endpoint_ip_address_range": "10.9.0.0/24"}, None),
    Case("multi_without_standby", {"deployment_type": "MULTI_AZ_1"}, "openzfs-standby"),
    Case("single_with_standby", {"standby_availability_zone_id": "usw2-az2"}, "openzfs-standby"),
    Case("standby_here", {**MULTI, "standby_availability_zone_id": "usw2-az1"}, "openzfs-standby-zone"),
    Case("standby_nowhere", {**MULTI, "standby_availability_zone_id": "usw2-az3"}, "openzfs-standby-zone"),
    Case("zone_nowhere", {"availability_zone_id": "usw2-az3"}, "openzfs-zone"),
    Case("range", {"endpoint_ip_address_range": "10.9.0.0/24"}, "openzfs-address-range"),
    Case("first", {**FIRST, "throughput_capacity_mbps": 64}, None),
    Case("first_160", FIRST, "openzfs-throughput-first"),
    Case("second_64", {"throughput_capacity_mbps": 64}, "openzfs-throughput-second"),
    Case("iops", {"disk_iops": 300, "storage_capacity_gib": 100}, None),
    Case("iops_few", {"disk_iops": 299, "storage_capacity_gib": 100}, "openzfs-iops"),
    Case("small", {"storage_capacity_gib": 63}, "type"),
    Case("backup_time", {"daily_automatic_backup_start_time": "05:30"}, "openzfs-backup-time"),
    Case("final_tags", {"final_backup_tags": {"a": "b"}, "skip_final_backup": True}, "openzfs-final-tags"),
    Case("clients", {"nfs_clients": "10.0.0.0/16", "nfs_options": ["ro", "anonuid=1000"]}, None),
    Case("options", {"nfs_options": ["rw,sync"]}, "type"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rules(case: Case) -> None:
    assert broken(CONTRACT, {**VALUES, **case.change}) == ({case.broken} if case.broken else set())


def test_every_rule_has_a_case() -> None:
    assert {rule.id for rule in CONTRACT.rules} <= {case.broken for case in CASES}


@pytest.mark.parametrize(("kind", "allowed"), OPENZFS_THROUGHPUT.items())
def test_throughput_is_what_the_service_takes(kind: str, allowed: tuple[int, ...]) -> None:
    standby = MULTI if kind == "MULTI_AZ_1" else {}
    sizes = {size for values in OPENZFS_THROUGHPUT.values() for size in values}
    taken = {
        size
        for size in sizes
        if not broken(CONTRACT, VALUES | standby | {"deployment_type": kind, "throughput_capacity_mbps": size})
    }
    assert taken == set(allowed)


def test_a_lustre_file_system_is_not_taken_for_one() -> None:
    class Client:
        def describe_file_systems(self, **_: Any) -> dict[str, Any]:
            return {"FileSystems": [{"FileSystemType": "LUSTRE"}]}

    class Clients:
        def client(self, name: str) -> Any:
            return Client()

    assert CONTRACT.lookup is not None
    with pytest.raises(Unfit, match="LUSTRE, not OpenZFS"):
        CONTRACT.lookup.find(Clients(), {"file_system_id": "fs-0123456789abcdef0"})


@pytest.mark.slow
def test_terraform_says_the_same(tmp_path: Path) -> None:
    verdicts = accepted_by_terraform(CONTRACT, {case.name: {**VALUES, **case.change} for case in CASES}, tmp_path)
    assert verdicts == {case.name: case.broken is None for case in CASES}
