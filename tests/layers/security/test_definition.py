from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.layers.planning import GROUP, settings

pytestmark = [pytest.mark.slow, pytest.mark.synth]

SELF = "aws_vpc_security_group_ingress_rule.self[0]"


def ports(rule: Mapping[str, Any]) -> tuple[str, int | None, int | None]:
    return rule["ip_protocol"], rule.get("from_port"), rule.get("to_port")


def test_rules_of_a_new_group() -> None:
    planned = settings()["new_group"]
    inbound, outbound = (planned.of(f"vpc_security_group_{way}_rule") for way in ("ingress", "egress"))
    assert {name: ports(rule) for name, rule in inbound.items()} == {
        "self[0]": ("-1", None, None),
        "lustre[0]": ("tcp", 988, 988),
        "lustre_data[0]": ("tcp", 1018, 1023),
    }
    assert {name: ports(rule) for name, rule in outbound.items()} == {
        "self[0]": ("-1", None, None),
        "anywhere[0]": ("-1", None, None),
    }
    assert outbound["anywhere[0]"]["cidr_ipv4"] == "0.0.0.0/0"
    for rule in (*inbound.values(), outbound["self[0]"]):
        assert rule.get("cidr_ipv4") is None
    # The peer is the group itself, which does not exist yet.
    for address in (SELF, "aws_vpc_security_group_egress_rule.self[0]"):
        assert planned.unknown[address]["referenced_security_group_id"] is True


def test_group_is_named_for_the_environment() -> None:
    group = settings()["new_group"].resources["aws_security_group.this[0]"]
    assert group["name"] == "dev-hyperpod"
    assert group["tags"] == {"team": "ml", "Name": "dev-hyperpod"}


def test_a_given_group_gets_what_it_lacks() -> None:
    planned = settings()["given_group"]
    assert set(planned.resources) == {
        "aws_vpc_security_group_ingress_rule.lustre[0]",
        "aws_vpc_security_group_ingress_rule.lustre_data[0]",
    }
    for rule in planned.resources.values():
        assert (rule["security_group_id"], rule["referenced_security_group_id"]) == (GROUP, GROUP)


def test_nobody_comes_by_ssh_unless_named() -> None:
    for setting in ("new_group", "given_group"):
        assert not any("ssh" in address for address in settings()[setting].resources)
    inbound = settings()["reached_group"].of("vpc_security_group_ingress_rule")
    ssh = {name: rule for name, rule in inbound.items() if name.startswith("ssh")}
    assert {name: ports(rule) for name, rule in ssh.items()} == {
        'ssh["192.0.2.0/24"]': ("tcp", 22, 22),
        'ssh_of_group["sg-0123456789abcdef1"]': ("tcp", 22, 22),
    }
    assert ssh['ssh["192.0.2.0/24"]']["cidr_ipv4"] == "192.0.2.0/24"
    assert ssh['ssh_of_group["sg-0123456789abcdef1"]']["referenced_security_group_id"] == "sg-0123456789abcdef1"


def test_a_file_system_of_another_group_lets_every_block_of_the_nodes_in() -> None:
    """Nodes sit in the VPC's secondary blocks, which a rule for the primary one would not reach."""
    planned = settings()["reached_group"]
    nfs = {name: rule for name, rule in planned.of("vpc_security_group_ingress_rule").items() if "nfs" in name}
    blocks = settings()["two"].outputs["vpc_cidr_blocks"]
    assert len(blocks) == 3
    assert sorted((rule["cidr_ipv4"], *ports(rule)) for rule in nfs.values()) == sorted(
        (block, protocol, first, last)
        for block in blocks.values()
        for protocol in ("tcp", "udp")
        for first, last in ((111, 111), (2049, 2049), (20001, 20003))
    )
    assert {rule["security_group_id"] for rule in nfs.values()} == {GROUP}
