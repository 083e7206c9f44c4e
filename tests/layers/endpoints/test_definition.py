from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.layers.evaluation import evaluate
from tests.layers.iam.test_contract import VALUES
from tests.layers.planning import ACCOUNT, ONE, TWO, settings

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
