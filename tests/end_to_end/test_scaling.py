"""A cluster that Karpenter scales, from switching it on to switching it off, with Terraform."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.end_to_end.project import Project
from tests.end_to_end.test_groups import ACCOUNT, LAYERS

pytestmark = [pytest.mark.slow]
ROLE = "module.iam.aws_iam_role.karpenter[0]"
CLUSTER = "module.hyperpod.awscc_sagemaker_cluster.this"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A rehearsal of a file that makes the roles and a cluster."""
    project = Project(tmp_path, "scaling", "hptf-state", "scaling", rehearsal=True)
    try:
        yield project
    finally:
        project.close()


def write(project: Project, count: int, *, labels: dict[str, str], iam: dict[str, Any], **hyperpod: Any) -> None:
    group = {"name": "workers", "instance_type": "ml.g5.8xlarge", "count": count, "labels": labels}
    content = {
        "orchestrator": "eks",
        "name": "scaling",
        "aws": {"region": "us-west-2", "account_id": ACCOUNT},
        "state": {"local": {"directory": "state"}},
        "layers": {**LAYERS, "iam": iam, "hyperpod": {"instance_groups": [group], **hyperpod}},
    }
    with (project.root / "envs" / "scaling.yaml").open("w") as file:
        YAML().dump(content, file)


def described(project: Project) -> dict[str, Any]:
    found: dict[str, Any] = project.session.client("sagemaker").describe_cluster(ClusterName="ml-cluster")
    return found


def test_counts_are_karpenters_and_the_role_outlives_the_switch(project: Project) -> None:
    write(project, 1, labels={}, iam={}, auto_scaling=True)
    project.apply()
    role = described(project)["ClusterRole"]
    assert role.endswith(":role/scaling-karpenter-us-west-2")

    # Karpenter adds nodes, and somebody changes the first size in the file: neither is anything to do.
    sagemaker = project.session.client("sagemaker")
    sagemaker.batch_add_cluster_nodes(
        ClusterName="ml-cluster", NodesToAdd=[{"InstanceGroupName": "workers", "IncrementTargetCountBy": 3}]
    )
    write(project, 2, labels={}, iam={}, auto_scaling=True)
    assert project.run("plan", "--detailed-exitcode").code == 0

    # Another change is sent without taking the nodes back.
    write(project, 2, labels={"team": "a"}, iam={}, auto_scaling=True)
    project.apply()
    (group,) = described(project)["InstanceGroups"]
    assert (group["TargetCount"], group["KubernetesConfig"]["DesiredLabels"]) == (4, {"team": "a"})

    # Off: the count is the file's again, which takes consent. The role stays, and the next change is taken.
    write(project, 2, labels={"team": "b"}, iam={}, auto_scaling=False)
    project.apply("--allow", "group-shrunk=workers")
    (group,) = described(project)["InstanceGroups"]
    assert (group["TargetCount"], group["KubernetesConfig"]["DesiredLabels"]) == (2, {"team": "b"})
    assert described(project)["ClusterRole"] == role

    # The service keeps the role for good, so that nothing would be taken once it is gone.
    write(project, 2, labels={"team": "b"}, iam={"karpenter_role": False}, auto_scaling=False)
    found = project.plan()["findings"]
    assert [(item["code"], item["subject"]) for item in found if item["severity"] == "blocks"] == [
        ("still-named", ROLE)
    ]
    assert project.apply(expect=2).text.count("still-named") == 1
