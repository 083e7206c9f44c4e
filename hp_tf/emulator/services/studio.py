"""SageMaker Studio: domains, profiles, spaces and start scripts. No editor runs, so no script does."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hp_tf.emulator.awsjson import AwsError, Caller, Parameters, operation
from hp_tf.emulator.services.hyperpod_checks import refuse
from hp_tf.emulator.services.pages import page
from hp_tf.emulator.services.sagemaker_tags import tag_map
from hp_tf.emulator.services.studio_store import Held, StudioStore
from hp_tf.emulator.world import World


@dataclass(frozen=True)
class Kind:
    """A kind of thing: what its operations call it.

    Attributes:
        arn: its ARN's type.
        listed: the member of the answer that is a list of them.
        summary: what lists tell of one.
        updated: what an update may change.
    """

    name: str
    arn: str
    listed: str
    summary: tuple[str, ...]
    updated: tuple[str, ...] = ()


_TIMES = ("Status", "CreationTime", "LastModifiedTime")
DOMAIN = Kind(
    "Domain",
    "domain",
    "Domains",
    ("DomainArn", "DomainId", "DomainName", "Url", *_TIMES),
    (
        "DefaultUserSettings",
        "DefaultSpaceSettings",
        "AppSecurityGroupManagement",
        "AppNetworkAccessType",
        "SubnetIds",
        "TagPropagation",
    ),
)
PROFILE = Kind(
    "UserProfile", "user-profile", "UserProfiles", ("DomainId", "UserProfileName", *_TIMES), ("UserSettings",)
)
SPACE = Kind("Space", "space", "Spaces", ("DomainId", "SpaceName", *_TIMES), ("SpaceSettings", "SpaceDisplayName"))
SCRIPT = Kind(
    "StudioLifecycleConfig",
    "studio-lifecycle-config",
    "StudioLifecycleConfigs",
    (
        "StudioLifecycleConfigArn",
        "StudioLifecycleConfigName",
        "StudioLifecycleConfigAppType",
        "CreationTime",
        "LastModifiedTime",
    ),
)


class Studio:
    """Operations on what Studio is made of."""

    def __init__(self, world: World, store: StudioStore) -> None:
        self._world = world
        self._store = store

    def add(self, caller: Caller, kind: Kind, identity: str, attributes: Mapping[str, Any], tags: Any = None) -> Held:
        """Keep a thing under the last part of its ARN."""
        arn = f"arn:{caller.partition}:sagemaker:{caller.region}:{self._world.account_id}:{kind.arn}/{identity}"
        if arn in self._store.held:
            raise AwsError("ResourceInUse", f"{kind.name} {identity} already exists.")
        now = self._world.clock()
        made = {
            **{key: value for key, value in attributes.items() if key != "Tags" and value is not None},
            f"{kind.name}Arn": arn,
            "CreationTime": now,
            "LastModifiedTime": now,
        }
        self._store.held[arn] = Held(
            kind.arn, caller.region, made, self._world.phase("Pending", "InService"), tag_map(tags)
        )
        return self._store.held[arn]

    def _get(self, caller: Caller, kind: Kind, identity: str) -> Held:
        for arn, found in self._store.held.items():
            if (
                found.kind == kind.arn
                and found.region == caller.region
                and arn.partition(f":{kind.arn}/")[2] == identity
            ):
                return found
        raise AwsError("ResourceNotFound", f"{kind.name} [{identity}] does not exist.")

    def _show(self, found: Held) -> dict[str, Any]:
        return {**found.attributes, "Status": found.phase.status(self._world.clock())}

    def _of(self, caller: Caller, kind: Kind, **wanted: Any) -> list[dict[str, Any]]:
        return [
            self._show(found)
            for found in self._store.held.values()
            if (found.kind, found.region) == (kind.arn, caller.region)
            and all(value in (None, found.attributes.get(key)) for key, value in wanted.items())
        ]

    def _list(self, caller: Caller, kind: Kind, parameters: Parameters) -> dict[str, Any]:
        found = [
            {key: item[key] for key in kind.summary if key in item}
            for item in self._of(caller, kind, DomainId=parameters.get("DomainIdEquals"))
            if (parameters.get(f"{kind.name}NameContains") or "") in str(item.get(f"{kind.name}Name"))
        ]
        items, token = page(found, parameters.get("NextToken"), parameters.get("MaxResults"))
        return {kind.listed: items, "NextToken": token}

    def _update(self, caller: Caller, kind: Kind, identity: str, parameters: Parameters) -> dict[str, Any]:
        found = self._get(caller, kind, identity)
        self._check_scripts(parameters)
        for key in kind.updated:
            if parameters.get(key) is not None:
                held, new = found.attributes.get(key), parameters[key]
                found.attributes[key] = {**held, **new} if isinstance(held, dict) and isinstance(new, dict) else new
        found.attributes["LastModifiedTime"] = self._world.clock()
        found.phase = self._world.phase("Updating", "InService")
        return {f"{kind.name}Arn": found.attributes[f"{kind.name}Arn"]}

    def _delete(self, caller: Caller, kind: Kind, identity: str) -> dict[str, Any]:
        found = self._get(caller, kind, identity)
        arn = found.attributes[f"{kind.name}Arn"]
        found.phase = self._world.phase("Deleting", "Deleted")
        self._world.then(found.phase, lambda: self._store.held.pop(arn, None))
        return {}

    def _check_scripts(self, parameters: Parameters) -> None:
        for arn in _scripts(parameters):
            if arn not in self._store.held:
                raise refuse(f"Lifecycle config {arn} does not exist.")

    def _check_role(self, settings: Mapping[str, Any]) -> None:
        role = settings.get("ExecutionRole")
        if role and not self._world.cloud.role_exists(role):
            raise refuse(f"The role {role} does not exist.")

    @operation("CreateDomain")
    def create_domain(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        settings = parameters["DefaultUserSettings"]
        if not settings.get("ExecutionRole"):
            raise refuse("ExecutionRole is required in DefaultUserSettings.")
        self._check_role(settings)
        for name in parameters.get("SubnetIds") or ():
            subnet = self._world.cloud.subnet(caller.region, name)
            if subnet is None or subnet.vpc_id != parameters.get("VpcId"):
                raise refuse(f"The subnet {name} does not exist in {parameters.get('VpcId')}.")
        identity = f"d-{self._world.base36(12)}"
        made = self.add(
            caller,
            DOMAIN,
            identity,
            {
                "AppNetworkAccessType": "PublicInternetOnly",
                **parameters,
                "DomainId": identity,
                "HomeEfsFileSystemId": f"fs-0{self._world.hex(16)}",
                "Url": f"https://{identity}.studio.{caller.region}.sagemaker.aws",
            },
            parameters.get("Tags"),
        )
        return {key: made.attributes[key] for key in ("DomainArn", "DomainId", "Url")}

    @operation("DescribeDomain")
    def describe_domain(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return self._show(self._get(caller, DOMAIN, parameters["DomainId"]))

    @operation("ListDomains")
    def list_domains(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return self._list(caller, DOMAIN, parameters)

    @operation("UpdateDomain")
    def update_domain(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        self._check_role(parameters.get("DefaultUserSettings") or {})
        return self._update(caller, DOMAIN, parameters["DomainId"], parameters)

    @operation("DeleteDomain")
    def delete_domain(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        identity = parameters["DomainId"]
        self._get(caller, DOMAIN, identity)
        for kind in (PROFILE, SPACE):
            if self._of(caller, kind, DomainId=identity):
                raise AwsError("ResourceInUse", f"Unable to delete Domain {identity}: it has a {kind.name}.")
        return self._delete(caller, DOMAIN, identity)

    @operation("CreateUserProfile")
    def create_user_profile(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        self._get(caller, DOMAIN, parameters["DomainId"])
        self._check_role(parameters.get("UserSettings") or {})
        self._check_scripts(parameters)
        identity = f"{parameters['DomainId']}/{parameters['UserProfileName']}"
        made = self.add(caller, PROFILE, identity, parameters, parameters.get("Tags"))
        made.attributes["HomeEfsFileSystemUid"] = str(200000 + len(self._store.held))
        return {"UserProfileArn": made.attributes["UserProfileArn"]}

    @operation("DescribeUserProfile")
    def describe_user_profile(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return self._show(self._get(caller, PROFILE, _identity(parameters, "UserProfileName")))

    @operation("ListUserProfiles")
    def list_user_profiles(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return self._list(caller, PROFILE, parameters)

    @operation("UpdateUserProfile")
    def update_user_profile(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        self._check_role(parameters.get("UserSettings") or {})
        return self._update(caller, PROFILE, _identity(parameters, "UserProfileName"), parameters)

    @operation("DeleteUserProfile")
    def delete_user_profile(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        identity, name = _identity(parameters, "UserProfileName"), parameters["UserProfileName"]
        self._get(caller, PROFILE, identity)
        for space in self._of(caller, SPACE, DomainId=parameters["DomainId"]):
            if (space.get("OwnershipSettings") or {}).get("OwnerUserProfileName") == name:
                raise AwsError("ResourceInUse", f"UserProfile {name} owns the space {space['SpaceName']}.")
        return self._delete(caller, PROFILE, identity)

    @operation("CreateSpace")
    def create_space(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        owner = (parameters.get("OwnershipSettings") or {}).get("OwnerUserProfileName")
        if (owner is None) != (parameters.get("SpaceSharingSettings") is None):
            raise refuse("OwnershipSettings and SpaceSharingSettings go together.")
        self._get(caller, DOMAIN, parameters["DomainId"])
        if owner is not None:
            self._get(caller, PROFILE, f"{parameters['DomainId']}/{owner}")
        self._check_scripts(parameters)
        identity = f"{parameters['DomainId']}/{parameters['SpaceName']}"
        made = self.add(caller, SPACE, identity, parameters, parameters.get("Tags"))
        made.attributes["Url"] = f"https://{parameters['DomainId']}.studio.{caller.region}.sagemaker.aws/{identity}"
        return {"SpaceArn": made.attributes["SpaceArn"]}

    @operation("DescribeSpace")
    def describe_space(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return self._show(self._get(caller, SPACE, _identity(parameters, "SpaceName")))

    @operation("ListSpaces")
    def list_spaces(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return self._list(caller, SPACE, parameters)

    @operation("UpdateSpace")
    def update_space(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return self._update(caller, SPACE, _identity(parameters, "SpaceName"), parameters)

    @operation("DeleteSpace")
    def delete_space(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return self._delete(caller, SPACE, _identity(parameters, "SpaceName"))

    @operation("CreateStudioLifecycleConfig")
    def create_studio_lifecycle_config(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        try:
            base64.b64decode(parameters["StudioLifecycleConfigContent"], validate=True)
        except binascii.Error as error:
            raise refuse("StudioLifecycleConfigContent must be base64.") from error
        made = self.add(caller, SCRIPT, parameters["StudioLifecycleConfigName"], parameters, parameters.get("Tags"))
        return {"StudioLifecycleConfigArn": made.attributes["StudioLifecycleConfigArn"]}

    @operation("DescribeStudioLifecycleConfig")
    def describe_studio_lifecycle_config(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return dict(self._get(caller, SCRIPT, parameters["StudioLifecycleConfigName"]).attributes)

    @operation("ListStudioLifecycleConfigs")
    def list_studio_lifecycle_configs(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return self._list(caller, SCRIPT, parameters)

    @operation("DeleteStudioLifecycleConfig")
    def delete_studio_lifecycle_config(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        name = parameters["StudioLifecycleConfigName"]
        arn = self._get(caller, SCRIPT, name).attributes["StudioLifecycleConfigArn"]
        for kind in (DOMAIN, PROFILE, SPACE):
            if any(arn in _scripts(item) for item in self._of(caller, kind)):
                raise AwsError("ResourceInUse", f"Lifecycle config {name} is attached to a {kind.name}.")
        return self._delete(caller, SCRIPT, name)

    @operation("ListApps")
    def list_apps(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"Apps": []}


def _identity(parameters: Parameters, name: str) -> str:
    return f"{parameters['DomainId']}/{parameters[name]}"


def _scripts(settings: Any) -> Iterable[str]:
    """Yield the ARNs of the start scripts that settings name, at any depth."""
    if isinstance(settings, Mapping):
        for key, value in settings.items():
            if key == "LifecycleConfigArn" and value:
                yield value
            elif key == "LifecycleConfigArns":
                yield from value or ()
            else:
                yield from _scripts(value)
