"""What hptf finds out about an execution role that exists."""

from __future__ import annotations

from typing import Any

from hp_tf.contract.clients import Clients
from hp_tf.contract.lookup import Given, Lookup


def _find(clients: Clients, given: Given) -> dict[str, Any]:
    name = given["execution_role_arn"].rpartition("/")[2]
    clients.client("iam").get_role(RoleName=name)
    return {"execution_role_name": name}


LOOKUP = Lookup(identified_by=("execution_role_arn",), fills=("execution_role_name",), find=_find)
