"""Amazon Managed Grafana: workspaces, who may use them, and service accounts with tokens. Nobody can log in."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from hp_tf.emulator.awsjson import AwsError, Caller, Parameters, Service, handlers, operation
from hp_tf.emulator.phases import Phase
from hp_tf.emulator.services.pages import page
from hp_tf.emulator.world import World

# Botocore's documentation of CreateWorkspace; the last is what a workspace gets that asks for none.
VERSIONS = ("8.4", "9.4", "10.4")
_GIVEN = {
    "workspaceName": "name",
    "workspaceDescription": "description",
    "accountAccessType": "accountAccessType",
    "organizationRoleName": "organizationRoleName",
    "permissionType": "permissionType",
    "stackSetName": "stackSetName",
    "workspaceDataSources": "dataSources",
    "workspaceNotificationDestinations": "notificationDestinations",
    "workspaceOrganizationalUnits": "organizationalUnits",
    "workspaceRoleArn": "workspaceRoleArn",
    "vpcConfiguration": "vpcConfiguration",
    "networkAccessControl": "networkAccessControl",
}


@dataclass
class Workspace:
    """One workspace. `tokens` are the secrets of its service accounts' tokens, by (account, token)."""

    attributes: dict[str, Any]
    region: str
    phase: Phase
    configuration: str
    providers: list[str]
    tags: dict[str, str]
    # User or group -> its role.
    permissions: dict[tuple[str, str], str] = field(default_factory=dict)
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    # What its own API keeps, by uid.
    sources: dict[str, Any] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    dashboards: dict[str, Any] = field(default_factory=dict)


class GrafanaStore:
    """Workspaces by id."""

    def __init__(self) -> None:
        self.workspaces: dict[str, Workspace] = {}


def _absent(kind: str, identifier: str) -> AwsError:
    return AwsError(
        "ResourceNotFoundException",
        f"{kind} {identifier} not found",
        status=404,
        resourceId=identifier,
        resourceType=kind,
    )


def _refused(why: str) -> AwsError:
    return AwsError("ValidationException", why, reason="FIELD_VALIDATION_FAILED")


class Grafana:
    """Operations on workspaces."""

    def __init__(self, world: World, store: GrafanaStore) -> None:
        self._world = world
        self._store = store

    def add(self, caller: Caller, identifier: str, parameters: Parameters) -> Workspace:
        """Make a workspace under an id."""
        version = parameters.get("grafanaVersion") or VERSIONS[-1]
        if version not in VERSIONS:
            raise _refused(f"Grafana version {version} is not one of {', '.join(VERSIONS)}")
        if parameters["accountAccessType"] == "ORGANIZATION" and not parameters.get("workspaceOrganizationalUnits"):
            raise _refused("workspaceOrganizationalUnits must be given with accountAccessType ORGANIZATION")
        role = parameters.get("workspaceRoleArn")
        if role and not self._world.cloud.role_exists(role):
            raise _refused(f"The role {role} does not exist")
        now = self._world.clock()
        attributes = {
            "id": identifier,
            "created": now,
            "modified": now,
            "endpoint": f"{identifier}.grafana-workspace.{caller.region}.amazonaws.com",
            "grafanaVersion": version,
            "dataSources": [],
            **{name: parameters[key] for key, name in _GIVEN.items() if parameters.get(key) is not None},
        }
        configuration = parameters.get("configuration") or json.dumps({"unifiedAlerting": {"enabled": False}})
        made = Workspace(
            attributes,
            caller.region,
            self._world.phase("CREATING", "ACTIVE"),
            configuration if isinstance(configuration, str) else json.dumps(configuration),
            list(parameters["authenticationProviders"]),
            dict(parameters.get("tags") or {}),
        )
        self._store.workspaces[identifier] = made
        return made

    def _get(self, caller: Caller, parameters: Parameters) -> Workspace:
        found = self._store.workspaces.get(parameters["workspaceId"])
        if found is None or found.region != caller.region:
            raise _absent("workspace", parameters["workspaceId"])
        return found

    def _usable(self, caller: Caller, parameters: Parameters) -> Workspace:
        found = self._get(caller, parameters)
        if not found.phase.over(self._world.clock()):
            raise AwsError(
                "ConflictException",
                f"Workspace {parameters['workspaceId']} is {found.phase.during}",
                status=409,
                resourceId=parameters["workspaceId"],
                resourceType="workspace",
            )
        return found

    def _show(self, workspace: Workspace) -> dict[str, Any]:
        saml = {"samlConfigurationStatus": "NOT_CONFIGURED"} if "SAML" in workspace.providers else {}
        return {
            **workspace.attributes,
            "status": workspace.phase.status(self._world.clock()),
            "authentication": {"providers": workspace.providers, **saml},
            "tags": workspace.tags,
        }

    @operation("CreateWorkspace")
    def create_workspace(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"workspace": self._show(self.add(caller, f"g-{self._world.hex(10)}", parameters))}

    @operation("DescribeWorkspace")
    def describe_workspace(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"workspace": self._show(self._get(caller, parameters))}

    @operation("ListWorkspaces")
    def list_workspaces(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        found = [self._show(item) for item in self._store.workspaces.values() if item.region == caller.region]
        items, token = page(found, parameters.get("nextToken"), parameters.get("maxResults"))
        return {"workspaces": items, "nextToken": token}

    @operation("UpdateWorkspace")
    def update_workspace(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        workspace = self._usable(caller, parameters)
        for key, name in _GIVEN.items():
            if parameters.get(key) is not None:
                workspace.attributes[name] = parameters[key]
        for key, name in (
            ("removeVpcConfiguration", "vpcConfiguration"),
            ("removeNetworkAccessConfiguration", "networkAccessControl"),
        ):
            if parameters.get(key):
                workspace.attributes.pop(name, None)
        workspace.phase = self._world.phase("UPDATING", "ACTIVE")
        return {"workspace": self._show(workspace)}

    @operation("DeleteWorkspace")
    def delete_workspace(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        workspace = self._get(caller, parameters)
        workspace.phase = self._world.phase("DELETING", "DELETED")
        self._world.then(workspace.phase, lambda: self._store.workspaces.pop(parameters["workspaceId"], None))
        return {"workspace": self._show(workspace)}

    @operation("DescribeWorkspaceConfiguration")
    def describe_workspace_configuration(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        workspace = self._get(caller, parameters)
        return {"configuration": workspace.configuration, "grafanaVersion": workspace.attributes["grafanaVersion"]}

    @operation("UpdateWorkspaceConfiguration")
    def update_workspace_configuration(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        workspace = self._usable(caller, parameters)
        version = parameters.get("grafanaVersion")
        if version is not None:
            held = workspace.attributes["grafanaVersion"]
            if version not in VERSIONS or VERSIONS.index(version) < VERSIONS.index(held):
                raise _refused(f"A workspace of version {held} cannot become one of version {version}")
            workspace.attributes["grafanaVersion"] = version
        workspace.configuration = parameters["configuration"]
        workspace.phase = self._world.phase("UPDATING", "ACTIVE")
        return {}

    @operation("DescribeWorkspaceAuthentication")
    def describe_workspace_authentication(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"authentication": {"providers": self._get(caller, parameters).providers}}

    @operation("UpdateWorkspaceAuthentication")
    def update_workspace_authentication(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        workspace = self._usable(caller, parameters)
        workspace.providers = list(parameters["authenticationProviders"])
        return {"authentication": {"providers": workspace.providers}}

    @operation("ListPermissions")
    def list_permissions(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        found = [
            {"user": {"id": identifier, "type": kind}, "role": role}
            for (kind, identifier), role in self._get(caller, parameters).permissions.items()
        ]
        items, token = page(found, parameters.get("nextToken"), parameters.get("maxResults"))
        return {"permissions": items, "nextToken": token}

    @operation("UpdatePermissions")
    def update_permissions(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        workspace = self._usable(caller, parameters)
        if "AWS_SSO" not in workspace.providers:
            raise _refused("Users are those of IAM Identity Center, which this workspace does not use")
        for instruction in parameters["updateInstructionBatch"]:
            for user in instruction["users"]:
                key = (user["type"], user["id"])
                if instruction["action"] == "ADD":
                    workspace.permissions[key] = instruction["role"]
                elif workspace.permissions.get(key) == instruction["role"]:
                    del workspace.permissions[key]
        return {"errors": []}

    @operation("ListVersions")
    def list_versions(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"grafanaVersions": list(VERSIONS)}

    @operation("CreateWorkspaceServiceAccount")
    def create_workspace_service_account(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        workspace = self._usable(caller, parameters)
        if any(known["name"] == parameters["name"] for known in workspace.accounts.values()):
            raise AwsError(
                "ConflictException",
                f"Service account {parameters['name']} exists already",
                status=409,
                resourceId=parameters["name"],
                resourceType="serviceaccount",
            )
        identity = str(self._world.chance.randrange(1, 10**6))
        account = {"id": identity, "name": parameters["name"], "grafanaRole": parameters["grafanaRole"]}
        workspace.accounts[identity] = {**account, "isDisabled": "false"}
        return {**account, "workspaceId": parameters["workspaceId"]}

    @staticmethod
    def _account(workspace: Workspace, parameters: Parameters) -> str:
        identity = str(parameters["serviceAccountId"])
        if identity not in workspace.accounts:
            raise _absent("serviceaccount", identity)
        return identity

    @operation("DeleteWorkspaceServiceAccount")
    def delete_workspace_service_account(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        workspace = self._get(caller, parameters)
        identity = self._account(workspace, parameters)
        del workspace.accounts[identity]
        workspace.tokens = {key: token for key, token in workspace.tokens.items() if key[0] != identity}
        return {"serviceAccountId": identity, "workspaceId": parameters["workspaceId"]}

    @operation("ListWorkspaceServiceAccounts")
    def list_workspace_service_accounts(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        found = list(self._get(caller, parameters).accounts.values())
        items, token = page(found, parameters.get("nextToken"), parameters.get("maxResults"))
        return {"serviceAccounts": items, "nextToken": token, "workspaceId": parameters["workspaceId"]}

    @operation("CreateWorkspaceServiceAccountToken")
    def create_workspace_service_account_token(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        workspace = self._usable(caller, parameters)
        account = self._account(workspace, parameters)
        token = {"id": self._world.hex(8), "name": parameters["name"], "key": f"glsa_{self._world.hex(32)}"}
        expires = self._world.clock() + parameters["secondsToLive"]
        workspace.tokens[account, token["id"]] = {**token, "expires": expires}
        return {
            "serviceAccountToken": token,
            "serviceAccountId": account,
            "workspaceId": parameters["workspaceId"],
        }

    @operation("TagResource")
    def tag_resource(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        self._tagged(caller, parameters).tags.update(parameters["tags"])
        return {}

    @operation("UntagResource")
    def untag_resource(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        tags = self._tagged(caller, parameters).tags
        for key in parameters["tagKeys"]:
            tags.pop(key, None)
        return {}

    @operation("ListTagsForResource")
    def list_tags_for_resource(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"tags": self._tagged(caller, parameters).tags}

    def _tagged(self, caller: Caller, parameters: Parameters) -> Workspace:
        return self._get(caller, {"workspaceId": parameters["resourceArn"].rpartition("/")[2]})


def grafana_service(world: World, store: GrafanaStore) -> Service:
    """Grafana workspaces over `store`."""
    return Service("grafana", handlers(Grafana(world, store)))
