"""A small client of AWS Cloud Control: signed requests, and waiting for an operation to end.

The calls are JSON 1.0 as in the service's public model. botocore signs; its clients are not used, because loading the
service models would cost more than a whole plan.
"""

from __future__ import annotations

import http.client
import json
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

Json = dict[str, Any]

TARGET = "CloudApiService"
SERVICE = "cloudcontrolapi"
NOT_FOUND = ("ResourceNotFoundException", "NotFound")
ENDED = ("SUCCESS", "FAILED", "CANCEL_COMPLETE")
ANSWER_SECONDS = 600.0
"""How long an answer may take. The emulator may be slow, on a busy machine or because a test asks for it."""

LOST_LOOKS = 5
"""How many looks at an operation in a row may fail before it is given up."""


class CallFailed(Exception):
    """The service refused a call or did not answer.

    code: the service's error code; "Unreachable" if there was no answer.
    identifier: of what an operation accepted before is about, if that is known.
    """

    def __init__(self, operation: str, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.operation = operation
        self.code = code
        self.message = message
        self.identifier: str | None = None


class OperationFailed(Exception):
    """An accepted operation ended without success.

    identifier: of what it left behind, if it left anything.
    """

    def __init__(self, operation: str, event: Json) -> None:
        code = event.get("ErrorCode") or event.get("OperationStatus") or "unknown"
        message = event.get("StatusMessage", "")
        super().__init__(f"waiter state transitioned to FAILED. StatusMessage: {message}. ErrorCode: {code}")
        self.operation = operation
        self.code = str(code)
        self.identifier: str | None = event.get("Identifier")


def delays() -> Iterator[float]:
    """Seconds between looks at an operation: quick at first, then every two seconds."""
    delay = 0.02
    while True:
        yield delay
        delay = min(delay * 2, 2.0)


class CloudControl:
    """Calls to one endpoint, for one CloudFormation type.

    Attributes:
        endpoint: base URL.
        region: the region requests are signed for.
        type_name: the CloudFormation type.
        access_key: requests are signed with it; the emulator asks for no more, so it is its own secret.
        timeout: seconds one operation may take (awscc allows twelve hours for a cluster).
        sleep: waits so many seconds; true if it was told to stop meanwhile, which ends the operation it waits for.
        clock: replaced in tests.
    """

    def __init__(
        self,
        endpoint: str,
        region: str,
        type_name: str,
        *,
        access_key: str,
        timeout: float = 12 * 3600,
        sleep: Callable[[float], bool | None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._endpoint = endpoint.rstrip("/") + "/"
        self._region = region
        self._type_name = type_name
        self._keys = Credentials(access_key, access_key)
        self._timeout = timeout
        self._sleep = sleep
        self._clock = clock
        # No proxy and no environment: the emulator is on this machine.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def probe(self) -> None:
        """Make sure that something listens at the endpoint.

        Raises:
            CallFailed: if nothing does.
        """
        parts = urllib.parse.urlsplit(self._endpoint)
        try:
            socket.create_connection((parts.hostname or "", parts.port or 80), timeout=10).close()
        except OSError as error:
            raise self._unreachable("GetResource", error) from error

    def _unreachable(self, operation: str, error: Exception) -> CallFailed:
        reason = getattr(error, "reason", error)
        message = f"the emulator at {self._endpoint} does not answer ({reason}); start it with `hptf local up ENV`"
        return CallFailed(operation, "Unreachable", message)

    def create(self, desired: Json) -> str:
        """Create a resource from its document and wait; its identifier.

        Raises CallFailed, OperationFailed.
        """
        arguments = {"DesiredState": json.dumps(desired), "ClientToken": uuid.uuid4().hex}
        return str(self._finish("CreateResource", arguments)["Identifier"])

    def read(self, identifier: str) -> Json | None:
        """The resource's document; None if it does not exist. Raises CallFailed."""
        try:
            answer = self._call("GetResource", {"Identifier": identifier})
        except CallFailed as failed:
            if failed.code in NOT_FOUND:
                return None
            raise
        properties: Json = json.loads(answer["ResourceDescription"]["Properties"])
        return properties

    def update(self, identifier: str, patch: list[Json]) -> None:
        """Change a resource by a JSON patch (RFC 6902) and wait. Raises CallFailed, OperationFailed."""
        arguments = {"Identifier": identifier, "PatchDocument": json.dumps(patch), "ClientToken": uuid.uuid4().hex}
        self._finish("UpdateResource", arguments)

    def delete(self, identifier: str) -> None:
        """Delete a resource and wait; one that does not exist is no error. Raises CallFailed, OperationFailed."""
        try:
            self._finish("DeleteResource", {"Identifier": identifier, "ClientToken": uuid.uuid4().hex})
        except (CallFailed, OperationFailed) as failed:
            if failed.code not in NOT_FOUND:
                raise

    def _finish(self, operation: str, arguments: Json) -> Json:
        event: Json = self._call(operation, arguments)["ProgressEvent"]
        deadline = self._clock() + self._timeout
        waits = delays()
        while event.get("OperationStatus") not in ENDED:
            if self._clock() > deadline:
                raise OperationFailed(operation, event | {"ErrorCode": "Timeout", "StatusMessage": "it did not end"})
            event = self._look(operation, event, waits)
        if event["OperationStatus"] != "SUCCESS":
            raise OperationFailed(operation, event)
        return event

    def _look(self, operation: str, event: Json, waits: Iterator[float]) -> Json:
        """The next look at an accepted operation. A lost answer is no reason to lose sight of what is being made."""
        failed: CallFailed | None = None
        for _ in range(LOST_LOOKS):
            if self._sleep(next(waits)):
                message = "Terraform was interrupted; the operation goes on in the service"
                raise OperationFailed(operation, event | {"ErrorCode": "Interrupted", "StatusMessage": message})
            try:
                token = {"RequestToken": event["RequestToken"]}
                now: Json = self._call("GetResourceRequestStatus", token, typed=False)["ProgressEvent"]
                return now
            except CallFailed as error:
                failed = error
        assert failed is not None
        failed.identifier = event.get("Identifier")
        raise failed

    def _call(self, operation: str, arguments: Json, *, typed: bool = True) -> Json:
        body = json.dumps(arguments | ({"TypeName": self._type_name} if typed else {})).encode()
        headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"{TARGET}.{operation}"}
        request = AWSRequest(method="POST", url=self._endpoint, data=body, headers=headers)
        SigV4Auth(self._keys, SERVICE, self._region).add_auth(request)
        outgoing = urllib.request.Request(self._endpoint, data=body, headers=dict(request.headers.items()))
        try:
            with self._opener.open(outgoing, timeout=ANSWER_SECONDS) as answer:
                result: Json = json.loads(answer.read() or b"{}")
                return result
        except urllib.error.HTTPError as error:
            raise _refused(operation, error) from error
        except (OSError, http.client.HTTPException) as error:
            raise self._unreachable(operation, error) from error


def _refused(operation: str, error: urllib.error.HTTPError) -> CallFailed:
    text = error.read().decode(errors="replace")
    try:
        body = json.loads(text)
    except ValueError:
        return CallFailed(operation, f"HTTP {error.code}", text[:300])
    code = str(body.get("__type", f"HTTP {error.code}")).rpartition("#")[2].partition(":")[0]
    return CallFailed(operation, code, str(body.get("message") or body.get("Message") or text[:300]))
