"""What task governance keeps of HyperPod clusters: their scheduler configurations and their teams' compute quotas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from hp_tf.emulator.awsjson import AwsError, Caller
from hp_tf.emulator.phases import Phase

Kind = Literal["cluster-scheduler-config", "compute-quota"]
KINDS: tuple[Kind, ...] = ("cluster-scheduler-config", "compute-quota")
_WHAT: dict[Kind, str] = {"cluster-scheduler-config": "cluster scheduler config", "compute-quota": "compute quota"}


@dataclass
class Governed:
    """One scheduler configuration or one quota.

    Attributes:
        content: its members that an update can change, as the service fills them in.
        failure: why it failed, if it did.
    """

    kind: Kind
    arn: str
    region: str
    name: str
    cluster_arn: str
    content: dict[str, Any]
    tags: dict[str, str]
    created: float
    modified: float
    phase: Phase
    version: int = 1
    failure: str | None = None

    @property
    def identity(self) -> str:
        return self.arn.rpartition("/")[2]


@dataclass
class GovernanceStore:
    """All of them, by ARN."""

    held: dict[str, Governed] = field(default_factory=dict)

    def of_kind(self, kind: Kind, region: str | None = None) -> Iterator[Governed]:
        """Those of a kind, oldest first."""
        return (one for one in list(self.held.values()) if one.kind == kind and region in (None, one.region))

    def get(self, caller: Caller, kind: Kind, identity: str) -> Governed:
        """One by its id, or the error SageMaker gives for an unknown one."""
        for one in self.of_kind(kind, caller.region):
            if one.identity == identity:
                return one
        raise AwsError("ResourceNotFound", f"There is no {_WHAT[kind]} {identity}.")
