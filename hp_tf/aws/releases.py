"""Helm's releases in an EKS cluster, read from where Helm keeps them: one Secret for each revision.

The Secrets carry the labels ``owner=helm``, ``name`` and ``status``. Source: Helm 3's storage driver for Secrets.
"""

from __future__ import annotations

import base64
import binascii
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from hp_tf.errors import HptfError

_SECONDS = 20
# Kept as history by `helm uninstall --keep-history`.
_UNINSTALLED = "uninstalled"


@dataclass(frozen=True)
class Cluster:
    """How an EKS cluster is reached.

    Attributes:
        name: for messages.
        endpoint: of its API.
        certificate_authority: base64 of its PEM, as EKS gives it.
        token: makes a bearer token.
    """

    name: str
    endpoint: str
    certificate_authority: str
    token: Callable[[], str]


def opener(cluster: Cluster) -> urllib.request.OpenerDirector:
    """Return what opens URLs of a cluster, trusting its own certificate authority alone.

    Raises:
        ValueError: if that is no certificate.
    """
    pem = base64.b64decode(cluster.certificate_authority).decode("ascii")
    handlers: list[urllib.request.BaseHandler] = [
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cadata=pem))
    ]
    if urllib.parse.urlsplit(cluster.endpoint).hostname == "127.0.0.1":
        handlers.append(urllib.request.ProxyHandler({}))  # an emulator on this machine is behind no proxy
    return urllib.request.build_opener(*handlers)


def installed(cluster: Cluster, namespace: str, name: str) -> bool:
    """Whether a cluster holds a release, in whatever state an interrupted install left it.

    Raises:
        HptfError: if the cluster cannot be asked.
    """
    query = urllib.parse.urlencode({"labelSelector": f"owner=helm,name={name}"})
    url = f"{cluster.endpoint.rstrip('/')}/api/v1/namespaces/{urllib.parse.quote(namespace)}/secrets?{query}"
    try:
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {cluster.token()}"})
        with opener(cluster).open(request, timeout=_SECONDS) as answer:
            items = json.loads(answer.read()).get("items") or []
    except (OSError, ValueError, binascii.Error) as error:
        reason = getattr(error, "reason", error)
        raise HptfError(
            f"the Kubernetes API of {cluster.name} at {cluster.endpoint} does not say whether release {name} is "
            f"installed: {reason}",
            hint="run this where the endpoint can be reached, as a principal with access to the cluster",
        ) from error
    return any(item["metadata"].get("labels", {}).get("status") != _UNINSTALLED for item in items)
