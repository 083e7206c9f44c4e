"""A machine is lost with its disk while a call is under way, which comes through only after all was made again."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal

import pytest

from hp_tf.recovery import ledger
from tests.end_to_end.project import Project
from tests.waiting import wait_for

pytestmark = [pytest.mark.slow]

VPC = "module.network.aws_vpc.this[0]"
NETWORK = ("--layer", "network")


def named(project: Project) -> list[dict[str, str]]:
    """What a plan says of what was lost."""
    found = project.plan(*NETWORK)["findings"]
    return [item for item in found if item["code"] == "creation-lost"]


def test_nothing_is_forgotten_that_another_machine_was_making(fresh: Project) -> None:
    fresh.run("local up")
    fresh.hold("ec2", "CreateVpc")
    running = fresh.start("apply", "--auto-approve", *NETWORK)
    wait_for(lambda: fresh.begun(VPC) and fresh.holds("CreateVpc"), "the VPC asked for")

    def on_record() -> bool:
        return any(item.certain for entry in ledger.read_all(fresh.store) for item in entry.lost)

    wait_for(on_record, "the store to hear of it")
    pid = fresh.terraform_pid()
    running.kill()
    os.kill(pid, signal.SIGKILL)
    running.wait(timeout=60)
    for path in fresh.work.iterdir():
        if path.name != "emulator":
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    # Only the user knows that the run is dead: what holds the locks is named with the line that frees them all.
    line = re.search(r"hptf (unlock .*)", fresh.run("plan", *NETWORK, expect=1).text)
    assert line is not None
    verb, environment, *options = shlex.split(line[1])
    assert environment == fresh.environment
    fresh.run(verb, *options)
    planned = fresh.run("plan", *NETWORK)
    assert re.search(r"the run \S+ of \S+ ended while it worked on network", planned.text)
    assert f"{VPC} was being made and is in no state" in planned.text

    # It has not come through when the VPC is made again, and not been forgotten either.
    assert "has not been found" in fresh.apply(*NETWORK).text
    assert fresh.lost() == [VPC]
    fresh.let_go()
    wait_for(lambda: fresh.answered("ec2", "CreateVpc") == 2, "the late call")
    only_there, only_in_states = fresh.differences()["aws_vpc"]
    assert (len(only_there), only_in_states) == (1, set())
    (late,) = only_there
    (finding,) = named(fresh)
    assert finding["subject"] == VPC and late in finding["message"]

    fresh.session.client("ec2").delete_vpc(VpcId=late)
    verb, environment, *options = shlex.split(finding["remedy"].rpartition("hptf ")[2])
    assert environment == fresh.environment
    fresh.run(verb, *options)
    assert fresh.lost() == []
    assert named(fresh) == []
    assert fresh.differences() == {}
