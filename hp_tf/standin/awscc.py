"""The backend of the `awscc` stand-in: any resource with a CloudFormation document, through Cloud Control."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

from hp_tf.standin.arrange import arranged
from hp_tf.standin.backend import Failure, Found
from hp_tf.standin.cloudcontrol import CallFailed, CloudControl, OperationFailed
from hp_tf.standin.planning import Plan, settle
from hp_tf.standin.schema import Attribute, Schema
from hp_tf.standin.values import Attributes, Object, Value, each_object
from hp_tf.wire import Unknown

Json = dict[str, Any]
Connect = Callable[[str, str, Callable[[float], bool]], CloudControl]
"""(region, CloudFormation type, what it sleeps by) -> client."""


def to_document(attributes: Attributes, state: Object) -> Json:
    """The service's document of a state. Null, unknown and empty values are left out.

    What the service alone sets is not: awscc sends CurrentCount with the array that it stands in.
    """
    document: Json = {}
    for name, attribute in attributes.items():
        value = state.get(name)
        if attribute.property_name and value is not None and not isinstance(value, Unknown):
            found = _to_property(attribute, value)
            if found is not None:
                document[attribute.property_name] = found
    return document


def _to_property(attribute: Attribute, value: Value) -> Value:
    """A property's value; None if it is empty.

    The real provider never sends an empty list, map or object (awscc internal/generic/translate.go, rawFromValue), but
    an empty object in a JSON string is a value of its own.
    """
    if attribute.json:
        return json.loads(value)
    if attribute.nesting == "single":
        return to_document(attribute.attributes, value) or None
    if attribute.nesting:
        value = each_object(attribute, value, lambda item: to_document(attribute.attributes, item) or None)
    if isinstance(value, list):
        return [item for item in value if _given(item)] or None
    if isinstance(value, dict):
        return {key: item for key, item in value.items() if _given(item)} or None
    return value


def _given(item: Value) -> bool:
    return item is not None and not isinstance(item, Unknown)


def from_document(attributes: Attributes, document: Json) -> Object:
    """The state of the service's document; what it does not hold is null."""
    return {name: _from_property(attribute, document) for name, attribute in attributes.items()}


def _from_property(attribute: Attribute, document: Json) -> Value:
    value = document.get(attribute.property_name) if attribute.property_name else None
    # An empty list is read as null, an empty map as an empty map (awscc internal/generic/translate.go, valueFromRaw).
    if value is None or value == []:
        return None
    if attribute.nesting:
        return each_object(attribute, value, lambda item: from_document(attribute.attributes, item))
    return json.dumps(value, sort_keys=True, separators=(",", ":")) if attribute.json else value


def patch(before: Json, after: Json, at: str = "") -> list[Json]:
    """The JSON patch (RFC 6902) that turns one document into another: arrays whole, single paths elsewhere.

    awscc patches so where the order of a list means nothing, from the releases of August 2026 on; older ones patch
    such a list by position.
    """
    changes: list[Json] = []
    for name in sorted(before.keys() | after.keys()):
        path = f"{at}/{name}"
        if name not in after:
            changes.append({"op": "remove", "path": path})
        elif name not in before:
            changes.append({"op": "add", "path": path, "value": after[name]})
        elif isinstance(before[name], dict) and isinstance(after[name], dict):
            changes += patch(before[name], after[name], path)
        elif before[name] != after[name]:
            changes.append({"op": "replace", "path": path, "value": after[name]})
    return changes


class AwsccBackend:
    """Resources of CloudFormation types.

    Attributes:
        resources: schemas by Terraform type.
        connect: makes the client of a region and type.
        region: used where the provider block names none.
    """

    def __init__(self, resources: Mapping[str, Schema], connect: Connect, region: str) -> None:
        self._resources = resources
        self._connect = connect
        self._region = region
        self._stopping = threading.Event()

    def configure(self, config: Object) -> None:
        elsewhere = [name for name in ("profile", "assume_role", "role_arn") if config.get(name) is not None]
        if elsewhere:
            detail = f"It serves the emulator, and the provider block's {elsewhere[0]} is for an account of AWS."
            raise Failure("The stand-in provider knows no accounts", detail, path=(elsewhere[0],))
        region = config.get("region")
        if isinstance(region, str) and region:
            self._region = region
        # The real provider asks who it is at this point, so a plan without a reachable service fails here too.
        for type_name in self._resources:
            try:
                self._client(type_name).probe()
            except CallFailed as failed:
                raise _refused(failed) from failed

    def adjust_plan(self, type_name: str, plan: Plan, prior: Object | None, config: Object) -> Plan:
        return plan

    def _client(self, type_name: str) -> CloudControl:
        cloudformation_type = self._resources[type_name].document["cloudformation_type"]
        return self._connect(self._region, cloudformation_type, self._stopping.wait)

    def create(self, type_name: str, planned: Object, config: Object) -> Object:
        attributes = self._resources[type_name].attributes
        client = self._client(type_name)
        try:
            identifier = client.create(to_document(attributes, planned))
        # What a failed create leaves is recorded by its id alone: Terraform taints it and reads the rest.
        except CallFailed as failed:
            raise _refused(failed, state=_left(failed)) from failed
        except OperationFailed as failed:
            raise _incomplete(failed, state=_left(failed)) from failed
        return settle(attributes, planned, self._existing(type_name, identifier, left={"id": identifier}))

    def read(self, type_name: str, state: Object) -> Found:
        try:
            attributes = self._resources[type_name].attributes
            # After an import the state holds the id alone.
            prior = to_document(attributes, state) or None
            found = self._read(type_name, state["id"], prior)
        except CallFailed as failed:
            raise _refused(failed) from failed
        if found is None:
            detail = f"{state['id']} does not exist any more. It is removed from the state and planned anew."
            return Found(None, ("AWS Resource Not Found During Refresh", detail))
        return Found(found)

    def update(self, type_name: str, prior: Object, planned: Object, config: Object) -> Object:
        attributes = self._resources[type_name].attributes
        changes = patch(to_document(attributes, prior), to_document(attributes, planned))
        try:
            if changes:
                self._client(type_name).update(prior["id"], changes)
        except CallFailed as failed:
            raise _refused(failed) from failed
        except OperationFailed as failed:
            raise _incomplete(failed) from failed
        return settle(attributes, planned, self._existing(type_name, prior["id"]))

    def delete(self, type_name: str, prior: Object) -> None:
        try:
            self._client(type_name).delete(prior["id"])
        except (CallFailed, OperationFailed) as failed:
            raise _refused(failed) from failed

    def stop(self) -> None:
        """Wait for no operation any longer. The real provider's waiter fails too, when its call is cancelled."""
        self._stopping.set()

    def hang_up(self) -> None:
        self._stopping.set()

    def import_state(self, type_name: str, identifier: str) -> Object:
        return {"id": identifier}

    def read_data(self, type_name: str, config: Object) -> Object:
        try:
            found = self._read(type_name, config["id"])
        except CallFailed as failed:
            raise _refused(failed) from failed
        if found is None:
            raise Failure(
                "AWS Data Source Not Found", f"There is no {type_name} with the id {config['id']}.", path=("id",)
            )
        return found

    def _read(self, type_name: str, identifier: str, prior: Json | None = None) -> Object | None:
        document = self._client(type_name).read(identifier)
        if document is None:
            return None
        return from_document(self._resources[type_name].attributes, arranged(document, prior)) | {"id": identifier}

    def _existing(self, type_name: str, identifier: str, *, left: Object | None = None) -> Object:
        """What was just written, read back. `left` is the state to record if it cannot be read."""
        try:
            found = self._read(type_name, identifier)
        except CallFailed as failed:
            raise _refused(failed, state=left) from failed
        if found is None:
            raise Failure("AWS Resource Not Found After Creation or Update", f"{identifier} cannot be read back.")
        return found


def _left(failed: CallFailed | OperationFailed) -> Object | None:
    return {"id": failed.identifier} if failed.identifier else None


def _refused(failed: CallFailed | OperationFailed, *, state: Object | None = None) -> Failure:
    detail = f"Calling Cloud Control API service {failed.operation} operation returned: {failed}"
    return Failure("AWS SDK Go Service Operation Unsuccessful", detail, state=state)


def _incomplete(failed: OperationFailed, *, state: Object | None = None) -> Failure:
    detail = f"Waiting for Cloud Control API service {failed.operation} operation completion returned: {failed}"
    return Failure("AWS SDK Go Service Operation Incomplete", detail, state=state)
