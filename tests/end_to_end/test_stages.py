"""Layers that need nodes come in a stage of their own: held to the review, killed and gone on with."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.end_to_end.project import Project
from tests.waiting import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("stages")]

ACCOUNT = "123456789012"
SUBNET = "subnet-0aaaaaaaaaaaaaaa1"
CLUSTER = "module.hyperpod.awscc_sagemaker_cluster.this"
# What is made here takes no half minute: the cluster, and what needs its nodes.
FILE = f"""
orchestrator: eks
name: ml-stages
aws: {{region: us-west-2, account_id: "{ACCOUNT}"}}
layers:
  network:
    existing:
      vpc_id: vpc-0aaaaaaaaaaaaaaa1
      private_subnet_ids: {{usw2-az1: {SUBNET}}}
      primary_availability_zone_id: usw2-az1
  endpoints: {{enabled: false}}
  security: {{existing: {{security_group_id: sg-0aaaaaaaaaaaaaaa1}}}}
  storage:
    existing:
      bucket_name: acme-lifecycle
      lifecycle_script_uri: s3://acme-lifecycle/eks
      lifecycle_on_create: start.sh
  iam: {{existing: {{execution_role_arn: "arn:aws:iam::{ACCOUNT}:role/nodes"}}}}
  eks: {{existing: {{cluster_name: shared}}}}
  helm: {{existing: {{release_name: dependencies}}}}
  fsx: {{existing: {{file_system_id: fs-0aaaaaaaaaaaaaaa1}}}}
  hyperpod:
    instance_groups:
      - {{name: workers, instance_type: ml.m5.2xlarge, count: 1, fsx_lustre: [{{}}]}}
  addons:
    enabled: true
    lustre_volumes: {{fsx: {{}}}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A rehearsal of the file."""
    made = Project(tmp_path, "stages", "hptf-state", "stages/rehearsal", rehearsal=True)
    with (tmp_path / "envs" / "stages.yaml").open("w") as file:
        YAML().dump(YAML().load(FILE), file)
    try:
        yield made
    finally:
        made.close()


def addons(project: Project) -> list[str]:
    """The EKS add-ons there are."""
    found: list[str] = project.session.client("eks").list_addons(clusterName="shared")["addons"]
    return found


def test_a_second_stage_is_held_to_the_review_and_goes_on_after_a_kill(project: Project) -> None:
    plan = project.plan()
    assert plan["stages"] == [["hyperpod"], ["addons"]]
    assert plan["layers"]["addons"]["add"] == 9

    # Killed in the second stage, while EKS makes what nobody will hear of.
    project.hold("eks", "CreateAddon", times=2)
    child = project.start("apply", "--auto-approve")
    wait_for(lambda: project.holds("CreateAddon"), "the second stage")
    assert "the cluster's nodes: 1 Running stage 2 of 2: addons" in " ".join(project.said(child).split())
    os.kill(project.terraform_pid(), signal.SIGKILL)
    project.let_go()
    assert child.wait(timeout=60) != 0
    applied = project.apply()
    assert "was cut off while it worked on" in applied.text
    assert "applied in 2 stages" not in applied.text, "the nodes run: nothing cuts what is left"
    assert not [kind for kind, (_, gone) in project.differences().items() if gone]
    assert len(addons(project)) == 5
    assert project.run("plan", "--detailed-exitcode", expect=None).code == 0
    project.destroy()
    assert (project.known(), addons(project)) == ({}, [])

    # Somebody changes what the first stage made while its nodes are waited for: the second does what was reviewed, or
    # nothing.
    project.hold("cloudcontrol", "CreateResource")
    child = project.start("apply", "--auto-approve")
    wait_for(lambda: project.holds("CreateResource"), "the cluster's creation")
    project.let_go()
    project.hold("sagemaker", "ListClusterNodes")
    wait_for(lambda: project.holds("ListClusterNodes"), "the wait for nodes")
    sagemaker = project.session.client("sagemaker")
    arn = sagemaker.describe_cluster(ClusterName="ml-cluster")["ClusterArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "owner", "Value": "somebody"}])
    project.let_go()
    assert child.wait(timeout=120) == 1
    said = " ".join(project.said(child).split())
    assert "something else than what was reviewed" in said and CLUSTER in said, said
    assert CLUSTER in project.known() and addons(project) == []
    assert not any(found.locked for found in project.store.survey().values())
