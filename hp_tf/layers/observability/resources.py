"""The resource types of Prometheus and Grafana workspaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hp_tf.contract.clients import Clients
from hp_tf.contract.resources.base import Account, Attributes, ResourceType
from hp_tf.contract.resources.iam import ROLE, ROLE_POLICY
from hp_tf.contract.resources.logs import LOG_GROUP
from hp_tf.contract.resources.pages import pages

_ARN = "arn:aws:aps:us-west-2:123456789012"
_MOCKED = "ws-01234567-89ab-cdef-0123-456789abcdef"


def _workspaces(clients: Clients) -> Iterator[str]:
    for item in pages(clients.client("amp"), "list_workspaces", "workspaces"):
        yield item["workspaceId"]


def _by_alias(planned: Attributes, clients: Clients) -> Iterator[str]:
    """Yield the workspaces of the planned alias and tags: an alias alone may be anybody's."""
    alias, tags = planned.get("alias"), planned.get("tags_all")
    if not alias or tags is None:
        return
    for item in pages(clients.client("amp"), "list_workspaces", "workspaces", alias=alias):
        if item.get("alias") == alias and item.get("tags", {}) == tags:
            yield item["workspaceId"]


def _namespaces(clients: Clients) -> Iterator[str]:
    amp = clients.client("amp")
    for workspace in _workspaces(clients):
        for item in pages(amp, "list_rule_groups_namespaces", "ruleGroupsNamespaces", workspaceId=workspace):
            yield item["arn"]


def _named_rules(planned: Attributes, clients: Clients) -> Iterator[str]:
    workspace, name = planned.get("workspace_id"), planned.get("name")
    if not workspace or not name:
        return
    found = pages(clients.client("amp"), "list_rule_groups_namespaces", "ruleGroupsNamespaces", workspaceId=workspace)
    yield from (item["arn"] for item in found if item["name"] == name)


def _grafana(clients: Clients) -> Iterator[Any]:
    yield from pages(clients.client("grafana"), "list_workspaces", "workspaces")


def _grafana_by_name(planned: Attributes, clients: Clients) -> Iterator[str]:
    name, tags = planned.get("name"), planned.get("tags_all")
    if not name or tags is None:
        return
    for item in _grafana(clients):
        if item.get("name") == name and item.get("tags", {}) == tags:
            yield item["id"]


def _permitted(planned: Attributes, account: Account) -> bool:
    found = pages(account.client("grafana"), "list_permissions", "permissions", workspaceId=planned["workspace_id"])
    return any(item["role"] == planned["role"] for item in found)


RESOURCES = (
    ResourceType(
        "aws_prometheus_workspace",
        candidates=_by_alias,
        inventory=_workspaces,
        mocked={
            "id": _MOCKED,
            "arn": f"{_ARN}:workspace/{_MOCKED}",
            "prometheus_endpoint": f"https://aps-workspaces.us-west-2.amazonaws.com/workspaces/{_MOCKED}/",
        },
    ),
    # A workspace has one from the beginning: setting it again changes nothing.
    ResourceType("aws_prometheus_workspace_configuration", candidates=lambda planned, clients: ()),
    ResourceType("aws_prometheus_rule_group_namespace", candidates=_named_rules, single=True, inventory=_namespaces),
    ResourceType(
        "aws_prometheus_alert_manager_definition",
        import_id="{workspace_id}",
        exists=lambda planned, account: bool(
            account.client("amp").describe_alert_manager_definition(workspaceId=planned["workspace_id"])
        ),
    ),
    ResourceType(
        "aws_grafana_workspace",
        candidates=_grafana_by_name,
        inventory=lambda clients: (item["id"] for item in _grafana(clients)),
        mocked={
            "id": "g-0123456789",
            "arn": "arn:aws:grafana:us-west-2:123456789012:/workspaces/g-0123456789",
            "endpoint": "g-0123456789.grafana-workspace.us-west-2.amazonaws.com",
        },
    ),
    ResourceType("aws_grafana_role_association", import_id="{workspace_id}/{role}", own_id=True, exists=_permitted),
    ROLE,
    ROLE_POLICY,
    LOG_GROUP,
)
