from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.layers.evaluation import evaluate
from tests.layers.iam.test_contract import VALUES
from tests.layers.planning import ACCOUNT, ENDPOINT, ONE, TWO, settings

pytestmark = [pytest.mark.slow, pytest.mark.synth]


def statements(setting: str) -> dict[str, dict[str, Any]]:
    policy = json.loads(settings()[setting].resources["aws_vpc_endpoint.s3[0]"]["policy"])
    assert policy["Version"] == "2012-10-17"
    return {statement["Sid"]: statement for statement in policy["Statement"]}


def test_every_private_route_table_leads_to_the_endpoint() -> None:
    planned = settings()["s3_endpoint"]
    endpoint = planned.resources["aws_vpc_endpoint.s3[0]"]
    assert (endpoint["vpc_endpoint_type"], endpoint["service_name"]) == ("Gateway", "com.amazonaws.us-west-2.s3")
    assert set(planned.of("vpc_endpoint_route_table_association")) == {f's3["{ONE}"]', f's3["{TWO}"]'}
    # A list on the endpoint would make a new zone a change of it.
    assert planned.unknown["aws_vpc_endpoint.s3[0]"]["route_table_ids"] is True


def test_own_buckets_are_open_and_others_are_read_only() -> None:
    found = statements("s3_endpoint_plain")
    assert set(found) == {"BucketsOfThisAccount", "ReadFromServices"}
    own = found["BucketsOfThisAccount"]
    assert own["Condition"] == {"StringEquals": {"aws:ResourceAccount": ACCOUNT}}
    read = found["ReadFromServices"]
    assert not [action for action in read["Action"] if "Put" in action or "Delete" in action or "*" in action]
    # Without the layers of ECR no image can be pulled.
    assert "arn:aws:s3:::prod-us-west-2-starport-layer-bucket/*" in read["Resource"]
    assert "arn:aws:s3:::*" not in read["Resource"]
    assert len(read["Resource"]) == len(set(read["Resource"]))


def test_buckets_of_others() -> None:
    found = statements("s3_endpoint")
    assert "arn:aws:s3:::acme-read/*" in found["ReadFromServices"]["Resource"]
    assert found["ReadAndWriteElsewhere"]["Resource"] == ["arn:aws:s3:::acme-write-*", "arn:aws:s3:::acme-write-*/*"]


def test_what_the_nodes_role_may_read_of_aws_passes_the_endpoint(tmp_path: Path) -> None:
    given = {**VALUES, "restricted_access": {"gated_recipes": True}}
    found = evaluate("iam", given, {"all": "${local.restricted_statements}"}, tmp_path)["all"]
    [wanted] = [statement["Resource"] for statement in found if statement["Sid"] == "ReadGatedRecipes"]
    read = statements("s3_endpoint_plain")["ReadFromServices"]
    assert len(wanted) == 2
    assert set(wanted) <= set(read["Resource"])
    assert "s3:GetObject" in read["Action"]


def test_policy_is_short_enough() -> None:
    policy = settings()["s3_endpoint"].resources["aws_vpc_endpoint.s3[0]"]["policy"]
    # AWS takes 20,480 characters, white space included.
    assert len(policy) < 10_000


def test_without_the_endpoint_nothing_is_made() -> None:
    planned = settings()["no_endpoint"]
    assert planned.resources == {}
    assert planned.outputs["s3_endpoint_id"] is None


def test_the_tables_lead_to_dynamodb_too() -> None:
    planned = settings()["interfaces"]
    endpoint = planned.resources["aws_vpc_endpoint.dynamodb[0]"]
    assert (endpoint["vpc_endpoint_type"], endpoint["service_name"]) == ("Gateway", "com.amazonaws.us-west-2.dynamodb")
    associations = planned.of("vpc_endpoint_route_table_association")
    assert {name for name in associations if name.startswith("dynamodb")} == {
        f'dynamodb["{ONE}"]',
        f'dynamodb["{TWO}"]',
    }


def test_interface_endpoints_answer_by_the_names_of_their_services() -> None:
    planned = settings()["interfaces"]
    for service in ("ec2", "ecr.api"):
        address = f'aws_vpc_endpoint.interface["{service}"]'
        endpoint = planned.resources[address]
        assert endpoint["vpc_endpoint_type"] == "Interface"
        assert endpoint["service_name"] == f"com.amazonaws.us-west-2.{service}"
        assert endpoint["private_dns_enabled"] is True
        assert endpoint["tags"]["Name"] == f"dev-{service}-interface"
        assert planned.unknown[address]["subnet_ids"] is True
    assert not [name for name in settings()["s3_endpoint"].resources if "interface" in name or "security_group" in name]


@pytest.mark.parametrize(
    ("setting", "blocks"),
    [
        ("interfaces", {"primary": "10.192.0.0/16", ONE: "10.1.0.0/16", TWO: "10.2.0.0/16"}),
        # A given VPC's blocks stay known although its data source is deferred.
        ("given_interfaces", {"primary": "10.50.0.0/16", "offices": "10.60.0.0/16", ONE: "10.50.128.0/17"}),
    ],
)
def test_given_endpoints_are_reached_by_https_from_every_block(setting: str, blocks: dict[str, str]) -> None:
    planned = settings()[setting]
    rules = planned.of("vpc_security_group_ingress_rule")
    assert {(rule["ip_protocol"], rule["from_port"], rule["to_port"]) for rule in rules.values()} == {("tcp", 443, 443)}
    found = {name.removeprefix('https["').removesuffix('"]'): rule["cidr_ipv4"] for name, rule in rules.items()}
    assert found.items() <= blocks.items()
    assert found["primary"] == blocks["primary"]
    assert planned.of("vpc_security_group_egress_rule") == {}
    added = planned.resources['aws_vpc_endpoint_security_group_association.given["sts"]']
    assert added["vpc_endpoint_id"] == ENDPOINT
