"""docs/permissions.md against what AWS says that its handler of AWS::SageMaker::Cluster calls."""

from __future__ import annotations

import re

import pytest

from hp_tf.synth.pages import actions

# The CloudFormation schema of AWS::SageMaker::Cluster, handlers create, read, update, delete, list, and tagging.
HANDLER = """
sagemaker: CreateCluster DescribeCluster UpdateCluster UpdateClusterSoftware DeleteCluster ListClusters AddTags ListTags
  DeleteTags BatchAddClusterNodes BatchDeleteClusterNodes
eks: DescribeCluster DescribeAccessEntry CreateAccessEntry DeleteAccessEntry AssociateAccessPolicy
kms: DescribeKey CreateGrant
ec2: DescribeImages DescribeSnapshots ModifyImageAttribute ModifySnapshotAttribute
"""


@pytest.mark.parametrize("line", re.findall(r"^(\w+: (?:[^:]|\n )+)$", HANDLER, re.MULTILINE))
def test_a_run_may_do_what_the_handler_does(line: str) -> None:
    service, _, names = line.partition(": ")
    allowed: set[str] = set()
    for part in re.findall(rf"`{service}:` ((?:`\w+`(?:, )?)+)", actions("hyperpod")):
        allowed |= set(re.findall(r"\w+", part))
    assert set(names.split()) <= allowed


def test_a_run_may_pass_the_roles() -> None:
    assert "`iam:PassRole`" in actions("hyperpod")
