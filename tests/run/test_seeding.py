"""What exists by a whole file, and what is said when it is made."""

from __future__ import annotations

import io
import json
import urllib.error
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hp_tf.emulator import daemon
from hp_tf.environment.model import Environment
from hp_tf.environment.wiring import Wiring, resolve
from hp_tf.errors import HptfError
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.run import seeding
from tests.environment.samples import read

HEAD = """\
orchestrator: eks
name: dev
aws: {region: us-west-2, account_id: "123456789012"}
layers:
"""
ZONES = "availability_zone_ids: [usw2-az1, usw2-az2]"
PLAIN = {
    "network": f"{{{ZONES}, primary_availability_zone_id: usw2-az1}}",
    "eks": f"{{{ZONES}}}",
    "hyperpod": "{instance_groups: [{name: a, instance_type: ml.m5.large, count: 1}]}",
}
ROLE = "arn:aws:iam::123456789012:role/"


def read_layers(folder: Path, **layers: str) -> tuple[Environment, Wiring]:
    """Return an environment of the plain layers, some of them other ones."""
    lines = "".join(f"  {name}: {text}\n" for name, text in {**PLAIN, **layers}.items())
    return read(folder, HEAD + lines, CONTRACTS)


def kinds(folder: Path, **layers: str) -> dict[str, dict[str, Any]]:
    """Return what exists by a file: kind -> id -> facts."""
    found: dict[str, dict[str, Any]] = {}
    for item in seeding.find(*read_layers(folder, **layers), CONTRACTS):
        found.setdefault(item.kind, {})[item.id] = dict(item.facts)
    return found


def test_a_file_that_reuses_nothing_names_nothing(tmp_path: Path) -> None:
    assert seeding.find(*read_layers(tmp_path), CONTRACTS) == []


def test_a_given_vpc_has_the_files_blocks_and_room_for_what_is_made(tmp_path: Path) -> None:
    network = (
        f"{{{ZONES}, primary_availability_zone_id: usw2-az1, create_vpc: false, vpc_id: vpc-01234567, "
        "vpc_cidr: 10.1.0.0/16, further_vpc_cidrs: {corporate: 10.2.0.0/16}, public_subnets: false, nat: existing, "
        "nat_gateway_ids: {usw2-az1: nat-01234567}, associate_private_cidrs: false, "
        "private_subnet_cidrs: {usw2-az1: 10.1.0.0/20, usw2-az2: 10.3.0.0/20}}"
    )
    found = kinds(tmp_path, network=network)
    assert found["vpc"] == {"vpc-01234567": {"blocks": ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/20"]}}
    assert found["nat_gateway"] == {"nat-01234567": {"zone": "usw2-az1"}}
    assert {"10.1.0.0/20", "10.3.0.0/20"} <= found["reserved"].keys()


def test_an_existing_network_has_subnets_in_the_zones_it_is_given_by_and_routes(tmp_path: Path) -> None:
    network = (
        "{existing: {vpc_id: vpc-01234567, vpc_cidr_blocks: {primary: 10.1.0.0/16, usw2-az2: 10.2.0.0/16}, "
        "private_subnet_ids: {usw2-az1: subnet-01234567, usw2-az2: subnet-11234567}, "
        "private_route_table_ids: {usw2-az1: rtb-01234567, usw2-az2: rtb-01234567}, "
        "primary_availability_zone_id: usw2-az1}}"
    )
    found = kinds(tmp_path, network=network)
    assert found["subnet"]["subnet-01234567"] == {"zone": "usw2-az1"}
    assert found["subnet"]["subnet-11234567"] == {"zone": "usw2-az2", "block": "10.2.0.0/16"}
    (gateway,) = found["nat_gateway"]
    assert found["route_table"] == {
        "rtb-01234567": {"subnets": ["subnet-01234567", "subnet-11234567"], "nat_gateway": gateway}
    }


def test_the_group_of_an_existing_cluster_has_the_rules_the_file_says_it_has(tmp_path: Path) -> None:
    found = kinds(
        tmp_path,
        network="{existing: {vpc_id: vpc-01234567, private_subnet_ids: {usw2-az1: subnet-01234567}, "
        "primary_availability_zone_id: usw2-az1}}",
        security="{create_security_group: false, present_rules: [egress_self]}",
        eks="{existing: {cluster_name: shared}}",
    )
    ((group, facts),) = found["security_group"].items()
    assert facts["rules"] == [{"egress": True, "protocol": "-1"}]
    assert facts["cluster"] == "shared"
    assert found["eks_cluster"]["shared"]["security_group"] == group


def test_what_the_environment_makes_itself_is_not_there_before(tmp_path: Path) -> None:
    entries = f"access_entries: {{nodes: {{principal_arn: '{ROLE}dev-hyperpod-us-west-2'}}, "
    entries += f"admins: {{principal_arn: '{ROLE}admins'}}}}"
    scripts = "https://sagemaker-dev-123456789012-us-west-2.s3.us-west-2.amazonaws.com/own"
    hyperpod = PLAIN["hyperpod"].replace(
        "{name: a", f"{{lifecycle_script_uri: '{scripts}', lifecycle_on_create: a.sh, name: a"
    )
    found = kinds(tmp_path, eks=f"{{{ZONES}, {entries}}}", hyperpod=hyperpod)
    assert found["role"].keys() == {f"{ROLE}admins"}
    assert "script" not in found


def test_the_address_of_a_real_cluster_is_not_followed(tmp_path: Path) -> None:
    environment, wiring = read_layers(
        tmp_path,
        eks="{existing: {cluster_name: shared, cluster_endpoint: 'https://real', cluster_certificate_authority: aa, "
        "vpc_id: vpc-01234567}}",
        network=f"{{{ZONES}, primary_availability_zone_id: usw2-az1, create_vpc: false, vpc_id: vpc-01234567, "
        "public_subnets: false, nat: existing, nat_gateway_ids: {usw2-az1: nat-01234567}}",
        security="{create_security_group: false, present_rules: []}",
    )
    emulated = seeding.emulated(environment, wiring)
    assert emulated.layers["eks"].existing == {"cluster_name": "shared", "vpc_id": "vpc-01234567"}
    assert resolve(emulated, CONTRACTS).kubernetes["host"].kind == "lookup"
    assert environment.layers["eks"].existing["cluster_endpoint"] == "https://real"


STORAGE = "{create_bucket: false, bucket_name: acme, upload_lifecycle_scripts: false}"


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, call: Any, upstream: str | None = None) -> list[str]:
    """Seed a file with a given bucket in an emulator whose routes are ``call``; return what was said."""
    said: list[str] = []
    monkeypatch.setattr(daemon, "status", lambda directory: SimpleNamespace(call=call, upstream=upstream))
    target: Any = SimpleNamespace(emulator=folder)
    seeding.seed(*read_layers(folder, storage=STORAGE), CONTRACTS, target, said.append)
    return said


def test_what_is_made_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def call(method: str, path: str, body: dict[str, Any], *, seconds: float) -> Any:
        made = [{"kind": item["kind"], "id": item["id"]} for item in body["seeds"] if item["kind"] != "reserved"]
        return {"made": [*made, {"kind": "vpc", "id": "vpc-of-the-emulators-own"}]}

    assert run(tmp_path, monkeypatch, call) == [
        "made what the file gives: bucket acme, s3://acme/on_create.sh, and 1 thing they need"
    ]


def test_nothing_is_said_where_all_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(tmp_path, monkeypatch, lambda *call, **options: {"made": []}) == []


def test_another_emulator_keeps_what_it_keeps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def call(*call: Any, **options: Any) -> Any:
        raise AssertionError

    assert run(tmp_path, monkeypatch, call, upstream="http://127.0.0.1:4566") == []


def test_what_cannot_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def call(*call: Any, **options: Any) -> Any:
        body = io.BytesIO(json.dumps({"message": "bucket acme: taken"}).encode())
        headers: Any = {}
        raise urllib.error.HTTPError("http://x", 400, "Bad Request", headers, body)

    with pytest.raises(HptfError, match="cannot make what the file gives: bucket acme: taken"):
        run(tmp_path, monkeypatch, call)
