"""The rehearsal of `full`, an EKS environment with everything on: a pod's claim is bound in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.conftest import kube
from tests.end_to_end.project import Project

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("full")]


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Project]:
    """The rehearsal of full."""
    made = Project(tmp_path, "full", "hptf-state", "full/rehearsal", rehearsal=True)
    try:
        yield made
    finally:
        made.close()


def in_cluster(project: Project, path: str) -> Any:
    """What the cluster's API answers."""
    eks = project.session.client("eks")
    (name,) = eks.list_clusters()["clusters"]
    cluster = {**eks.describe_cluster(name=name)["cluster"], "accessKey": project.emulator.access_key}
    return kube(cluster, "GET", path)


def claims(project: Project) -> dict[tuple[str, str], tuple[str, str]]:
    """The phase and the volume of every claim, by namespace and name."""
    return {
        (item["metadata"]["namespace"], item["metadata"]["name"]): (
            item["status"]["phase"],
            item["spec"].get("volumeName"),
        )
        for item in in_cluster(project, "/api/v1/persistentvolumeclaims")["items"]
    }


def addons(project: Project) -> dict[str, str]:
    """The status of every EKS add-on."""
    eks = project.session.client("eks")
    (cluster,) = eks.list_clusters()["clusters"]
    return {
        name: eks.describe_addon(clusterName=cluster, addonName=name)["addon"]["status"]
        for name in eks.list_addons(clusterName=cluster)["addons"]
    }


def test_everything_is_applied_plans_empty_binds_a_claim_and_is_destroyed(full: Project) -> None:
    plan = full.plan()
    assert len(plan["stages"]) == 2 and "addons" in plan["stages"][1]

    full.apply()
    assert full.differences() == {}
    assert set(addons(full).values()) == {"ACTIVE"}
    assert {"coredns", "cert-manager", "aws-fsx-csi-driver", "vpc-cni"} <= set(addons(full))
    (system,) = full.session.client("fsx").describe_file_systems()["FileSystems"]
    assert claims(full) == {(space, "fsx"): ("Bound", f"fsx-{space}") for space in ("default", "research")}
    volume = in_cluster(full, "/api/v1/persistentvolumes/fsx-research")["spec"]
    assert volume["csi"]["volumeAttributes"] == {
        "dnsname": system["DNSName"],
        "mountname": system["LustreConfiguration"]["MountName"],
    }
    [group, *_] = full.session.client("sagemaker").describe_cluster(ClusterName="ml-full")["InstanceGroups"]
    mounts = [item["FsxLustreConfig"] for item in group["InstanceStorageConfigs"] if "FsxLustreConfig" in item]
    assert mounts == [
        {"DnsName": system["DNSName"], "MountName": system["LustreConfiguration"]["MountName"], "MountPath": "/fsx"}
    ]

    sagemaker = full.session.client("sagemaker")
    quotas = sagemaker.list_compute_quotas()["ComputeQuotaSummaries"]
    assert {(item["ComputeQuotaTarget"]["TeamName"], item["Status"]) for item in quotas} == {
        ("research", "Created"),
        ("web", "Created"),
    }
    [policy] = sagemaker.list_cluster_scheduler_configs()["ClusterSchedulerConfigSummaries"]
    assert policy["Status"] == "Created"

    again = full.run("plan", "--detailed-exitcode", expect=None)
    assert again.code == 0, again.text
    full.destroy()
    assert full.resources() == {}
    assert full.known() == {}
