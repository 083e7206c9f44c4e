"""awscc_sagemaker_cluster driven by the real Terraform."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hp_tf.standin.server import serve
from tests.standin.conftest import REGION, FakeCloudControl, Root

pytestmark = pytest.mark.slow

Json = dict[str, Any]
ADDRESS = "awscc_sagemaker_cluster.this"
ROLE = "arn:aws:iam::123456789012:role/execution"
HEAD = """
terraform {
  required_providers {
    awscc = { source = "hashicorp/awscc" }
  }
}

provider "awscc" {
  region = "us-west-2"
}
"""


def group(name: str, count: int = 2, **more: object) -> Json:
    return {
        "instance_group_name": name,
        "instance_type": "ml.g5.8xlarge",
        "instance_count": count,
        "execution_role": ROLE,
        "life_cycle_config": {"source_s3_uri": "s3://sagemaker-x/scripts", "on_create": "on_create.sh"},
        "threads_per_core": 2,
        **more,
    }


def cluster(groups: list[Json], name: str = "ml-cluster", **more: object) -> Json:
    return {
        "cluster_name": name,
        "node_recovery": "Automatic",
        "instance_groups": groups,
        "orchestrator": {"eks": {"cluster_arn": "arn:aws:eks:us-west-2:123456789012:cluster/one"}},
        "vpc_config": {"security_group_ids": ["sg-1"], "subnets": ["subnet-a", "subnet-b"]},
        "tags": [{"key": "team", "value": "ml"}, {"key": "cost", "value": "7"}],
        **more,
    }


def declare(root: Root, values: Json, extra: str = "") -> Root:
    root.write(HEAD + extra)
    return root.write(json.dumps({"resource": {"awscc_sagemaker_cluster": {"this": values}}}), "cluster.tf.json")


def test_life_of_a_cluster(root: Root, cloud: FakeCloudControl) -> None:
    groups = [group("general", 1), group("workers", 2)]
    declare(root, cluster(groups)).init()
    assert "1 added" in root.apply()
    assert cloud.only["InstanceGroups"][1]["InstanceCount"] == 2
    assert "InstanceGroups" in cloud.named("CreateResource")[0]["DesiredState"]
    assert "/us-west-2/cloudcontrolapi/aws4_request" in cloud.headers["Authorization"]
    state = root.state(ADDRESS)
    assert state["cluster_status"] == "InService"
    assert state["id"] == state["cluster_arn"] == next(iter(cloud.clusters))
    assert [g["current_count"] for g in state["instance_groups"]] == [1, 2]
    root.plan()

    declare(root, cluster([group("general", 1), group("workers", 5)]))
    (change,) = root.changes()
    assert change["change"]["actions"] == ["update"]
    # As the real provider plans: what the service sets is taken from the state.
    assert "instance_groups" not in change["change"]["after_unknown"]
    root.apply()
    (update,) = cloud.named("UpdateResource")
    assert [step["path"] for step in json.loads(update["PatchDocument"])] == ["/InstanceGroups"]
    assert "CurrentCount" in update["PatchDocument"]
    assert [g["current_count"] for g in root.state(ADDRESS)["instance_groups"]] == [1, 2]
    root.plan()
    root.apply("-refresh-only")
    assert [g["current_count"] for g in root.state(ADDRESS)["instance_groups"]] == [1, 5]

    root.run("destroy", "-auto-approve", "-no-color")
    assert cloud.clusters == {}


def test_no_lock_file_and_no_install(root: Root) -> None:
    declare(root, cluster([group("workers")])).init()
    assert not (root.directory / ".terraform.lock.hcl").exists()
    assert not list(root.directory.glob(".terraform/providers/**/*"))


def test_reordering_is_no_change_where_every_item_is_whole(root: Root) -> None:
    """Subnets and tags are; groups never are, as users of the real provider report (its issues 3025 and 3110)."""
    groups = [group("a"), group("b", kubernetes_config={"labels": {"x": "y"}})]
    declare(root, cluster(groups)).init().apply()
    moved = cluster(groups)
    moved["vpc_config"] = {"security_group_ids": ["sg-1"], "subnets": ["subnet-b", "subnet-a"]}
    moved["tags"].reverse()
    declare(root, moved).plan()
    declare(root, cluster(groups[::-1]))
    (change,) = root.changes()
    first, second = change["change"]["after"]["instance_groups"]
    assert (first["instance_group_name"], second["instance_group_name"]) == ("b", "a")
    assert second["kubernetes_config"]["labels"] == {"x": "y"}


def test_an_empty_list_is_never_sent_and_never_settles(root: Root, cloud: FakeCloudControl) -> None:
    """As on AWS: the provider reads null where the configuration says []."""
    declare(root, cluster([group("a", instance_storage_configs=[])])).init().apply()
    assert "InstanceStorageConfigs" not in cloud.only["InstanceGroups"][0]
    root.plan(expect=2)
    declare(root, cluster([group("a")])).plan()


def test_a_removed_attribute_keeps_its_value(root: Root, cloud: FakeCloudControl) -> None:
    declare(root, cluster([group("a")])).init().apply()
    less = cluster([group("a")])
    del less["node_recovery"]
    declare(root, less).plan()
    assert cloud.only["NodeRecovery"] == "Automatic"


@pytest.mark.parametrize(
    ("changed", "paths"),
    [
        ({"cluster_name": "other"}, [["cluster_name"]]),
        ({"vpc_config": {"security_group_ids": ["sg-1"], "subnets": ["subnet-c"]}}, [["vpc_config"]]),
        (
            {"orchestrator": {"eks": {"cluster_arn": "arn:aws:eks:us-west-2:123456789012:cluster/two"}}},
            [["orchestrator", "eks"]],
        ),
        ({"instance_groups": [group("a") | {"instance_type": "ml.m5.2xlarge"}]}, None),
        ({"node_recovery": "None"}, None),
    ],
)
def test_what_forces_replacement(root: Root, changed: Json, paths: list[list[str]] | None) -> None:
    declare(root, cluster([group("a")])).init().apply()
    declare(root, cluster([group("a")]) | changed)
    (change,) = root.changes()
    if paths is None:
        assert change["change"]["actions"] == ["update"]
    else:
        assert change["change"]["actions"] == ["delete", "create"]
        assert change["change"]["replace_paths"] == paths


def test_a_replacement_is_applied(root: Root, cloud: FakeCloudControl) -> None:
    declare(root, cluster([group("a")])).init().apply()
    old = next(iter(cloud.clusters))
    declare(root, cluster([group("a")], name="renamed")).apply()
    assert cloud.only["ClusterName"] == "renamed"
    assert old not in cloud.clusters
    root.plan()


def test_drift_is_shown_and_mended(root: Root, cloud: FakeCloudControl) -> None:
    declare(root, cluster([group("a", 3)])).init().apply()
    cloud.only["InstanceGroups"][0]["InstanceCount"] = 5
    output = root.plan(expect=2)
    assert "5 -> 3" in output
    root.apply()
    assert cloud.only["InstanceGroups"][0]["InstanceCount"] == 3


def test_a_cluster_deleted_elsewhere_is_created_again(root: Root, cloud: FakeCloudControl) -> None:
    declare(root, cluster([group("a")])).init().apply()
    cloud.clusters.clear()
    (change,) = root.changes()
    assert change["change"]["actions"] == ["create"]


def test_a_cluster_is_imported_by_its_arn(root: Root, cloud: FakeCloudControl) -> None:
    declare(root, cluster([group("a")])).init().apply()
    arn = next(iter(cloud.clusters))
    root.run("state", "rm", ADDRESS)
    root.run("import", "-no-color", ADDRESS, arn)
    root.plan()
    root.run("state", "rm", ADDRESS)
    missing = root.run("import", "-no-color", ADDRESS, arn[:-1] + "x", expect=1)
    assert "Cannot import non-existent remote object" in missing


def test_the_data_source_reads_a_cluster(root: Root, cloud: FakeCloudControl) -> None:
    extra = f'data "awscc_sagemaker_cluster" "it" {{ id = {ADDRESS}.id }}\n'
    extra += 'output "role" { value = data.awscc_sagemaker_cluster.it.instance_groups[0].execution_role }\n'
    declare(root, cluster([group("a")]), extra).init().apply()
    assert json.loads(root.run("output", "-json", "role")) == ROLE
    root.plan()


def test_unknown_values_inside_nested_lists(root: Root, cloud: FakeCloudControl) -> None:
    extra = 'resource "terraform_data" "id" { input = "x" }\n'
    unknown = "${substr(terraform_data.id.id, 0, 8)}"
    values = cluster(
        [group("a", override_vpc_config={"security_group_ids": [unknown], "subnets": ["subnet-b", unknown]})]
    )
    values["vpc_config"]["subnets"] = ["subnet-a", unknown]
    values["orchestrator"] = {"eks": {"cluster_arn": unknown}}
    values["tags"] = [{"key": "id", "value": unknown}]
    declare(root, values, extra).init()
    change = next(c for c in root.changes() if c["address"] == ADDRESS)["change"]
    assert change["after"]["cluster_name"] == "ml-cluster"
    assert change["after_unknown"]["vpc_config"] == {"security_group_ids": [False], "subnets": [False, True]}
    assert change["after_unknown"]["instance_groups"][0]["override_vpc_config"]["subnets"] == [False, True]
    root.apply()
    assert len(cloud.only["VpcConfig"]["Subnets"][1]) == 8
    root.plan()


@pytest.mark.parametrize(
    ("changed", "line", "words"),
    [
        ({"node_recovery": "Manual"}, '"node_recovery": "Manual"', "Automatic, None"),
        ({"cluster_name": "-bad"}, '"cluster_name": "-bad"', "must match"),
        (
            {"tiered_storage_config": {"instance_memory_allocation_percentage": 20}},
            '"tiered_storage_config"',
            "mode must",
        ),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(root: Root, changed: Json, line: str, words: str) -> None:
    root.write(HEAD)
    document = {"resource": {"awscc_sagemaker_cluster": {"this": cluster([group("a")]) | changed}}}
    text = json.dumps(document, indent=1)
    root.write(text, "cluster.tf.json").init()
    output = root.run("validate", "-no-color", expect=1)
    number = next(i for i, row in enumerate(text.splitlines(), 1) if line in row)
    assert f"cluster.tf.json line {number}" in output
    assert words in " ".join(output.split())


def test_a_wrong_nested_value_is_refused_with_its_place(root: Root) -> None:
    body = (
        HEAD
        + """
resource "awscc_sagemaker_cluster" "this" {
  cluster_name = "c"
  instance_groups = [
    {
      instance_group_name = "a"
      instance_type       = "ml.g5.8xlage"
      instance_count      = 9000
      execution_role      = "arn:aws:iam::123456789012:role/execution"
      threads_per_core    = 3
    },
  ]
}
"""
    )
    output = " ".join(root.write(body).init().run("validate", "-no-color", expect=1).split())
    assert "on main.tf line" in output
    assert "instance_groups[0].instance_type" in output
    assert "ml.g5.8xlarge" in output
    assert "instance_groups[0].instance_count is 9000 and must be between 0 and 6758" in output
    assert "instance_groups[0].threads_per_core is 3" in output


def test_a_refused_create_leaves_nothing(root: Root, cloud: FakeCloudControl) -> None:
    cloud.fail_create = "no capacity"
    declare(root, cluster([group("a")])).init()
    output = " ".join(root.apply(expect=1).split())
    assert "StatusMessage: no capacity. ErrorCode: GeneralServiceException" in output
    assert root.run("state", "list").strip() == ""


def test_a_failed_create_with_an_identifier_is_tainted(root: Root, cloud: FakeCloudControl) -> None:
    cloud.fail_create, cloud.keep_failed = "rolled back", True
    declare(root, cluster([group("a")])).init().apply(expect=1)
    assert root.run("state", "list").strip() == ADDRESS
    (change,) = root.changes()
    assert change["change"]["actions"] == ["delete", "create"]
    root.apply()
    assert cloud.only["ClusterStatus"] == "InService"


def test_an_emulator_that_is_down_is_named(tmp_path: Path, root: Root) -> None:
    declare(root, cluster([group("a")])).init().apply()
    down = Root(root.directory, serve(tmp_path / "down", "http://127.0.0.1:9", REGION, access_key="test").reattach)
    output = " ".join(down.plan(expect=1).split())
    assert "http://127.0.0.1:9/ does not answer" in output
    assert "hptf local up" in output


def test_a_fresh_plan_needs_the_emulator(tmp_path: Path) -> None:
    down = Root(tmp_path / "root", serve(tmp_path / "down", "http://127.0.0.1:9", REGION, access_key="test").reattach)
    output = " ".join(declare(down, cluster([group("a")])).init().plan(expect=1).split())
    assert "http://127.0.0.1:9/ does not answer" in output


def test_provider_aliases_keep_their_own_configuration(root: Root, cloud: FakeCloudControl) -> None:
    extra = 'provider "awscc" {\n  alias = "east"\n  region = "us-east-1"\n}\n'
    body = cluster([group("a")], name="east") | {"provider": "awscc.east"}
    root.write(HEAD + extra)
    document = {"resource": {"awscc_sagemaker_cluster": {"this": cluster([group("a")]), "east": body}}}
    root.write(json.dumps(document), "cluster.tf.json").init().apply()
    regions = {json.loads(a["DesiredState"])["ClusterName"]: a["region"] for a in cloud.named("CreateResource")}
    assert regions == {"ml-cluster": "us-west-2", "east": "us-east-1"}
