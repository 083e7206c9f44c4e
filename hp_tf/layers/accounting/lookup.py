"""What hptf finds out about an accounting database that exists."""

from __future__ import annotations

from typing import Any

from hp_tf.contract.clients import Clients
from hp_tf.contract.lookup import Given, Lookup


def _find(clients: Clients, given: Given) -> dict[str, Any]:
    wanted = given["database_endpoint"].partition(".")[0]
    [found] = clients.client("rds").describe_db_instances(DBInstanceIdentifier=wanted)["DBInstances"]
    known = {
        "database_port": found["Endpoint"]["Port"],
        "database_name": found.get("DBName"),
        "database_username": found["MasterUsername"],
        "database_secret_arn": (found.get("MasterUserSecret") or {}).get("SecretArn"),
    }
    return {name: value for name, value in known.items() if value is not None}


LOOKUP = Lookup(
    identified_by=("database_endpoint",),
    fills=("database_port", "database_name", "database_username", "database_secret_arn"),
    find=_find,
)
