"""Three small layers and a way to write files, for the tests of this package."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from hp_tf.contract.base import (
    Block,
    Configured,
    Contract,
    FromEnvironment,
    HptfOnly,
    Inputs,
    Name,
    Outputs,
    Sensitive,
    Supplied,
    Text,
    Wired,
)
from hp_tf.contract.lookup import Lookup
from hp_tf.contract.roles import HyperPodCluster
from hp_tf.contract.rules import PythonRule, Rule, implies, item, var
from hp_tf.environment.load import validated
from hp_tf.environment.messages.words import NAMES
from hp_tf.environment.model import Environment
from hp_tf.environment.wiring import Wiring
from hp_tf.errors import BadInput
from hp_tf.findings import Finding

VpcId = Annotated[str, Text("vpc-[0-9a-f]{8}", "a VPC id such as vpc-01234567")]


class NetInputs(Inputs):
    name: Annotated[str, FromEnvironment("name")] = Field(description="The environment's name.")
    region: Annotated[str, FromEnvironment("region")] = Field(description="The region.")
    tags: Annotated[dict[str, str], FromEnvironment("tags")] = Field(default={}, description="Tags.")
    zones: list[str] = Field(min_length=1, max_length=3, description="The zones. At least one.")
    nat: Literal["single", "per_zone", "none"] = Field("single", description="The way out.")
    days: int | None = Field(30, ge=1, le=365, description="Days logs are kept; null keeps them.")


class NetOutputs(Outputs):
    vpc_id: str = Field(description="The VPC.")
    subnet_ids: dict[str, str] = Field(description="Subnets by zone.")
    gateway_id: str | None = Field(description="The gateway, if there is one.")


class Disk(Block):
    size: int = Field(100, ge=1, description="GiB.")
    encrypted: bool = Field(True, description="Whether it is encrypted.")


class Group(Block):
    name: str = Field(description="The group's name.")
    count: int = Field(ge=0, description="Machines in it.")
    minimum: int | None = Field(None, description="Machines it needs to start.")
    spot: bool = Field(False, description="Whether they are spot machines.")
    disk: Disk | None = Field(None, description="Its disk.")
    labels: dict[str, str] = Field(default_factory=dict, description="Labels.")


class BoxInputs(Inputs):
    name: Annotated[str, FromEnvironment("name")] = Field(description="The environment's name.")
    region: Annotated[str, FromEnvironment("region")] = Field(description="The region.")
    vpc_id: Annotated[VpcId, Wired("net.vpc_id")] = Field(description="The VPC.")
    gateway_id: Annotated[str | None, Wired("net.gateway_id")] = Field(None, description="The gateway.")
    watched: Annotated[bool, Configured("watch.enabled_alarms")] = Field(False, description="Whether watch looks on.")
    groups: list[Group] = Field(default=[], description="Groups of machines.")
    disk: Disk = Field(default_factory=Disk, description="The common disk.")
    password: Annotated[str | None, Sensitive(), Text("[a-z]{8,}", "a password")] = Field(
        None, description="The password. Eight letters."
    )
    script: Annotated[str | None, HptfOnly()] = Field(None, description="A script hptf packs.")
    script_path: Annotated[str, Supplied("script")] = Field(description="Where the script lies.")


class BoxOutputs(Outputs):
    box_id: str = Field(description="The box.")
    address: str = Field(description="Its address.")


class WatchInputs(Inputs):
    address: Annotated[str, Wired("box.address")] = Field(description="The address to watch.")
    box_id: Annotated[str, Wired("box.box_id")] = Field(description="The box to watch.")
    enabled_alarms: bool = Field(True, description="Whether it alarms.")


class WatchOutputs(Outputs):
    page: str = Field(description="Where to look.")


def _names_in_groups(scope: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for index, group in enumerate(scope["groups"]):
        if group["name"] == "root":
            yield ("groups", index, "name"), "a group cannot be called root"


NET = Contract(
    "net",
    "a network",
    NetInputs,
    NetOutputs,
    names={"vpc": Name("{name}-vpc-{region}", 30, "VPC's name")},
    lookup=Lookup(("vpc_id",), ("subnet_ids", "gateway_id"), lambda clients, given: {}),
)
BOX = Contract(
    "box",
    "a box of machines",
    BoxInputs,
    BoxOutputs,
    provides=(HyperPodCluster(),),
    rules=(
        Rule(
            "box-minimum",
            on="groups",
            each=True,
            at="minimum",
            check=implies(item().field("minimum").given(), item().field("minimum").le(item().field("count"))),
            message="the minimum must be at most the count",
        ),
        Rule(
            "box-gateway",
            on="gateway_id",
            check=implies(var("gateway_id").given(), var("gateway_id").matches("gw-.*")),
            message="the gateway_id must begin with gw-.",
        ),
        Rule(
            "box-room",
            on="groups",
            each=True,
            check=item().field("count").lt(1000),
            message="a group must have less than 1000 machines",
        ),
        PythonRule("box-root", _names_in_groups, reason="an example"),
    ),
)
WATCH = Contract("watch", "Alarms.", WatchInputs, WatchOutputs, orchestrators=frozenset({"eks"}), enabled=False)
CONTRACTS: Mapping[str, Contract] = {"net": NET, "box": BOX, "watch": WATCH}

HEAD = """\
orchestrator: eks
name: dev
aws:
  region: us-west-2
  account_id: "123456789012"
"""
GOOD = HEAD + "layers:\n  net:\n    zones: [a, b]\n"


def write(folder: Path, **files: str) -> Path:
    """Write files by their stems; return the folder."""
    for stem, text in files.items():
        (folder / f"{stem}.yaml").write_text(text, encoding="utf-8")
    return folder


def read(folder: Path, text: str, contracts: Mapping[str, Contract] = CONTRACTS) -> tuple[Environment, Wiring]:
    """Write a file and return it validated."""
    return validated("dev", contracts, write(folder, dev=text))


def wrong(folder: Path, text: str, contracts: Mapping[str, Contract] = CONTRACTS) -> list[Finding]:
    """Write a file and return what is wrong with it; the test fails if nothing is."""
    try:
        read(folder, text, contracts)
    except BadInput as error:
        assert not [str(problem) for problem in error.problems if not in_style(problem)]
        return error.problems
    raise AssertionError("nothing was found wrong")


def in_style(finding: Finding) -> bool:
    """Whether a finding is said as all are: in lower case, without a full stop, the remedy on a line of its own."""
    texts = [finding.message, finding.remedy or "it is plain"]
    # A name keeps its capitals; a contract's sentence stands behind its path.
    begins = [part for text in texts for part in (text, text.partition(": ")[2])]
    capital = [text for text in begins if re.match("[A-Z][a-z]* ", text) and not text.startswith(NAMES)]
    return not capital and not any(text.endswith(".") or "\n" in text for text in texts)


def lines(problems: list[Finding]) -> list[int]:
    """Return the lines problems stand on."""
    return [problem.location.line if problem.location else 0 for problem in problems]
