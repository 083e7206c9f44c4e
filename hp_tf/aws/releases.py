"""Helm's releases in an EKS cluster, read from where Helm keeps them: one Secret for each revision.

Only an answer of 200 says that there is none. The Secrets carry the labels ``owner``, ``name``, ``version`` (the
revision) and ``status``, and when they were made.
"""

from __future__ import annotations

import base64
import binascii
import http.client
import json
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hp_tf.contract.resources.base import Release
from hp_tf.errors import HptfError
from hp_tf.exec_plugin import PluginFailed
from hp_tf.helm_storage import secrets_path, unpack

_SECONDS = 10
# One answer that means "later" is no reason to stop; the helm provider takes it for "gone".
_ATTEMPTS = 3
_PAUSE = 1.0
# Names and labels of a list, without the charts that its Secrets hold.
_METADATA = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"


@dataclass(frozen=True)
class Cluster:
    """How an EKS cluster is reached.

    Attributes:
        name: for messages.
        endpoint: of its API.
        certificate_authority: base64 of its PEM, as EKS gives it.
        token: gives a bearer token, or raises PluginFailed.
    """

    name: str
    endpoint: str
    certificate_authority: str
    token: Callable[[], str]


@dataclass(frozen=True)
class Revision:
    """One revision of a release.

    Attributes:
        status: Helm's word: deployed, failed, superseded, pending-install, uninstalled.
        since: when it got it, in seconds since the epoch; None if the Secret does not say.
        secret: the name of its Secret.
        uid, version: of this very Secret, as it is.
    """

    number: int
    status: str
    since: int | None
    secret: str
    uid: str
    version: str

    @property
    def pending(self) -> bool:
        """Whether an operation is under way, or was cut off: Helm begins no other."""
        return self.status.startswith("pending-")

    @property
    def uninstalled(self) -> bool:
        """Whether this is only kept as history (``helm uninstall --keep-history``)."""
        return self.status == "uninstalled"


class NotRead(HptfError):
    """The cluster's API did not say what was asked.

    Attributes:
        status: what it answered instead, None if it did not answer.
        reason: why, in a few words.
    """

    def __init__(self, cluster: Cluster, reason: str, status: int | None) -> None:
        self.status = status
        self.reason = reason
        super().__init__(f"the Kubernetes API of {cluster.name} at {cluster.endpoint} does not answer: {reason}")


def revisions(cluster: Cluster, namespace: str, name: str) -> tuple[Revision, ...]:
    """Return the revisions of a release, oldest first.

    Raises:
        NotRead: if the cluster does not say.
    """
    found = _call(cluster, "GET", secrets_path(namespace, name), accept=_METADATA)
    read = (_revision(item["metadata"]) for item in found.get("items") or [])
    return tuple(sorted((item for item in read if item is not None), key=lambda item: item.number))


def chart_of(cluster: Cluster, namespace: str, revision: Revision) -> str:
    """Return the name of the chart that a revision installed.

    Raises:
        NotRead: if the cluster does not say.
    """
    try:
        document = unpack(_call(cluster, "GET", _secret_path(namespace, revision)))
        return str(document["chart"]["metadata"]["name"])
    except (KeyError, TypeError, ValueError) as error:
        raise NotRead(cluster, f"{revision.secret} in {namespace} holds no release", 200) from error


def installed(cluster: Cluster, release: Release) -> str | None:
    """Return the name of the chart that a release has installed; None if it has not, or its first installation hangs.

    Raises:
        NotRead: if the cluster does not say.
    """
    found = revisions(cluster, release.namespace, release.name)
    there = [item for item in found if not item.pending and not item.uninstalled]
    return chart_of(cluster, release.namespace, there[-1]) if there else None


def forget(cluster: Cluster, namespace: str, revision: Revision) -> None:
    """Delete the record of a revision, and nothing that it installed.

    Raises:
        NotRead: if the cluster refuses: also where the record changed since it was read.
    """
    only = {"uid": revision.uid, "resourceVersion": revision.version}
    body = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": only}
    _call(cluster, "DELETE", _secret_path(namespace, revision), body=body)


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


def _revision(metadata: Any) -> Revision | None:
    labels = metadata.get("labels") or {}
    number = str(labels.get("version", ""))
    if not number.isdigit():
        return None
    since = str(labels.get("modifiedAt") or labels.get("createdAt") or "")
    return Revision(
        int(number),
        str(labels.get("status", "unknown")),
        int(since) if since.isdigit() else None,
        metadata["name"],
        metadata.get("uid", ""),
        metadata.get("resourceVersion", ""),
    )


def _secret_path(namespace: str, revision: Revision) -> str:
    return f"/api/v1/namespaces/{urllib.parse.quote(namespace)}/secrets/{urllib.parse.quote(revision.secret)}"


def _call(cluster: Cluster, method: str, path: str, *, accept: str = "application/json", body: Any = None) -> Any:
    try:
        token = cluster.token()
    except PluginFailed as error:
        raise NotRead(cluster, f"there is no credential for it: {error}", 401) from error
    request = urllib.request.Request(
        f"{cluster.endpoint.rstrip('/')}{path}",
        data=None if body is None else json.dumps(body).encode(),
        method=method,
        headers={"Authorization": f"Bearer {token}", "Accept": accept, "Content-Type": "application/json"},
    )
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with opener(cluster).open(request, timeout=_SECONDS) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            failed = NotRead(cluster, f"HTTP status {error.code}{_said(error)}", error.code)
            again = error.code == http.client.TOO_MANY_REQUESTS or error.code >= http.client.INTERNAL_SERVER_ERROR
        except (OSError, ValueError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            failed = NotRead(cluster, str(reason) or type(reason).__name__, None)
            again = isinstance(reason, ConnectionResetError | ssl.SSLEOFError)
        if not again or attempt == _ATTEMPTS:
            raise failed
        time.sleep(_PAUSE)
    raise AssertionError("unreachable")


def _said(error: urllib.error.HTTPError) -> str:
    """What the API says of a refusal, as the end of a sentence."""
    try:
        message = json.loads(error.read()).get("message", "")
    except (OSError, ValueError, AttributeError, binascii.Error):
        return ""
    return f": {message}" if message else ""
