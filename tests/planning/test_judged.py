"""What hptf says of changes that a plan shows as if nothing followed from them."""

from __future__ import annotations

from typing import Any

import pytest

from hp_tf import codes
from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.emulator.services.fsx_rules import metadata_iops
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.layers.fsx.changes import included_iops
from hp_tf.planning import judged, still_named
from hp_tf.terraform.plan import Plan
from tests.report.plans import change, loaded, resource

TYPES = ResourceTypes(CONTRACTS.values())
CLUSTER = "module.eks.aws_eks_cluster.this"
LUSTRE = "module.fsx.aws_fsx_lustre_file_system.this"
OPENZFS = "module.openzfs.aws_fsx_openzfs_file_system.this"
HYPERPOD = "module.hyperpod.awscc_sagemaker_cluster.this"
OWN, AUTOMATIC = "USER_PROVISIONED", "AUTOMATIC"


def said(*entries: dict[str, Any], **options: Any) -> list[tuple[str, str]]:
    found = judged.findings(loaded(*entries, **options), CONTRACTS, TYPES)
    return [(item.code.name, item.subject) for item in found]


def updated(address: str, before: Any, after: Any) -> list[str]:
    """What is refused of an update, less the address."""
    found = said(change(address, ["update"], before, after))
    return [subject.removeprefix(f"{address}.") for code, subject in found if code == "change-refused"]


def lustre(capacity: int, mode: str | None = None, iops: int | None = None, **more: Any) -> dict[str, Any]:
    metadata = [] if mode is None else [{"mode": mode, "iops": iops}]
    return {
        "storage_capacity": capacity,
        "deployment_type": "PERSISTENT_2",
        "metadata_configuration": metadata,
        **more,
    }


@pytest.mark.parametrize(
    ("before", "after", "refused"),
    [
        ("1.33", "1.34", []),
        ("1.34", "1.33", ["version"]),
        ("1.32", "1.34", ["version"]),
        ("1.9", "1.10", []),
        ("1.34", "1.34", []),
    ],
)
def test_a_version_of_kubernetes_goes_up_by_one_minor(before: str, after: str, refused: list[str]) -> None:
    assert updated(CLUSTER, {"version": before}, {"version": after}) == refused


def test_a_jump_of_versions_names_the_way() -> None:
    plan = loaded(change(CLUSTER, ["update"], {"version": "1.31"}, {"version": "1.34"}))
    (found,) = judged.findings(plan, CONTRACTS, TYPES)
    assert found.remedy is not None and found.remedy.startswith("go by way of 1.32")


def test_access_entries_do_not_make_way_for_the_config_map_again() -> None:
    def mode(name: str) -> dict[str, Any]:
        return {"access_config": [{"authentication_mode": name}]}

    assert updated(CLUSTER, mode("API"), mode("API_AND_CONFIG_MAP")) == ["access_config.authentication_mode"]
    assert updated(CLUSTER, mode("API_AND_CONFIG_MAP"), mode("API")) == []


@pytest.mark.parametrize(
    ("before", "after", "refused"),
    [
        (lustre(1200), lustre(1200, AUTOMATIC), ["metadata_configuration"]),
        (lustre(1200, AUTOMATIC, 1500), lustre(2400, AUTOMATIC, None), []),
        (lustre(1200, OWN, 6000), lustre(1200, OWN, 3000), ["metadata_configuration.iops"]),
        (lustre(1200, OWN, 1500), lustre(1200, OWN, 3000), []),
        (lustre(1200, OWN, 1500), lustre(2400, OWN, 3000), ["metadata_configuration.iops"]),
        (lustre(1200, OWN, 3000), lustre(2400, OWN, 3000), []),
        (lustre(1200, OWN, 12000), lustre(1200, AUTOMATIC, None), ["metadata_configuration.mode"]),
        (lustre(1200, OWN, 1500), lustre(1200, AUTOMATIC, None), []),
        (lustre(2400, deployment_type="SCRATCH_1"), lustre(3600, deployment_type="SCRATCH_1"), ["storage_capacity"]),
        ({"throughput_capacity": 8000}, {"throughput_capacity": 4000}, ["throughput_capacity"]),
    ],
)
def test_what_a_lustre_file_system_does_not_become(before: Any, after: Any, refused: list[str]) -> None:
    assert updated(LUSTRE, before, after) == refused


@pytest.mark.parametrize("capacity", [1200, 2400, 4800, 9600, 12000, 24000, 26400, 45600, 48000, 96000])
def test_the_emulator_includes_as_many_operations(capacity: int) -> None:
    assert included_iops(capacity) == metadata_iops(capacity)


@pytest.mark.parametrize(("grown", "refused"), [(1000, []), (1050, ["storage_capacity"]), (1100, [])])
def test_home_directories_grow_by_a_tenth(grown: int, refused: list[str]) -> None:
    assert updated(OPENZFS, {"storage_capacity": 1000}, {"storage_capacity": grown}) == refused


def test_a_role_keeps_its_path() -> None:
    role = "module.iam.aws_iam_role.execution[0]"
    before, after = {"name": "dev-hyperpod", "path": "/"}, {"name": "dev-hyperpod", "path": "/ml/"}
    assert said(change(role, ["create", "delete"], before, after)) == [("change-refused", f"{role}.path")]
    assert said(change(role, ["create", "delete"], before, {**before, "name": "prod-hyperpod"})) == []


def test_the_control_planes_zones_are_those_it_was_made_in() -> None:
    def output(before: Any, after: Any) -> dict[str, Any]:
        changed = {"actions": ["update"], "before": before, "after": after, "after_unknown": {}}
        return {"eks__control_plane_subnet_ids": changed}

    one, two = {"usw2-az1": "subnet-1", "usw2-az2": "subnet-2"}, {"usw2-az1": "subnet-1"}
    later = {"actions": ["update"], "before": one, "after": two, "after_unknown": {"usw2-az3": True}}
    assert said(outputs={"eks__control_plane_subnet_ids": later}) == [("change-refused", "eks.availability_zone_ids")]
    assert said(outputs=output(one, {**one, "usw2-az1": "subnet-9"})) == []
    assert said(outputs=output(None, one)) == []
    # The network's zones are free.
    assert said(outputs={"network__private_subnet_ids": later}) == []


def test_nodes_that_lose_their_way_out_need_consent_and_those_that_go_do_not() -> None:
    route, subnet = 'module.network.aws_route.nat["usw2-az1"]', 'module.network.aws_subnet.private["usw2-az1"]'
    gone = {**change(route, ["delete"], {"nat_gateway_id": "nat-1"}), "index": "usw2-az1"}
    assert said(gone) == [(codes.WAY_OUT_LOST.name, route)]
    assert said(gone, change(subnet, ["delete"], {"id": "subnet-1"})) == []


def test_public_addresses_that_go_are_named() -> None:
    route, gateway = 'module.network.aws_route.nat["usw2-az1"]', 'module.network.aws_nat_gateway.this["usw2-az1"]'
    moved = {**change(route, ["update"], {"nat_gateway_id": "nat-1"}, {}, unknown={"nat_gateway_id": True})}
    away = {**change(gateway, ["delete"], {"public_ip": "52.1.2.3"}), "index": "usw2-az1"}
    found = judged.findings(loaded(moved, away), CONTRACTS, TYPES)
    assert [(item.code.name, item.subject) for item in found] == [("address-lost", route), ("address-lost", gateway)]
    assert "52.1.2.3" in found[1].message
    assert said(change(gateway, ["update"], {"public_ip": "52.1.2.3"}, {"public_ip": "52.1.2.3"})) == []


ADMIN = "arn:aws:iam::123456789012:role/platform"


@pytest.mark.parametrize(
    ("caller", "bootstrap", "principal", "found"),
    [
        (ADMIN, True, ADMIN, [("creator-named", CLUSTER)]),
        (ADMIN, False, ADMIN, []),
        (ADMIN, True, f"{ADMIN}s", []),
        (None, True, ADMIN, []),
    ],
)
def test_whoever_makes_the_cluster_needs_no_entry(
    caller: str | None, bootstrap: bool, principal: str, found: list[tuple[str, str]]
) -> None:
    """EKS gives one by itself, and answers 409 to a second one: after the ten minutes that the cluster takes."""
    flag = {"access_config": [{"bootstrap_cluster_creator_admin_permissions": bootstrap}]}
    entry = 'module.eks.aws_eks_access_entry.this["admins"]'
    plan = loaded(
        change(CLUSTER, ["create"], None, flag), change(entry, ["create"], None, {"principal_arn": principal})
    )
    said_of = judged.findings(plan, CONTRACTS, TYPES, caller)
    assert [(item.code.name, item.subject) for item in said_of] == found
    # Of a cluster that is there, the entry is what lets another role in.
    later = loaded(
        change(CLUSTER, ["no-op"], flag, flag), change(entry, ["create"], None, {"principal_arn": principal})
    )
    assert judged.findings(later, CONTRACTS, TYPES, caller) == []


def endpoint(public: bool, *ranges: str) -> dict[str, Any]:
    return {"name": "dev-eks", "vpc_config": [{"endpoint_public_access": public, "public_access_cidrs": list(ranges)}]}


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (None, endpoint(True, "0.0.0.0/0"), "endpoint-public"),
        (endpoint(True, "10.0.0.0/8"), endpoint(True, "0.0.0.0/0"), "endpoint-public"),
        (endpoint(True, "0.0.0.0/0"), endpoint(True, "0.0.0.0/0"), None),
        (None, endpoint(True, "192.0.2.0/24"), None),
        (endpoint(True, "0.0.0.0/0"), endpoint(False), "endpoint-closed"),
        (None, endpoint(False), None),
    ],
)
def test_who_reaches_the_api_is_said_when_it_changes(before: Any, after: Any, code: str | None) -> None:
    found = said(change(CLUSTER, ["create"] if before is None else ["update"], before, after))
    assert found == ([(code, CLUSTER)] if code else [])


@pytest.mark.parametrize(
    ("address", "before", "words"),
    [
        (LUSTRE, {"id": "fs-1", "storage_capacity": 1200, "skip_final_backup": True}, "1200 GiB; no backup"),
        (LUSTRE, {"id": "fs-1", "storage_capacity": 1200, "skip_final_backup": False}, "a last backup"),
        (CLUSTER, {"name": "dev-eks"}, "everything in the cluster dev-eks"),
        (
            HYPERPOD,
            {
                "cluster_name": "ml",
                "instance_groups": [
                    {"instance_group_name": "a", "instance_count": 2, "instance_type": "ml.p5.48xlarge"}
                ],
            },
            "a (2 × ml.p5.48xlarge)",
        ),
        ("module.storage.aws_s3_bucket.this[0]", {"bucket": "b", "force_destroy": True}, "every object in b"),
        ("module.storage.aws_s3_bucket.this[0]", {"bucket": "b", "force_destroy": False}, None),
    ],
)
def test_what_goes_with_what_is_made_anew(address: str, before: Any, words: str | None) -> None:
    found = judged.lost(resource(address, ["delete", "create"], before, {}), TYPES)
    assert found is None if words is None else words in (found or "")


def test_a_creation_that_was_cut_off_is_not_judged() -> None:
    half = {**change(CLUSTER, ["delete", "create"], {"version": "1.34"}, {"version": "1.31"})}
    half["action_reason"] = "replace_because_tainted"
    assert said(half) == []


def test_without_a_plan_there_is_nothing_to_say() -> None:
    assert judged.findings(None, CONTRACTS, TYPES) == []
    assert still_named.findings(None) == []


ROLE = "module.iam.aws_iam_role.karpenter[0]"
ARN = "arn:aws:iam::123456789012:role/dev-karpenter"


def naming(*entries: dict[str, Any]) -> list[str]:
    return [item.subject for item in still_named.findings(Plan.load(loaded_raw(*entries)))]


def loaded_raw(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"format_version": "1.2", "resource_changes": list(entries)}


@pytest.mark.parametrize("action", ["no-op", "update"])
def test_what_stays_and_names_what_goes(action: str) -> None:
    gone = change(ROLE, ["delete"], {"arn": ARN})
    held = {"cluster_role": ARN, "tags": [{"key": "a", "value": "b"}]}
    assert naming(gone, change(HYPERPOD, [action], held, held)) == [ROLE]
    assert naming(gone, change(HYPERPOD, [action], held, {"cluster_role": None})) == []
    assert naming(gone, change(HYPERPOD, ["delete"], held)) == []
    assert naming(change(ROLE, ["delete", "create"], {"arn": ARN}, {}), change(HYPERPOD, [action], held, held)) == []
    # Deep inside of it, too; and what is not known yet names nothing.
    deep = {"instance_groups": [{"execution_role": ARN}]}
    assert naming(gone, change(HYPERPOD, [action], deep, deep)) == [ROLE]
    later = change(HYPERPOD, ["update"], held, {"cluster_role": None}, unknown={"cluster_role": True})
    assert naming(gone, later) == []
