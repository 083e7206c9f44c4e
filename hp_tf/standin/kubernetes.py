"""How the helm stand-in reaches a cluster: the provider's `kubernetes` object, tokens, a kubeconfig, reads."""

from __future__ import annotations

import base64
import http.client
import ipaddress
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

from hp_tf.exec_plugin import Plugin
from hp_tf.helm_storage import SECRET_TYPE, secrets_path, unpack
from hp_tf.standin.backend import Failure
from hp_tf.standin.values import Object, Value
from hp_tf.wire import Unknown

Json = dict[str, Any]

STRUCTURE = "configuration error: missing required structural data"
"""What the provider says when the whole `kubernetes` object, or `exec`, is unknown or absent."""


@dataclass(frozen=True)
class Access:
    """An address and the means to be let in. ca: PEM."""

    host: str
    ca: str | None = None
    insecure: bool = False
    server_name: str | None = None
    token: str | None = None
    exec: Plugin | None = None


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


def _exec(value: Value) -> Plugin | None:
    if not isinstance(value, dict):
        return None
    args, env = _known(value, "args") or [], _known(value, "env") or {}
    if any(isinstance(item, Unknown) for item in [*args, *env.values(), value["command"], value["api_version"]]):
        raise Failure("Kubernetes cluster unreachable", "The provider's kubernetes.exec has values not known yet.")
    return Plugin(value["api_version"], value["command"], tuple(args), tuple(sorted(env.items())))


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

    Helm asks for the version first, to see whether the cluster can be reached. Raises Failure as `get` does.
    """
    if get(cluster, token, "/version") is None:
        raise Failure("Kubernetes cluster unreachable", f"{cluster.host} does not say its version.")
    found = get(cluster, token, secrets_path(namespace, name))
    if found is None:
        raise Failure("Kubernetes API refused the request", f"{cluster.host} knows no Secrets.")
    stored = [unpack(item) for item in found.get("items") or [] if item.get("type") == SECRET_TYPE]
    return max(stored, key=lambda revision: int(revision["version"]), default=None)
