from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.layers.evaluation import arguments, evaluate
from tests.layers.governance.test_contract import VALUES

pytestmark = [pytest.mark.slow, pytest.mark.synth]
QUOTA = "aws_cloudcontrolapi_resource.this"
PART = {"accelerator_partition": {"profile": "mig-1g.10gb", "count": 3}}
TEAMS = {
    "research": {
        "description": "Models.",
        "resources": [
            {"instance_type": "ml.p5.48xlarge", **PART},
            {"instance_type": "ml.m5.2xlarge", "vcpu": 1.5, "memory_gib": 6.0},
            {"instance_type": "ml.g5.8xlarge", "count": 2},
        ],
        "borrow_limits": [{"instance_type": "ml.g5.8xlarge", "accelerators": 1}],
        "fair_share_weight": 10,
    },
    "web": {"quota_name": "frontend", "enabled": False, "sharing": "Lend", "preempt_team_tasks": "Never"},
}


def desired(inputs: dict[str, Any], team: str, folder: Path) -> dict[str, Any]:
    """What Cloud Control is asked for."""
    text = arguments("governance", QUOTA)["desired_state"]
    wanted = text.replace("each.key", f'"{team}"').replace("each.value", f'var.teams["{team}"]')
    found: dict[str, Any] = json.loads(evaluate("governance", {**VALUES, **inputs}, {"x": wanted}, folder)["x"])
    return found


def test_a_quota_says_all_of_itself(tmp_path: Path) -> None:
    assert desired({"teams": TEAMS, "tags": {"a": "1"}}, "research", tmp_path) == {
        "Name": "research-quota",
        "ClusterArn": VALUES["hyperpod_cluster_arn"],
        "Description": "Models.",
        "ActivationState": "Enabled",
        "ComputeQuotaTarget": {"TeamName": "research", "FairShareWeight": 10},
        "ComputeQuotaConfig": {
            # By type, not as in the file: a patch of them goes by position.
            "ComputeQuotaResources": [
                {"InstanceType": "ml.g5.8xlarge", "Count": 2},
                {"InstanceType": "ml.m5.2xlarge", "VCpu": 1.5, "MemoryInGiB": 6},
                {"InstanceType": "ml.p5.48xlarge", "AcceleratorPartition": {"Type": "mig-1g.10gb", "Count": 3}},
            ],
            "ResourceSharingConfig": {
                "Strategy": "LendAndBorrow",
                "BorrowLimit": 50,
                "AbsoluteBorrowLimits": [{"InstanceType": "ml.g5.8xlarge", "Accelerators": 1}],
            },
            "PreemptTeamTasks": "LowerPriority",
        },
        "Tags": [{"Key": "a", "Value": "1"}],
    }


def test_what_a_team_leaves_out_is_left_out(tmp_path: Path) -> None:
    assert desired({"teams": TEAMS}, "web", tmp_path) == {
        "Name": "frontend",
        "ClusterArn": VALUES["hyperpod_cluster_arn"],
        "ActivationState": "Disabled",
        "ComputeQuotaTarget": {"TeamName": "web", "FairShareWeight": 0},
        "ComputeQuotaConfig": {
            "ComputeQuotaResources": [],
            "ResourceSharingConfig": {"Strategy": "Lend"},
            "PreemptTeamTasks": "Never",
        },
    }


def test_quotas_go_with_their_cluster() -> None:
    assert arguments("governance", QUOTA)["lifecycle"] == {"replace_triggered_by": ["terraform_data.this"]}
    assert arguments("governance", "terraform_data.this")["triggers_replace"] == "${var.hyperpod_cluster_arn}"
