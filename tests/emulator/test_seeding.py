"""What is given as existing: made under its id, once, and as the services know such things."""

from __future__ import annotations

import json
import urllib.error
from typing import Any

import pytest

from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.emulator import daemon, inventory
from hp_tf.emulator.clients import EmulatorSession
from hp_tf.layers.discovery import CONTRACTS
from tests.emulator.conftest import ACCOUNT, REGION, kube

VPC, SUBNET, OTHER, GROUP = "vpc-01234567", "subnet-01234567", "subnet-11234567", "sg-01234567"
IAM, KMS = f"arn:aws:iam::{ACCOUNT}:", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/"
Planted = tuple[str, str, dict[str, Any]]
KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"


def plant(emulator: daemon.Emulator, *seeds: Planted) -> list[tuple[str, str]]:
    """Seed an emulator; return what it made."""
    items = [{"kind": kind, "id": identity, "facts": facts} for kind, identity, facts in seeds]
    made = emulator.call("POST", "/_hptf/seeds", {"seeds": items}, seconds=60)["made"]
    return [(item["kind"], item["id"]) for item in made]


def refused(emulator: daemon.Emulator, *seeds: Planted) -> str:
    """Seed an emulator, which refuses; return what it says."""
    with pytest.raises(urllib.error.HTTPError) as raised:
        plant(emulator, *seeds)
    assert raised.value.code == 400
    return str(json.loads(raised.value.read())["message"])


def test_a_network_is_whole_whatever_the_order_it_is_named_in(emulator: daemon.Emulator, aws: EmulatorSession) -> None:
    seeds: tuple[Planted, ...] = (
        ("route_table", "rtb-01234567", {"subnets": [SUBNET, OTHER], "nat_gateway": "nat-01234567"}),
        ("route_table", "rtb-11234567", {"internet_gateway": "igw-01234567"}),
        ("nat_gateway", "nat-01234567", {"zone": "usw2-az2"}),
        ("internet_gateway", "igw-01234567", {}),
        ("subnet", SUBNET, {"zone": "usw2-az1"}),
        ("subnet", OTHER, {"zone": "usw2-az2", "block": "10.2.0.0/16"}),
        ("reserved", "10.1.0.0/20", {}),
        ("vpc", VPC, {"blocks": ["10.1.0.0/16", "10.2.0.0/16"]}),
    )
    made = plant(emulator, *seeds)
    assert {identity for _, identity in made} >= {identity for kind, identity, _ in seeds if kind != "reserved"}
    ec2 = aws.client("ec2")
    (vpc,) = ec2.describe_vpcs(VpcIds=[VPC])["Vpcs"]
    assert vpc["CidrBlock"] == "10.1.0.0/16"
    assert {item["CidrBlock"] for item in vpc["CidrBlockAssociationSet"]} == {"10.1.0.0/16", "10.2.0.0/16"}
    for name, answer in (("enableDnsSupport", "EnableDnsSupport"), ("enableDnsHostnames", "EnableDnsHostnames")):
        assert ec2.describe_vpc_attribute(VpcId=VPC, Attribute=name)[answer]["Value"]
    subnets = {item["SubnetId"]: item for item in ec2.describe_subnets(SubnetIds=[SUBNET, OTHER])["Subnets"]}
    assert (subnets[SUBNET]["AvailabilityZoneId"], subnets[SUBNET]["CidrBlock"]) == ("usw2-az1", "10.1.16.0/20")
    assert (subnets[OTHER]["AvailabilityZoneId"], subnets[OTHER]["CidrBlock"]) == ("usw2-az2", "10.2.0.0/16")
    (gateway,) = ec2.describe_nat_gateways(NatGatewayIds=["nat-01234567"])["NatGateways"]
    assert (gateway["VpcId"], gateway["State"]) == (VPC, "available")
    private, public = ec2.describe_route_tables(RouteTableIds=["rtb-01234567", "rtb-11234567"])["RouteTables"]
    assert {item["SubnetId"] for item in private["Associations"]} == {SUBNET, OTHER}
    ways = [{route.get("NatGatewayId"), route.get("GatewayId")} for route in (*private["Routes"], *public["Routes"])]
    assert {"nat-01234567", None} in ways and {"igw-01234567", None} in ways
    assert plant(emulator, *seeds) == []
    # What is said of a VPC later on is added.
    assert plant(emulator, ("vpc", VPC, {"blocks": ["10.1.0.0/16", "10.3.0.0/16"]})) == []
    blocks = ec2.describe_vpcs(VpcIds=[VPC])["Vpcs"][0]["CidrBlockAssociationSet"]
    assert {item["CidrBlock"] for item in blocks} == {"10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"}


def test_an_id_that_was_wanted_is_nobody_elses(emulator: daemon.Emulator, aws: EmulatorSession) -> None:
    plant(emulator, ("vpc", VPC, {}))
    ec2 = aws.client("ec2")
    assert ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"] != VPC
    groups = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [VPC]}])["SecurityGroups"]
    assert [group["GroupId"].partition("-")[0] for group in groups] == ["sg"]


def rules(aws: EmulatorSession, group: str) -> set[tuple[bool, str, int, str | None]]:
    """Return direction, protocol, first port and referenced group of each rule."""
    found = aws.client("ec2").describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
    return {
        (
            rule["IsEgress"],
            rule["IpProtocol"],
            rule.get("FromPort", -1),
            rule.get("ReferencedGroupInfo", {}).get("GroupId"),
        )
        for rule in found["SecurityGroupRules"]
    }


def test_a_group_has_the_rules_that_are_said(emulator: daemon.Emulator, aws: EmulatorSession) -> None:
    lustre = {"egress": False, "protocol": "tcp", "ports": [988, 988]}
    plant(emulator, ("security_group", GROUP, {"rules": [lustre]}), ("security_group", "sg-11234567", {"rules": []}))
    assert rules(aws, GROUP) == {(False, "tcp", 988, GROUP)}
    assert rules(aws, "sg-11234567") == set()


def test_a_group_of_which_nothing_is_said_lets_nodes_talk(emulator: daemon.Emulator, aws: EmulatorSession) -> None:
    plant(emulator, ("security_group", GROUP, {}))
    assert rules(aws, GROUP) == {(False, "-1", -1, GROUP), (True, "-1", -1, GROUP), (True, "-1", -1, None)}


def test_what_an_arn_names_is_in_its_account_under_its_path(emulator: daemon.Emulator, aws: EmulatorSession) -> None:
    policies = ["AmazonSageMakerClusterInstanceRolePolicy"]
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/fsx/lustre"
    seeds: tuple[Planted, ...] = (
        ("role", f"{IAM}role/team/nodes", {"service": "sagemaker.amazonaws.com", "policies": policies}),
        ("role", "arn:aws:iam::999999999999:role/guest", {}),
        ("policy", f"{IAM}policy/team/extra", {}),
        ("kms_key", KMS + KEY, {}),
        ("kms_key", KMS + "mrk-1234abcd12ab34cd56ef1234567890ab", {}),
        ("log_group", group, {}),
    )
    assert len(plant(emulator, *seeds)) == len(seeds)
    iam, kms = aws.client("iam"), aws.client("kms")
    assert iam.get_role(RoleName="nodes")["Role"]["Arn"] == f"{IAM}role/team/nodes"
    attached = iam.list_attached_role_policies(RoleName="nodes")["AttachedPolicies"]
    assert [item["PolicyName"] for item in attached] == policies
    assert [role["RoleName"] for role in iam.list_roles()["Roles"]] == ["nodes"]
    iam.attach_role_policy(RoleName="nodes", PolicyArn=f"{IAM}policy/team/extra")
    assert kms.describe_key(KeyId=KMS + KEY)["KeyMetadata"]["Arn"] == KMS + KEY
    assert kms.get_key_policy(KeyId=KEY, PolicyName="default")["Policy"]
    assert len(inventory.resources(emulator, lambda: aws, ResourceTypes(CONTRACTS.values()))["aws_kms_key"]) == 2
    assert [item["logGroupName"] for item in aws.client("logs").describe_log_groups()["logGroups"]] == [
        "/aws/fsx/lustre"
    ]
    assert plant(emulator, *seeds) == []


@pytest.mark.parametrize(
    "location",
    [
        "s3://scripts/eks/go.sh",
        "https://scripts.s3.us-west-2.amazonaws.com/eks/go.sh",
        "https://s3.us-west-2.amazonaws.com/scripts/eks/go.sh",
    ],
)
def test_a_script_is_in_its_bucket(location: str, emulator: daemon.Emulator, aws: EmulatorSession) -> None:
    assert plant(emulator, ("script", location, {})) == [("bucket", "scripts"), ("script", location)]
    assert aws.client("s3").get_object(Bucket="scripts", Key="eks/go.sh")["Body"].read().startswith(b"#!")
    assert plant(emulator, ("script", location, {})) == []


def test_an_eks_cluster_is_active_and_answers_to_who_started_the_emulator(
    emulator: daemon.Emulator, aws: EmulatorSession
) -> None:
    seeds: tuple[Planted, ...] = (
        ("helm_release", "dependencies", {"chart": "hyperpod-helm-chart"}),
        ("eks_cluster", "shared", {"security_group": GROUP, "issuer": "https://issuer"}),
        ("vpc", VPC, {}),
        ("security_group", GROUP, {"cluster": "shared"}),
    )
    plant(emulator, *seeds)
    cluster = aws.client("eks").describe_cluster(name="shared")["cluster"]
    network = cluster["resourcesVpcConfig"]
    assert (cluster["status"], network["vpcId"], network["clusterSecurityGroupId"]) == ("ACTIVE", VPC, GROUP)
    assert cluster["identity"]["oidc"]["issuer"] == "https://issuer"
    found = kube({**cluster, "accessKey": aws.access_key}, "GET", "/api/v1/namespaces/kube-system/secrets")
    assert [item["metadata"]["name"] for item in found["items"]] == ["sh.helm.release.v1.dependencies.v1"]
    assert emulator.call("GET", "/_hptf/resources")["helm_release"] == ["dependencies"]
    assert plant(emulator, *seeds) == []


def test_a_file_system_has_the_names_that_are_given(emulator: daemon.Emulator, aws: EmulatorSession) -> None:
    plant(
        emulator,
        ("file_system", "fs-01234567", {"mount_name": "abcdefgh"}),
        ("file_system", "fs-11234567", {"dns_name": "fs.example"}),
    )
    first, second = aws.client("fsx").describe_file_systems(FileSystemIds=["fs-01234567", "fs-11234567"])["FileSystems"]
    assert first["LustreConfiguration"]["MountName"] == "abcdefgh"
    assert first["DNSName"] == f"fs-01234567.fsx.{REGION}.amazonaws.com"
    assert first["ResourceARN"].endswith(":file-system/fs-01234567")
    assert (second["DNSName"], second["Lifecycle"]) == ("fs.example", "AVAILABLE")


def test_a_hyperpod_cluster_runs_a_node_in_the_given_eks_cluster(
    emulator: daemon.Emulator, aws: EmulatorSession
) -> None:
    seeds: tuple[Planted, ...] = (
        ("hyperpod_cluster", "ml", {"cluster_id": "abcdefghijkl"}),
        ("eks_cluster", "shared", {}),
    )
    plant(emulator, *seeds)
    sagemaker = aws.client("sagemaker")
    described = sagemaker.describe_cluster(ClusterName="ml")
    assert described["ClusterArn"].endswith(":cluster/abcdefghijkl")
    assert described["Orchestrator"]["Eks"]["ClusterArn"].endswith(":cluster/shared")
    (node,) = sagemaker.list_cluster_nodes(ClusterName="ml")["ClusterNodeSummaries"]
    assert node["InstanceStatus"]["Status"] == "Running"
    assert plant(emulator, *seeds) == []


def test_everything_that_cannot_be_made_is_named_at_once(emulator: daemon.Emulator, aws: EmulatorSession) -> None:
    said = refused(
        emulator,
        ("volcano", "etna", {}),
        ("subnet", SUBNET, {"zone": "usw2-lax1-az1"}),
        ("vpc", VPC, {"blocks": ["10.0.0.0/28"]}),
        ("subnet", OTHER, {"zone": "usw2-az1", "block": "10.9.0.0/16"}),
        ("reserved", "10.0.0.0/28", {}),
        ("nat_gateway", "nat-01234567", {}),
        ("bucket", "acme", {}),
    )
    for named in ("etna: ", f"{SUBNET}: ", f"{OTHER}: ", "nat-01234567: there is no block of /28 free"):
        assert named in said
    assert said.count("; ") == 3
    assert [item["Name"] for item in aws.client("s3").list_buckets()["Buckets"]] == ["acme"]
