"""What our own services must know of, or make in, the services that are not ours: EC2, IAM, S3.

Two implementations: `MotoCloud` reads moto's objects in this process, `UpstreamCloud` asks another emulator by boto3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True)
class SubnetFacts:
    """What is known of a subnet."""

    subnet_id: str
    vpc_id: str
    zone: str
    zone_id: str
    cidr: str


@dataclass(frozen=True)
class RuleFacts:
    """One security group rule. `protocol` "-1" is all traffic; ports are None there."""

    egress: bool
    protocol: str
    from_port: int | None
    to_port: int | None
    peer_group: str | None

    def covers(self, protocol: str, port: int) -> bool:
        if self.protocol == "-1":
            return True
        if self.protocol != protocol or self.from_port is None or self.to_port is None:
            return False
        return self.from_port <= port <= self.to_port


@dataclass(frozen=True)
class GroupFacts:
    """What is known of a security group."""

    group_id: str
    vpc_id: str
    rules: tuple[RuleFacts, ...]

    def talks_to_itself(self, *, egress: bool) -> bool:
        """Whether a rule allows all traffic between members of the group, in one direction (EFA needs both)."""
        return any(
            rule.egress == egress and rule.protocol == "-1" and rule.peer_group == self.group_id for rule in self.rules
        )


@dataclass(frozen=True)
class InstanceFacts:
    """What an instance of a type has. `accelerators`: GPUs, or Neuron devices."""

    vcpus: int
    memory_gib: float
    accelerators: int

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> InstanceFacts:
        """The facts in an item of DescribeInstanceTypes."""
        gpus = (described.get("GpuInfo") or {}).get("Gpus") or ()
        devices = (described.get("NeuronInfo") or {}).get("NeuronDevices") or ()
        return cls(
            vcpus=int(described["VCpuInfo"]["DefaultVCpus"]),
            memory_gib=described["MemoryInfo"]["SizeInMiB"] / 1024,
            accelerators=sum(int(item["Count"]) for item in (*gpus, *devices)),
        )


@dataclass(frozen=True)
class Interface:
    """A network interface and its private address."""

    interface_id: str
    address: str


class Cloud(Protocol):
    """The calls our services make. Every identifier is looked up in the given region; IAM and S3 have none."""

    def subnet(self, region: str, subnet_id: str) -> SubnetFacts | None: ...

    def reaches(self, region: str, subnet_id: str, service: str) -> bool:
        """Whether a way leads from a subnet to a service of AWS: a default route, or an endpoint of its VPC."""

    def security_group(self, region: str, group_id: str) -> GroupFacts | None: ...

    def instance_type(self, region: str, name: str) -> InstanceFacts | None: ...

    def role_exists(self, role_arn: str) -> bool: ...

    def read_object(self, bucket: str, key: str) -> bytes | None: ...

    def caller_arn(self, region: str, access_key: str) -> str: ...

    def secret_of(self, access_key: str) -> str | None: ...

    def knows(self, access_key: str) -> bool:
        """Whether this is the key of a user or a session made here."""

    def create_security_group(
        self, region: str, vpc_id: str, name: str, description: str, tags: Mapping[str, str]
    ) -> str: ...

    def delete_security_group(self, region: str, group_id: str) -> None: ...

    def create_interface(
        self, region: str, subnet_id: str, group_ids: Sequence[str], description: str
    ) -> Interface: ...

    def delete_interface(self, region: str, interface_id: str) -> None: ...

    def reset(self) -> None: ...
