"""Instance groups with Terraform: a random walk over files, with a service that lists groups in an order of its own.

tests/planning/test_positions.py walks far more steps without Terraform. What is there besides is reused, so that a run
is over one resource.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hp_tf.emulator.calls import GroupOrder
from tests.end_to_end.project import Project

pytestmark = [pytest.mark.slow]

ACCOUNT = "123456789012"
LAYERS: Mapping[str, Any] = {
    "network": {
        "existing": {
            "vpc_id": "vpc-0aaaaaaaaaaaaaaa1",
            "vpc_cidr": "10.80.0.0/20",
            "private_subnet_ids": {"usw2-az1": "subnet-0aaaaaaaaaaaaaaa1", "usw2-az2": "subnet-0aaaaaaaaaaaaaaa2"},
            "private_route_table_ids": {"usw2-az1": "rtb-0aaaaaaaaaaaaaaa1", "usw2-az2": "rtb-0aaaaaaaaaaaaaaa1"},
            "nat_gateway_ids": {"usw2-az1": "nat-0aaaaaaaaaaaaaaa1"},
            "primary_availability_zone_id": "usw2-az2",
        }
    },
    "security": {"existing": {"security_group_id": "sg-0aaaaaaaaaaaaaaa1"}},
    "endpoints": {"enabled": False},
    "eks": {"existing": {"cluster_name": "shared"}},
    "helm": {"existing": {"release_name": "dependencies"}},
    "storage": {
        "existing": {
            "bucket_name": "acme-lifecycle",
            "lifecycle_script_uri": "s3://acme-lifecycle/eks",
            "lifecycle_on_create": "start.sh",
        }
    },
    "iam": {"existing": {"execution_role_arn": f"arn:aws:iam::{ACCOUNT}:role/nodes"}},
    "fsx": {"enabled": False},
}
KEY = f"arn:aws:kms:us-west-2:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
CHOICES: Mapping[str, Sequence[Any]] = {
    "labels": [{}, {"team": "a"}, {"team": "a", "tier": "b"}],
    "taints": [[], [], [{"key": "gpu", "value": "yes", "effect": "NoSchedule"}]],
    "deep_health_checks": [[], ["InstanceStress"], ["InstanceStress", "InstanceConnectivity"]],
    "volume_size_gb": [0, 500, 500, 600],
    "spot": [False, True],
    "image_id": [None, None, "ami-0123456789abcdef0"],
    "training_plan_arn": [*[None] * 5, f"arn:aws:sagemaker:us-west-2:{ACCOUNT}:training-plan/big"],
    "own_network": [True, True, False],
    "lifecycle_scripts": [True, True, True, False],
    "auto_patch": [*[None] * 5, {"strategy": "WhenIdle"}],
}
# What a group has for life, or only with another of these.
FIXED = ("spot", "training_plan_arn", "own_network", "lifecycle_scripts")
STEPS = 6
ORDERS: tuple[tuple[GroupOrder, int], ...] = (("sorted", 3),)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A rehearsal of a file that makes a cluster and nothing else."""
    project = Project(tmp_path, "groups", "hptf-state", "groups", rehearsal=True)
    try:
        yield project
    finally:
        project.close()


def write(project: Project, groups: Sequence[Mapping[str, Any]], **hyperpod: Any) -> None:
    content = {
        "orchestrator": "eks",
        "name": "groups",
        "aws": {"region": "us-west-2", "account_id": ACCOUNT},
        "state": {"local": {"directory": "state"}},
        "layers": {**LAYERS, "hyperpod": {"instance_groups": list(groups), **hyperpod}},
    }
    with (project.root / "envs" / "groups.yaml").open("w") as file:
        YAML().dump(content, file)


def group(chance: random.Random, name: str) -> dict[str, Any]:
    said = {key: chance.choice(values) for key, values in CHOICES.items()}
    if said["training_plan_arn"]:
        said["spot"] = False
    return {"name": name, "instance_type": "ml.g5.8xlarge", "count": chance.randrange(4), **said}


def step(chance: random.Random, wanted: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Another file: some groups more, less, in another order, with another name, count or attribute."""
    groups = [dict(item) for item in wanted]
    free = [name for name in "abcde" if name not in {item["name"] for item in groups}]
    for what in chance.sample(["add", "remove", "shuffle", "rename", "attribute", "attribute", "count"], 3):
        at = chance.randrange(len(groups))
        if what == "add" and free:
            groups.insert(at, group(chance, free.pop()))
        elif what == "remove" and len(groups) > 1:
            groups.pop(at)
        elif what == "shuffle":
            chance.shuffle(groups)
        elif what == "rename" and free:
            groups[at] = group(chance, free.pop())
        elif what == "attribute":
            other = group(chance, "other")
            key = chance.choice([key for key in CHOICES if key not in FIXED])
            groups[at][key] = other[key]
        else:
            groups[at]["count"] = chance.randrange(4)
    return groups


def live(project: Project, kept: Mapping[str, Any]) -> dict[str, Any]:
    """What the service has of every group, under the names of a file; less an image that was there before."""
    described = project.session.client("sagemaker").describe_cluster(ClusterName="ml-cluster")
    found = {}
    for item in described["InstanceGroups"]:
        config = item.get("KubernetesConfig") or {}
        volumes = [entry["EbsVolumeConfig"]["VolumeSizeInGB"] for entry in item.get("InstanceStorageConfigs") or ()]
        taints = config.get("DesiredTaints") or ()
        patching = item.get("AutoPatchConfig") or {}
        image = item.get("DesiredImageId")
        found[item["InstanceGroupName"]] = {
            "count": item["TargetCount"],
            "labels": config.get("DesiredLabels") or {},
            "taints": [{key.lower(): value for key, value in taint.items()} for taint in taints],
            "deep_health_checks": sorted(item.get("OnStartDeepHealthChecks") or ()),
            "volume_size_gb": next(iter(volumes), 0),
            "spot": "Spot" in (item.get("CapacityRequirements") or {}),
            "image_id": None if image in ("default", kept.get(item["InstanceGroupName"])) else image,
            "training_plan_arn": item.get("TrainingPlanArn"),
            "own_network": bool(item.get("OverrideVpcConfig")),
            "lifecycle_scripts": bool(item.get("LifeCycleConfig")),
            "auto_patch": {"strategy": patching["PatchingStrategy"]} if patching else None,
        }
    return found


def asked(groups: Sequence[Mapping[str, Any]], kept: Mapping[str, Any]) -> dict[str, Any]:
    """What a file says of every group, as `live` has it."""
    return {
        item["name"]: {
            **{key: item[key] for key in CHOICES},
            "count": item["count"],
            "deep_health_checks": sorted(item["deep_health_checks"]),
            "image_id": None if item["image_id"] == kept.get(item["name"]) else item["image_id"],
        }
        for item in groups
    }


def settle(project: Project, groups: Sequence[Mapping[str, Any]], images: dict[str, Any]) -> bool:
    """Apply a file with all consent that it needs, and look; False if it is refused."""
    write(project, groups)
    findings = project.plan()["findings"]
    allowed = [f"{item['code']}={item['subject']}" for item in findings if item["severity"] == "needs consent"]
    blocking = [item for item in findings if item["severity"] == "blocks"]
    if blocking:
        for remedy in {item["remedy"] for item in blocking}:
            gone = remedy.rpartition("--instance-groups-to-delete ")[2]
            if gone == remedy:
                assert "another name" in remedy, remedy
                return False
            project.session.client("sagemaker").update_cluster(ClusterName="ml-cluster", InstanceGroupsToDelete=[gone])
        return settle(project, groups, images)
    if allowed:
        project.apply(expect=2)
    project.apply(*(word for item in allowed for word in ("--allow", item)))
    kept = {name: image for name, image in images.items() if name in {item["name"] for item in groups}}
    assert live(project, kept) == asked(groups, kept)
    images.clear()
    images.update({item["name"]: item["image_id"] or kept.get(item["name"]) for item in groups})
    assert project.run("plan", "--detailed-exitcode").code == 0, "the next plan is empty"
    return True


@pytest.mark.parametrize(("listed", "seed"), ORDERS)
def test_every_group_is_what_the_file_says_and_the_next_plan_is_empty(
    project: Project, listed: GroupOrder, seed: int
) -> None:
    chance = random.Random(seed)
    groups, images, refused = [group(chance, name) for name in "bda"], dict[str, Any](), 0
    assert settle(project, groups, images)
    project.emulator.call("POST", "/_hptf/settings", {"groups_listed": listed})
    for _ in range(STEPS):
        wanted = step(chance, groups)
        if settle(project, wanted, images):
            groups = wanted
        else:
            refused += 1
    assert refused <= STEPS // 2
