"""Whether a security group that exists is fit for nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hp_tf.contract.clients import Clients
from hp_tf.contract.lookup import Given, Lookup, NotThere, Unfit


def _find(clients: Clients, given: Given) -> dict[str, Any]:
    """Look at the group's rules; what it is called by is all there is to find.

    Raises:
        NotThere: if it does not exist.
        Unfit: if its members do not reach each other by every protocol: EFA's health check fails then.
    """
    group = given["security_group_id"]
    wanted = [{"Name": "group-id", "Values": [group]}]
    found = clients.client("ec2").describe_security_groups(Filters=wanted)["SecurityGroups"]
    if not found:
        raise NotThere(f"security_group_id {group}")
    lacking = [
        way
        for way, key in (("from", "IpPermissions"), ("to", "IpPermissionsEgress"))
        if not _with_itself(group, found[0].get(key) or ())
    ]
    if lacking:
        raise Unfit(
            f"{group} has no rule for all traffic {' and '.join(lacking)} itself: EFA's health check fails without it",
            "add the rule, or let hptf add it: write create_security_group: false with security_group_id and "
            "present_rules instead of {}",
        )
    return {}


def _with_itself(group: str, rules: Iterable[Mapping[str, Any]]) -> bool:
    pairs = (pair for rule in rules if rule.get("IpProtocol") == "-1" for pair in rule.get("UserIdGroupPairs") or ())
    return any(pair.get("GroupId") == group for pair in pairs)


LOOKUP = Lookup(identified_by=("security_group_id",), fills=(), find=_find, always=True)
