"""Make a resource, forget it, find it by what a plan would create it with."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from hp_tf.aws import finding
from hp_tf.aws.sessions import AccountClients
from hp_tf.contract.clients import Clients
from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.errors import HptfError
from hp_tf.layers.discovery import CONTRACTS
from tests.aws.stubs import StubClients, refused

pytestmark = pytest.mark.slow

TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)
MANAGED = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
EKS_ROLE = "arn:aws:iam::123456789012:role/eks"


TYPES = ResourceTypes(CONTRACTS.values())


def find(kind: str, planned: dict[str, Any], clients: Clients, known: set[str]) -> str | None:
    """What is found of a type."""
    return finding.find(TYPES[kind], planned, clients, known)


def tags(name: str, kind: str | None = None) -> list[dict[str, Any]]:
    pairs = [{"Key": "Name", "Value": name}]
    return [{"ResourceType": kind, "Tags": pairs}] if kind else pairs


class Account:
    """An account with one of everything, made on demand."""

    def __init__(self, clients: AccountClients) -> None:
        self.clients = clients
        self.numbers = itertools.count()
        self.ec2 = clients.client("ec2")
        self.s3 = clients.client("s3")
        self.iam = clients.client("iam")

    def vpc(self, name: str = "dev") -> str:
        made = self.ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=tags(name, "vpc"))
        return str(made["Vpc"]["VpcId"])

    def subnet(self, vpc: str, block: str = "10.0.0.0/24", name: str = "dev-a") -> str:
        made = self.ec2.create_subnet(VpcId=vpc, CidrBlock=block, TagSpecifications=tags(name, "subnet"))
        return str(made["Subnet"]["SubnetId"])

    def table(self, vpc: str, name: str = "dev-private") -> str:
        made = self.ec2.create_route_table(VpcId=vpc, TagSpecifications=tags(name, "route-table"))
        return str(made["RouteTable"]["RouteTableId"])

    def gateway(self, vpc: str | None, name: str = "dev") -> str:
        made = self.ec2.create_internet_gateway(TagSpecifications=tags(name, "internet-gateway"))
        identity = str(made["InternetGateway"]["InternetGatewayId"])
        if vpc:
            self.ec2.attach_internet_gateway(InternetGatewayId=identity, VpcId=vpc)
        return identity

    def address(self, name: str = "dev-nat") -> str:
        made = self.ec2.allocate_address(Domain="vpc", TagSpecifications=tags(name, "elastic-ip"))
        return str(made["AllocationId"])

    def nat(self, subnet: str, name: str = "dev-nat") -> str:
        made = self.ec2.create_nat_gateway(
            SubnetId=subnet, AllocationId=self.address(), TagSpecifications=tags(name, "natgateway")
        )
        return str(made["NatGateway"]["NatGatewayId"])

    def group(self, vpc: str, name: str = "dev-hyperpod") -> str:
        return str(self.ec2.create_security_group(GroupName=name, Description="x", VpcId=vpc)["GroupId"])

    def endpoint(self, vpc: str, name: str = "dev-s3") -> str:
        made = self.ec2.create_vpc_endpoint(
            VpcId=vpc, ServiceName="com.amazonaws.us-west-2.s3", TagSpecifications=tags(name, "vpc-endpoint")
        )
        return str(made["VpcEndpoint"]["VpcEndpointId"])

    def flow_log(self, vpc: str, name: str = "dev") -> str:
        made = self.ec2.create_flow_logs(
            ResourceIds=[vpc],
            ResourceType="VPC",
            TrafficType="ALL",
            LogDestinationType="s3",
            LogDestination=f"arn:aws:s3:::{self.bucket(f'logs-{next(self.numbers)}')}",
            TagSpecifications=tags(name, "vpc-flow-log"),
        )
        return str(made["FlowLogIds"][0])

    def bucket(self, name: str = "sagemaker-dev") -> str:
        if name not in [item["Name"] for item in self.s3.list_buckets()["Buckets"]]:
            self.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
        return name

    def role(self, name: str = "dev-role") -> str:
        self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
        return name

    def file_system(self, subnet: str, name: str = "dev-fsx") -> str:
        made = self.clients.client("fsx").create_file_system(
            FileSystemType="LUSTRE", StorageCapacity=1200, SubnetIds=[subnet], Tags=tags(name)
        )
        return str(made["FileSystem"]["FileSystemId"])

    def key(self, description: str = "Secrets of dev.") -> str:
        made = self.clients.client("kms").create_key(
            Description=description, Tags=[{"TagKey": "team", "TagValue": "ml"}]
        )
        return str(made["KeyMetadata"]["KeyId"])


@pytest.fixture
def account(clients: AccountClients) -> Account:
    return Account(clients)


# --- what AWS gives an id: (type, planned values, makes one, what moto lets exist twice)


def _vpc(account: Account) -> tuple[dict[str, Any], Any]:
    return {"cidr_block": "10.0.0.0/16", "tags": {"Name": "dev", "team": "ml"}}, account.vpc


def _subnet(account: Account) -> tuple[dict[str, Any], Any]:
    vpc = account.vpc()
    account.subnet(account.vpc("other"))
    planned = {"vpc_id": vpc, "cidr_block": "10.0.0.0/24", "tags": {"Name": "dev-a"}}
    return planned, lambda: account.subnet(vpc)


def _route_table(account: Account) -> tuple[dict[str, Any], Any]:
    vpc = account.vpc()
    account.table(account.vpc("other"))
    return {"vpc_id": vpc, "tags": {"Name": "dev-private"}}, lambda: account.table(vpc)


def _internet_gateway(account: Account) -> tuple[dict[str, Any], Any]:
    vpc = account.vpc()
    account.gateway(account.vpc("other"))
    return {"vpc_id": vpc, "tags": {"Name": "dev"}}, lambda: account.gateway(vpc)


def _internet_gateway_unattached(account: Account) -> tuple[dict[str, Any], Any]:
    return {"vpc_id": account.vpc(), "tags": {"Name": "dev"}}, lambda: account.gateway(None)


def _eip(account: Account) -> tuple[dict[str, Any], Any]:
    return {"domain": "vpc", "tags": {"Name": "dev-nat"}}, account.address


def _nat(account: Account) -> tuple[dict[str, Any], Any]:
    subnet = account.subnet(account.vpc())
    return {"subnet_id": subnet, "tags": {"Name": "dev-nat"}}, lambda: account.nat(subnet)


def _endpoint(account: Account) -> tuple[dict[str, Any], Any]:
    vpc = account.vpc()
    planned = {"vpc_id": vpc, "service_name": "com.amazonaws.us-west-2.s3", "tags": {"Name": "dev-s3"}}
    return planned, lambda: account.endpoint(vpc)


def _flow_log(account: Account) -> tuple[dict[str, Any], Any]:
    vpc = account.vpc()
    account.flow_log(vpc, "somebody-elses")
    return {"vpc_id": vpc, "tags": {"Name": "dev"}}, lambda: account.flow_log(vpc)


def _cidr(account: Account) -> tuple[dict[str, Any], Any]:
    vpc = account.vpc()

    def make() -> str:
        made = account.ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="10.1.0.0/16")
        return str(made["CidrBlockAssociation"]["AssociationId"])

    return {"vpc_id": vpc, "cidr_block": "10.1.0.0/16"}, make


def _group(account: Account) -> tuple[dict[str, Any], Any]:
    vpc = account.vpc()
    account.group(account.vpc("other"))
    return {"vpc_id": vpc, "name": "dev-hyperpod", "tags": {}}, lambda: account.group(vpc)


def _ingress(account: Account) -> tuple[dict[str, Any], Any]:
    group = account.group(account.vpc())

    def rule(first: int, last: int) -> str:
        permission = {"IpProtocol": "tcp", "FromPort": first, "ToPort": last, "UserIdGroupPairs": [{"GroupId": group}]}
        made = account.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])
        return str(made["SecurityGroupRules"][0]["SecurityGroupRuleId"])

    rule(988, 988)
    planned = {
        "security_group_id": group,
        "referenced_security_group_id": group,
        "ip_protocol": "tcp",
        "from_port": 1018,
        "to_port": 1023,
        "cidr_ipv4": None,
    }
    return planned, lambda: rule(1018, 1023)


def _egress(account: Account) -> tuple[dict[str, Any], Any]:
    group = account.group(account.vpc())

    def make() -> str:
        permission = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
        made = account.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[permission])
        return str(made["SecurityGroupRules"][0]["SecurityGroupRuleId"])

    return {"security_group_id": group, "ip_protocol": "-1", "cidr_ipv4": "10.0.0.0/8", "from_port": None}, make


def _key(account: Account) -> tuple[dict[str, Any], Any]:
    account.key("Another.")
    return {"description": "Secrets of dev.", "tags": {"team": "ml"}}, account.key


def _file_system(account: Account) -> tuple[dict[str, Any], Any]:
    subnet = account.subnet(account.vpc())
    return {"subnet_ids": [subnet], "tags": {"Name": "dev-fsx"}}, lambda: account.file_system(subnet)


UNNAMED = {
    "aws_vpc": _vpc,
    "aws_subnet": _subnet,
    "aws_route_table": _route_table,
    "aws_internet_gateway": _internet_gateway,
    "aws_internet_gateway (not attached)": _internet_gateway_unattached,
    "aws_eip": _eip,
    "aws_nat_gateway": _nat,
    "aws_vpc_endpoint": _endpoint,
    "aws_flow_log": _flow_log,
    "aws_vpc_ipv4_cidr_block_association": _cidr,
    "aws_security_group": _group,
    "aws_vpc_security_group_ingress_rule": _ingress,
    "aws_vpc_security_group_egress_rule": _egress,
    "aws_kms_key": _key,
    "aws_fsx_lustre_file_system": _file_system,
}
# The service itself refuses a second one.
UNIQUE = {
    "aws_subnet",
    "aws_vpc_ipv4_cidr_block_association",
    "aws_security_group",
    "aws_vpc_security_group_ingress_rule",
    "aws_vpc_security_group_egress_rule",
}


@pytest.mark.parametrize("case", UNNAMED)
def test_one_without_a_name_of_its_own(account: Account, case: str) -> None:
    kind = case.split(" ")[0]
    planned, make = UNNAMED[case](account)
    assert find(kind, planned, account.clients, set()) is None
    identity = make()
    assert find(kind, planned, account.clients, set()) == identity
    assert find(kind, planned, account.clients, {"another"}) == identity
    assert find(kind, planned, account.clients, {identity}) is None


@pytest.mark.parametrize("case", [case for case in UNNAMED if case not in UNIQUE])
def test_with_two_candidates_none_is_taken(account: Account, case: str) -> None:
    kind = case.split(" ")[0]
    planned, make = UNNAMED[case](account)
    one, two = make(), make()
    assert one != two
    assert find(kind, planned, account.clients, set()) is None
    assert find(kind, planned, account.clients, {one}) == two


@pytest.mark.parametrize("case", UNNAMED)
def test_with_a_value_unknown_none_is_taken(account: Account, case: str) -> None:
    """What says which one it is: without it anything might fit."""
    kind = case.split(" ")[0]
    planned, make = UNNAMED[case](account)
    make()
    needed = {"tags", "vpc_id", "subnet_id", "subnet_ids", "security_group_id", "cidr_block", "description", "name"}
    if kind in ("aws_security_group", "aws_kms_key"):
        needed.discard("tags")
    asked = needed & set(planned)
    assert asked
    for name in asked:
        left = {key: value for key, value in planned.items() if key != name}
        assert find(kind, left, account.clients, set()) is None, name


def test_every_vpc_has_a_default_security_group(account: Account) -> None:
    vpc = account.vpc()
    found = find("aws_default_security_group", {"vpc_id": vpc}, account.clients, set())
    assert found is not None
    held = account.ec2.describe_security_groups(GroupIds=[found])["SecurityGroups"][0]
    assert (held["GroupName"], held["VpcId"]) == ("default", vpc)
    assert find("aws_default_security_group", {}, account.clients, set()) is None


def test_the_vpcs_own_block_is_no_association_of_ours(account: Account) -> None:
    planned = {"vpc_id": account.vpc(), "cidr_block": "10.0.0.0/16"}
    assert find("aws_vpc_ipv4_cidr_block_association", planned, account.clients, set()) is None


def test_what_is_gone_is_not_found(account: Account) -> None:
    subnet = account.subnet(account.vpc())
    planned = {"subnet_id": subnet, "tags": {"Name": "dev-nat"}}
    identity = account.nat(subnet)
    account.ec2.delete_nat_gateway(NatGatewayId=identity)
    assert find("aws_nat_gateway", planned, account.clients, set()) is None
    key = account.key()
    account.clients.client("kms").schedule_key_deletion(KeyId=key)
    assert find("aws_kms_key", {"description": "Secrets of dev.", "tags": {}}, account.clients, set()) is None


# --- what has a name


def _routed(account: Account) -> tuple[dict[str, Any], Any]:
    vpc = account.vpc()
    table, gateway = account.table(vpc), account.gateway(vpc)
    planned = {"route_table_id": table, "destination_cidr_block": "0.0.0.0/0", "gateway_id": gateway}

    def make() -> None:
        account.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)

    return planned, make


def _associated(account: Account) -> tuple[dict[str, Any], Any]:
    vpc = account.vpc()
    table, subnet = account.table(vpc), account.subnet(vpc)
    planned = {"route_table_id": table, "subnet_id": subnet}
    return planned, lambda: account.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)


def _endpoint_table(account: Account) -> tuple[dict[str, Any], Any]:
    vpc = account.vpc()
    table, endpoint = account.table(vpc), account.endpoint(vpc)
    planned = {"route_table_id": table, "vpc_endpoint_id": endpoint}

    def make() -> None:
        account.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddRouteTableIds=[table])

    return planned, make


def _role(account: Account) -> tuple[dict[str, Any], Any]:
    return {"name": "dev-role"}, account.role


def _role_policy(account: Account) -> tuple[dict[str, Any], Any]:
    role = account.role()
    planned = {"role": role, "name": "write"}
    return planned, lambda: account.iam.put_role_policy(RoleName=role, PolicyName="write", PolicyDocument=POLICY)


def _attachment(account: Account) -> tuple[dict[str, Any], Any]:
    made = account.iam.create_policy(PolicyName="p", PolicyDocument=POLICY)["Policy"]["Arn"]
    role = account.role()
    return {"role": role, "policy_arn": made}, lambda: account.iam.attach_role_policy(RoleName=role, PolicyArn=made)


def _log_group(account: Account) -> tuple[dict[str, Any], Any]:
    logs = account.clients.client("logs")
    logs.create_log_group(logGroupName="/aws/eks/dev/cluster-of-another")
    return {"name": "/aws/eks/dev/cluster"}, lambda: logs.create_log_group(logGroupName="/aws/eks/dev/cluster")


def _alias(account: Account) -> tuple[dict[str, Any], Any]:
    key = account.key()
    kms = account.clients.client("kms")
    return {"name": "alias/dev"}, lambda: kms.create_alias(AliasName="alias/dev", TargetKeyId=key)


def _bucket(account: Account) -> tuple[dict[str, Any], Any]:
    return {"bucket": "sagemaker-dev"}, account.bucket


def _object(account: Account) -> tuple[dict[str, Any], Any]:
    bucket = account.bucket()
    planned = {"bucket": bucket, "key": "on_create.sh"}
    return planned, lambda: account.s3.put_object(Bucket=bucket, Key="on_create.sh", Body=b"")


def _eks(account: Account) -> tuple[dict[str, Any], Any]:
    subnet = account.subnet(account.vpc())
    eks = account.clients.client("eks")
    planned = {"name": "dev-eks"}
    return planned, lambda: eks.create_cluster(
        name="dev-eks", roleArn=EKS_ROLE, resourcesVpcConfig={"subnetIds": [subnet]}
    )


NAMED = {
    "aws_route": _routed,
    "aws_route_table_association": _associated,
    "aws_vpc_endpoint_route_table_association": _endpoint_table,
    "aws_iam_role": _role,
    "aws_iam_role_policy": _role_policy,
    "aws_iam_role_policy_attachment": _attachment,
    "aws_cloudwatch_log_group": _log_group,
    "aws_kms_alias": _alias,
    "aws_s3_bucket": _bucket,
    "aws_s3_object": _object,
    "aws_eks_cluster": _eks,
}


@pytest.mark.parametrize("kind", NAMED)
def test_one_with_a_name(account: Account, kind: str) -> None:
    planned, make = NAMED[kind](account)
    assert find(kind, planned, account.clients, set()) is None
    make()
    found = find(kind, planned, account.clients, set())
    assert found is not None
    assert find(kind, planned, account.clients, {found}) is None


BUCKET_PARTS: dict[str, tuple[str, dict[str, Any]]] = {
    "aws_s3_bucket_versioning": ("put_bucket_versioning", {"VersioningConfiguration": {"Status": "Enabled"}}),
    "aws_s3_bucket_policy": ("put_bucket_policy", {"Policy": json.dumps({"Version": "2012-10-17", "Statement": []})}),
    "aws_s3_bucket_public_access_block": (
        "put_public_access_block",
        {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True}},
    ),
    "aws_s3_bucket_ownership_controls": (
        "put_bucket_ownership_controls",
        {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
    ),
    "aws_s3_bucket_server_side_encryption_configuration": (
        "put_bucket_encryption",
        {
            "ServerSideEncryptionConfiguration": {
                "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
            }
        },
    ),
    "aws_s3_bucket_lifecycle_configuration": (
        "put_bucket_lifecycle_configuration",
        {
            "LifecycleConfiguration": {
                "Rules": [
                    {
                        "ID": "old",
                        "Status": "Enabled",
                        "Filter": {"Prefix": ""},
                        "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
                    }
                ]
            }
        },
    ),
    "aws_s3_bucket_logging": (
        "put_bucket_logging",
        {"BucketLoggingStatus": {"LoggingEnabled": {"TargetBucket": "sagemaker-dev", "TargetPrefix": "logs/"}}},
    ),
}


@pytest.mark.parametrize("kind", BUCKET_PARTS)
def test_a_part_of_a_bucket(account: Account, kind: str) -> None:
    planned = {"bucket": "sagemaker-dev"}
    assert find(kind, planned, account.clients, set()) is None, "no bucket"
    account.bucket()
    call, arguments = BUCKET_PARTS[kind]
    if kind == "aws_s3_bucket_logging":
        writer = "http://acs.amazonaws.com/groups/s3/LogDelivery"
        account.s3.put_bucket_acl(Bucket="sagemaker-dev", GrantWrite=f"uri={writer}", GrantReadACP=f"uri={writer}")
    assert find(kind, planned, account.clients, set()) is None, "a bucket without it"
    getattr(account.s3, call)(Bucket="sagemaker-dev", **arguments)
    assert find(kind, planned, account.clients, set()) == "sagemaker-dev"
    assert find(kind, planned, account.clients, {"sagemaker-dev"}) is None


# --- what moto does not know


def absent(**arguments: Any) -> Any:
    raise refused("ResourceNotFoundException")


def test_an_addon() -> None:
    planned = {"cluster_name": "c", "addon_name": "vpc-cni"}
    there = StubClients(describe_addon=lambda **given: {"addon": {"addonName": given["addonName"]}})
    assert find("aws_eks_addon", planned, there, set()) == "c:vpc-cni"
    assert find("aws_eks_addon", planned, StubClients(describe_addon=absent), set()) is None


def test_an_access_entry_and_its_policy() -> None:
    entry = {"cluster_name": "c", "principal_arn": EKS_ROLE}
    there = StubClients(
        describe_access_entry=lambda **given: {"accessEntry": {}},
        list_associated_access_policies=lambda **given: {"associatedAccessPolicies": [{"policyArn": MANAGED}]},
    )
    assert find("aws_eks_access_entry", entry, there, set()) == f"c:{EKS_ROLE}"
    assert find("aws_eks_access_entry", entry, StubClients(describe_access_entry=absent), set()) is None
    kind = "aws_eks_access_policy_association"
    assert find(kind, {**entry, "policy_arn": MANAGED}, there, set()) == f"c#{EKS_ROLE}#{MANAGED}"
    assert find(kind, {**entry, "policy_arn": f"{MANAGED}2"}, there, set()) is None


@pytest.mark.parametrize(("status", "found"), [("ACTIVE", "c"), ("CREATING", "c"), ("FAILED", "c"), ("DELETING", None)])
def test_an_eks_cluster_that_is_being_deleted_is_not_taken(status: str, found: str | None) -> None:
    clients = StubClients(describe_cluster=lambda name: {"cluster": {"status": status}})
    assert find("aws_eks_cluster", {"name": "c"}, clients, set()) == found


@pytest.mark.parametrize("status", ["InService", "Creating", "Failed", "Deleting"])
def test_a_hyperpod_cluster(status: str) -> None:
    arn = "arn:aws:sagemaker:us-west-2:123456789012:cluster/abc"
    clients = StubClients(describe_cluster=lambda **given: {"ClusterArn": arn, "ClusterStatus": status})
    expected = None if status == "Deleting" else arn
    assert find("awscc_sagemaker_cluster", {"cluster_name": "ml"}, clients, set()) == expected
    assert find("awscc_sagemaker_cluster", {"cluster_name": "ml"}, clients, {arn}) is None
    assert find("awscc_sagemaker_cluster", {}, clients, set()) is None

    def missing(**given: str) -> Any:
        raise refused("ResourceNotFound")

    assert find("awscc_sagemaker_cluster", {"cluster_name": "ml"}, StubClients(describe_cluster=missing), set()) is None


def test_a_type_nobody_knows_is_not_found() -> None:
    assert find("terraform_data", {"input": "x"}, StubClients(), set()) is None


def test_a_bucket_of_somebody_elses_is_not_ours() -> None:
    def forbidden(**given: str) -> Any:
        raise refused("403", "HeadBucket")

    assert find("aws_s3_bucket", {"bucket": "b"}, StubClients(head_bucket=forbidden), set()) is None


def test_what_aws_does_not_answer_is_an_error() -> None:
    def denied(**given: str) -> Any:
        raise refused("AccessDenied", "GetRole")

    def unreachable(**given: str) -> Any:
        raise EndpointConnectionError(endpoint_url="https://iam.amazonaws.com")

    for operation in (denied, unreachable):
        with pytest.raises(HptfError, match="looking for a lost aws_iam_role: "):
            find("aws_iam_role", {"name": "r"}, StubClients(get_role=operation), set())
