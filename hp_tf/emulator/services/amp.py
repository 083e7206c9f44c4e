"""Amazon Managed Service for Prometheus: workspaces, their rules, alert manager and logs. No metric is stored."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from hp_tf.emulator.awsjson import AwsError, Caller, Parameters, Service, handlers, operation
from hp_tf.emulator.phases import Phase
from hp_tf.emulator.services.pages import page
from hp_tf.emulator.world import World

_ACTIVE: Mapping[str, Any] = {"statusCode": "ACTIVE"}
DEFAULT_RETENTION_DAYS = 150


@dataclass
class Workspace:
    """One workspace, with all that is inside."""

    attributes: dict[str, Any]
    region: str
    phase: Phase
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    alert_manager: dict[str, Any] | None = None
    logging: dict[str, Any] | None = None
    retention_days: int = DEFAULT_RETENTION_DAYS
    limits: list[Any] = field(default_factory=list)


class AmpStore:
    """Workspaces by id."""

    def __init__(self) -> None:
        self.workspaces: dict[str, Workspace] = {}


def _absent(kind: str, identifier: str) -> AwsError:
    return AwsError(
        "ResourceNotFoundException",
        f"{kind} not found: {identifier}",
        status=404,
        resourceId=identifier,
        resourceType=kind,
    )


def _taken(kind: str, identifier: str) -> AwsError:
    return AwsError(
        "ConflictException",
        f"{kind} exists already: {identifier}",
        status=409,
        resourceId=identifier,
        resourceType=kind,
    )


def _yaml(text: str | bytes) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def _document(data: str) -> Any:
    """Return what a YAML document sent as base64 says.

    Raises:
        AwsError: if it is none.
    """
    try:
        return _yaml(base64.b64decode(data, validate=True))
    except (binascii.Error, UnicodeDecodeError, YAMLError) as error:
        raise AwsError(
            "ValidationException", f"error parsing data: {error}", reason="FIELD_VALIDATION_FAILED"
        ) from error


def _check_rules(data: str) -> None:
    document = _document(data)
    groups = document.get("groups") if isinstance(document, dict) else None
    if not isinstance(groups, list) or not groups:
        raise _refused("rule groups must be under 'groups'")
    for group in groups:
        for rule in group.get("rules") or ():
            if ("alert" in rule) == ("record" in rule) or not rule.get("expr"):
                raise _refused(f"a rule of group {group.get('name')} must be an alert or a record, with an expr")


def _check_alert_manager(data: str) -> None:
    document = _document(data)
    inner = document.get("alertmanager_config") if isinstance(document, dict) else None
    try:
        content = _yaml(inner) if isinstance(inner, str) else None
    except YAMLError as error:
        raise _refused(f"error parsing alertmanager_config: {error}") from error
    if not isinstance(content, dict) or not content.get("receivers") or not content.get("route"):
        raise _refused("alertmanager_config must have a route and receivers")
    known = {receiver.get("name") for receiver in content["receivers"]}
    if content["route"].get("receiver") not in known:
        raise _refused(f"undefined receiver {content['route'].get('receiver')!r} used in route")


def _refused(why: str) -> AwsError:
    return AwsError("ValidationException", why, reason="FIELD_VALIDATION_FAILED")


class Amp:
    """Operations on workspaces."""

    def __init__(self, world: World, store: AmpStore) -> None:
        self._world = world
        self._store = store

    def add(self, caller: Caller, identifier: str, parameters: Parameters) -> Workspace:
        """Make a workspace under an id."""
        attributes = {
            "workspaceId": identifier,
            "alias": parameters.get("alias"),
            "arn": f"arn:{caller.partition}:aps:{caller.region}:{self._world.account_id}:workspace/{identifier}",
            "prometheusEndpoint": f"https://aps-workspaces.{caller.region}.amazonaws.com/workspaces/{identifier}/",
            "createdAt": self._world.clock(),
            "tags": dict(parameters.get("tags") or {}),
            "kmsKeyArn": parameters.get("kmsKeyArn"),
        }
        made = Workspace(attributes, caller.region, self._world.phase("CREATING", "ACTIVE"))
        self._store.workspaces[identifier] = made
        return made

    def _get(self, caller: Caller, parameters: Parameters) -> Workspace:
        found = self._store.workspaces.get(parameters["workspaceId"])
        if found is None or found.region != caller.region:
            raise _absent("workspace", parameters["workspaceId"])
        return found

    def _show(self, workspace: Workspace) -> dict[str, Any]:
        return {**workspace.attributes, "status": {"statusCode": workspace.phase.status(self._world.clock())}}

    @operation("CreateWorkspace")
    def create_workspace(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        made = self._show(self.add(caller, f"ws-{self._world.uuid()}", parameters))
        return {key: made[key] for key in ("workspaceId", "arn", "status", "tags", "kmsKeyArn")}

    @operation("DescribeWorkspace")
    def describe_workspace(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"workspace": self._show(self._get(caller, parameters))}

    @operation("ListWorkspaces")
    def list_workspaces(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        found = [
            self._show(workspace)
            for workspace in self._store.workspaces.values()
            # The service lists what begins with the alias.
            if workspace.region == caller.region
            and str(workspace.attributes["alias"] or "").startswith(parameters.get("alias") or "")
        ]
        items, token = page(found, parameters.get("nextToken"), parameters.get("maxResults"))
        return {"workspaces": items, "nextToken": token}

    @operation("UpdateWorkspaceAlias")
    def update_workspace_alias(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        self._get(caller, parameters).attributes["alias"] = parameters.get("alias")
        return {}

    @operation("DeleteWorkspace")
    def delete_workspace(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        workspace = self._get(caller, parameters)
        workspace.phase = self._world.phase("DELETING", "DELETED")
        self._world.then(workspace.phase, lambda: self._store.workspaces.pop(parameters["workspaceId"], None))
        return {}

    @operation("DescribeWorkspaceConfiguration")
    def describe_workspace_configuration(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        workspace = self._get(caller, parameters)
        return {
            "workspaceConfiguration": {
                "status": _ACTIVE,
                "limitsPerLabelSet": workspace.limits,
                "retentionPeriodInDays": workspace.retention_days,
            }
        }

    @operation("UpdateWorkspaceConfiguration")
    def update_workspace_configuration(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        workspace = self._get(caller, parameters)
        workspace.retention_days = parameters.get("retentionPeriodInDays") or workspace.retention_days
        if parameters.get("limitsPerLabelSet") is not None:
            workspace.limits = parameters["limitsPerLabelSet"]
        return {"status": _ACTIVE}

    @operation("CreateLoggingConfiguration")
    def create_logging_configuration(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        workspace = self._get(caller, parameters)
        if workspace.logging is not None:
            raise _taken("loggingConfiguration", parameters["workspaceId"])
        return self._log(workspace, parameters)

    @operation("UpdateLoggingConfiguration")
    def update_logging_configuration(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        workspace = self._get(caller, parameters)
        self._logging(workspace, parameters)
        return self._log(workspace, parameters)

    def _log(self, workspace: Workspace, parameters: Parameters) -> dict[str, Any]:
        now = self._world.clock()
        workspace.logging = {
            "workspace": parameters["workspaceId"],
            "logGroupArn": parameters["logGroupArn"],
            "createdAt": now,
            "modifiedAt": now,
            "status": _ACTIVE,
        }
        return {"status": _ACTIVE}

    @staticmethod
    def _logging(workspace: Workspace, parameters: Parameters) -> dict[str, Any]:
        if workspace.logging is None:
            raise _absent("loggingConfiguration", parameters["workspaceId"])
        return workspace.logging

    @operation("DescribeLoggingConfiguration")
    def describe_logging_configuration(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"loggingConfiguration": self._logging(self._get(caller, parameters), parameters)}

    @operation("DeleteLoggingConfiguration")
    def delete_logging_configuration(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        workspace = self._get(caller, parameters)
        self._logging(workspace, parameters)
        workspace.logging = None
        return {}

    @operation("CreateRuleGroupsNamespace")
    def create_rule_groups_namespace(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        workspace, name = self._get(caller, parameters), parameters["name"]
        if name in workspace.rules:
            raise _taken("ruleGroupsNamespace", name)
        _check_rules(parameters["data"])
        now = self._world.clock()
        place = f"{caller.region}:{self._world.account_id}:rulegroupsnamespace/{parameters['workspaceId']}/{name}"
        workspace.rules[name] = {
            "arn": f"arn:{caller.partition}:aps:{place}",
            "name": name,
            "status": _ACTIVE,
            "data": parameters["data"],
            "createdAt": now,
            "modifiedAt": now,
            "tags": dict(parameters.get("tags") or {}),
        }
        return workspace.rules[name]

    def _rules(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        found = self._get(caller, parameters).rules.get(parameters["name"])
        if found is None:
            raise _absent("ruleGroupsNamespace", parameters["name"])
        return found

    @operation("DescribeRuleGroupsNamespace")
    def describe_rule_groups_namespace(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"ruleGroupsNamespace": self._rules(caller, parameters)}

    @operation("PutRuleGroupsNamespace")
    def put_rule_groups_namespace(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        found = self._rules(caller, parameters)
        _check_rules(parameters["data"])
        found.update(data=parameters["data"], modifiedAt=self._world.clock())
        return found

    @operation("DeleteRuleGroupsNamespace")
    def delete_rule_groups_namespace(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        self._rules(caller, parameters)
        del self._get(caller, parameters).rules[parameters["name"]]
        return {}

    @operation("ListRuleGroupsNamespaces")
    def list_rule_groups_namespaces(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        found = [
            {key: value for key, value in rules.items() if key != "data"}
            for name, rules in self._get(caller, parameters).rules.items()
            if name.startswith(parameters.get("name") or "")
        ]
        items, token = page(found, parameters.get("nextToken"), parameters.get("maxResults"))
        return {"ruleGroupsNamespaces": items, "nextToken": token}

    @operation("CreateAlertManagerDefinition")
    def create_alert_manager_definition(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        workspace = self._get(caller, parameters)
        if workspace.alert_manager is not None:
            raise _taken("alertManagerDefinition", parameters["workspaceId"])
        return self._define(workspace, parameters)

    @operation("PutAlertManagerDefinition")
    def put_alert_manager_definition(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        workspace = self._get(caller, parameters)
        self._alert_manager(workspace, parameters)
        return self._define(workspace, parameters)

    def _define(self, workspace: Workspace, parameters: Parameters) -> dict[str, Any]:
        _check_alert_manager(parameters["data"])
        now = self._world.clock()
        workspace.alert_manager = {"status": _ACTIVE, "data": parameters["data"], "createdAt": now, "modifiedAt": now}
        return {"status": _ACTIVE}

    @staticmethod
    def _alert_manager(workspace: Workspace, parameters: Parameters) -> dict[str, Any]:
        if workspace.alert_manager is None:
            raise _absent("alertManagerDefinition", parameters["workspaceId"])
        return workspace.alert_manager

    @operation("DescribeAlertManagerDefinition")
    def describe_alert_manager_definition(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"alertManagerDefinition": self._alert_manager(self._get(caller, parameters), parameters)}

    @operation("DeleteAlertManagerDefinition")
    def delete_alert_manager_definition(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        workspace = self._get(caller, parameters)
        self._alert_manager(workspace, parameters)
        workspace.alert_manager = None
        return {}

    @operation("TagResource")
    def tag_resource(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        self._tags(parameters["resourceArn"]).update(parameters["tags"])
        return {}

    @operation("UntagResource")
    def untag_resource(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        tags = self._tags(parameters["resourceArn"])
        for key in parameters["tagKeys"]:
            tags.pop(key, None)
        return {}

    @operation("ListTagsForResource")
    def list_tags_for_resource(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"tags": self._tags(parameters["resourceArn"])}

    def _tags(self, arn: str) -> dict[str, str]:
        for workspace in self._store.workspaces.values():
            for found in (workspace.attributes, *workspace.rules.values()):
                if found["arn"] == arn:
                    tags: dict[str, str] = found["tags"]
                    return tags
        raise _absent("resource", arn)


def amp_service(world: World, store: AmpStore) -> Service:
    """Prometheus workspaces over `store`."""
    return Service("amp", handlers(Amp(world, store)))
