"""What a team gets of a cluster: its compute quota, as SageMaker's API has it (ComputeQuotaConfig)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hp_tf.contract.base import Block, CreateOnly, Text
from hp_tf.contract.instance_types import InstanceType

MOST = 10_000_000
ENTRIES = 15
NAMESPACE = "hyperpod-ns-"
_NAME = "[a-zA-Z0-9](?:-*[a-zA-Z0-9])*"
GovernanceName = Annotated[str, Text(_NAME, "a name of letters, digits and inner hyphens", min_length=1, max_length=63)]
# A namespace hyperpod-ns-<team> is made of it, and a queue hyperpod-ns-<team>-localqueue.
TeamName = Annotated[
    str,
    Text(
        "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?",
        "a team's name of lower-case letters, digits and inner hyphens, such as 'research'",
        min_length=1,
        max_length=40,
    ),
]
PriorityClass = Annotated[
    str,
    Text(
        "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?",
        "a priority class of lower-case letters, digits and inner hyphens, such as 'training'",
        min_length=1,
        max_length=40,
    ),
]
MigProfile = Annotated[str, Text(r"mig-[1-7]g\.[0-9]+gb", "a part of a GPU such as 'mig-1g.10gb'")]


class Partition(Block):
    """Parts of GPUs that are cut up (NVIDIA's Multi-Instance GPU)."""

    profile: MigProfile = Field(description="What a part is, such as mig-1g.10gb.")
    count: int = Field(ge=0, le=MOST, description="How many parts.")


class Share(Block):
    """So much of an instance type: whole instances by count, or accelerators, vCPUs and memory."""

    instance_type: InstanceType = Field(description="Instance type, one of the cluster's groups.")
    count: int | None = Field(None, ge=0, le=MOST, description="Whole instances. Nothing else is given beside it.")
    accelerators: int | None = Field(
        None, ge=0, le=MOST, description="GPUs or Trainium chips. What is left out beside it the service fills in."
    )
    accelerator_partition: Partition | None = Field(None, description="Parts of GPUs, instead of accelerators.")
    vcpu: float | None = Field(None, ge=0, le=MOST, description="vCPUs.")
    memory_gib: float | None = Field(None, ge=0, le=MOST, description="GiB of memory.")


class Team(Block):
    """A team and its compute quota."""

    quota_name: Annotated[GovernanceName | None, CreateOnly("another name is another quota")] = Field(
        None, description="Name of the quota, unique in the cluster; null takes <team>-quota."
    )
    description: str | None = Field(None, min_length=1, max_length=1024, description="What the quota is for.")
    enabled: bool = Field(True, description="Whether the quota is in force.")
    resources: list[Share] = Field(
        default_factory=list,
        max_length=ENTRIES,
        description="What the team is guaranteed, each instance type once. Their order has no meaning.",
    )
    fair_share_weight: int = Field(
        0, ge=0, le=100, description="Its weight among teams that borrow idle compute, where fair_share is on."
    )
    sharing: Literal["Lend", "DontLend", "LendAndBorrow"] = Field(
        "LendAndBorrow", description="Whether the team lends what it leaves idle, and borrows what others do."
    )
    borrow_limit_percent: int = Field(
        50, ge=1, le=500, description="Percent of its own quota that the team may borrow, with LendAndBorrow."
    )
    borrow_limits: list[Share] = Field(
        default_factory=list,
        max_length=ENTRIES,
        description="Limits of what it may borrow of an instance type, with LendAndBorrow, whatever the percentage.",
    )
    preempt_team_tasks: Literal["Never", "LowerPriority"] = Field(
        "LowerPriority", description="Whether the team's tasks of higher priority push aside its own of lower."
    )
