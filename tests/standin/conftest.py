"""A stand-in served in this process, a Terraform root to drive it, and a small Cloud Control behind it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from hp_tf.emulator.jsonpatch import apply_patch
from hp_tf.standin.server import serve

Json = dict[str, Any]
REGION = "us-west-2"


class FakeCloudControl:
    """Clusters in memory. Operations end on the second look, so that waiting is exercised."""

    def __init__(self) -> None:
        self.clusters: dict[str, Json] = {}
        self.calls: list[tuple[str, Json]] = []
        self.headers: dict[str, str] = {}
        self.fail_create: str | None = None
        self.keep_failed = False
        self.pending: dict[str, Json] = {}

    def create(self, arguments: Json) -> Json:
        desired = json.loads(arguments["DesiredState"])
        number = len(self.calls)
        arn = f"arn:aws:sagemaker:{REGION}:123456789012:cluster/{number:012d}"
        if self.fail_create:
            if self.keep_failed:
                self.clusters[arn] = desired | {"ClusterArn": arn, "ClusterStatus": "Failed"}
            message, self.fail_create = self.fail_create, None
            return self.event(
                "FAILED", arn if self.keep_failed else None, ErrorCode="GeneralServiceException", StatusMessage=message
            )
        self.clusters[arn] = desired
        self.complete(arn)
        return self.event("SUCCESS", arn)

    def complete(self, arn: str) -> None:
        cluster = self.clusters[arn]
        cluster |= {"ClusterArn": arn, "ClusterStatus": "InService", "CreationTime": "2026-01-01T00:00:00Z"}
        for group in cluster.get("InstanceGroups", []):
            group["CurrentCount"] = group["InstanceCount"]

    def update(self, arguments: Json) -> Json:
        cluster = self.clusters[arguments["Identifier"]]
        changed = apply_patch(cluster, json.loads(arguments["PatchDocument"]))
        cluster.clear()
        cluster.update(changed)
        self.complete(arguments["Identifier"])
        return self.event("SUCCESS", arguments["Identifier"])

    def event(self, status: str, identifier: str | None, **more: str) -> Json:
        token = f"token-{len(self.calls)}"
        self.pending[token] = {"RequestToken": token, "OperationStatus": status, "Identifier": identifier, **more}
        return {"ProgressEvent": {"RequestToken": token, "OperationStatus": "IN_PROGRESS"}}

    def answer(self, operation: str, arguments: Json) -> tuple[int, Json]:
        self.calls.append((operation, arguments))
        identifier = arguments.get("Identifier")
        if operation in ("GetResource", "UpdateResource", "DeleteResource") and identifier not in self.clusters:
            kind = "com.amazonaws.cloudcontrol#ResourceNotFoundException"
            return 400, {"__type": kind, "Message": f"{identifier} was not found"}
        match operation:
            case "CreateResource":
                return 200, self.create(arguments)
            case "UpdateResource":
                return 200, self.update(arguments)
            case "DeleteResource":
                del self.clusters[str(identifier)]
                return 200, self.event("SUCCESS", identifier)
            case "GetResourceRequestStatus":
                return 200, {"ProgressEvent": self.pending[arguments["RequestToken"]]}
            case "GetResource":
                properties = json.dumps(self.clusters[str(identifier)])
                return 200, {"ResourceDescription": {"Identifier": identifier, "Properties": properties}}
        return 400, {"__type": "UnknownOperation", "message": operation}

    @property
    def only(self) -> Json:
        (cluster,) = self.clusters.values()
        return cluster

    def named(self, operation: str) -> list[Json]:
        return [arguments for name, arguments in self.calls if name == operation]


def http_server(answer: Any) -> ThreadingHTTPServer:
    """A server on a free port of this machine; `answer(handler)` writes the response."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            answer(self)

        def log_message(self, *_: Any) -> None:
            """Tests read the requests, not a log."""

    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.handle_any)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def url(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


def send(handler: BaseHTTPRequestHandler, status: int, body: Json | bytes, kind: str = "application/json") -> None:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


@pytest.fixture
def cloud() -> FakeCloudControl:
    return FakeCloudControl()


@pytest.fixture
def endpoint(cloud: FakeCloudControl) -> Iterator[str]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        cloud.headers = dict(handler.headers.items())
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        body["region"] = handler.headers["Authorization"].split("/")[2]
        send(handler, *cloud.answer(handler.headers["X-Amz-Target"].split(".")[1], body))

    server = http_server(answer)
    yield url(server)
    server.shutdown()
    server.server_close()


class Root:
    """A Terraform root in a folder of its own, reattached to the stand-ins."""

    def __init__(self, directory: Path, reattach: dict[str, object]) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        config = directory / "terraform.rc"
        config.write_text("")
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(directory),
            "TF_CLI_CONFIG_FILE": str(config),
            "TF_REATTACH_PROVIDERS": json.dumps(reattach),
            "CHECKPOINT_DISABLE": "1",
            "TF_IN_AUTOMATION": "1",
        }

    def write(self, text: str, name: str = "main.tf") -> Root:
        (self.directory / name).write_text(text)
        return self

    def run(self, *arguments: str, expect: int | None = 0) -> str:
        """Run Terraform; its output. Fails the test on another exit code than expected (None: any)."""
        done = subprocess.run(
            ["terraform", *arguments],
            cwd=self.directory,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        output = done.stdout + re.sub(r"[│╷╵] ?", "", done.stderr)
        assert expect is None or done.returncode == expect, output
        return output

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start Terraform, to be killed; what it prints is dropped."""
        return subprocess.Popen(
            ["terraform", *arguments],
            cwd=self.directory,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def init(self) -> Root:
        self.run("init", "-input=false", "-no-color")
        return self

    def apply(self, *arguments: str, expect: int = 0) -> str:
        return self.run("apply", "-auto-approve", "-input=false", "-no-color", *arguments, expect=expect)

    def plan(self, *arguments: str, expect: int = 0) -> str:
        """Exit code 0: no changes, 2: changes, 1: an error."""
        return self.run("plan", "-detailed-exitcode", "-input=false", "-no-color", *arguments, expect=expect)

    def changes(self, *arguments: str) -> list[Json]:
        """Terraform's resource_change objects of a plan, without those that do nothing."""
        self.run("plan", "-input=false", "-no-color", "-out=plan.bin", *arguments)
        document = json.loads(self.run("show", "-json", "plan.bin"))
        return [c for c in document.get("resource_changes", []) if c["change"]["actions"] not in (["no-op"], ["read"])]

    def state(self, address: str) -> Json:
        """The values of a resource in the state."""
        document = json.loads(self.run("show", "-json"))
        for found in document["values"]["root_module"]["resources"]:
            if found["address"] == address:
                values: Json = found["values"]
                return values
        raise AssertionError(f"{address} is not in the state")


@pytest.fixture
def reattach(tmp_path: Path, endpoint: str) -> Iterator[dict[str, object]]:
    served = serve(tmp_path / "sockets", endpoint, REGION, access_key="test")
    yield served.reattach
    served.close()


@pytest.fixture
def root(tmp_path: Path, reattach: dict[str, object]) -> Root:
    return Root(tmp_path / "root", reattach)
