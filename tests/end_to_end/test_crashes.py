"""Killed in the middle of an apply: the next command says what happened, and afterwards no resource is unknown."""

from __future__ import annotations

import os
import signal

import pytest

from tests.end_to_end.project import RUN_SECONDS, Project, changes
from tests.waiting import wait_for

pytestmark = [pytest.mark.slow]

CLUSTER = "module.hyperpod.awscc_sagemaker_cluster.this"
EKS = "module.eks.aws_eks_cluster.this"
GROUP = "module.security.aws_security_group.this[0]"
FSX = "module.fsx.aws_fsx_lustre_file_system.this"
RELEASE = "module.helm.helm_release.this"
SUBNET = 'module.eks.aws_subnet.control_plane["usw2-az1"]'
RULE = "module.security.aws_vpc_security_group_egress_rule.anywhere[0]"
TABLE = 'module.network.aws_route_table.private["usw2-az2"]'


def kill_terraform(project: Project) -> None:
    """Kill -9 the Terraform that applies."""
    os.kill(project.terraform_pid(), signal.SIGKILL)


def says_what_happened(said: str, *addresses: str) -> None:
    """Hold what the next command said to naming the run that was killed, and what it was making."""
    text = " ".join(said.split())
    assert "was cut off while it worked on" in text, text
    for address in addresses:
        assert f"{address} was" in text, text


def plan_says_what_happened(project: Project, *addresses: str) -> None:
    """Hold the next plan to that, and to having finished with the run."""
    says_what_happened(project.run("plan").text, *addresses)
    assert project.unfinished() == []
    assert not any(found.locked for found in project.store.survey().values())


def converges(project: Project) -> str:
    """Hold the next apply to success, after which all is made and known to the states; return what it said."""
    applied = project.apply()
    assert project.differences() == {}
    assert project.run("plan", "--detailed-exitcode", expect=None).code == 0
    # What was begun and never asked for stays open until somebody has looked.
    project.say_gone()
    return applied.text


def leaves_nothing(project: Project) -> None:
    """Hold destroy to leaving no resource, in the account and in the states."""
    project.destroy()
    assert project.resources() == {}
    assert project.known() == {}


@pytest.mark.xdist_group("crash of Terraform")
def test_terraform_killed_at_several_moments(fresh: Project) -> None:
    """What is in flight at the kill is made by AWS all the same: each time later than Terraform lives to hear of it."""
    fresh.run("local up")

    # The first things in the VPC, several at once.
    fresh.hold("ec2", "CreateRouteTable", times=3)
    fresh.hold("ec2", "CreateSubnet", times=4)
    # Killed here, the group keeps the rule that EC2 makes with it, which is the one the layer creates afterwards.
    fresh.hold("ec2", "CreateSecurityGroup")
    running = fresh.start("apply", "--auto-approve")
    wait_for(lambda: fresh.begun(TABLE, SUBNET, GROUP), "route tables, subnets and the group begun")
    wait_for(lambda: fresh.holds("CreateRouteTable", "CreateSubnet", "CreateSecurityGroup"), "all of them asked for")
    kill_terraform(fresh)
    fresh.let_go()
    assert running.wait(timeout=120) == 1
    wait_for(lambda: fresh.answered("ec2", "CreateRouteTable") >= 3, "the requests in flight done")
    plan_says_what_happened(fresh, "module.network.aws_vpc.this[0]", TABLE)

    # The two that take longest: the EKS cluster and the file system.
    fresh.hold("eks", "CreateCluster")
    fresh.hold("fsx", "CreateFileSystem")
    running = fresh.start("apply", "--auto-approve")
    wait_for(lambda: fresh.begun(EKS, FSX), "EKS cluster and file system begun")
    wait_for(lambda: fresh.holds("CreateCluster", "CreateFileSystem"), "both asked for")
    kill_terraform(fresh)
    fresh.let_go()
    assert running.wait(timeout=120) == 1
    wait_for(lambda: fresh.answered("eks", "CreateCluster") == 1, "the EKS cluster made")
    wait_for(lambda: fresh.answered("fsx", "CreateFileSystem") == 1, "the file system made")

    # The chart: its release stays pending, and goes on with consent.
    fresh.hold("kubernetes", "post daemonsets")
    running = fresh.start("apply", "--auto-approve")
    wait_for(lambda: fresh.begun(RELEASE) and fresh.holds("post daemonsets"), "the chart being installed")
    says_what_happened(fresh.said(running), EKS, FSX)
    kill_terraform(fresh)
    assert running.wait(timeout=120) == 1
    fresh.let_go()

    # The HyperPod cluster.
    fresh.hold("cloudcontrol", "CreateResource")
    running = fresh.start("apply", "--auto-approve", "--allow", f"release-stuck={RELEASE}")
    wait_for(lambda: fresh.begun(CLUSTER), "the HyperPod cluster begun")
    wait_for(lambda: fresh.holds("CreateResource"), "the HyperPod cluster asked for")
    kill_terraform(fresh)
    fresh.let_go()
    assert running.wait(timeout=120) == 1
    wait_for(lambda: fresh.answered("cloudcontrol", "CreateResource") == 1, "the HyperPod cluster made")

    says_what_happened(converges(fresh), CLUSTER)
    assert not any(found.locked for found in fresh.store.survey().values())
    assert fresh.answered("eks", "CreateCluster") == fresh.answered("fsx", "CreateFileSystem") == 1
    assert fresh.answered("sagemaker", "CreateCluster") == 1
    assert fresh.answered("ec2", "CreateVpc") == 1
    leaves_nothing(fresh)


@pytest.mark.xdist_group("crash of hptf")
def test_hptf_killed_and_then_both(fresh: Project) -> None:
    # Without the file system nothing here waits for half a minute.
    fresh.edit(lambda content: content["layers"].update(fsx={"enabled": False}))
    fresh.run("local up")

    # hptf and Terraform together: nobody is left to write a state.
    fresh.hold("ec2", "CreateSubnet", times=2)
    # Lost together with the group, which EC2 makes with such a rule: one rule, and two reasons to look for it.
    fresh.hold("ec2", "AuthorizeSecurityGroupEgress", times=2)
    running = fresh.start("apply", "--auto-approve")
    wait_for(lambda: fresh.begun(SUBNET, RULE), "subnets and rules begun")
    wait_for(lambda: fresh.holds("CreateSubnet", "AuthorizeSecurityGroupEgress"), "all of them asked for")
    pid = fresh.terraform_pid()
    running.kill()
    os.kill(pid, signal.SIGKILL)
    fresh.let_go()
    running.wait(timeout=120)
    wait_for(
        lambda: (
            fresh.answered("ec2", "CreateSubnet") >= 2 and fresh.answered("ec2", "AuthorizeSecurityGroupEgress") >= 2
        ),
        "the requests in flight done",
    )

    # hptf alone: Terraform goes on to its end, and leaves its state in a file.
    fresh.hold("eks", "CreateCluster")
    running = fresh.start("apply", "--auto-approve")
    wait_for(lambda: fresh.begun(EKS), "the EKS cluster begun")
    says_what_happened(fresh.said(running), "module.network.aws_vpc.this[0]", SUBNET, RULE)
    running.kill()
    running.wait(timeout=120)
    planning = fresh.start("plan")
    wait_for(lambda: "still works; waiting for it to end" in fresh.said(planning), "the plan waiting for Terraform")
    fresh.let_go()
    assert planning.wait(timeout=RUN_SECONDS) == 0
    says_what_happened(fresh.said(planning))
    assert "wrote the state it had not written" in fresh.said(planning)
    assert EKS in fresh.known()
    assert not (fresh.work / "root-all" / "errored.tfstate").exists()
    assert fresh.unfinished() == []

    # One Ctrl-C while the HyperPod cluster is made: AWS goes on with it, and it is kept.
    fresh.apply()
    fresh.run("destroy", "--layer", "hyperpod", "--auto-approve")
    fresh.hold("cloudcontrol", "CreateResource")
    running = fresh.start("apply", "--auto-approve")
    wait_for(
        lambda: fresh.holds("CreateResource") or running.poll() is not None,
        "the HyperPod cluster asked for",
        seconds=RUN_SECONDS,
    )
    assert running.poll() is None, fresh.said(running)
    fresh.settings(transition_seconds=500.0)
    fresh.let_go()
    wait_for(lambda: fresh.answered("cloudcontrol", "CreateResource") == 2, "the HyperPod cluster being made")
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=120) == 130
    fresh.settings(transition_seconds=0.0)
    planned = fresh.plan()
    assert [change for address, *change in changes(planned) if address == CLUSTER] == []
    assert ("creation-goes-on", CLUSTER) in [(item["code"], item["subject"]) for item in planned["findings"]]
    running = fresh.start("apply", "--auto-approve")
    wait_for(lambda: "which is still being made (Creating)" in fresh.said(running), "the apply waiting for it")
    fresh.settings(ahead_seconds=600.0)
    assert running.wait(timeout=RUN_SECONDS) == 0, fresh.said(running)

    converges(fresh)
    assert fresh.answered("eks", "CreateCluster") == 1

    # In the middle of a destroy: the next one finishes it.
    fresh.hold("cloudcontrol", "DeleteResource")
    running = fresh.start("destroy", "--auto-approve")
    wait_for(lambda: fresh.begun(CLUSTER), "the deletion of the HyperPod cluster begun")
    wait_for(lambda: fresh.holds("DeleteResource"), "the deletion asked for")
    kill_terraform(fresh)
    fresh.let_go()
    assert running.wait(timeout=120) == 1
    leaves_nothing(fresh)
