"""Kill hptf and Terraform at random moments, again and again, and hold every next command to what is promised.

`python -m tools.soak [MINUTES] [SEED]`, from the root. A life is one environment on an emulator of its own:
cut off several times while it is made, completed, cut off while it is destroyed, destroyed. A failing life is printed
with its seed and its folder is kept; the tests of tests/end_to_end/test_crashes.py are what such lives have taught.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.end_to_end.conftest import local_project
from tests.end_to_end.project import Project

MAKING = {
    "ec2": (
        *(
            "CreateVpc",
            "ModifyVpcAttribute",
            "AssociateVpcCidrBlock",
            "CreateSubnet",
            "CreateRouteTable",
            "CreateRoute",
        ),
        *(
            "AssociateRouteTable",
            "CreateInternetGateway",
            "AttachInternetGateway",
            "AllocateAddress",
            "CreateNatGateway",
        ),
        *("CreateSecurityGroup", "AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress"),
        *("RevokeSecurityGroupEgress", "CreateVpcEndpoint"),
    ),
    "s3": ("CreateBucket", "PutObject", "PutBucketPolicy", "PutBucketVersioning", "PutBucketEncryption"),
    "iam": ("CreateRole", "PutRolePolicy", "AttachRolePolicy"),
    "logs": ("CreateLogGroup", "PutRetentionPolicy"),
    "eks": ("CreateCluster", "CreateAddon", "CreateAccessEntry", "AssociateAccessPolicy"),
    "fsx": ("CreateFileSystem",),
    "cloudcontrol": ("CreateResource",),
}
UNMAKING = {
    "ec2": (
        *("DeleteVpc", "DeleteSubnet", "DeleteRouteTable", "DeleteSecurityGroup", "DetachInternetGateway"),
        *("DeleteInternetGateway", "ReleaseAddress", "DeleteNatGateway", "DeleteVpcEndpoints"),
        *("RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress"),
    ),
    "s3": ("DeleteBucket",),
    "iam": ("DeleteRole", "DetachRolePolicy"),
    "eks": ("DeleteCluster", "DeleteAddon"),
    "fsx": ("DeleteFileSystem",),
    "cloudcontrol": ("DeleteResource",),
}
WAYS = ("kill terraform", "kill hptf", "kill both", "interrupt", "interrupt twice", "terminate")
KEEP = re.compile(r"--keep '([^']+)'")


def main() -> None:
    """Live lives until the time is over. Exit code 1 if one failed."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1_000_000)
    ends, failed = time.monotonic() + 60 * minutes, 0
    while time.monotonic() < ends:
        failed += not lives(seed)
        seed += 1
    sys.exit(1 if failed else 0)


def lives(seed: int) -> bool:
    """Whether the life of a seed went as it should."""
    root = Path(tempfile.mkdtemp(prefix=f"soak-{seed}-"))
    project = local_project(root)
    try:
        live(project, random.Random(seed), f"[{seed}]")
    except (AssertionError, subprocess.TimeoutExpired) as error:
        print(f"[{seed}] FAILED, see {root}: {error}", flush=True)
        return False
    finally:
        project.close()
    shutil.rmtree(root)
    return True


def live(project: Project, chance: random.Random, name: str) -> None:
    """Make an environment, cut off several times, hold it to what its file says, and destroy it, cut off again."""
    project.run("local up")
    for _ in range(chance.randint(2, 4)):
        slow_down(project, chance, MAKING)
        kept = keeps(project)
        cut_off(project, chance, "apply", kept, f"{name} apply")
    project.apply(*keeps(project))
    assert project.differences() == {}
    assert project.run("plan", "--detailed-exitcode", expect=None).code == 0
    assert not (project.work / "lost.json").exists()
    print(f"{name} complete", flush=True)
    for _ in range(chance.randint(1, 2)):
        slow_down(project, chance, UNMAKING)
        cut_off(project, chance, "destroy", (), f"{name} destroy")
    project.destroy()
    assert project.resources() == {}
    assert project.known() == {}
    print(f"{name} destroyed", flush=True)


def slow_down(project: Project, chance: random.Random, operations: dict[str, tuple[str, ...]]) -> None:
    """Make some calls late, so that they are in flight when Terraform dies."""
    all_of_them = [(service, operation) for service, names in operations.items() for operation in names]
    for service, operation in chance.sample(all_of_them, chance.randint(2, 8)):
        project.fault(service, operation, times=chance.randint(1, 3), delay=round(chance.uniform(0.5, 9.0), 1))


def keeps(project: Project) -> tuple[str, ...]:
    """Return the options that keep what an interruption cut off, as the plan says them; the plan must succeed."""
    addresses = sorted(set(KEEP.findall(project.run("plan").text)))
    return tuple(word for address in addresses for word in ("--keep", address))


def cut_off(project: Project, chance: random.Random, verb: str, options: tuple[str, ...], name: str) -> None:
    """Start a command and end it somewhere on its way, in one of the ways in which commands end."""
    running = project.start(verb, "--auto-approve", *options)
    while not project.at_work() and running.poll() is None:
        time.sleep(0.1)
    time.sleep(chance.uniform(0, 45))
    way = chance.choice(WAYS)
    terraform = project.terraform_pid() if project.at_work() else None
    if way in ("kill hptf", "kill both"):
        running.kill()
    if way in ("kill terraform", "kill both") and terraform is not None:
        os.kill(terraform, signal.SIGKILL)
    if way == "terminate":
        running.terminate()
    if way.startswith("interrupt"):
        running.send_signal(signal.SIGINT)
    if way == "interrupt twice":
        time.sleep(1)
        running.send_signal(signal.SIGINT)
    print(f"{name}: {way}, exit code {running.wait(timeout=400)}", flush=True)
    time.sleep(chance.choice((0, 0, chance.uniform(0, 10))))


if __name__ == "__main__":
    main()
