"""How the helm stand-in reaches a cluster: the provider's `kubernetes` object, tokens, a kubeconfig, reads."""

from __future__ import annotations

import base64
import gzip
import http.client
import ipaddress
import json
import os
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hp_tf.standin.backend import Failure
from hp_tf.standin.values import Object, Value
from hp_tf.wire import Unknown

Json = dict[str, Any]
Run = Callable[..., "subprocess.CompletedProcess[str]"]

TOKEN_LIFE = 60.0
"""Seconds a token without an expiry is used again."""

MARGIN = 60.0
"""Seconds before its expiry from which a token is not used again."""

STRUCTURE = "configuration error: missing required structural data"
"""What the provider says when the whole `kubernetes` object, or `exec`, is unknown or absent."""


@dataclass(frozen=True)
class Exec:
    """A credential plugin: a command that prints an ExecCredential."""

    api_version: str
    command: str
    args: tuple[str, ...]
    env: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Access:
    """An address and the means to be let in. ca: PEM."""

    host: str
    ca: str | None = None
    insecure: bool = False
    server_name: str | None = None
    token: str | None = None
    exec: Exec | None = None


def check_structure(kubernetes: Value) -> None:
    """Raises Failure where the provider cannot even be configured; unknown leaves are fine."""
    if not isinstance(kubernetes, dict) or isinstance(kubernetes.get("exec"), Unknown):
        detail = (
            f"{STRUCTURE}. Write `kubernetes` and its `exec` as object constructors, "
            "so that only single values can be unknown at plan."
        )
        raise Failure("Error getting Helm configuration", detail)


def access(kubernetes: Value) -> Access:
    """The cluster the provider block names.

    Raises Failure if the block is incomplete or the address still unknown.
    """
    check_structure(kubernetes)
    host = _known(kubernetes, "host")
    if not host:
        detail = "Kubernetes cluster unreachable: the provider's kubernetes.host is not known."
        raise Failure("Kubernetes cluster unreachable", detail)
    return Access(
        host=str(host).rstrip("/"),
        ca=_known(kubernetes, "cluster_ca_certificate") or None,
        insecure=bool(_known(kubernetes, "insecure")),
        server_name=_known(kubernetes, "tls_server_name"),
        token=_known(kubernetes, "token"),
        exec=_exec(kubernetes.get("exec")),
    )


def check_host(kubernetes: Value) -> None:
    """Raises Failure for the address of a cluster that is not on this machine: the emulator's are."""
    host = _known(kubernetes, "host") if isinstance(kubernetes, dict) else None
    if host and not _on_this_machine(str(host)):
        detail = (
            f"It installs into the emulator's clusters only, and {host} is not on this machine. For a rehearsal, leave "
            "out what is installed in an existing cluster, or let the rehearsal create the cluster."
        )
        raise Failure("The stand-in provider knows no real clusters", detail)


def _on_this_machine(host: str) -> bool:
    try:
        name = urllib.parse.urlsplit(host).hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _known(values: Object, name: str) -> Value:
    value = values.get(name)
    return None if isinstance(value, Unknown) else value


def _exec(value: Value) -> Exec | None:
    if not isinstance(value, dict):
        return None
    args, env = _known(value, "args") or [], _known(value, "env") or {}
    if any(isinstance(item, Unknown) for item in [*args, *env.values(), value["command"], value["api_version"]]):
        raise Failure("Kubernetes cluster unreachable", "The provider's kubernetes.exec has values not known yet.")
    return Exec(value["api_version"], value["command"], tuple(args), tuple(sorted(env.items())))


class Tokens:
    """Tokens of credential plugins, kept until shortly before they expire.

    Attributes:
        run: starts the plugin (subprocess.run).
        clock: seconds since the epoch.
        environment: what plugins inherit.
    """

    def __init__(
        self,
        run: Run = subprocess.run,
        clock: Callable[[], float] = time.time,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._run = run
        self._clock = clock
        self._environment = os.environ if environment is None else environment
        self._guard = threading.Lock()
        self._locks: dict[Exec, threading.Lock] = {}
        self._kept: dict[tuple[Exec, float], tuple[str, float]] = {}

    def token(self, plugin: Exec) -> str:
        """A token, from the plugin or a call of it that is not long ago. Raises Failure."""
        with self._guard:
            lock = self._locks.setdefault(plugin, threading.Lock())
        # Of one plugin only: a slow one holds up nobody else.
        with lock:
            key = (plugin, _changed(plugin.command))
            token, until = self._kept.get(key, ("", 0.0))
            if until <= self._clock():
                token, until = self._ask(plugin)
                self._kept[key] = (token, until)
            return token

    def _ask(self, plugin: Exec) -> tuple[str, float]:
        info = {"apiVersion": plugin.api_version, "kind": "ExecCredential", "spec": {"interactive": False}}
        environment = {**self._environment, **dict(plugin.env), "KUBERNETES_EXEC_INFO": json.dumps(info)}
        command = " ".join([plugin.command, *plugin.args])
        summary = "Kubernetes credentials unavailable"
        try:
            done = self._run(
                [plugin.command, *plugin.args],
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        except FileNotFoundError as error:
            raise Failure(summary, f"The command {plugin.command} is not on the PATH of the emulator.") from error
        except subprocess.TimeoutExpired as error:
            raise Failure(summary, f"`{command}` did not end within 60 seconds.") from error
        if done.returncode != 0:
            raise Failure(summary, f"`{command}` ended with {done.returncode}: {done.stderr.strip()[-500:]}")
        try:
            status = json.loads(done.stdout)["status"]
            token = str(status["token"])
        except (ValueError, KeyError, TypeError) as error:
            raise Failure(summary, f"`{command}` printed no ExecCredential with a token.") from error
        return token, _usable_until(status.get("expirationTimestamp"), self._clock())


def _changed(command: str) -> float:
    """When a plugin that is named by its path was changed: another one is asked anew."""
    try:
        return Path(command).stat().st_mtime if os.sep in command else 0.0
    except OSError:
        return 0.0


def _usable_until(stamp: object, now: float) -> float:
    if not isinstance(stamp, str):
        return now + TOKEN_LIFE
    try:
        return datetime.fromisoformat(stamp).timestamp() - MARGIN
    except ValueError:
        return now + TOKEN_LIFE


def kubeconfig(cluster: Access, token: str | None) -> str:
    """A kubeconfig of one context, as JSON, which is YAML."""
    server: Json = {"server": cluster.host}
    if cluster.host.startswith("https:"):
        if cluster.insecure:
            server["insecure-skip-tls-verify"] = True
        elif cluster.ca:
            server["certificate-authority-data"] = base64.b64encode(cluster.ca.encode()).decode()
        if cluster.server_name:
            server["tls-server-name"] = cluster.server_name
    name = "release"
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": name, "cluster": server}],
            "users": [{"name": name, "user": {"token": token} if token else {}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            "current-context": name,
        }
    )


def get(cluster: Access, token: str | None, path: str) -> Json | None:
    """An object of the Kubernetes API; None if it does not exist.

    Raises Failure if the cluster does not answer or refuses.
    """
    request = urllib.request.Request(cluster.host + path, headers={"Accept": "application/json"})
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]
    summary = "Kubernetes cluster unreachable"
    try:
        if cluster.host.startswith("https:"):
            handlers.append(urllib.request.HTTPSHandler(context=_tls(cluster)))
        with urllib.request.build_opener(*handlers).open(request, timeout=30) as answer:
            body: Json = json.loads(answer.read())
            return body
    except urllib.error.HTTPError as error:
        if error.code == http.client.NOT_FOUND:
            return None
        detail = f"{cluster.host} answered {error.code}: {error.read().decode(errors='replace')[:300]}"
        raise Failure("Kubernetes API refused the request", detail) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise Failure(summary, f"Kubernetes cluster unreachable: {cluster.host} ({reason}).") from error


def _tls(cluster: Access) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=cluster.ca)
    if cluster.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def release(cluster: Access, token: str | None, namespace: str, name: str) -> Json | None:
    """The newest revision of a Helm release, as Helm stores it; None if there is no such release.

    Helm keeps each revision in a secret labelled with the release's name: JSON, compressed, in base64 twice.
    Raises Failure as `get` does.
    """
    selector = urllib.parse.urlencode({"labelSelector": f"owner=helm,name={name}"})
    found = get(cluster, token, f"/api/v1/namespaces/{urllib.parse.quote(namespace)}/secrets?{selector}")
    stored = [item["data"]["release"] for item in (found or {}).get("items") or [] if "release" in item.get("data", {})]
    revisions: list[Json] = [json.loads(gzip.decompress(base64.b64decode(base64.b64decode(data)))) for data in stored]
    return max(revisions, key=lambda revision: int(revision["version"]), default=None)
