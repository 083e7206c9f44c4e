from __future__ import annotations

import json
from typing import Annotated, Any

import pytest
from botocore.exceptions import NoCredentialsError
from pydantic import TypeAdapter

from hp_tf.aws import lookups
from hp_tf.aws.sessions import AccountClients
from hp_tf.contract.clients import Clients
from hp_tf.errors import BadInput, HptfError
from hp_tf.layers.discovery import CONTRACTS
from tests.aws.stubs import StubClients, refused

DECLARED = {name: contract.lookup for name, contract in CONTRACTS.items() if contract.lookup is not None}
ACCOUNT = "123456789012"


def look_up(layer: str, clients: Clients, given: dict[str, Any]) -> dict[str, Any]:
    """What is found of a layer of hptf's own."""
    return lookups.look_up(layer, DECLARED[layer], clients, given)


def network_given(clients: AccountClients) -> dict[str, Any]:
    ec2 = clients.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="10.1.0.0/16")
    ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="10.2.0.0/16")
    blocks = {"usw2-az1": "10.1.0.0/20", "usw2-az2": "10.1.16.0/20", "usw2-az3": "10.0.4.0/24"}
    subnets = {
        zone: ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZoneId=zone)["Subnet"]["SubnetId"]
        for zone, block in blocks.items()
    }
    gateway = ec2.create_nat_gateway(SubnetId=subnets["usw2-az1"], ConnectivityType="private")["NatGateway"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=gateway["NatGatewayId"])
    for zone in ("usw2-az1", "usw2-az2"):
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnets[zone])
    return {"vpc_id": vpc, "private_subnet_ids": subnets}


def storage_given(clients: AccountClients) -> dict[str, Any]:
    where = {"LocationConstraint": "us-west-2"}
    clients.client("s3").create_bucket(Bucket="shared", CreateBucketConfiguration=where)
    return {"bucket_name": "shared"}


def iam_given(clients: AccountClients) -> dict[str, Any]:
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    made = clients.client("iam").create_role(RoleName="nodes", Path="/ml/", AssumeRolePolicyDocument=trust)
    return {"execution_role_arn": made["Role"]["Arn"]}


# What moto cannot give, as AWS words it: by layer the identifying outputs and the answers.
CLUSTER_ARN = f"arn:aws:sagemaker:us-west-2:{ACCOUNT}:cluster/abcdefgh1234"
GROUP = "sg-0123456789abcdef0"
HYPERPOD: tuple[dict[str, Any], StubClients] = (
    {"cluster_name": "ml-cluster"},
    StubClients(describe_cluster=lambda **given: {"ClusterArn": CLUSTER_ARN}),
)
PROMETHEUS = "ws-01234567-89ab-cdef-0123-456789abcdef"
EVERYTHING = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": GROUP}]}]
RULES: dict[str, Any] = {"GroupId": GROUP, "IpPermissions": EVERYTHING, "IpPermissionsEgress": EVERYTHING}
ANSWERS: dict[str, tuple[dict[str, Any], StubClients]] = {
    "security": (
        {"security_group_id": GROUP},
        StubClients(describe_security_groups=lambda **given: {"SecurityGroups": [RULES]}),
    ),
    "hyperpod_slurm": HYPERPOD,
    "eks": (
        {"cluster_name": "shared"},
        StubClients(
            describe_cluster=lambda **given: {
                "cluster": {
                    "name": given["name"],
                    "arn": f"arn:aws:eks:us-west-2:{ACCOUNT}:cluster/shared",
                    "endpoint": "https://0123456789ABCDEF0123456789ABCDEF.gr7.us-west-2.eks.amazonaws.com",
                    "certificateAuthority": {"data": "LS0tLS1CRUdJTg=="},
                    "resourcesVpcConfig": {"clusterSecurityGroupId": GROUP, "vpcId": "vpc-0123456789abcdef0"},
                    "identity": {"oidc": {"issuer": "https://oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF"}},
                }
            }
        ),
    ),
    "fsx": (
        {"file_system_id": "fs-0123456789abcdef0"},
        StubClients(
            describe_file_systems=lambda **given: {
                "FileSystems": [
                    {
                        "FileSystemType": "LUSTRE",
                        "ResourceARN": f"arn:aws:fsx:us-west-2:{ACCOUNT}:file-system/{given['FileSystemIds'][0]}",
                        "DNSName": f"{given['FileSystemIds'][0]}.fsx.us-west-2.amazonaws.com",
                        "LustreConfiguration": {"MountName": "abcdefgh"},
                    }
                ]
            }
        ),
    ),
    "openzfs": (
        {"file_system_id": "fs-0123456789abcdef0"},
        StubClients(
            describe_file_systems=lambda **given: {
                "FileSystems": [
                    {
                        "FileSystemType": "OPENZFS",
                        "ResourceARN": f"arn:aws:fsx:us-west-2:{ACCOUNT}:file-system/{given['FileSystemIds'][0]}",
                        "DNSName": f"{given['FileSystemIds'][0]}.fsx.us-west-2.amazonaws.com",
                    }
                ]
            }
        ),
    ),
    "accounting": (
        {"database_endpoint": "shared.abcdefgh1234.us-west-2.rds.amazonaws.com"},
        StubClients(
            describe_db_instances=lambda **given: {
                "DBInstances": [
                    {
                        "Endpoint": {"Port": 3306},
                        "DBName": given["DBInstanceIdentifier"],
                        "MasterUsername": "slurm",
                        "MasterUserSecret": {
                            "SecretArn": f"arn:aws:secretsmanager:us-west-2:{ACCOUNT}:secret:rds!db-1-AbCdEf"
                        },
                    }
                ]
            }
        ),
    ),
    "ssm": (
        {"document_name": "shared"},
        StubClients(describe_document=lambda **given: {"Document": {"DocumentType": "Session"}}),
    ),
    "hyperpod": HYPERPOD,
    "observability": (
        {"prometheus_workspace_id": PROMETHEUS},
        StubClients(
            describe_workspace=lambda **given: {
                "workspace": {
                    "arn": f"arn:aws:aps:us-west-2:{ACCOUNT}:workspace/{given['workspaceId']}",
                    "prometheusEndpoint": "https://aps-workspaces.us-west-2.amazonaws.com/workspaces/"
                    f"{given['workspaceId']}/",
                }
            }
        ),
    ),
}
MADE = {"network": network_given, "storage": storage_given, "iam": iam_given}


def existing(layer: str, clients: AccountClients) -> tuple[dict[str, Any], Clients]:
    """What a file would give of a layer that exists, and the clients that know it."""
    return ANSWERS[layer] if layer in ANSWERS else (MADE[layer](clients), clients)


def test_every_declared_lookup_has_a_test() -> None:
    assert set(DECLARED) == {*ANSWERS, *MADE}


@pytest.mark.parametrize("layer", DECLARED)
def test_a_lookup_fills_what_its_contract_declares_and_no_more(clients: AccountClients, layer: str) -> None:
    declared, fields = DECLARED[layer], CONTRACTS[layer].outputs.model_fields
    given, account = existing(layer, clients)
    assert set(given) == set(declared.identified_by)
    found = look_up(layer, account, given)
    assert set(found) == {*declared.identified_by, *declared.fills}
    for name, value in found.items():
        # It is such a value as the contract promises.
        kind: Any = Annotated[(fields[name].annotation, *fields[name].metadata, "output")]
        TypeAdapter(kind).validate_python(value, strict=True)


@pytest.mark.parametrize("layer", [layer for layer, declared in DECLARED.items() if declared.fills])
def test_what_the_user_gives_wins(clients: AccountClients, layer: str) -> None:
    name = DECLARED[layer].fills[0]
    given, account = existing(layer, clients)
    assert look_up(layer, account, {**given, name: "given"})[name] == "given"


def test_a_network_is_read_zone_by_zone(clients: AccountClients) -> None:
    given = network_given(clients)
    found = look_up("network", clients, given)
    assert found["vpc_cidr"] == "10.0.0.0/16"
    # Each block once: two zones share one, the third zone's is the VPC's own, and in the last is no zone of these.
    first, second, (key, further) = found["vpc_cidr_blocks"].items()
    assert (first, second) == (("primary", "10.0.0.0/16"), ("usw2-az1", "10.1.0.0/16"))
    assert (key.startswith("vpc-cidr-assoc-"), further) == (True, "10.2.0.0/16")
    tables = found["private_route_table_ids"]
    assert list(tables) == ["usw2-az1", "usw2-az2", "usw2-az3"]
    assert tables["usw2-az1"] == tables["usw2-az2"] != tables["usw2-az3"]
    held = clients.client("ec2").describe_route_tables(RouteTableIds=[tables["usw2-az3"]])["RouteTables"][0]
    assert any(item.get("Main") for item in held["Associations"])
    assert list(found["nat_gateway_ids"]) == ["usw2-az1", "usw2-az2"]


def test_a_role_is_found_by_its_name_or_its_arn(clients: AccountClients) -> None:
    arn = iam_given(clients)["execution_role_arn"]
    both = {"execution_role_arn": arn, "execution_role_name": "nodes"}
    assert look_up("iam", clients, {"execution_role_name": "nodes"}) == both
    assert look_up("iam", clients, {"execution_role_arn": arn}) == both
    with pytest.raises(BadInput, match="AWS knows no execution_role_name absent"):
        look_up("iam", clients, {"execution_role_name": "absent"})
    elsewhere = arn.replace("/ml/", "/")
    with pytest.raises(BadInput, match=f"the role nodes is {arn}, not {elsewhere}"):
        look_up("iam", clients, {"execution_role_arn": elsewhere})


def test_a_subnet_of_another_vpc_or_zone_is_bad_input(clients: AccountClients) -> None:
    given = network_given(clients)
    one, two, three = given["private_subnet_ids"].values()
    swapped = {"usw2-az1": two, "usw2-az2": one, "usw2-az3": three}
    with pytest.raises(BadInput, match=f"{one} is in zone usw2-az1, not in usw2-az2"):
        look_up("network", clients, {**given, "private_subnet_ids": swapped})
    other = clients.client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    with pytest.raises(BadInput, match=f"{one} is in {given['vpc_id']}, not in {other}"):
        look_up("network", clients, {**given, "vpc_id": other})


@pytest.mark.parametrize(("attribute", "words"), [("EnableDnsHostnames", "hostnames"), ("EnableDnsSupport", "support")])
def test_a_vpc_in_which_no_private_endpoint_is_found_is_bad_input(
    clients: AccountClients, attribute: str, words: str
) -> None:
    """As a VPC that a network is made in (create_vpc false): EKS's private endpoint is found by its name alone."""
    given = network_given(clients)
    off: dict[str, Any] = {attribute: {"Value": False}}
    clients.client("ec2").modify_vpc_attribute(VpcId=given["vpc_id"], **off)
    with pytest.raises(BadInput, match=f"{given['vpc_id']} has DNS {words} off"):
        look_up("network", clients, given)


def test_a_public_subnet_is_bad_input(clients: AccountClients) -> None:
    given = network_given(clients)
    ec2 = clients.client("ec2")
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=given["vpc_id"])
    table = ec2.create_route_table(VpcId=given["vpc_id"])["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    subnet = given["private_subnet_ids"]["usw2-az3"]
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    with pytest.raises(BadInput, match=f"{subnet} is a public subnet: its default route leads to {gateway}"):
        look_up("network", clients, given)


@pytest.mark.parametrize(
    ("layer", "given", "named"),
    [
        ("network", {"vpc_id": "vpc-12345678", "private_subnet_ids": {"usw2-az1": "subnet-1"}}, "vpc_id vpc-12345678"),
        ("storage", {"bucket_name": "absent"}, "bucket_name absent"),
        ("iam", {"execution_role_arn": f"arn:aws:iam::{ACCOUNT}:role/absent"}, "role/absent"),
    ],
)
def test_what_does_not_exist_is_bad_input(
    clients: AccountClients, layer: str, given: dict[str, Any], named: str
) -> None:
    with pytest.raises(BadInput, match=f"layer '{layer}' is given as existing, but AWS knows no ") as raised:
        look_up(layer, clients, given)
    assert named in str(raised.value)
    assert raised.value.problems[0].remedy == f"correct layers.{layer}.existing, or remove it to create the layer"


def test_only_what_aws_does_not_know_is_named(clients: AccountClients) -> None:
    given = network_given(clients) | {"primary_availability_zone_id": "usw2-az1"}
    subnets = given["private_subnet_ids"]
    gone = {"usw2-az2": "subnet-0123456789abcdef0", "usw2-az1": "subnet-x"}
    for wrong, said in (
        ({"vpc_id": "vpc-12345678"}, "vpc_id vpc-12345678"),
        ({"private_subnet_ids": subnets | gone}, "private_subnet_ids subnet-0123456789abcdef0, subnet-x"),
        (
            {"vpc_id": "vpc-12345678", "private_subnet_ids": gone},
            "vpc_id vpc-12345678 and no private_subnet_ids subnet-0123456789abcdef0, subnet-x",
        ),
    ):
        with pytest.raises(BadInput) as raised:
            look_up("network", clients, {**given, **wrong})
        message = raised.value.problems[0].message
        assert message == f"layer 'network' is given as existing, but AWS knows no {said}"
    # What only is given beside it is not what was looked for.
    with pytest.raises(BadInput, match=r"AWS knows no bucket_name absent\n"):
        look_up("storage", clients, {"bucket_arn": "arn:aws:s3:::absent", "bucket_name": "absent"})


@pytest.mark.parametrize(
    ("layer", "operation", "code"),
    [
        ("eks", "describe_cluster", "ResourceNotFoundException"),
        ("fsx", "describe_file_systems", "FileSystemNotFound"),
        ("hyperpod", "describe_cluster", "ResourceNotFound"),
    ],
)
def test_what_these_services_do_not_know_is_bad_input(layer: str, operation: str, code: str) -> None:
    def absent(**given: str) -> Any:
        raise refused(code)

    given, _ = ANSWERS[layer]
    with pytest.raises(BadInput, match=f"AWS knows no {next(iter(given))} {next(iter(given.values()))}"):
        look_up(layer, StubClients(**{operation: absent}), given)


def test_an_eks_cluster_without_endpoint_is_said() -> None:
    clients = StubClients(describe_cluster=lambda **given: {"cluster": {"name": "c", "status": "CREATING", "arn": "a"}})
    with pytest.raises(HptfError, match="has no endpoint yet: its status is CREATING"):
        look_up("eks", clients, {"cluster_name": "c"})


def test_another_kind_of_file_system_is_bad_input() -> None:
    answer = {"FileSystems": [{"FileSystemType": "OPENZFS"}]}
    with pytest.raises(BadInput, match="fs-1 is OPENZFS, not Lustre"):
        look_up("fsx", StubClients(describe_file_systems=lambda **given: answer), {"file_system_id": "fs-1"})


def test_what_aws_does_not_answer_is_no_bad_input() -> None:
    def denied(**given: str) -> Any:
        raise refused("AccessDeniedException", "DescribeCluster")

    def no_credentials(**given: str) -> Any:
        raise NoCredentialsError

    for operation in (denied, no_credentials):
        with pytest.raises(HptfError, match="looking up cluster_name c for layer 'eks'") as raised:
            look_up("eks", StubClients(describe_cluster=operation), {"cluster_name": "c"})
        assert not isinstance(raised.value, BadInput)


@pytest.mark.parametrize(
    ("rules", "lacking"),
    [
        ({"IpPermissions": []}, "from itself"),
        ({"IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}, "to itself"),
        ({"IpPermissions": [{**EVERYTHING[0], "IpProtocol": "tcp"}]}, "from itself"),
        ({"IpPermissions": [], "IpPermissionsEgress": []}, "from and to itself"),
    ],
)
def test_a_group_whose_members_do_not_reach_each_other_is_unfit(rules: dict[str, Any], lacking: str) -> None:
    clients = StubClients(describe_security_groups=lambda **given: {"SecurityGroups": [{**RULES, **rules}]})
    with pytest.raises(BadInput, match=f"no rule for all traffic {lacking}"):
        look_up("security", clients, {"security_group_id": GROUP})
