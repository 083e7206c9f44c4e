"""FSx for Lustre: what a file system is made of, and what an update makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hp_tf.emulator.awsjson import Parameters
from hp_tf.emulator.jsonpatch import merge_patch
from hp_tf.emulator.services.fsx_rules import bad, check_lustre, check_lustre_update, metadata_iops

# Mount names hold lower-case letters and the digits 2 to 7.
_MOUNT_ALPHABET = str.maketrans("0189", "abcd")


def created(parameters: Parameters, mount_name: str) -> dict[str, Any]:
    """The attributes of a new file system that only Lustre has. Raises AwsError.

    Args:
        parameters: of CreateFileSystem.
        mount_name: eight letters and digits drawn for it.
    """
    given = dict(parameters.get("LustreConfiguration") or {})
    storage, capacity = parameters.get("StorageType", "SSD"), parameters.get("StorageCapacity")
    if len(parameters["SubnetIds"]) != 1:
        raise bad("a Lustre file system has exactly one subnet")
    check_lustre(given, storage, capacity)
    deployment = given.setdefault("DeploymentType", "SCRATCH_1")
    repository = {
        key: given.pop(key)
        for key in ("ImportPath", "ExportPath", "ImportedFileChunkSize", "AutoImportPolicy")
        if key in given
    }
    config: dict[str, Any] = {
        "WeeklyMaintenanceStartTime": "7:09:00",
        "DataCompressionType": "NONE",
        "CopyTagsToBackups": False,
        "LogConfiguration": {"Level": "DISABLED"},
        "MountName": "fsx" if deployment == "SCRATCH_1" else mount_name.translate(_MOUNT_ALPHABET),
        **given,
    }
    if deployment.startswith("PERSISTENT"):
        config.setdefault("AutomaticBackupRetentionDays", 0)
    if config.get("AutomaticBackupRetentionDays"):
        config.setdefault("DailyAutomaticBackupStartTime", "05:00")
    if deployment == "PERSISTENT_2":
        config.setdefault("EfaEnabled", False)
    if repository:
        config["DataRepositoryConfiguration"] = {"Lifecycle": "AVAILABLE", "AutoImportPolicy": "NONE", **repository}
    version = parameters.get("FileSystemTypeVersion", "2.15" if deployment == "PERSISTENT_2" else "2.10")
    return {"LustreConfiguration": _with_iops(config, capacity), "FileSystemTypeVersion": version}


def updated(attributes: Mapping[str, Any], parameters: Parameters) -> dict[str, Any]:
    """The configuration after UpdateFileSystem, held to the rules of a new file system. Raises AwsError."""
    config = merge_patch(attributes["LustreConfiguration"], parameters.get("LustreConfiguration") or {})
    held = attributes["StorageCapacity"]
    capacity = parameters.get("StorageCapacity") or held
    check_lustre_update(attributes["LustreConfiguration"], config, held or 0, capacity or 0)
    check_lustre(config, parameters.get("StorageType") or attributes["StorageType"], capacity)
    return _with_iops(config, capacity)


def _with_iops(config: dict[str, Any], capacity: int | None) -> dict[str, Any]:
    """Metadata IOPS that follow the capacity are the service's to choose."""
    if (config.get("MetadataConfiguration") or {}).get("Mode") != "AUTOMATIC":
        return config
    return {**config, "MetadataConfiguration": {"Mode": "AUTOMATIC", "Iops": metadata_iops(capacity or 0)}}
