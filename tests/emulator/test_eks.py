from __future__ import annotations

from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from hp_tf.emulator.clients import EmulatorSession
from hp_tf.emulator.daemon import Emulator
from tests.emulator.conftest import ACCOUNT, REGION, Base, begin_lasting, end_lasting, get, make_eks


def _code(caught: pytest.ExceptionInfo[ClientError]) -> str:
    code: str = caught.value.response["Error"]["Code"]
    return code


def test_a_cluster_has_what_the_provider_reads(aws: EmulatorSession, base: Base, eks: dict[str, Any]) -> None:
    found = aws.client("eks").describe_cluster(name="k")["cluster"]
    assert found["status"] == "ACTIVE"
    assert found["arn"] == f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/k"
    assert found["endpoint"].startswith("https://127.0.0.1:") and found["endpoint"].endswith("/k8s/k")
    assert found["accessConfig"] == {"authenticationMode": "API"}
    assert found["upgradePolicy"] == {"supportType": "EXTENDED"}
    assert found["identity"]["oidc"]["issuer"].startswith(f"https://oidc.eks.{REGION}.amazonaws.com/id/")
    network = found["resourcesVpcConfig"]
    assert network["vpcId"] == base.vpc
    group = aws.client("ec2").describe_security_groups(GroupIds=[network["clusterSecurityGroupId"]])
    assert group["SecurityGroups"][0]["VpcId"] == base.vpc


def test_deleting_takes_the_security_group_and_kubernetes_along(
    aws: EmulatorSession, eks: dict[str, Any], emulator: Emulator
) -> None:
    client = aws.client("eks")
    assert client.delete_cluster(name="k")["cluster"]["status"] == "DELETING"
    with pytest.raises(ClientError) as caught:
        client.describe_cluster(name="k")
    assert _code(caught) == "ResourceNotFoundException"
    groups = aws.client("ec2").describe_security_groups()["SecurityGroups"]
    assert not [group for group in groups if group["GroupName"].startswith("eks-cluster-sg")]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"roleArn": f"arn:aws:iam::{ACCOUNT}:role/none"}, "could not be assumed"),
        ({"version": "1.2"}, "unsupported Kubernetes version"),
        ({"resourcesVpcConfig": {"subnetIds": ["subnet-0"]}}, "does not exist"),
        ({"name": "-"}, "regular expression"),
        ({"accessConfig": {"authenticationMode": "NONE"}}, "enum value set"),
    ],
)
def test_bad_clusters_are_refused(aws: EmulatorSession, base: Base, change: dict[str, Any], message: str) -> None:
    arguments = {"name": "k", "roleArn": base.role, "resourcesVpcConfig": {"subnetIds": base.subnets}, **change}
    # The client's own checks would hide the emulator's.
    client = aws.client("eks", config=Config(parameter_validation=False))
    with pytest.raises(ClientError, match=message) as caught:
        client.create_cluster(**arguments)
    assert _code(caught) == "InvalidParameterException"


def test_one_zone_is_not_enough_and_a_name_is_taken_once(aws: EmulatorSession, base: Base, eks: dict[str, Any]) -> None:
    client = aws.client("eks")
    with pytest.raises(ClientError, match="at least two different AZs"):
        client.create_cluster(name="x", roleArn=base.role, resourcesVpcConfig={"subnetIds": base.subnets[:1]})
    with pytest.raises(ClientError) as caught:
        make_eks(aws, base)
    assert _code(caught) == "ResourceInUseException"


def test_versions_go_up_one_by_one(aws: EmulatorSession, base: Base) -> None:
    make_eks(aws, base, version="1.31")
    client = aws.client("eks")
    with pytest.raises(ClientError, match=r"from 1\.31 to 1\.33"):
        client.update_cluster_version(name="k", version="1.33")
    update = client.update_cluster_version(name="k", version="1.32")["update"]
    assert client.describe_update(name="k", updateId=update["id"])["update"]["status"] == "Successful"
    assert client.describe_cluster(name="k")["cluster"]["version"] == "1.32"


def test_a_change_of_the_clusters_configuration_is_an_update(aws: EmulatorSession, eks: dict[str, Any]) -> None:
    client = aws.client("eks")
    client.update_cluster_config(name="k", logging={"clusterLogging": [{"types": ["api", "audit"], "enabled": True}]})
    client.update_cluster_config(name="k", logging={"clusterLogging": [{"types": ["api"], "enabled": False}]})
    setups = client.describe_cluster(name="k")["cluster"]["logging"]["clusterLogging"]
    assert {"types": ["audit"], "enabled": True} in setups
    access = {"endpointPublicAccess": True, "endpointPrivateAccess": True, "publicAccessCidrs": ["10.0.0.0/8"]}
    assert client.update_cluster_config(name="k", resourcesVpcConfig=access)["update"]["type"] == "EndpointAccessUpdate"
    with pytest.raises(ClientError, match="already at the desired configuration"):
        client.update_cluster_config(name="k", resourcesVpcConfig=access)
    with pytest.raises(ClientError, match="cannot be false"):
        closed = {"endpointPublicAccess": False, "endpointPrivateAccess": False}
        client.update_cluster_config(name="k", resourcesVpcConfig=closed)
    with pytest.raises(ClientError, match="Unsupported authentication mode update"):
        client.update_cluster_config(name="k", accessConfig={"authenticationMode": "CONFIG_MAP"})


def test_a_cluster_stays_in_its_zones_and_its_vpc(aws: EmulatorSession, base: Base, eks: dict[str, Any]) -> None:
    client, ec2 = aws.client("eks"), aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]

    def subnet(vpc_id: str, number: int, zone: int) -> str:
        block = f"10.0.{number}.0/24"
        made = ec2.create_subnet(VpcId=vpc_id, CidrBlock=block, AvailabilityZoneId=f"usw2-az{zone}")["Subnet"]
        return str(made["SubnetId"])

    same = [subnet(base.vpc, 11, 1), subnet(base.vpc, 12, 2)]
    for wrong, message in (
        ({"subnetIds": [subnet(base.vpc, 13, 3), subnet(base.vpc, 14, 4)]}, "same set of AZs .*: usw2-az1, usw2-az2"),
        ({"subnetIds": same[:1]}, "at least two different AZs"),
        ({"subnetIds": [subnet(vpc, 1, 1), subnet(vpc, 2, 2)]}, f"VPC of the cluster, {base.vpc}"),
        ({"securityGroupIds": ["sg-0"]}, "security group 'sg-0' does not exist"),
    ):
        with pytest.raises(ClientError, match=message):
            client.update_cluster_config(name="k", resourcesVpcConfig=wrong)
    change = {"subnetIds": same, "securityGroupIds": [base.group]}
    assert client.update_cluster_config(name="k", resourcesVpcConfig=change)["update"]["type"] == "VpcConfigUpdate"
    network = client.describe_cluster(name="k")["cluster"]["resourcesVpcConfig"]
    assert (network["subnetIds"], network["securityGroupIds"]) == (same, [base.group])
    held = ec2.describe_network_interfaces(Filters=[{"Name": "description", "Values": ["Amazon EKS k"]}])
    assert sorted(item["SubnetId"] for item in held["NetworkInterfaces"]) == sorted(same)


def test_auto_mode_leaves_the_rest_of_the_network_configuration(aws: EmulatorSession, eks: dict[str, Any]) -> None:
    client = aws.client("eks")
    with pytest.raises(ClientError, match="type for cluster update was not provided"):
        client.update_cluster_config(name="k")
    client.update_cluster_config(
        name="k",
        computeConfig={"enabled": True},
        kubernetesNetworkConfig={"elasticLoadBalancing": {"enabled": True}},
        storageConfig={"blockStorage": {"enabled": True}},
    )
    found = client.describe_cluster(name="k")["cluster"]
    assert found["kubernetesNetworkConfig"] == {
        **eks["kubernetesNetworkConfig"],
        "elasticLoadBalancing": {"enabled": True},
    }
    assert found["computeConfig"]["enabled"] is True


def test_a_change_takes_its_time_when_told_to(aws: EmulatorSession, base: Base, emulator: Emulator) -> None:
    begin_lasting(emulator)
    assert make_eks(aws, base)["status"] == "CREATING"
    with pytest.raises(ClientError, match="its status is CREATING"):
        aws.client("eks").update_cluster_config(name="k", upgradePolicy={"supportType": "STANDARD"})
    with pytest.raises(ClientError) as caught:
        aws.client("eks").delete_cluster(name="k")
    assert _code(caught) == "ResourceInUseException"


def test_a_deletion_takes_its_time_when_told_to(aws: EmulatorSession, base: Base, emulator: Emulator) -> None:
    made, client, ec2 = make_eks(aws, base), aws.client("eks"), aws.client("ec2")
    begin_lasting(emulator)
    assert client.delete_cluster(name="k")["cluster"]["status"] == "DELETING"
    assert client.describe_cluster(name="k")["cluster"]["status"] == "DELETING"
    with pytest.raises(ClientError, match="already exists"):
        make_eks(aws, base)
    with pytest.raises(ClientError, match="dependencies"):
        ec2.delete_subnet(SubnetId=base.subnets[0])
    end_lasting(emulator)
    # Nobody asks EKS: what it made is gone all the same.
    ec2.delete_subnet(SubnetId=base.subnets[0])
    group = made["resourcesVpcConfig"]["clusterSecurityGroupId"]
    assert group not in {found["GroupId"] for found in ec2.describe_security_groups()["SecurityGroups"]}
    assert get(emulator, "/_hptf/resources")["aws_eks_cluster"] == []


def test_tags_of_everything(aws: EmulatorSession, base: Base, eks: dict[str, Any]) -> None:
    client = aws.client("eks")
    addon = client.create_addon(clusterName="k", addonName="vpc-cni", tags={"a": "1"})["addon"]["addonArn"]
    for arn in (eks["arn"], addon):
        client.tag_resource(resourceArn=arn, tags={"b": "2"})
        client.untag_resource(resourceArn=arn, tagKeys=["a"])
        assert client.list_tags_for_resource(resourceArn=arn)["tags"] == {"b": "2"}


def test_an_addon_is_made_changed_and_deleted(aws: EmulatorSession, eks: dict[str, Any]) -> None:
    client = aws.client("eks")
    made = client.create_addon(clusterName="k", addonName="vpc-cni", configurationValues='{"env": {}}')["addon"]
    assert (made["status"], made["configurationValues"]) == ("ACTIVE", '{"env": {}}')
    offered = client.describe_addon_versions(addonName="vpc-cni", kubernetesVersion="1.33")["addons"][0]
    versions = [entry["addonVersion"] for entry in offered["addonVersions"]]
    assert made["addonVersion"] == versions[0]
    client.update_addon(clusterName="k", addonName="vpc-cni", addonVersion=versions[1])
    assert client.describe_addon(clusterName="k", addonName="vpc-cni")["addon"]["addonVersion"] == versions[1]
    assert client.describe_addon_configuration(addonName="vpc-cni", addonVersion=versions[0])["configurationSchema"]
    assert client.list_addons(clusterName="k")["addons"] == ["vpc-cni"]
    client.delete_addon(clusterName="k", addonName="vpc-cni")
    for call in (client.describe_addon, client.delete_addon):
        with pytest.raises(ClientError) as caught:
            call(clusterName="k", addonName="vpc-cni")
        assert _code(caught) == "ResourceNotFoundException"
    with pytest.raises(ClientError, match="not supported"):
        client.create_addon(clusterName="k", addonName="nonsense")


def test_an_addon_that_needs_nodes_waits_for_them(aws: EmulatorSession, eks: dict[str, Any]) -> None:
    made = aws.client("eks").create_addon(clusterName="k", addonName="coredns")["addon"]
    assert made["status"] == "DEGRADED"
    assert made["health"]["issues"][0]["code"] == "InsufficientNumberOfReplicas"


def test_a_version_must_be_one_for_the_clusters_kubernetes(aws: EmulatorSession, base: Base) -> None:
    # The message as in reports of it; the versions as in the tables of the EKS user guide.
    client = aws.client("eks")
    make_eks(aws, base, version="1.35")
    made = client.create_addon(clusterName="k", addonName="kube-proxy", addonVersion="v1.35.0-eksbuild.2")["addon"]
    assert made["addonVersion"] == "v1.35.0-eksbuild.2"
    for name, version in (("coredns", "v1.11.4-eksbuild.33"), ("coredns", "v9.9.9-eksbuild.1"), ("coredns", "latest")):
        with pytest.raises(ClientError, match=f"version specified is not supported: {name} {version}"):
            client.create_addon(clusterName="k", addonName=name, addonVersion=version)
    with pytest.raises(ClientError, match="specified is not supported in"):
        client.create_addon(clusterName="k", addonName="amazon-sagemaker-hyperpod-taskgovernance")
    offered = client.describe_addon_versions(kubernetesVersion="1.35")["addons"]
    assert not [addon for addon in offered if "hyperpod" in addon["addonName"]]
    [dns] = client.describe_addon_versions(addonName="coredns")["addons"]
    [old] = [found for found in dns["addonVersions"] if found["addonVersion"] == "v1.10.1-eksbuild.38"]
    assert [where["clusterVersion"] for where in old["compatibilities"]] == ["1.28"]


def test_access_entries_and_policies(aws: EmulatorSession, eks: dict[str, Any]) -> None:
    client = aws.client("eks")
    creator = aws.client("sts").get_caller_identity()["Arn"]
    assert client.list_access_entries(clusterName="k")["accessEntries"] == [creator]
    principal = f"arn:aws:iam::{ACCOUNT}:role/team/admin"
    made = client.create_access_entry(clusterName="k", principalArn=principal, kubernetesGroups=["g"])["accessEntry"]
    assert made["username"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/admin/{{{{SessionName}}}}"
    policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
    where = {"clusterName": "k", "principalArn": principal}
    client.associate_access_policy(**where, policyArn=policy, accessScope={"type": "namespace", "namespaces": ["a"]})
    found = client.list_associated_access_policies(**where)["associatedAccessPolicies"]
    assert [(entry["policyArn"], entry["accessScope"]["namespaces"]) for entry in found] == [(policy, ["a"])]
    client.disassociate_access_policy(**where, policyArn=policy)
    assert client.list_associated_access_policies(**where)["associatedAccessPolicies"] == []
    client.delete_access_entry(**where)
    with pytest.raises(ClientError) as caught:
        client.describe_access_entry(**where)
    assert _code(caught) == "ResourceNotFoundException"


@pytest.mark.parametrize(
    "principal",
    [
        f"arn:aws:sts::{ACCOUNT}:assumed-role/admin/session",
        f"arn:aws:sts::{ACCOUNT}:federated-user/me",
        f"arn:aws:iam::{ACCOUNT}:group/admins",
    ],
)
def test_sessions_and_groups_get_no_access_entry(aws: EmulatorSession, eks: dict[str, Any], principal: str) -> None:
    with pytest.raises(ClientError, match="principalArn parameter format is not valid"):
        aws.client("eks").create_access_entry(clusterName="k", principalArn=principal)


@pytest.mark.parametrize(
    "policy",
    ["arn:aws:eks::aws:cluster-access-policy/AmazonEKSOwnerPolicy", "arn:aws:iam::aws:policy/AmazonEKSViewPolicy"],
)
def test_only_access_policies_that_exist(aws: EmulatorSession, base: Base, eks: dict[str, Any], policy: str) -> None:
    client = aws.client("eks")
    client.create_access_entry(clusterName="k", principalArn=base.role)
    with pytest.raises(ClientError, match="none of the access policies"):
        client.associate_access_policy(
            clusterName="k", principalArn=base.role, policyArn=policy, accessScope={"type": "cluster"}
        )


def test_the_policies_of_other_services_are_known(aws: EmulatorSession, base: Base, eks: dict[str, Any]) -> None:
    client = aws.client("eks")
    client.create_access_entry(clusterName="k", principalArn=base.role)
    hyperpod = (f"AmazonSagemakerHyperpod{part}Policy" for part in ("Cluster", "Controller", "Space"))
    for name in (*hyperpod, "AmazonEMRJobPolicy"):
        policy = f"arn:aws:eks::aws:cluster-access-policy/{name}"
        client.associate_access_policy(
            clusterName="k", principalArn=base.role, policyArn=policy, accessScope={"type": "cluster"}
        )


def test_access_entries_need_the_api_mode(aws: EmulatorSession, base: Base) -> None:
    make_eks(aws, base, accessConfig={"authenticationMode": "CONFIG_MAP"})
    with pytest.raises(ClientError, match="authentication mode must be set"):
        aws.client("eks").create_access_entry(clusterName="k", principalArn=base.role)


def test_a_pod_identity_association_is_made_and_deleted(aws: EmulatorSession, base: Base, eks: dict[str, Any]) -> None:
    client = aws.client("eks")
    where = {"clusterName": "k", "namespace": "n", "serviceAccount": "s"}
    made = client.create_pod_identity_association(**where, roleArn=base.role)["association"]
    with pytest.raises(ClientError) as caught:
        client.create_pod_identity_association(**where, roleArn=base.role)
    assert _code(caught) == "ResourceInUseException"
    listed = client.list_pod_identity_associations(clusterName="k", namespace="n")["associations"]
    assert [entry["associationId"] for entry in listed] == [made["associationId"]]
    client.delete_pod_identity_association(clusterName="k", associationId=made["associationId"])
    assert client.list_pod_identity_associations(clusterName="k")["associations"] == []


def test_an_addon_owns_the_associations_it_makes(aws: EmulatorSession, base: Base, eks: dict[str, Any]) -> None:
    client = aws.client("eks")
    given = [{"serviceAccount": "fsx", "roleArn": base.role}]
    client.create_addon(clusterName="k", addonName="aws-fsx-csi-driver", podIdentityAssociations=given)
    owned = client.list_pod_identity_associations(clusterName="k")["associations"][0]
    with pytest.raises(ClientError, match="owned by the add-on"):
        client.delete_pod_identity_association(clusterName="k", associationId=owned["associationId"])
    client.delete_addon(clusterName="k", addonName="aws-fsx-csi-driver")
    assert client.list_pod_identity_associations(clusterName="k")["associations"] == []
