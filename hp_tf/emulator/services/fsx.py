"""FSx: Lustre file systems whole, OpenZFS with its root volume, data repository associations."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hp_tf.emulator.awsjson import AwsError, Caller, Parameters, Service, handlers, operation
from hp_tf.emulator.jsonpatch import merge_patch
from hp_tf.emulator.phases import Phase
from hp_tf.emulator.services import fsx_lustre
from hp_tf.emulator.services.fsx_rules import bad, check_openzfs
from hp_tf.emulator.services.pages import page
from hp_tf.emulator.world import World


@dataclass
class Record:
    """A file system, volume or association: what Describe answers, without its life cycle.

    `request` is what a file system was made by.
    """

    attributes: dict[str, Any]
    phase: Phase
    region: str
    request: Parameters = field(default_factory=dict)


class FsxStore:
    """Everything FSx holds, by identifier."""

    def __init__(self) -> None:
        self.file_systems: dict[str, Record] = {}
        self.associations: dict[str, Record] = {}
        self.volumes: dict[str, Record] = {}


class Fsx:
    """Operations on file systems and what belongs to them."""

    def __init__(self, world: World, store: FsxStore) -> None:
        self._world = world
        self._store = store

    def _arn(self, caller: Caller, path: str) -> str:
        return f"arn:{caller.partition}:fsx:{caller.region}:{self._world.account_id}:{path}"

    def _show(self, record: Record) -> dict[str, Any]:
        return {**record.attributes, "Lifecycle": record.phase.status(self._world.clock())}

    def _file_system(self, caller: Caller, identifier: str) -> Record:
        record = self._store.file_systems.get(identifier)
        if record is None or record.region != caller.region:
            raise AwsError("FileSystemNotFound", f"File system '{identifier}' does not exist.")
        return record

    @operation("CreateFileSystem")
    def create_file_system(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        known = self._same_request(caller, parameters)
        if known is not None:
            return {"FileSystem": self._show(known)}
        kinds: dict[str, Callable[[Caller, Parameters], dict[str, Any]]] = {
            "LUSTRE": self._lustre,
            "OPENZFS": self._openzfs,
        }
        make = kinds.get(parameters["FileSystemType"])
        if make is None:
            raise bad(f"the emulator has no FSx file systems of type {parameters['FileSystemType']}")
        kind = make(caller, parameters)
        zones = [self._world.cloud.subnet(caller.region, subnet_id) for subnet_id in parameters["SubnetIds"]]
        self._check_network(caller, parameters, zones)
        identifier = f"fs-0{self._world.hex(16)}"
        groups = parameters.get("SecurityGroupIds") or ()
        interfaces = [
            self._world.cloud.create_interface(
                caller.region, subnet_id, groups, f"Created By Amazon FSx for {identifier}"
            )
            for subnet_id in parameters["SubnetIds"]
        ]
        attributes = {
            "OwnerId": self._world.account_id,
            "CreationTime": self._world.clock(),
            "FileSystemId": identifier,
            "FileSystemType": parameters["FileSystemType"],
            "StorageCapacity": parameters.get("StorageCapacity"),
            "StorageType": parameters.get("StorageType", "SSD"),
            "VpcId": zones[0].vpc_id if zones and zones[0] else None,
            "SubnetIds": list(parameters["SubnetIds"]),
            "NetworkInterfaceIds": [interface.interface_id for interface in interfaces],
            "DNSName": f"{identifier}.fsx.{caller.region}.{_suffix(caller)}",
            "KmsKeyId": parameters.get("KmsKeyId") or self._default_key(caller),
            "ResourceARN": self._arn(caller, f"file-system/{identifier}"),
            "Tags": list(parameters.get("Tags") or ()),
            "AdministrativeActions": [],
            **kind,
        }
        if "OpenZFSConfiguration" in attributes:
            self._add_root_volume(caller, attributes, parameters["OpenZFSConfiguration"])
        record = Record(attributes, self._world.phase("CREATING", "AVAILABLE"), caller.region, parameters)
        self._store.file_systems[identifier] = record
        return {"FileSystem": self._show(record)}

    def _same_request(self, caller: Caller, parameters: Parameters) -> Record | None:
        """The file system that this very request has made before, as its token tells."""
        token = parameters.get("ClientRequestToken")
        for record in self._store.file_systems.values():
            if token and record.region == caller.region and record.request.get("ClientRequestToken") == token:
                keys = sorted({*record.request, *parameters})
                other = next((key for key in keys if record.request.get(key) != parameters.get(key)), None)
                if other is not None:
                    message = f"The token {token} was used for a request with another {other}."
                    raise AwsError("IncompatibleParameterError", message, Parameter=other)
                return record
        return None

    def _check_network(self, caller: Caller, parameters: Parameters, subnets: list[Any]) -> None:
        for subnet_id, subnet in zip(parameters["SubnetIds"], subnets, strict=True):
            if subnet is None:
                raise AwsError("InvalidNetworkSettings", f"The subnet ID '{subnet_id}' does not exist")
        groups = parameters.get("SecurityGroupIds") or ()
        found = [self._world.cloud.security_group(caller.region, group_id) for group_id in groups]
        for group_id, group in zip(groups, found, strict=True):
            if group is None or group.vpc_id != subnets[0].vpc_id:
                raise AwsError("InvalidNetworkSettings", f"The security group ID '{group_id}' does not exist")
        lustre = parameters["FileSystemType"] == "LUSTRE"
        rules = [rule for group in found if group for rule in group.rules if not rule.egress]
        if lustre and groups and not any(rule.covers("tcp", 988) for rule in rules):
            raise AwsError(
                "InvalidNetworkSettings",
                "The file system cannot be created because the provided security groups do not permit Lustre LNET "
                "network traffic on port 988",
            )

    def _default_key(self, caller: Caller) -> str:
        """The ARN of the account's AWS-managed key for FSx, which has no record in the emulator's KMS."""
        digest = hashlib.sha256(f"{self._world.account_id}/{caller.region}/aws/fsx".encode()).hexdigest()
        key = "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))
        return f"arn:{caller.partition}:kms:{caller.region}:{self._world.account_id}:key/{key}"

    def _lustre(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return fsx_lustre.created(parameters, self._world.base36(8))

    def _openzfs(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        given = dict(parameters.get("OpenZFSConfiguration") or {})
        check_openzfs(given, parameters["SubnetIds"], parameters.get("StorageCapacity"))
        given.pop("RootVolumeConfiguration", None)
        capacity = parameters["StorageCapacity"]
        iops = given.get("DiskIopsConfiguration") or {"Mode": "AUTOMATIC"}
        config = {
            "AutomaticBackupRetentionDays": 0,
            "CopyTagsToBackups": False,
            "CopyTagsToVolumes": False,
            "WeeklyMaintenanceStartTime": "7:09:00",
            **given,
            "DiskIopsConfiguration": {"Iops": 3 * capacity, **iops},
            "RootVolumeId": f"fsvol-0{self._world.hex(16)}",
        }
        if given["DeploymentType"] == "MULTI_AZ_1":
            config.setdefault("EndpointIpAddressRange", "198.19.255.0/24")
            config.setdefault("RouteTableIds", [])
        return {"OpenZFSConfiguration": config}

    def _add_root_volume(self, caller: Caller, attributes: Mapping[str, Any], config: Mapping[str, Any]) -> None:
        given = config.get("RootVolumeConfiguration") or {}
        identifier = attributes["OpenZFSConfiguration"]["RootVolumeId"]
        volume = {
            "CreationTime": self._world.clock(),
            "FileSystemId": attributes["FileSystemId"],
            "Name": "fsx",
            "VolumeId": identifier,
            "VolumeType": "OPENZFS",
            "ResourceARN": self._arn(caller, f"volume/{attributes['FileSystemId']}/{identifier}"),
            "Tags": [],
            "OpenZFSConfiguration": {
                "VolumePath": "/fsx",
                "RecordSizeKiB": 128,
                "DataCompressionType": "NONE",
                "CopyTagsToSnapshots": False,
                "ReadOnly": False,
                "NfsExports": [{"ClientConfigurations": [{"Clients": "*", "Options": ["rw", "crossmnt"]}]}],
                "UserAndGroupQuotas": [
                    {"Type": "USER", "Id": 0, "StorageCapacityQuotaGiB": 0},
                    {"Type": "GROUP", "Id": 0, "StorageCapacityQuotaGiB": 0},
                ],
                **given,
            },
        }
        self._store.volumes[identifier] = Record(volume, self._world.phase("CREATING", "AVAILABLE"), caller.region)

    def _hurries(self, caller: Caller) -> bool:
        """Whether to tell Terraform at once that something is gone: it would wait half a minute before it looks."""
        settings = self._world.settings
        return caller.is_terraform and settings.fast_delete and not settings.transition_seconds

    @operation("DescribeFileSystems")
    def describe_file_systems(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        if parameters.get("FileSystemIds"):
            return {"FileSystems": [self._show(self._file_system(caller, key)) for key in parameters["FileSystemIds"]]}
        found = [self._show(record) for record in self._store.file_systems.values() if record.region == caller.region]
        items, token = page(found, parameters.get("NextToken"), parameters.get("MaxResults"))
        return {"FileSystems": items, "NextToken": token}

    @operation("UpdateFileSystem")
    def update_file_system(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        record = self._file_system(caller, parameters["FileSystemId"])
        attributes = record.attributes
        if not record.phase.over(self._world.clock()):
            raise bad(f"File system '{attributes['FileSystemId']}' is {record.phase.during}, not AVAILABLE")
        capacity = parameters.get("StorageCapacity")
        if capacity is not None and capacity <= (attributes["StorageCapacity"] or 0):
            raise bad("StorageCapacity can only grow")
        if (
            "OpenZFSConfiguration" in attributes
            and capacity is not None
            and capacity * 10 < attributes["StorageCapacity"] * 11
        ):
            raise bad("StorageCapacity must grow by at least 10 percent")
        if "LustreConfiguration" in attributes:
            attributes["LustreConfiguration"] = fsx_lustre.updated(attributes, parameters)
        elif parameters.get("OpenZFSConfiguration"):
            change = parameters["OpenZFSConfiguration"]
            attributes["OpenZFSConfiguration"] = merge_patch(attributes["OpenZFSConfiguration"], change)
        for key in ("StorageCapacity", "StorageType", "FileSystemTypeVersion"):
            if parameters.get(key):
                attributes[key] = parameters[key]
        record.phase = self._world.phase("UPDATING", "AVAILABLE")
        return {"FileSystem": self._show(record)}

    @operation("DeleteFileSystem")
    def delete_file_system(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        identifier = parameters["FileSystemId"]
        record = self._file_system(caller, identifier)

        def remove() -> None:
            if self._store.file_systems.pop(identifier, None) is None:
                return  # it was deleted twice
            for interface_id in record.attributes["NetworkInterfaceIds"]:
                self._world.cloud.delete_interface(caller.region, interface_id)
            for belongings in (self._store.associations, self._store.volumes):
                for key in [key for key, owned in belongings.items() if owned.attributes["FileSystemId"] == identifier]:
                    del belongings[key]

        record.phase = self._world.phase("DELETING", "DELETED")
        self._world.then(record.phase, remove)
        if self._hurries(caller):
            raise AwsError("FileSystemNotFound", f"File system '{identifier}' does not exist.")
        return {"FileSystemId": identifier, "Lifecycle": "DELETING"}

    @operation("CreateDataRepositoryAssociation")
    def create_data_repository_association(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        system = self._file_system(caller, parameters["FileSystemId"])
        deployment = system.attributes.get("LustreConfiguration", {}).get("DeploymentType", "")
        if deployment in ("", "SCRATCH_1"):
            raise bad("data repository associations need Lustre of type SCRATCH_2 or PERSISTENT")
        identifier = f"dra-0{self._world.hex(16)}"
        attributes = {
            "AssociationId": identifier,
            "ResourceARN": self._arn(caller, f"association/{parameters['FileSystemId']}/{identifier}"),
            "FileSystemId": parameters["FileSystemId"],
            "FileSystemPath": parameters.get("FileSystemPath", "/"),
            "DataRepositoryPath": parameters["DataRepositoryPath"],
            "BatchImportMetaDataOnCreate": parameters.get("BatchImportMetaDataOnCreate", False),
            "ImportedFileChunkSize": parameters.get("ImportedFileChunkSize", 1024),
            "S3": parameters.get("S3") or {},
            "Tags": list(parameters.get("Tags") or ()),
            "CreationTime": self._world.clock(),
        }
        record = Record(attributes, self._world.phase("CREATING", "AVAILABLE"), caller.region)
        self._store.associations[identifier] = record
        return {"Association": self._show(record)}

    def _association(self, caller: Caller, identifier: str) -> Record:
        record = self._store.associations.get(identifier)
        if record is None or record.region != caller.region:
            raise AwsError("DataRepositoryAssociationNotFound", f"Association '{identifier}' does not exist.")
        return record

    @operation("DescribeDataRepositoryAssociations")
    def describe_data_repository_associations(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        if parameters.get("AssociationIds"):
            found = [self._show(self._association(caller, key)) for key in parameters["AssociationIds"]]
            return {"Associations": found}
        wanted = _filters(parameters, "file-system-id")
        found = [
            self._show(record)
            for record in self._store.associations.values()
            if record.region == caller.region and (wanted is None or record.attributes["FileSystemId"] in wanted)
        ]
        items, token = page(found, parameters.get("NextToken"), parameters.get("MaxResults"))
        return {"Associations": items, "NextToken": token}

    @operation("UpdateDataRepositoryAssociation")
    def update_data_repository_association(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        record = self._association(caller, parameters["AssociationId"])
        for key in ("ImportedFileChunkSize", "S3"):
            if parameters.get(key) is not None:
                record.attributes[key] = parameters[key]
        record.phase = self._world.phase("UPDATING", "AVAILABLE")
        return {"Association": self._show(record)}

    @operation("DeleteDataRepositoryAssociation")
    def delete_data_repository_association(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        identifier = parameters["AssociationId"]
        record = self._association(caller, identifier)
        record.phase = self._world.phase("DELETING", "DELETED")
        self._world.then(record.phase, lambda: self._store.associations.pop(identifier, None))
        if self._hurries(caller):
            raise AwsError("DataRepositoryAssociationNotFound", f"Association '{identifier}' does not exist.")
        return {"AssociationId": identifier, "Lifecycle": "DELETING"}

    @operation("DescribeVolumes")
    def describe_volumes(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        wanted = parameters.get("VolumeIds")
        for identifier in wanted or ():
            if identifier not in self._store.volumes:
                raise AwsError("VolumeNotFound", f"Volume '{identifier}' does not exist.")
        systems = _filters(parameters, "file-system-id")
        found = [
            self._show(record)
            for identifier, record in self._store.volumes.items()
            if record.region == caller.region
            and (not wanted or identifier in wanted)
            and (systems is None or record.attributes["FileSystemId"] in systems)
        ]
        return {"Volumes": found}

    @operation("UpdateVolume")
    def update_volume(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        record = self._store.volumes.get(parameters["VolumeId"])
        if record is None:
            raise AwsError("VolumeNotFound", f"Volume '{parameters['VolumeId']}' does not exist.")
        record.attributes["OpenZFSConfiguration"].update(parameters.get("OpenZFSConfiguration") or {})
        return {"Volume": self._show(record)}

    @operation("DescribeBackups")
    def describe_backups(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"Backups": []}

    @operation("TagResource")
    def tag_resource(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        record = self._tagged(parameters["ResourceARN"])
        new = {tag["Key"] for tag in parameters["Tags"]}
        kept = [tag for tag in record.attributes["Tags"] if tag["Key"] not in new]
        record.attributes["Tags"] = kept + list(parameters["Tags"])
        return {}

    @operation("UntagResource")
    def untag_resource(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        record = self._tagged(parameters["ResourceARN"])
        gone = parameters["TagKeys"]
        record.attributes["Tags"] = [tag for tag in record.attributes["Tags"] if tag["Key"] not in gone]
        return {}

    @operation("ListTagsForResource")
    def list_tags_for_resource(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"Tags": self._tagged(parameters["ResourceARN"]).attributes["Tags"]}

    def _tagged(self, arn: str) -> Record:
        for records in (self._store.file_systems, self._store.associations, self._store.volumes):
            for record in records.values():
                if record.attributes["ResourceARN"] == arn:
                    return record
        raise AwsError("ResourceNotFound", f"no resource has the ARN {arn}")


def _suffix(caller: Caller) -> str:
    return "amazonaws.com.cn" if caller.partition == "aws-cn" else "amazonaws.com"


def _filters(parameters: Parameters, name: str) -> list[str] | None:
    values = [entry["Values"] for entry in parameters.get("Filters") or () if entry.get("Name") == name]
    return [value for group in values for value in group] if values else None


def fsx_service(world: World, store: FsxStore) -> Service:
    """FSx over `store`."""
    return Service("fsx", handlers(Fsx(world, store)), invalid="BadRequest")
