"""What nodes of a network without a way out are cut off from, said before anything exists."""

from __future__ import annotations

from typing import Any

import pytest

from hp_tf.contract.role import configured_key, given_key
from hp_tf.contract.roles import Endpoints, Network
from hp_tf.contract.rules import PythonRule
from hp_tf.layers.endpoints.ways import NEEDED, NEEDED_ON_EKS, WANTED, WANTED_IF_RESTRICTED, rules_of_ways

ALL = sorted({*NEEDED, *NEEDED_ON_EKS, *WANTED} - {"s3"})
MADE = {"s3": True, "interface_endpoints": ALL, "given_interface_endpoint_ids": {}}
CLOSED: dict[str, Any] = {
    "instance_groups": [{"name": "workers"}],
    configured_key(Network): {"nat": "none"},
    configured_key(Endpoints): MADE,
}


def said(scope: dict[str, Any], *, on_eks: bool = True) -> tuple[str, str]:
    def one(rule: PythonRule) -> str:
        found = [message for _, message in rule.failures(scope)]
        assert len(found) <= 1
        return found[0] if found else ""

    cut_off, unseen = rules_of_ways("cluster", on_eks=on_eks)
    return one(cut_off), one(unseen)


def made(**change: Any) -> dict[str, Any]:
    return {**CLOSED, configured_key(Endpoints): {**MADE, **change}}


def test_a_closed_network_with_every_endpoint_is_right() -> None:
    assert said(CLOSED) == ("", "")


@pytest.mark.parametrize("service", ALL)
def test_each_missing_way_is_named(service: str) -> None:
    cut_off, unseen = said(made(interface_endpoints=[name for name in ALL if name != service]))
    assert (cut_off != "", unseen != "") == (service not in WANTED, service in WANTED)
    assert service in cut_off + unseen


def test_all_missing_ways_are_named_at_once() -> None:
    cut_off, unseen = said({**CLOSED, configured_key(Endpoints): {}})
    for service in {*NEEDED, *NEEDED_ON_EKS}:
        assert service in cut_off
    assert all(service in unseen for service in WANTED)
    slurm, _ = said({**CLOSED, configured_key(Endpoints): {}}, on_eks=False)
    assert "ecr" not in slurm and "sts" in slurm


def test_an_interface_endpoint_leads_to_scripts_too() -> None:
    assert "S3" in said(made(s3=False))[0]
    assert said(made(s3=False, interface_endpoints=[*ALL, "s3"])) == ("", "")


def test_endpoints_that_exist_count() -> None:
    some = {"s3_endpoint_id": "vpce-0", "interface_endpoint_ids": dict.fromkeys(ALL, "vpce-1")}
    scope = {key: value for key, value in CLOSED.items() if key != configured_key(Endpoints)}
    assert said({**scope, given_key(Endpoints): some}) == ("", "")
    assert "STS" in said({**scope, given_key(Endpoints): {**some, "interface_endpoint_ids": {}}})[0]
    rest = [name for name in ALL if name != "sts"]
    assert said(made(interface_endpoints=rest, given_interface_endpoint_ids={"sts": "vpce-1"})) == ("", "")


def test_restricted_groups_want_two_more() -> None:
    scope = {**CLOSED, "restricted_instance_groups": [{"name": "nova"}]}
    assert all(service in said(scope)[1] for service in WANTED_IF_RESTRICTED)
    assert said({**scope, configured_key(Endpoints): {**MADE, "interface_endpoints": [*ALL, "lambda", "sqs"]}})[1] == ""


@pytest.mark.parametrize(
    "scope",
    [
        {**CLOSED, configured_key(Network): {"nat": "single"}, configured_key(Endpoints): {}},
        {key: value for key, value in CLOSED.items() if key == "instance_groups"},
        {**CLOSED, "instance_groups": [], configured_key(Endpoints): {}},
    ],
    ids=["a way out", "a network that exists", "no nodes"],
)
def test_nothing_is_said_otherwise(scope: dict[str, Any]) -> None:
    assert said(scope) == ("", "")
