from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hp_tf.environment.load import validated
from hp_tf.errors import HptfError
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.planning.found_inputs import collect
from hp_tf.run.context import Context
from tests.aws.stubs import StubClients, refused

VPC, GROUP = "vpc-0123456789abcdef0", "sg-0123456789abcdef0"
TEXT = f"""
orchestrator: eks
name: acme
aws: {{region: us-west-2, account_id: "123456789012"}}
layers:
  network:
    create_vpc: false
    vpc_id: {VPC}
    availability_zone_ids: [usw2-az1]
    public_subnets: false
    nat: existing
    nat_gateway_ids: {{usw2-az1: nat-0123456789abcdef0}}
    %s
  security: {{create_security_group: false%s}}
  eks: {{existing: {{cluster_name: shared}}}}
  hyperpod: {{instance_groups: [{{name: a, instance_type: ml.m5.xlarge, count: 1}}]}}
"""


def _context(folder: Path, clients: Any, *given: str) -> Context:
    path = folder / "acme.yaml"
    path.write_text(TEXT % (given or ("", "")))
    environment, wiring = validated(str(path), CONTRACTS)
    looked_up = {"eks": {"cluster_security_group_id": GROUP, "vpc_id": VPC}}
    return cast(
        Context,
        SimpleNamespace(
            environment=environment,
            wiring=wiring,
            contracts=CONTRACTS,
            target=SimpleNamespace(clients=clients),
            lookup=looked_up.__getitem__,
        ),
    )


def _answer(**_: Any) -> dict[str, Any]:
    pair = {"ReferencedGroupInfo": {"GroupId": GROUP}}
    return {"SecurityGroupRules": [{"SecurityGroupRuleId": "sgr-1", "IsEgress": False, "IpProtocol": "-1", **pair}]}


def _vpcs(**_: Any) -> dict[str, Any]:
    return {"Vpcs": [{"CidrBlock": "10.60.0.0/16"}]}


def test_what_the_file_leaves_open_is_asked_of_aws(tmp_path: Path) -> None:
    clients = StubClients(describe_security_group_rules=_answer, describe_vpcs=_vpcs)
    assert collect(_context(tmp_path, clients), ["network", "security", "hyperpod"], {}) == {
        ("network", "vpc_cidr"): "10.60.0.0/16",
        ("security", "present_rules"): ["ingress_self"],
    }


def test_what_the_file_gives_is_not_asked(tmp_path: Path) -> None:
    context = _context(tmp_path, StubClients(), "vpc_cidr: 10.60.0.0/16", ", present_rules: []")
    assert collect(context, ["network", "security"], {}) == {}


def test_what_aws_refuses_names_the_input(tmp_path: Path) -> None:
    def deny(**_: Any) -> Any:
        raise refused("UnauthorizedOperation")

    context = _context(tmp_path, StubClients(describe_vpcs=deny))
    with pytest.raises(HptfError, match=r"looking up layers\.network\.vpc_cidr: .*UnauthorizedOperation") as raised:
        collect(context, ["network"], {})
    assert raised.value.hint == "give layers.network.vpc_cidr"
