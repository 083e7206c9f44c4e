"""The resource types of sessions on nodes."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.clients import Clients
from hp_tf.contract.resources.base import ResourceType
from hp_tf.contract.resources.iam import ROLE_POLICY
from hp_tf.contract.resources.logs import LOG_GROUP
from hp_tf.contract.resources.pages import pages


def _documents(clients: Clients) -> Iterator[str]:
    """Yield the account's own documents: AWS shares many with everybody."""
    own = [{"Key": "Owner", "Values": ["Self"]}]
    for item in pages(clients.client("ssm"), "list_documents", "DocumentIdentifiers", Filters=own):
        yield item["Name"]


RESOURCES = (
    ResourceType(
        "aws_ssm_document",
        import_id="{name}",
        exists=lambda planned, account: bool(account.client("ssm").describe_document(Name=planned["name"])),
        inventory=_documents,
    ),
    LOG_GROUP,
    ROLE_POLICY,
)
