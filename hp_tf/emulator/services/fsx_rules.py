"""AWS's rules between the parameters of a new FSx file system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hp_tf.emulator.awsjson import AwsError

# Throughput per TiB (MB/s) that a deployment type and storage type allow.
THROUGHPUT: dict[tuple[str, str], tuple[int, ...]] = {
    ("PERSISTENT_2", "SSD"): (125, 250, 500, 1000),
    ("PERSISTENT_1", "SSD"): (50, 100, 200),
    ("PERSISTENT_1", "HDD"): (12, 40),
}

# MB/s of an OpenZFS file system. Source: the FSx API, CreateFileSystemOpenZFSConfiguration, ThroughputCapacity.
_OPENZFS_FIRST = (64, 128, 256, 512, 1024, 2048, 3072, 4096)
_OPENZFS_SECOND = (160, 320, 640, 1280, 2560, 3840, 5120, 7680, 10240)
OPENZFS_THROUGHPUT: dict[str, tuple[int, ...]] = {
    "SINGLE_AZ_1": _OPENZFS_FIRST,
    "SINGLE_AZ_HA_1": _OPENZFS_FIRST,
    "SINGLE_AZ_2": _OPENZFS_SECOND,
    "SINGLE_AZ_HA_2": _OPENZFS_SECOND,
    "MULTI_AZ_1": _OPENZFS_SECOND,
}


def bad(message: str) -> AwsError:
    """Return FSx's answer to what it does not accept."""
    return AwsError("BadRequest", message)


def check_lustre(config: Mapping[str, Any], storage: str, capacity: int | None) -> None:
    """Refuse a Lustre file system as the real service would. Capacity in GiB, throughput in MB/s per TiB."""
    deployment = config.get("DeploymentType", "SCRATCH_1")
    throughput = config.get("PerUnitStorageThroughput")
    if storage == "INTELLIGENT_TIERING":
        _check_tiered(config, deployment, capacity)
        return
    if capacity is None:
        raise bad("StorageCapacity is required")
    if config.get("ThroughputCapacity") or config.get("DataReadCacheConfiguration"):
        raise bad("ThroughputCapacity and DataReadCacheConfiguration need the storage type INTELLIGENT_TIERING")
    if deployment.startswith("SCRATCH"):
        if throughput is not None:
            raise bad(f"PerUnitStorageThroughput is not supported for deployment type {deployment}")
        if storage != "SSD":
            raise bad(f"storage type {storage} is not supported for deployment type {deployment}")
    else:
        allowed = THROUGHPUT.get((deployment, storage))
        if allowed is None:
            raise bad(f"storage type {storage} is not supported for deployment type {deployment}")
        if throughput not in allowed:
            raise bad(
                f"PerUnitStorageThroughput {throughput} is not valid for {deployment} on {storage}: "
                f"it must be one of {', '.join(map(str, allowed))}"
            )
    if not _capacity_fits(deployment, storage, throughput, capacity):
        raise bad(f"StorageCapacity {capacity} GiB is not valid for {deployment} on {storage}")
    metadata = config.get("MetadataConfiguration")
    if (metadata or config.get("EfaEnabled")) and deployment != "PERSISTENT_2":
        raise bad("MetadataConfiguration and EfaEnabled need the deployment type PERSISTENT_2")
    if metadata and metadata.get("Mode") == "USER_PROVISIONED" and not metadata.get("Iops"):
        raise bad("MetadataConfiguration of mode USER_PROVISIONED needs Iops")
    if metadata and metadata.get("Mode") == "USER_PROVISIONED" and metadata["Iops"] < metadata_iops(capacity):
        raise bad(f"Iops must be at least {metadata_iops(capacity)} for a StorageCapacity of {capacity} GiB")
    if config.get("EfaEnabled") and not metadata:
        raise bad("EfaEnabled needs a MetadataConfiguration")


def _capacity_fits(deployment: str, storage: str, throughput: int | None, capacity: int) -> bool:
    if storage == "HDD":
        step = 6000 if throughput == 12 else 1800
        return capacity > 0 and capacity % step == 0
    if deployment == "SCRATCH_1":
        return capacity in (1200, 2400) or (capacity > 0 and capacity % 3600 == 0)
    return capacity == 1200 or (capacity > 0 and capacity % 2400 == 0)


def _check_tiered(config: Mapping[str, Any], deployment: str, capacity: int | None) -> None:
    if deployment != "PERSISTENT_2" or capacity is not None or config.get("PerUnitStorageThroughput"):
        raise bad(
            "INTELLIGENT_TIERING needs PERSISTENT_2, and takes neither StorageCapacity nor PerUnitStorageThroughput"
        )
    throughput = config.get("ThroughputCapacity") or 0
    if throughput <= 0 or throughput % 4000:
        raise bad("ThroughputCapacity must be a multiple of 4000")
    if not config.get("DataReadCacheConfiguration"):
        raise bad("INTELLIGENT_TIERING needs a DataReadCacheConfiguration")
    if (config.get("MetadataConfiguration") or {}).get("Mode") != "USER_PROVISIONED":
        raise bad("INTELLIGENT_TIERING needs a MetadataConfiguration of mode USER_PROVISIONED")


def metadata_iops(capacity: int) -> int:
    """The metadata IOPS that AUTOMATIC gives to a PERSISTENT_2 file system of this capacity (GiB)."""
    for limit, iops in ((1200, 1500), (2400, 3000), (9600, 6000)):
        if capacity <= limit:
            return iops
    return max(1, capacity // 24000) * 12000


def check_lustre_update(old: Mapping[str, Any], new: Mapping[str, Any], capacity: int, grown: int) -> None:
    """Refuse a change of a Lustre file system that the real service would. Capacities in GiB, before and after."""
    if grown > capacity and old.get("DeploymentType") == "SCRATCH_1":
        raise bad("StorageCapacity of a SCRATCH_1 file system cannot be increased")
    was, will = old.get("MetadataConfiguration") or {}, new.get("MetadataConfiguration") or {}
    if will and not was:
        raise bad("MetadataConfiguration cannot be added to a file system that was created without one")
    least = metadata_iops(grown) if will.get("Mode") == "AUTOMATIC" else will.get("Iops") or 0
    if was and least < (was.get("Iops") or 0):
        raise bad("Metadata IOPS cannot be decreased")
    # What is there when the capacity is raised, and not what the same request would make of it.
    if was.get("Mode") == "USER_PROVISIONED" and grown > capacity and was["Iops"] < metadata_iops(grown):
        raise bad(f"Unable to update StorageCapacity to {grown}: Metadata IOPS must be at least {metadata_iops(grown)}")
    if (new.get("ThroughputCapacity") or 0) < (old.get("ThroughputCapacity") or 0):
        raise bad("ThroughputCapacity can only be increased")


def check_openzfs(config: Mapping[str, Any], subnets: Sequence[str], capacity: int | None) -> None:
    """Refuse an OpenZFS file system as the real service would. Capacity in GiB."""
    deployment, throughput = config.get("DeploymentType", ""), config.get("ThroughputCapacity")
    allowed = OPENZFS_THROUGHPUT.get(deployment)
    if allowed is None:
        raise bad(f"DeploymentType must be one of {', '.join(OPENZFS_THROUGHPUT)}")
    if throughput not in allowed:
        raise bad(f"ThroughputCapacity of {deployment} must be one of {', '.join(map(str, allowed))}")
    if not capacity or capacity < 64:
        raise bad("StorageCapacity of an OpenZFS file system must be at least 64 GiB")
    iops = config.get("DiskIopsConfiguration") or {}
    if iops.get("Mode") == "USER_PROVISIONED" and (iops.get("Iops") or 0) < 3 * capacity:
        raise bad("DiskIopsConfiguration needs at least 3 Iops per GiB")
    multi = deployment == "MULTI_AZ_1"
    if len(subnets) != (2 if multi else 1):
        raise bad(f"{deployment} takes {'two subnets' if multi else 'one subnet'}")
    if multi and config.get("PreferredSubnetId") not in subnets:
        raise bad("MULTI_AZ_1 needs a PreferredSubnetId among its SubnetIds")
    only_multi = [key for key in ("PreferredSubnetId", "RouteTableIds", "EndpointIpAddressRange") if config.get(key)]
    if only_multi and not multi:
        raise bad(f"{only_multi[0]} goes with MULTI_AZ_1 only")
