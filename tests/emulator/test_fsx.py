from __future__ import annotations

from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from hp_tf.emulator.awsjson import AwsError
from hp_tf.emulator.clients import EmulatorSession
from hp_tf.emulator.daemon import Emulator
from hp_tf.emulator.services.fsx_rules import check_lustre, check_openzfs, metadata_iops
from tests.emulator.conftest import ACCOUNT, REGION, Base, begin_lasting, end_lasting

PERSISTENT = {"DeploymentType": "PERSISTENT_2", "PerUnitStorageThroughput": 250}


def _lustre(aws: EmulatorSession, base: Base, **more: Any) -> dict[str, Any]:
    arguments = {"StorageCapacity": 1200, "LustreConfiguration": PERSISTENT, "SecurityGroupIds": [base.group], **more}
    system: dict[str, Any] = aws.client("fsx").create_file_system(
        FileSystemType="LUSTRE", SubnetIds=base.subnets[:1], **arguments
    )["FileSystem"]
    return system


def test_a_lustre_file_system_has_its_addresses(aws: EmulatorSession, base: Base) -> None:
    made = _lustre(aws, base)
    found = aws.client("fsx").describe_file_systems(FileSystemIds=[made["FileSystemId"]])["FileSystems"][0]
    assert found["Lifecycle"] == "AVAILABLE"
    assert found["DNSName"] == f"{made['FileSystemId']}.fsx.{REGION}.amazonaws.com"
    assert found["ResourceARN"].split(":")[4] == ACCOUNT
    assert found["VpcId"] == base.vpc
    config = found["LustreConfiguration"]
    assert len(config["MountName"]) == 8
    assert config["PerUnitStorageThroughput"] == 250
    interfaces = aws.client("ec2").describe_network_interfaces(NetworkInterfaceIds=found["NetworkInterfaceIds"])
    assert interfaces["NetworkInterfaces"][0]["SubnetId"] == base.subnets[0]


def test_deleting_takes_the_interfaces_along(aws: EmulatorSession, base: Base) -> None:
    fsx = aws.client("fsx")
    identifier = _lustre(aws, base)["FileSystemId"]
    assert fsx.delete_file_system(FileSystemId=identifier)["Lifecycle"] == "DELETING"
    assert aws.client("ec2").describe_network_interfaces()["NetworkInterfaces"] == []
    with pytest.raises(ClientError) as caught:
        fsx.describe_file_systems(FileSystemIds=[identifier])
    assert caught.value.response["Error"]["Code"] == "FileSystemNotFound"


def test_a_deletion_takes_its_time_when_told_to(aws: EmulatorSession, base: Base, emulator: Emulator) -> None:
    identifier = _lustre(aws, base)["FileSystemId"]
    begin_lasting(emulator)
    # Not even Terraform is told that it is gone: its subnet cannot go before it.
    terraform = aws.client("fsx", config=Config(user_agent="APN/1.0 HashiCorp/1.0 Terraform/1.11.4"))
    assert terraform.delete_file_system(FileSystemId=identifier)["Lifecycle"] == "DELETING"
    assert terraform.delete_file_system(FileSystemId=identifier)["Lifecycle"] == "DELETING"
    assert aws.client("fsx").describe_file_systems()["FileSystems"][0]["Lifecycle"] == "DELETING"
    assert aws.client("ec2").describe_network_interfaces()["NetworkInterfaces"]
    end_lasting(emulator)
    assert aws.client("ec2").describe_network_interfaces()["NetworkInterfaces"] == []
    assert aws.client("fsx").describe_file_systems()["FileSystems"] == []


def test_terraform_is_told_at_once_that_it_is_gone(aws: EmulatorSession, base: Base) -> None:
    identifier = _lustre(aws, base)["FileSystemId"]
    terraform = aws.client("fsx", config=Config(user_agent="APN/1.0 HashiCorp/1.0 Terraform/1.11.4"))
    with pytest.raises(ClientError) as caught:
        terraform.delete_file_system(FileSystemId=identifier)
    assert caught.value.response["Error"]["Code"] == "FileSystemNotFound"
    assert aws.client("fsx").describe_file_systems()["FileSystems"] == []


def test_a_repeated_token_makes_no_second_file_system(aws: EmulatorSession, base: Base) -> None:
    first, second = (_lustre(aws, base, ClientRequestToken="t") for _ in range(2))
    assert first["FileSystemId"] == second["FileSystemId"]
    with pytest.raises(ClientError, match="another StorageCapacity") as caught:
        _lustre(aws, base, ClientRequestToken="t", StorageCapacity=2400)
    assert caught.value.response["Error"]["Code"] == "IncompatibleParameterError"


def test_a_token_counts_in_its_region(aws: EmulatorSession, base: Base) -> None:
    _lustre(aws, base, ClientRequestToken="t")
    elsewhere = EmulatorSession(aws.endpoint, "eu-west-1", aws.access_key)
    with pytest.raises(ClientError, match="does not exist"):  # the subnet: the token is a new one there
        _lustre(elsewhere, base, ClientRequestToken="t")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"StorageCapacity": 1201}, "StorageCapacity 1201 GiB is not valid"),
        ({"LustreConfiguration": {"PerUnitStorageThroughput": 137}}, "PerUnitStorageThroughput 137 is not valid"),
        ({"StorageType": "INTELLIGENT_TIERING"}, "INTELLIGENT_TIERING needs"),
    ],
)
def test_an_update_is_held_to_the_rules_of_a_creation(
    aws: EmulatorSession, base: Base, change: dict[str, Any], message: str
) -> None:
    made = _lustre(aws, base)
    with pytest.raises(ClientError, match=message):
        aws.client("fsx").update_file_system(FileSystemId=made["FileSystemId"], **change)
    found = aws.client("fsx").describe_file_systems()["FileSystems"][0]
    assert (found["StorageCapacity"], found["StorageType"]) == (1200, "SSD")


def test_one_update_at_a_time(aws: EmulatorSession, base: Base, emulator: Emulator) -> None:
    automatic = {**PERSISTENT, "MetadataConfiguration": {"Mode": "AUTOMATIC"}}
    made = _lustre(aws, base, LustreConfiguration=automatic)["FileSystemId"]
    begin_lasting(emulator)
    grown = aws.client("fsx").update_file_system(FileSystemId=made, StorageCapacity=4800)["FileSystem"]
    assert grown["LustreConfiguration"]["MetadataConfiguration"] == {"Mode": "AUTOMATIC", "Iops": 6000}
    with pytest.raises(ClientError, match="is UPDATING, not AVAILABLE"):
        aws.client("fsx").update_file_system(FileSystemId=made, StorageCapacity=7200)


def test_lustre_needs_its_port(aws: EmulatorSession, base: Base) -> None:
    group = aws.client("ec2").create_security_group(GroupName="shut", Description="shut", VpcId=base.vpc)["GroupId"]
    with pytest.raises(ClientError, match="port 988") as caught:
        _lustre(aws, base, SecurityGroupIds=[group])
    assert caught.value.response["Error"]["Code"] == "InvalidNetworkSettings"


def test_a_file_system_grows_and_is_tagged(aws: EmulatorSession, base: Base) -> None:
    fsx = aws.client("fsx")
    made = _lustre(aws, base, Tags=[{"Key": "a", "Value": "1"}])
    fsx.update_file_system(
        FileSystemId=made["FileSystemId"], StorageCapacity=2400, LustreConfiguration={"DataCompressionType": "LZ4"}
    )
    fsx.tag_resource(ResourceARN=made["ResourceARN"], Tags=[{"Key": "b", "Value": "2"}])
    fsx.untag_resource(ResourceARN=made["ResourceARN"], TagKeys=["a"])
    found = fsx.describe_file_systems()["FileSystems"][0]
    assert (found["StorageCapacity"], found["LustreConfiguration"]["DataCompressionType"]) == (2400, "LZ4")
    assert found["Tags"] == [{"Key": "b", "Value": "2"}]
    with pytest.raises(ClientError, match="only grow"):
        fsx.update_file_system(FileSystemId=made["FileSystemId"], StorageCapacity=1200)


def test_openzfs_has_a_root_volume(aws: EmulatorSession, base: Base) -> None:
    fsx = aws.client("fsx")
    config = {"DeploymentType": "SINGLE_AZ_HA_2", "ThroughputCapacity": 160}
    made = fsx.create_file_system(
        FileSystemType="OPENZFS", SubnetIds=base.subnets[:1], StorageCapacity=64, OpenZFSConfiguration=config
    )["FileSystem"]
    root = made["OpenZFSConfiguration"]["RootVolumeId"]
    volume = fsx.describe_volumes(VolumeIds=[root])["Volumes"][0]
    assert (volume["FileSystemId"], volume["OpenZFSConfiguration"]["VolumePath"]) == (made["FileSystemId"], "/fsx")
    fsx.delete_file_system(FileSystemId=made["FileSystemId"])
    with pytest.raises(ClientError):
        fsx.describe_volumes(VolumeIds=[root])


ONE, TWO = ["subnet-1"], ["subnet-1", "subnet-2"]
MULTI = {"DeploymentType": "MULTI_AZ_1", "ThroughputCapacity": 160, "PreferredSubnetId": "subnet-1"}
SINGLE = {"DeploymentType": "SINGLE_AZ_1", "ThroughputCapacity": 64}
OWN_IOPS = {"Mode": "USER_PROVISIONED", "Iops": 192}


@pytest.mark.parametrize(
    ("config", "subnets"),
    [(SINGLE, ONE), ({**SINGLE, "DiskIopsConfiguration": OWN_IOPS}, ONE), ({**MULTI, "RouteTableIds": ["rtb-1"]}, TWO)],
)
def test_an_openzfs_file_system_that_fsx_takes_is_accepted(config: dict[str, Any], subnets: list[str]) -> None:
    check_openzfs(config, subnets, 64)


@pytest.mark.parametrize(
    ("config", "subnets", "capacity"),
    [
        ({"DeploymentType": "SINGLE_AZ_3", "ThroughputCapacity": 64}, ONE, 64),
        ({**SINGLE, "ThroughputCapacity": 160}, ONE, 64),
        ({**MULTI, "ThroughputCapacity": 64}, TWO, 64),
        (SINGLE, ONE, 63),
        (SINGLE, TWO, 64),
        (MULTI, ONE, 64),
        ({**MULTI, "PreferredSubnetId": "subnet-3"}, TWO, 64),
        ({**SINGLE, "RouteTableIds": ["rtb-1"]}, ONE, 64),
        ({**SINGLE, "DiskIopsConfiguration": OWN_IOPS}, ONE, 65),
    ],
)
def test_an_openzfs_file_system_that_fsx_refuses_is_refused(
    config: dict[str, Any], subnets: list[str], capacity: int
) -> None:
    with pytest.raises(AwsError):
        check_openzfs(config, subnets, capacity)


def test_data_repository_associations(aws: EmulatorSession, base: Base) -> None:
    fsx = aws.client("fsx")
    identifier = _lustre(aws, base)["FileSystemId"]
    made = fsx.create_data_repository_association(
        FileSystemId=identifier, FileSystemPath="/data", DataRepositoryPath=f"s3://{base.bucket}"
    )["Association"]
    found = fsx.describe_data_repository_associations(Filters=[{"Name": "file-system-id", "Values": [identifier]}])
    assert [entry["AssociationId"] for entry in found["Associations"]] == [made["AssociationId"]]
    fsx.delete_data_repository_association(AssociationId=made["AssociationId"])
    assert fsx.describe_data_repository_associations()["Associations"] == []


@pytest.mark.parametrize(
    ("config", "storage", "capacity"),
    [
        (PERSISTENT, "SSD", 1200),
        (PERSISTENT, "SSD", 4800),
        ({"DeploymentType": "PERSISTENT_1", "PerUnitStorageThroughput": 12}, "HDD", 6000),
        ({"DeploymentType": "SCRATCH_2"}, "SSD", 2400),
        ({"DeploymentType": "SCRATCH_1"}, "SSD", 3600),
    ],
)
def test_a_lustre_file_system_that_fsx_takes_is_accepted(config: dict[str, Any], storage: str, capacity: int) -> None:
    check_lustre(config, storage, capacity)


@pytest.mark.parametrize(
    ("config", "storage", "capacity"),
    [
        (PERSISTENT, "SSD", 1300),
        (PERSISTENT, "HDD", 6000),
        ({**PERSISTENT, "PerUnitStorageThroughput": 50}, "SSD", 1200),
        ({"DeploymentType": "SCRATCH_2", "PerUnitStorageThroughput": 200}, "SSD", 1200),
        ({"DeploymentType": "SCRATCH_2", "EfaEnabled": True}, "SSD", 1200),
        ({**PERSISTENT, "EfaEnabled": True}, "SSD", 1200),
        (PERSISTENT, "INTELLIGENT_TIERING", None),
        (PERSISTENT, "SSD", None),
    ],
)
def test_a_lustre_file_system_that_fsx_refuses_is_refused(
    config: dict[str, Any], storage: str, capacity: int | None
) -> None:
    with pytest.raises(AwsError):
        check_lustre(config, storage, capacity)


OWN_METADATA = {"Mode": "USER_PROVISIONED", "Iops": 1500}


@pytest.mark.parametrize(
    ("made", "change"),
    [
        # The Lustre user guide, "Managing metadata performance": only where it was specified at creation.
        ({}, {"LustreConfiguration": {"MetadataConfiguration": {"Mode": "AUTOMATIC"}}}),
        # The FSx API, UpdateFileSystemLustreMetadataConfiguration: Iops are greater than or equal to the current ones;
        # going to AUTOMATIC is rejected where the current ones are greater than the automated default.
        (
            {"MetadataConfiguration": {**OWN_METADATA, "Iops": 3000}},
            {"LustreConfiguration": {"MetadataConfiguration": OWN_METADATA}},
        ),
        (
            {"MetadataConfiguration": {**OWN_METADATA, "Iops": 3000}},
            {"LustreConfiguration": {"MetadataConfiguration": {"Mode": "AUTOMATIC"}}},
        ),
        # hashicorp/terraform-provider-aws 44432: a capacity wants the metadata IOPS that come with it first.
        ({"MetadataConfiguration": OWN_METADATA}, {"StorageCapacity": 2400}),
        (
            {"MetadataConfiguration": OWN_METADATA},
            {
                "StorageCapacity": 2400,
                "LustreConfiguration": {"MetadataConfiguration": {**OWN_METADATA, "Iops": 3000}},
            },
        ),
        # The FSx API, UpdateFileSystem, StorageCapacity: for SCRATCH_1 it cannot be increased.
        ({"DeploymentType": "SCRATCH_1", "PerUnitStorageThroughput": None}, {"StorageCapacity": 2400}),
    ],
)
def test_a_lustre_file_system_changes_as_fsx_lets_it(
    aws: EmulatorSession, base: Base, made: dict[str, Any], change: dict[str, Any]
) -> None:
    config = {key: value for key, value in {**PERSISTENT, **made}.items() if value is not None}
    identifier = _lustre(aws, base, LustreConfiguration=config)["FileSystemId"]
    with pytest.raises(ClientError) as caught:
        aws.client("fsx").update_file_system(FileSystemId=identifier, **change)
    assert caught.value.response["Error"]["Code"] == "BadRequest"


def test_metadata_iops_go_up_before_the_capacity(aws: EmulatorSession, base: Base) -> None:
    fsx = aws.client("fsx")
    config = {**PERSISTENT, "MetadataConfiguration": OWN_METADATA}
    identifier = _lustre(aws, base, LustreConfiguration=config)["FileSystemId"]
    more = {"LustreConfiguration": {"MetadataConfiguration": {**OWN_METADATA, "Iops": 3000}}}
    fsx.update_file_system(FileSystemId=identifier, **more)
    grown = fsx.update_file_system(FileSystemId=identifier, StorageCapacity=2400)["FileSystem"]
    assert grown["LustreConfiguration"]["MetadataConfiguration"]["Iops"] == 3000


def test_home_directories_grow_by_a_tenth_or_not_at_all(aws: EmulatorSession, base: Base) -> None:
    """The FSx API, UpdateFileSystem: for OpenZFS at least 10 percent greater than the current storage capacity."""
    fsx = aws.client("fsx")
    identifier = fsx.create_file_system(
        FileSystemType="OPENZFS", SubnetIds=base.subnets[:1], StorageCapacity=100, OpenZFSConfiguration=SINGLE
    )["FileSystem"]["FileSystemId"]
    with pytest.raises(ClientError, match="10 percent"):
        fsx.update_file_system(FileSystemId=identifier, StorageCapacity=105)
    assert fsx.update_file_system(FileSystemId=identifier, StorageCapacity=110)["FileSystem"]["StorageCapacity"] == 110


def test_automatic_metadata_iops_grow_with_the_capacity() -> None:
    assert [metadata_iops(capacity) for capacity in (1200, 2400, 4800, 9600, 24000, 45600, 48000)] == [
        1500,
        3000,
        6000,
        6000,
        12000,
        12000,
        24000,
    ]
