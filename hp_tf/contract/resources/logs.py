"""CloudWatch Logs' resource types that several layers make."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.clients import Clients
from hp_tf.contract.resources.base import Account, Attributes, ResourceType
from hp_tf.contract.resources.pages import pages


def _groups(clients: Clients, prefix: str = "") -> Iterator[str]:
    narrowed = {"logGroupNamePrefix": prefix} if prefix else {}
    for group in pages(clients.client("logs"), "describe_log_groups", "logGroups", **narrowed):
        yield group["logGroupName"]


def _exists(planned: Attributes, account: Account) -> bool:
    return planned["name"] in _groups(account, planned["name"])


LOG_GROUP = ResourceType(
    "aws_cloudwatch_log_group",
    import_id="{name}",
    exists=_exists,
    inventory=_groups,
    mocked={"arn": "arn:aws:logs:us-west-2:123456789012:log-group:mocked"},
)
