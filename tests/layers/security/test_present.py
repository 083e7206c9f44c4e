from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from hp_tf.aws.sessions import AccountClients
from hp_tf.layers.security.present import made_as, present

EVERYTHING: dict[str, Any] = {"IpProtocol": "-1"}


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[AccountClients]:
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        yield AccountClients(boto3.Session("test", "test", region_name="us-west-2"))


def _group(ec2: Any) -> tuple[str, str]:
    """A security group, and its VPC."""
    vpc = str(ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])
    return str(ec2.create_security_group(GroupName="shared", Description="shared", VpcId=vpc)["GroupId"]), vpc


def _add(ec2: Any, group: str, permission: dict[str, Any], *, egress: bool = False, name: str | None = None) -> str:
    call = ec2.authorize_security_group_egress if egress else ec2.authorize_security_group_ingress
    tags = [{"ResourceType": "security-group-rule", "Tags": [{"Key": "Name", "Value": name}]}] if name else []
    answer = call(GroupId=group, IpPermissions=[permission], TagSpecifications=tags)
    return str(answer["SecurityGroupRules"][0]["SecurityGroupRuleId"])


def test_the_rules_that_a_group_has_are_found_and_no_others(clients: AccountClients) -> None:
    ec2 = clients.client("ec2")
    group, vpc = _group(ec2)
    inputs = {"name": "dev", "security_group_id": group}
    # EC2 makes every group with the way out.
    assert present(clients, inputs, ()) == ["egress_anywhere"]
    itself = {"UserIdGroupPairs": [{"GroupId": group}]}
    _add(ec2, group, {**EVERYTHING, **itself})
    _add(ec2, group, {"IpProtocol": "tcp", "FromPort": 988, "ToPort": 988, **itself})
    # Near, but not what the layer adds.
    _add(ec2, group, {"IpProtocol": "tcp", "FromPort": 1018, "ToPort": 1021, **itself})
    _add(ec2, group, {**EVERYTHING, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}, egress=True)
    other = ec2.create_security_group(GroupName="other", Description="other", VpcId=vpc)["GroupId"]
    _add(ec2, group, {**EVERYTHING, "UserIdGroupPairs": [{"GroupId": other}]}, egress=True)
    assert present(clients, inputs, ()) == ["ingress_self", "ingress_lustre", "egress_anywhere"]


def test_what_the_layer_made_was_not_there_before(clients: AccountClients) -> None:
    """By its id where a state has it, and by its name where a run was killed before it could write the state."""
    ec2 = clients.client("ec2")
    group, _ = _group(ec2)
    inputs = {"name": "dev", "security_group_id": group}
    itself = {"UserIdGroupPairs": [{"GroupId": group}]}
    rule = _add(ec2, group, {**EVERYTHING, **itself})
    lost = {"IpProtocol": "tcp", "FromPort": 988, "ToPort": 988, **itself}
    _add(ec2, group, lost, name=made_as("dev", "ingress_lustre"))
    assert present(clients, inputs, {rule}) == ["egress_anywhere"]
    # Another environment's rule is another's.
    assert present(clients, {**inputs, "name": "prod"}, {rule}) == ["ingress_lustre", "egress_anywhere"]


def test_without_a_group_there_is_nothing_to_find(clients: AccountClients) -> None:
    assert present(clients, {"name": "dev", "security_group_id": None}, ()) == []
    assert present(clients, {"name": "dev", "security_group_id": "sg-0123456789abcdef0"}, ()) == []
