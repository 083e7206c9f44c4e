"""What hptf finds out about an execution role that exists."""

from __future__ import annotations

from typing import Any

from hp_tf.contract.clients import Clients
from hp_tf.contract.lookup import Given, Lookup, Unfit


def _find(clients: Clients, given: Given) -> dict[str, Any]:
    arn = given.get("execution_role_arn")
    name = given["execution_role_name"] if arn is None else arn.rpartition("/")[2]
    found = clients.client("iam").get_role(RoleName=name)["Role"]["Arn"]
    if arn is not None and found != arn:
        # IAM goes by the name alone: this one has another path, or is another account's.
        raise Unfit(f"the role {name} is {found}, not {arn}")
    return {"execution_role_arn": found, "execution_role_name": name}


LOOKUP = Lookup(
    identified_by=("execution_role_arn",),
    fills=("execution_role_name", "execution_role_arn"),
    find=_find,
    alternatives=(("execution_role_name",),),
)
