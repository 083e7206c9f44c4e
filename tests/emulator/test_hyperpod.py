from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from hp_tf.emulator.clients import EmulatorSession
from hp_tf.emulator.daemon import Emulator
from tests.emulator.conftest import ACCOUNT, REGION, TRUST, Base, begin_lasting, kube, make_eks, put_release

CHART = "hyperpod-helm-chart"


def group(base: Base, name: str = "workers", **more: Any) -> dict[str, Any]:
    return {
        "InstanceGroupName": name,
        "InstanceType": "ml.g5.8xlarge",
        "InstanceCount": 2,
        "ExecutionRole": base.role,
        "ThreadsPerCore": 2,
        "LifeCycleConfig": {"SourceS3Uri": f"s3://{base.bucket}/lifecycle", "OnCreate": "on_create.sh"},
        **more,
    }


def request(base: Base, eks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "ClusterName": "ml",
        "InstanceGroups": [group(base)],
        "VpcConfig": {"SecurityGroupIds": [base.group], "Subnets": base.subnets[:1]},
        "Orchestrator": {"Eks": {"ClusterArn": eks["arn"]}},
        "NodeProvisioningMode": "Continuous",
        **more,
    }


@pytest.fixture
def ready(eks: dict[str, Any]) -> dict[str, Any]:
    """An EKS cluster with the dependency chart."""
    put_release(eks, CHART)
    return eks


@pytest.fixture
def cluster(aws: EmulatorSession, base: Base, ready: dict[str, Any]) -> str:
    arn: str = aws.client("sagemaker").create_cluster(**request(base, ready))["ClusterArn"]
    return arn


def _nodes(aws: EmulatorSession) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = aws.client("sagemaker").list_cluster_nodes(ClusterName="ml")["ClusterNodeSummaries"]
    return found


def test_a_cluster_its_nodes_and_their_kubernetes_objects(
    aws: EmulatorSession, ready: dict[str, Any], cluster: str
) -> None:
    found = aws.client("sagemaker").describe_cluster(ClusterName="ml")
    assert found["ClusterStatus"] == "InService"
    prefix, _, cluster_id = cluster.rpartition("/")
    assert prefix == f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:cluster" and len(cluster_id) == 12
    workers = found["InstanceGroups"][0]
    assert (workers["CurrentCount"], workers["TargetCount"], workers["ThreadsPerCore"]) == (2, 2, 2)
    nodes = _nodes(aws)
    assert {node["InstanceStatus"]["Status"] for node in nodes} == {"Running"}
    items = kube(ready, "GET", "/api/v1/nodes")["items"]
    assert {item["metadata"]["name"] for item in items} == {f"hyperpod-{node['InstanceId']}" for node in nodes}
    labels = items[0]["metadata"]["labels"]
    assert labels["sagemaker.amazonaws.com/node-health-status"] == "Schedulable"
    assert labels["sagemaker.amazonaws.com/instance-group-name"] == "workers"
    assert labels["node.kubernetes.io/instance-type"] == "ml.g5.8xlarge"
    assert labels["topology.k8s.aws/zone-id"] == "usw2-az1"


def test_an_addon_that_waited_for_nodes_becomes_active(aws: EmulatorSession, base: Base, ready: dict[str, Any]) -> None:
    client = aws.client("eks")
    assert client.create_addon(clusterName="k", addonName="coredns")["addon"]["status"] == "DEGRADED"
    aws.client("sagemaker").create_cluster(**request(base, ready))
    assert client.describe_addon(clusterName="k", addonName="coredns")["addon"]["status"] == "ACTIVE"


def test_growing_shrinking_adding_and_deleting_groups(
    aws: EmulatorSession, base: Base, ready: dict[str, Any], cluster: str
) -> None:
    sagemaker = aws.client("sagemaker")
    before = {node["InstanceId"] for node in _nodes(aws)}
    sagemaker.update_cluster(ClusterName="ml", InstanceGroups=[group(base, InstanceCount=3)])
    grown = {node["InstanceId"] for node in _nodes(aws)}
    assert before < grown and len(grown) == 3
    sagemaker.update_cluster(
        ClusterName="ml", InstanceGroups=[group(base, InstanceCount=1), group(base, "general", InstanceCount=1)]
    )
    assert {node["InstanceGroupName"] for node in _nodes(aws)} == {"workers", "general"}
    assert len(kube(ready, "GET", "/api/v1/nodes")["items"]) == 2
    sagemaker.update_cluster(ClusterName="ml", InstanceGroupsToDelete=["general"])
    assert [node["InstanceGroupName"] for node in _nodes(aws)] == ["workers"]
    with pytest.raises(ClientError, match="at least one instance group"):
        sagemaker.update_cluster(ClusterName="ml", InstanceGroupsToDelete=["workers"])


@pytest.mark.parametrize(
    ("listed", "names"),
    [
        ("made", ["workers", "c", "a"]),
        ("sent", ["a", "workers", "c"]),
        ("reversed", ["c", "workers", "a"]),
        ("sorted", ["a", "c", "workers"]),
    ],
)
def test_groups_are_listed_in_an_order_of_the_services_own(
    emulator: Emulator, aws: EmulatorSession, base: Base, cluster: str, listed: str, names: list[str]
) -> None:
    """DescribeCluster's reference promises no order, and the CloudFormation schema says insertionOrder false."""
    sagemaker = aws.client("sagemaker")
    sagemaker.update_cluster(ClusterName="ml", InstanceGroups=[group(base, name) for name in ("workers", "c", "a")])
    sagemaker.update_cluster(ClusterName="ml", InstanceGroups=[group(base, name) for name in ("a", "workers", "c")])
    emulator.call("POST", "/_hptf/settings", {"groups_listed": listed})
    found = sagemaker.describe_cluster(ClusterName="ml")["InstanceGroups"]
    assert [item["InstanceGroupName"] for item in found] == names


def test_a_group_cannot_move_to_another_vpc(aws: EmulatorSession, base: Base, ready: dict[str, Any]) -> None:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.0.0/24")["Subnet"]["SubnetId"]
    other = ec2.create_security_group(GroupName="other", Description="other", VpcId=vpc)["GroupId"]
    everything = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": other}]}]
    ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=everything)
    ec2.authorize_security_group_egress(GroupId=other, IpPermissions=everything)
    moved = group(base, OverrideVpcConfig={"SecurityGroupIds": [other], "Subnets": [subnet]})
    with pytest.raises(ClientError, match=f"is in {vpc}, the cluster in {base.vpc}"):
        aws.client("sagemaker").create_cluster(**request(base, ready, InstanceGroups=[moved]))


def test_the_role_stays_while_scaling_is_on(aws: EmulatorSession, base: Base, ready: dict[str, Any]) -> None:
    sagemaker = aws.client("sagemaker")
    other = aws.client("iam").create_role(RoleName="other", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    sagemaker.create_cluster(**request(base, ready, ClusterRole=base.role, AutoScaling={"Mode": "Enable"}))
    with pytest.raises(ClientError, match="ClusterRole cannot be changed"):
        sagemaker.update_cluster(ClusterName="ml", InstanceGroups=[group(base)], ClusterRole=other)
    sagemaker.update_cluster(ClusterName="ml", InstanceGroups=[group(base)], AutoScaling={"Mode": "Disable"})
    sagemaker.update_cluster(ClusterName="ml", InstanceGroups=[group(base)], ClusterRole=other)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"AutoScaling": {"Mode": "Enable"}}, "AutoScaling requires NodeProvisioningMode Continuous"),
        ({"AutoScaling": {"Mode": "Enable"}, "NodeProvisioningMode": "Continuous"}, "requires a ClusterRole"),
        ({"ClusterRole": f"arn:aws:iam::{ACCOUNT}:role/none"}, "does not exist"),
        ({"Orchestrator": {"Slurm": {}}}, "EKS cluster of a HyperPod cluster cannot be changed"),
    ],
)
def test_an_update_leads_to_no_modes_that_a_creation_would_refuse(
    aws: EmulatorSession, base: Base, ready: dict[str, Any], change: dict[str, Any], message: str
) -> None:
    wanted = request(base, ready)
    del wanted["NodeProvisioningMode"]
    aws.client("sagemaker").create_cluster(**wanted)
    with pytest.raises(ClientError, match=message):
        aws.client("sagemaker").update_cluster(ClusterName="ml", InstanceGroups=[group(base)], **change)


def test_a_slurm_cluster_does_not_become_continuous(aws: EmulatorSession, base: Base) -> None:
    sagemaker = aws.client("sagemaker")
    sagemaker.create_cluster(ClusterName="ml", InstanceGroups=[group(base)])
    with pytest.raises(ClientError, match="Continuous requires an Orchestrator"):
        sagemaker.update_cluster(ClusterName="ml", InstanceGroups=[group(base)], NodeProvisioningMode="Continuous")


@pytest.mark.parametrize(
    "change",
    [
        {"InstanceType": "ml.g5.xlarge"},
        {"ThreadsPerCore": 1},
        {"ExecutionRole": f"arn:aws:iam::{ACCOUNT}:role/other"},
        {"OverrideVpcConfig": {"SecurityGroupIds": ["sg-0"], "Subnets": ["subnet-0"]}},
    ],
)
def test_what_is_fixed_in_a_group_cannot_be_updated(
    aws: EmulatorSession, base: Base, cluster: str, change: dict[str, Any]
) -> None:
    with pytest.raises(ClientError, match=f"cannot update {next(iter(change))}") as caught:
        aws.client("sagemaker").update_cluster(ClusterName="ml", InstanceGroups=[group(base, **change)])
    assert caught.value.response["Error"]["Code"] == "ValidationException"


def test_an_update_without_threads_resets_them(aws: EmulatorSession, base: Base, cluster: str) -> None:
    given = group(base)
    del given["ThreadsPerCore"]
    sagemaker = aws.client("sagemaker")
    sagemaker.update_cluster(ClusterName="ml", InstanceGroups=[given])
    assert sagemaker.describe_cluster(ClusterName="ml")["InstanceGroups"][0]["ThreadsPerCore"] == 1


def test_the_chart_must_be_installed_first(aws: EmulatorSession, base: Base, eks: dict[str, Any]) -> None:
    sagemaker = aws.client("sagemaker")
    put_release(eks, "another-chart", name="a")
    put_release(eks, CHART, name="b", status="failed")
    with pytest.raises(ClientError, match=CHART):
        sagemaker.create_cluster(**request(base, eks))
    put_release(eks, CHART, name="c")
    assert sagemaker.create_cluster(**request(base, eks))


def test_efa_needs_both_self_rules(aws: EmulatorSession, base: Base, ready: dict[str, Any]) -> None:
    everything = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": base.group}]}]
    aws.client("ec2").revoke_security_group_egress(GroupId=base.group, IpPermissions=everything)
    with pytest.raises(ClientError, match=r"EFA health checks did not run successfully.*outbound"):
        aws.client("sagemaker").create_cluster(**request(base, ready))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Orchestrator": {"Eks": {"ClusterArn": f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/no"}}}, "does not exist"),
        ({"VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]}}, "does not exist"),
        ({"InstanceGroups": []}, "length greater than or equal to 1"),
        ({"AutoScaling": {"Mode": "Enable"}}, "requires a ClusterRole"),
        ({"NodeProvisioningMode": "OnDemand"}, "enum value set"),
        ({"ClusterName": "a_b"}, "regular expression"),
        (
            {
                "Orchestrator": {
                    "Eks": {"ClusterArn": f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/k"},
                    "Slurm": {"SlurmConfigStrategy": "Merge"},
                }
            },
            "one of Eks and Slurm",
        ),
    ],
)
def test_bad_clusters_are_refused(
    aws: EmulatorSession, base: Base, ready: dict[str, Any], change: dict[str, Any], message: str
) -> None:
    # The client's own checks would hide the emulator's.
    sagemaker = aws.client("sagemaker", config=Config(parameter_validation=False))
    with pytest.raises(ClientError, match=message):
        sagemaker.create_cluster(**request(base, ready, **change))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"InstanceType": "ml.nonsense"}, "enum value set"),
        ({"MinInstanceCount": 3}, "MinInstanceCount"),
        ({"ExecutionRole": f"arn:aws:iam::{ACCOUNT}:role/none"}, "execution role"),
        ({"InstanceStorageConfigs": [{"EbsVolumeConfig": {"RootVolume": True}}]}, "root EBS volume"),
        ({"SlurmConfig": {"NodeType": "Compute"}}, "Slurm"),
        ({"InstanceType": "ml.c5.large", "OnStartDeepHealthChecks": ["InstanceStress"]}, "which ml.c5.large of"),
        ({"InstanceRequirements": {"InstanceTypes": ["ml.p5.48xlarge"]}}, "exclude each other"),
        (
            {
                "InstanceStorageConfigs": [
                    {
                        "EbsVolumeConfig": {"VolumeSizeInGB": 1},
                        "FsxOpenZfsConfig": {"DnsName": "fs-0123456789abcdef0.fsx.us-west-2.amazonaws.com"},
                    }
                ]
            },
            "must have one of EbsVolumeConfig, FsxLustreConfig, FsxOpenZfsConfig, found 2",
        ),
    ],
)
def test_bad_groups_are_refused(
    aws: EmulatorSession, base: Base, ready: dict[str, Any], change: dict[str, Any], message: str
) -> None:
    # The client's own checks would hide the emulator's.
    sagemaker = aws.client("sagemaker", config=Config(parameter_validation=False))
    with pytest.raises(ClientError, match=message):
        sagemaker.create_cluster(**request(base, ready, InstanceGroups=[group(base, **change)]))


def test_a_cluster_with_the_old_authentication_is_refused(aws: EmulatorSession, base: Base) -> None:
    old = make_eks(aws, base, "old", accessConfig={"authenticationMode": "CONFIG_MAP"})
    put_release(old, CHART)
    with pytest.raises(ClientError, match="authentication mode"):
        aws.client("sagemaker").create_cluster(**request(base, old))


def test_nodes_without_their_script_do_not_come_up(aws: EmulatorSession, base: Base) -> None:
    """The service takes the call, and fails in it: troubleshooting of HyperPod, lifecycle scripts."""
    sagemaker = aws.client("sagemaker")
    nowhere = {"SourceS3Uri": f"s3://{base.bucket}/lifecycle", "OnCreate": "no.sh"}
    network = {"SecurityGroupIds": [base.group], "Subnets": base.subnets[:1]}
    sagemaker.create_cluster(ClusterName="ml", InstanceGroups=[group(base, LifeCycleConfig=nowhere)], VpcConfig=network)
    found = sagemaker.describe_cluster(ClusterName="ml")
    assert (found["ClusterStatus"], found["InstanceGroups"][0]["CurrentCount"]) == ("Failed", 0)
    assert "lifecycle/no.sh does not exist" in found["FailureMessage"]
    assert sagemaker.list_cluster_nodes(ClusterName="ml")["ClusterNodeSummaries"] == []


def test_labels_and_taints_reach_the_nodes(aws: EmulatorSession, base: Base, ready: dict[str, Any]) -> None:
    config = {"Labels": {"team": "a"}, "Taints": [{"Key": "gpu", "Value": "yes", "Effect": "NoSchedule"}]}
    aws.client("sagemaker").create_cluster(
        **request(base, ready, InstanceGroups=[group(base, KubernetesConfig=config)])
    )
    node = kube(ready, "GET", "/api/v1/nodes?labelSelector=team%3Da")["items"][0]
    assert node["spec"]["taints"] == [{"key": "gpu", "value": "yes", "effect": "NoSchedule"}]


def test_a_batch_of_nodes_says_what_succeeded_and_what_failed(
    aws: EmulatorSession, ready: dict[str, Any], cluster: str
) -> None:
    sagemaker = aws.client("sagemaker")
    added = sagemaker.batch_add_cluster_nodes(
        ClusterName="ml",
        NodesToAdd=[
            {"InstanceGroupName": "workers", "IncrementTargetCountBy": 1},
            {"InstanceGroupName": "none", "IncrementTargetCountBy": 1},
        ],
    )
    assert (len(added["Successful"]), len(added["Failed"])) == (1, 1)
    victim = _nodes(aws)[0]["InstanceId"]
    gone = sagemaker.batch_delete_cluster_nodes(ClusterName="ml", NodeIds=[victim, "i-0123456789abcdef0"])
    assert (gone["Successful"], len(gone["Failed"])) == ([victim], 1)
    assert sagemaker.describe_cluster(ClusterName="ml")["InstanceGroups"][0]["TargetCount"] == 2
    assert len(kube(ready, "GET", "/api/v1/nodes")["items"]) == 2
    events = sagemaker.list_cluster_events(ClusterName="ml", NodeId=victim)["Events"]
    assert [event["ResourceType"] for event in events] == ["Instance"]


def test_creating_and_updating_take_their_time_when_told_to(
    aws: EmulatorSession, base: Base, ready: dict[str, Any], emulator: Emulator
) -> None:
    begin_lasting(emulator)
    sagemaker = aws.client("sagemaker")
    sagemaker.create_cluster(**request(base, ready))
    assert sagemaker.describe_cluster(ClusterName="ml")["ClusterStatus"] == "Creating"
    assert {node["InstanceStatus"]["Status"] for node in _nodes(aws)} == {"Pending"}
    assert kube(ready, "GET", "/api/v1/nodes")["items"] == []
    calls: tuple[Callable[[], Any], ...] = (
        lambda: sagemaker.update_cluster(ClusterName="ml", InstanceGroups=[group(base)]),
        lambda: sagemaker.delete_cluster(ClusterName="ml"),
    )
    for call in calls:
        with pytest.raises(ClientError) as caught:
            call()
        assert caught.value.response["Error"]["Code"] == "ConflictException"


def test_deleting_takes_the_nodes_out_of_kubernetes(aws: EmulatorSession, ready: dict[str, Any], cluster: str) -> None:
    sagemaker = aws.client("sagemaker")
    sagemaker.delete_cluster(ClusterName=cluster)
    assert kube(ready, "GET", "/api/v1/nodes")["items"] == []
    assert sagemaker.list_clusters()["ClusterSummaries"] == []
    with pytest.raises(ClientError) as caught:
        sagemaker.describe_cluster(ClusterName="ml")
    assert caught.value.response["Error"]["Code"] == "ResourceNotFound"


def test_tags_are_ours_for_clusters_and_motos_for_the_rest(aws: EmulatorSession, base: Base, cluster: str) -> None:
    sagemaker = aws.client("sagemaker")
    sagemaker.add_tags(ResourceArn=cluster, Tags=[{"Key": "a", "Value": "1"}])
    assert sagemaker.list_tags(ResourceArn=cluster)["Tags"] == [{"Key": "a", "Value": "1"}]
    sagemaker.delete_tags(ResourceArn=cluster, TagKeys=["a"])
    assert sagemaker.list_tags(ResourceArn=cluster)["Tags"] == []
    model = sagemaker.create_model(ModelName="m", ExecutionRoleArn=base.role, Tags=[{"Key": "b", "Value": "2"}])
    assert sagemaker.list_tags(ResourceArn=model["ModelArn"])["Tags"] == [{"Key": "b", "Value": "2"}]


def test_a_slurm_cluster_needs_no_eks(aws: EmulatorSession, base: Base) -> None:
    controller = group(base, "controller", InstanceCount=1, SlurmConfig={"NodeType": "Controller"})
    arguments = {
        "ClusterName": "slurm",
        "InstanceGroups": [controller],
        "VpcConfig": {"SecurityGroupIds": [base.group], "Subnets": base.subnets[:1]},
        "Orchestrator": {"Slurm": {"SlurmConfigStrategy": "Managed"}},
    }
    sagemaker = aws.client("sagemaker")
    sagemaker.create_cluster(**arguments)
    assert sagemaker.describe_cluster(ClusterName="slurm")["ClusterStatus"] == "InService"
    plain = {key: value for key, value in arguments.items() if key not in ("Orchestrator", "InstanceGroups")}
    groups = [group(base, "controller", InstanceCount=1)]
    with pytest.raises(ClientError, match="Continuous requires an Orchestrator"):
        sagemaker.create_cluster(
            **{**plain, "ClusterName": "x", "InstanceGroups": groups, "NodeProvisioningMode": "Continuous"}
        )


def test_subnets_and_groups_go_after_the_clusters_in_them(
    aws: EmulatorSession, base: Base, ready: dict[str, Any], cluster: str
) -> None:
    ec2 = aws.client("ec2")

    def held() -> set[str]:
        found = set()
        deletions: dict[str, Callable[[], Any]] = {
            "nodes": lambda: ec2.delete_security_group(GroupId=base.group),
            "first": lambda: ec2.delete_subnet(SubnetId=base.subnets[0]),
            "second": lambda: ec2.delete_subnet(SubnetId=base.subnets[1]),
        }
        for name, delete in deletions.items():
            try:
                delete()
            except ClientError as error:
                code = error.response["Error"]["Code"]
                assert code == "DependencyViolation" or code.endswith("NotFound"), code
                if code == "DependencyViolation":
                    found.add(name)
        return found

    assert held() == {"nodes", "first", "second"}
    aws.client("sagemaker").delete_cluster(ClusterName="ml")
    assert held() == {"first", "second"}
    aws.client("eks").delete_cluster(name="k")
    assert held() == set()


def _events(aws: EmulatorSession) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = aws.client("sagemaker").list_cluster_events(ClusterName="ml")["Events"]
    return found


def test_nodes_that_do_not_reach_their_script_come_up_once_they_do(
    aws: EmulatorSession, base: Base, ready: dict[str, Any]
) -> None:
    sagemaker, ec2 = aws.client("sagemaker"), aws.client("ec2")
    ec2.delete_vpc_endpoints(VpcEndpointIds=[base.s3_endpoint])
    sagemaker.create_cluster(**request(base, ready))
    assert (_nodes(aws), sagemaker.describe_cluster(ClusterName="ml")["ClusterStatus"]) == ([], "InService")
    # Said once, however often it is looked at.
    [event] = [item for item in _events(aws) if item["EventLevel"] == "Error"]
    assert (event["ResourceType"], event["InstanceGroupName"]) == ("InstanceGroup", "workers")
    told = sagemaker.describe_cluster_event(ClusterName="ml", EventId=event["EventId"])["EventDetails"]
    failure = told["EventDetails"]["EventMetadata"]["InstanceGroup"]["FailureMessage"]
    assert f"no VPC endpoint leads from {base.subnets[0]} to Amazon S3" in failure
    assert kube(ready, "GET", "/api/v1/nodes")["items"] == []

    ec2.create_vpc_endpoint(
        VpcId=base.vpc,
        VpcEndpointType="Interface",
        ServiceName=f"com.amazonaws.{REGION}.s3",
        SubnetIds=base.subnets[:1],
        PrivateDnsEnabled=True,
    )
    assert len(_nodes(aws)) == 2
    assert len(kube(ready, "GET", "/api/v1/nodes")["items"]) == 2


def test_all_at_once_a_cluster_fails_without_its_script(
    aws: EmulatorSession, base: Base, ready: dict[str, Any]
) -> None:
    sagemaker, ec2 = aws.client("sagemaker"), aws.client("ec2")
    ec2.delete_vpc_endpoints(VpcEndpointIds=[base.s3_endpoint])
    at_once = request(base, ready)
    del at_once["NodeProvisioningMode"]
    sagemaker.create_cluster(**at_once)
    found = sagemaker.describe_cluster(ClusterName="ml")
    assert found["ClusterStatus"] == "Failed"
    assert "cannot be downloaded" in found["FailureMessage"]
    [failed] = [item for item in _events(aws) if item["ResourceType"] == "Cluster" and item["EventLevel"] == "Error"]
    assert "cannot be downloaded" in failed["Description"]
    with pytest.raises(ClientError) as caught:
        sagemaker.describe_cluster_event(ClusterName="ml", EventId="00000000-0000-0000-0000-000000000000")
    assert caught.value.response["Error"]["Code"] == "ResourceNotFound"
    sagemaker.delete_cluster(ClusterName="ml")

    # Groups without a script want nothing of S3.
    plain = group(base)
    del plain["LifeCycleConfig"]
    sagemaker.create_cluster(**{**at_once, "InstanceGroups": [plain]})
    assert len(_nodes(aws)) == 2


def test_a_default_route_leads_to_a_script(aws: EmulatorSession, base: Base, ready: dict[str, Any]) -> None:
    ec2 = aws.client("ec2")
    ec2.delete_vpc_endpoints(VpcEndpointIds=[base.s3_endpoint])
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=base.vpc)
    table = ec2.create_route_table(VpcId=base.vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.associate_route_table(RouteTableId=table, SubnetId=base.subnets[0])
    aws.client("sagemaker").create_cluster(**request(base, ready))
    assert len(_nodes(aws)) == 2
