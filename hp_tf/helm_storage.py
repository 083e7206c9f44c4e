"""How Helm 3 keeps a release: one Secret for each revision, beside its objects. Source: Helm's driver for Secrets."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import urllib.parse
import zlib
from collections.abc import Mapping
from typing import Any

SECRET_TYPE = "helm.sh/release.v1"


def secrets_path(namespace: str, release: str) -> str:
    """Return the path of a Kubernetes API that lists the Secrets of a release."""
    query = urllib.parse.urlencode({"labelSelector": f"owner=helm,name={release}"})
    return f"/api/v1/namespaces/{urllib.parse.quote(namespace)}/secrets?{query}"


def unpack(secret: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a Secret holds of a revision.

    Raises:
        ValueError: if it holds none.
    """
    try:
        # Kubernetes encodes every value of a Secret once; Helm encodes its own text once more.
        packed = base64.b64decode(base64.b64decode(secret["data"]["release"]))
        document = json.loads(gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed)
    except (KeyError, TypeError, binascii.Error, OSError, EOFError, zlib.error) as error:
        raise ValueError(f"this Secret holds no release: {error!r}") from error
    if not isinstance(document, dict):
        raise ValueError("this Secret holds no release")
    return document
