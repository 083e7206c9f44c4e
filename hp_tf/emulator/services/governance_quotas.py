"""What a compute quota may hold, and what SageMaker fills in of what it leaves out.

Sources: the documentation of ComputeQuotaConfig in SageMaker's service model (defaults and ratios); the tables of
instance types and MIG profiles in the HyperPod command line's own checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hp_tf.contract.mig_profiles import MIG_PROFILES
from hp_tf.emulator.cloud import InstanceFacts
from hp_tf.emulator.services.hyperpod_checks import refuse

_SHARES = ("Accelerators", "VCpu", "MemoryInGiB", "AcceleratorPartition")
SLICES = 7
"""Of these a GPU has as many as a MIG profile names of."""


def check_resources(resources: Iterable[Mapping[str, Any]], facts: Mapping[str, InstanceFacts | None]) -> None:
    """Raise AwsError for the first part of a quota that cannot be."""
    seen = set()
    for given in resources:
        kind, partition = given["InstanceType"], given.get("AcceleratorPartition") or {}
        key = (kind, partition.get("Type"))
        if key in seen:
            raise refuse(f"Instance type {kind} appears more than once in the quota.")
        seen.add(key)
        if "Count" in given and any(name in given for name in _SHARES):
            raise refuse(f"Either Count or a share of {kind} can be given, not both.")
        if partition and given.get("Accelerators"):
            raise refuse(f"Accelerators and AcceleratorPartition of {kind} exclude each other.")
        if partition and partition["Type"] not in MIG_PROFILES.get(kind, ()):
            raise refuse(f"The MIG profile {partition['Type']} is not supported by instance type {kind}.")
        known = facts.get(kind)
        if given.get("Accelerators") and known is not None and not known.accelerators:
            raise refuse(f"Instance type {kind} has no accelerators, and {given['Accelerators']} are asked for.")


def filled(given: Mapping[str, Any], facts: InstanceFacts | None) -> dict[str, Any]:
    """What SageMaker makes of a share of an instance type: what is left out follows by ratio from what is given."""
    found = dict(given)
    if facts is None or not any(name in given for name in _SHARES):
        return found
    ratio = _ratio(given, facts)
    found.setdefault("VCpu", ratio * facts.vcpus)
    found.setdefault("MemoryInGiB", ratio * facts.memory_gib)
    if "AcceleratorPartition" not in given:
        found.setdefault("Accelerators", 0)
    return found


def _ratio(given: Mapping[str, Any], facts: InstanceFacts) -> float:
    """How many instances a share amounts to."""
    if given.get("Accelerators"):
        return float(given["Accelerators"] / facts.accelerators)
    if given.get("AcceleratorPartition"):
        partition = given["AcceleratorPartition"]
        slices = int(partition["Type"].removeprefix("mig-").partition("g")[0])
        return float(partition["Count"] * slices / SLICES / facts.accelerators)
    if "VCpu" in given:
        return float(given["VCpu"] / facts.vcpus)
    return float(given["MemoryInGiB"] / facts.memory_gib)
