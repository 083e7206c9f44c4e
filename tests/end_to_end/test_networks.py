"""Environments whose nodes are kept to themselves: a closed network, and restricted instance groups."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.project import Project

pytestmark = [pytest.mark.slow]


def project_of(root: Path, environment: str) -> Project:
    root.joinpath("project").mkdir()
    return Project(root / "project", environment, "hptf-state", f"{environment}/rehearsal", rehearsal=True)


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Project]:
    made = project_of(tmp_path, "closed")
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def restricted(tmp_path: Path) -> Iterator[Project]:
    made = project_of(tmp_path, "restricted")
    try:
        yield made
    finally:
        made.close()


def walk(project: Project) -> None:
    """Apply, and plan again: nothing is left to do."""
    project.apply()
    assert project.differences() == {}
    again = project.run("plan", "--detailed-exitcode", expect=None)
    assert again.code == 0, again.text


def leave(project: Project) -> None:
    """Destroy everything; nothing stays."""
    project.destroy()
    assert project.resources() == {}
    assert project.known() == {}


def nodes(project: Project) -> list[dict[str, Any]]:
    [cluster] = project.session.client("sagemaker").list_clusters()["ClusterSummaries"]
    found: list[dict[str, Any]] = project.session.client("sagemaker").list_cluster_nodes(
        ClusterName=cluster["ClusterName"]
    )["ClusterNodeSummaries"]
    return found


def test_a_closed_network(closed: Project) -> None:
    walk(closed)
    ec2 = closed.session.client("ec2")
    assert [item["InstanceStatus"]["Status"] for item in nodes(closed)] == ["Running", "Running"]
    assert len(closed.resources()["aws_vpc_endpoint"]) == 13
    for kind in ("aws_internet_gateway", "aws_nat_gateway", "aws_eip"):
        assert kind not in closed.resources()
    routes = [route for table in ec2.describe_route_tables()["RouteTables"] for route in table["Routes"]]
    ours = [route for route in routes if route.get("DestinationCidrBlock") == "0.0.0.0/0"]
    assert ours == []

    def without_a_way(content: Any) -> None:
        content["layers"]["endpoints"]["interface_endpoints"].remove("sts")
        content["layers"]["endpoints"]["s3"] = False

    kept = (closed.root / "envs" / "closed.yaml").read_text()
    closed.edit(without_a_way)
    refused = closed.run("plan", expect=2)
    assert "hyperpod-ways" in refused.text and "STS (sts)" in refused.text and "S3, where their scripts" in refused.text
    (closed.root / "envs" / "closed.yaml").write_text(kept)
    leave(closed)


def test_restricted_groups(restricted: Project) -> None:
    said = restricted.run("plan").text
    assert "goes without: lifecycle scripts" in said and "hyperpod-restricted-without" in said
    walk(restricted)
    described = restricted.session.client("sagemaker").describe_cluster(ClusterName="ml-nova")
    [group] = described["RestrictedInstanceGroups"]
    assert (group["CurrentCount"], group["EnvironmentConfig"]["FSxLustreConfig"]["SizeInGiB"]) == (4, 4800)
    assert len(nodes(restricted)) == 4
    leave(restricted)
