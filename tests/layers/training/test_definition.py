from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.layers.evaluation import arguments, evaluate
from tests.layers.training.test_contract import VALUES

pytestmark = [pytest.mark.slow, pytest.mark.synth]


def document(address: str, argument: str, folder: Path) -> Any:
    return json.loads(evaluate("training", VALUES, {"x": arguments("training", address)[argument]}, folder)["x"])


def test_the_role_asks_about_the_nodes_of_one_cluster(tmp_path: Path) -> None:
    (statement,) = document("aws_iam_role_policy.this", "policy", tmp_path)["Statement"]
    assert statement == {
        "Sid": "AskAboutNodes",
        "Effect": "Allow",
        "Action": ["sagemaker:DescribeClusterNode"],
        "Resource": VALUES["hyperpod_cluster_arn"],
    }


def test_only_the_operators_pods_of_this_cluster_have_the_role(tmp_path: Path) -> None:
    (statement,) = document("aws_iam_role.this", "assume_role_policy", tmp_path)["Statement"]
    assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {
            "aws:SourceAccount": "123456789012",
            "aws:RequestTag/kubernetes-namespace": "aws-hyperpod",
            "aws:RequestTag/kubernetes-service-account": "hp-training-operator-controller-manager",
        },
        "ArnEquals": {"aws:SourceArn": "arn:aws:eks:us-west-2:123456789012:cluster/dev-eks"},
    }


def test_it_waits_for_what_would_be_in_its_way() -> None:
    waits = arguments("training", "aws_eks_addon.this")["depends_on"]
    assert {"var.cert_manager_version", "var.governance_addon_name", "var.hyperpod_cluster_arn"} <= set(waits)
