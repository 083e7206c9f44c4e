"""Cloud Control: the API behind the awscc provider, for the types it is given."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from hp_tf.emulator.awsjson import AwsError, Caller, Parameters, Service, handlers, operation
from hp_tf.emulator.jsonpatch import apply_patch
from hp_tf.emulator.services.pages import page
from hp_tf.emulator.web import MISTAKES
from hp_tf.emulator.world import World

# AWS error codes, and what Cloud Control makes of them.
_CODES = {
    "ResourceInUse": "AlreadyExists",
    "ConflictException": "ResourceConflict",
    "ResourceNotFound": "NotFound",
    "ResourceLimitExceeded": "ServiceLimitExceeded",
    "ValidationException": "InvalidRequest",
    "ThrottlingException": "Throttling",
    "AccessDeniedException": "AccessDenied",
    "NotUpdatable": "NotUpdatable",
}

SageMaker = Callable[[Caller, str, Parameters], Mapping[str, Any]]


class ResourceType(Protocol):
    """How Cloud Control handles one resource type. Failures are AwsErrors with codes of the resource's own service."""

    def create(self, caller: Caller, desired: dict[str, Any]) -> str: ...

    def read(self, caller: Caller, identifier: str) -> dict[str, Any]: ...

    def update(self, caller: Caller, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None: ...

    def delete(self, caller: Caller, identifier: str) -> None: ...

    def identifiers(self, caller: Caller) -> list[str]: ...

    def progress(self, caller: Caller, identifier: str) -> tuple[str, str | None]: ...


@dataclass
class RequestRecord:
    """One request: what it asked for, and how it ended if it has."""

    token: str
    type_name: str
    kind: str
    caller: Caller
    digest: str
    identifier: str | None = None
    ended: str | None = None
    code: str | None = None
    message: str | None = None
    model: dict[str, Any] | None = None
    at: float = 0.0
    client_token: str | None = None
    # While its work is done other calls can come in: a fault may make it wait.
    working: bool = False


# How many requests are remembered; the real service forgets them after seven days.
KEPT = 1_000


class CloudControlStore:
    """The latest requests."""

    def __init__(self) -> None:
        self._requests: dict[str, RequestRecord] = {}
        self._by_client_token: dict[str, RequestRecord] = {}

    def add(self, record: RequestRecord) -> None:
        """Remember a request, and forget the oldest that has ended if there are many."""
        self._requests[record.token] = record
        if record.client_token:
            self._by_client_token[record.client_token] = record
        oldest = next(iter(self._requests.values()))
        if len(self._requests) > KEPT and oldest.ended is not None:
            self.remove(oldest)

    def remove(self, record: RequestRecord) -> None:
        """Forget a request."""
        self._requests.pop(record.token, None)
        if record.client_token:
            self._by_client_token.pop(record.client_token, None)

    def find(self, token: str) -> RequestRecord | None:
        """The request with this token."""
        return self._requests.get(token)

    def repeated(self, client_token: str | None) -> RequestRecord | None:
        """The request that was made with this client token before."""
        return self._by_client_token.get(client_token) if client_token else None

    def clear(self) -> None:
        """Forget all requests."""
        self._requests.clear()
        self._by_client_token.clear()


class CloudControl:
    """The seven operations. A request that fails answers with a FAILED progress event, as the real API does."""

    def __init__(self, world: World, store: CloudControlStore, types: Mapping[str, ResourceType]) -> None:
        self._world = world
        self._store = store
        self._types = types

    def _type(self, parameters: Parameters) -> ResourceType:
        found = self._types.get(parameters["TypeName"])
        if found is None:
            known = ", ".join(self._types)
            raise AwsError(
                "TypeNotFoundException", f"The type {parameters['TypeName']} is not known here; known: {known}."
            )
        return found

    def _begin(self, caller: Caller, kind: str, parameters: Parameters) -> tuple[RequestRecord, bool]:
        """The record of this request, and whether it is a new one (a repeated client token is the same request)."""
        content = {key: value for key, value in parameters.items() if key != "ClientToken"}
        digest = hashlib.sha256(json.dumps([kind, content], sort_keys=True).encode()).hexdigest()
        client_token = parameters.get("ClientToken")
        known = self._store.repeated(client_token)
        if known is not None:
            if known.digest != digest:
                raise AwsError(
                    "ClientTokenConflictException", f"The token {client_token} was used for another request."
                )
            return known, False
        record = RequestRecord(
            self._world.uuid(),
            parameters["TypeName"],
            kind,
            caller,
            digest,
            parameters.get("Identifier"),
            at=self._world.clock(),
            client_token=client_token,
        )
        self._store.add(record)
        return record, True

    def _run(self, record: RequestRecord, work: Callable[[], None]) -> dict[str, Any]:
        record.working = True
        try:
            work()
        except AwsError as error:
            record.ended = "FAILED"
            record.code = _CODES.get(error.code, "GeneralServiceException")
            record.message = f"{error.message} (Service: SageMaker, Status Code: {error.status}, Error: {error.code})"
        except MISTAKES as error:
            # The call itself answers with the mistake; who repeats it is told that it failed.
            record.ended, record.code = "FAILED", "InternalFailure"
            record.message = f"{type(error).__name__}: {error}"
            raise
        finally:
            record.working = False
        return {"ProgressEvent": self._event(record)}

    def _event(self, record: RequestRecord) -> dict[str, Any]:
        if record.ended is None and not record.working:
            self._look(record)
        return {
            "TypeName": record.type_name,
            "Identifier": record.identifier,
            "RequestToken": record.token,
            "Operation": record.kind,
            "OperationStatus": record.ended or "IN_PROGRESS",
            "EventTime": record.at,
            "ResourceModel": json.dumps(record.model) if record.model else None,
            "ErrorCode": record.code,
            "StatusMessage": record.message,
            "RetryAfter": None if record.ended else self._world.clock() + 1,
        }

    def _look(self, record: RequestRecord) -> None:
        """Whether a running request has come to its end by now."""
        kind = self._types[record.type_name]
        if record.identifier is None:
            record.ended = "SUCCESS"
            return
        try:
            state, message = kind.progress(record.caller, record.identifier)
            if state == "SUCCESS":
                record.model = kind.read(record.caller, record.identifier)
        except AwsError as error:
            gone = record.kind == "DELETE" and error.code == "ResourceNotFound"
            state, message = ("SUCCESS", None) if gone else ("FAILED", error.message)
        if state != "IN_PROGRESS":
            record.ended = state
            record.at = self._world.clock()
        if state == "FAILED":
            record.code, record.message = "NotStabilized", message

    @operation("CreateResource")
    def create_resource(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        kind = self._type(parameters)
        desired = _document(parameters["DesiredState"])
        record, new = self._begin(caller, "CREATE", parameters)
        if not new:
            return {"ProgressEvent": self._event(record)}

        def work() -> None:
            record.identifier = kind.create(caller, desired)

        return self._run(record, work)

    @operation("UpdateResource")
    def update_resource(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        kind = self._type(parameters)
        identifier = parameters["Identifier"]
        record, new = self._begin(caller, "UPDATE", parameters)
        if not new:
            return {"ProgressEvent": self._event(record)}
        try:
            old = self._read(kind, caller, identifier)
            changed = apply_patch(old, json.loads(parameters["PatchDocument"]))
        except (ValueError, AwsError) as error:
            self._store.remove(record)
            if isinstance(error, AwsError):
                raise
            raise AwsError("InvalidRequestException", f"The patch document cannot be applied: {error}.") from error
        return self._run(record, lambda: kind.update(caller, identifier, old, changed))

    @operation("DeleteResource")
    def delete_resource(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        kind = self._type(parameters)
        record, new = self._begin(caller, "DELETE", parameters)
        if not new:
            return {"ProgressEvent": self._event(record)}
        return self._run(record, lambda: kind.delete(caller, parameters["Identifier"]))

    def _read(self, kind: ResourceType, caller: Caller, identifier: str) -> dict[str, Any]:
        try:
            return kind.read(caller, identifier)
        except AwsError as error:
            if error.code == "ResourceNotFound":
                raise AwsError("ResourceNotFoundException", error.message) from error
            raise

    @operation("GetResource")
    def get_resource(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        model = self._read(self._type(parameters), caller, parameters["Identifier"])
        return {
            "TypeName": parameters["TypeName"],
            "ResourceDescription": {"Identifier": parameters["Identifier"], "Properties": json.dumps(model)},
        }

    @operation("ListResources")
    def list_resources(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        kind = self._type(parameters)
        found = [
            {"Identifier": identifier, "Properties": json.dumps(kind.read(caller, identifier))}
            for identifier in kind.identifiers(caller)
        ]
        items, token = page(found, parameters.get("NextToken"), parameters.get("MaxResults"))
        return {"TypeName": parameters["TypeName"], "ResourceDescriptions": items, "NextToken": token}

    def _request(self, parameters: Parameters) -> RequestRecord:
        record = self._store.find(parameters["RequestToken"])
        if record is None:
            raise AwsError("RequestTokenNotFoundException", f"There is no request {parameters['RequestToken']}.")
        return record

    @operation("GetResourceRequestStatus")
    def get_resource_request_status(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return {"ProgressEvent": self._event(self._request(parameters))}

    @operation("CancelResourceRequest")
    def cancel_resource_request(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        record = self._request(parameters)
        event = self._event(record)
        if record.ended is None:
            record.ended = "CANCEL_COMPLETE"
            event = self._event(record)
        return {"ProgressEvent": event}


def _document(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise AwsError("InvalidRequestException", f"The desired state is not JSON: {error}.") from error
    if not isinstance(document, dict):
        raise AwsError("InvalidRequestException", "The desired state is not a JSON object.")
    return document


def cloudcontrol_service(world: World, store: CloudControlStore, types: Mapping[str, ResourceType]) -> Service:
    """Cloud Control over `store`, for `types` by their CloudFormation names."""
    return Service("cloudcontrol", handlers(CloudControl(world, store, types)))
