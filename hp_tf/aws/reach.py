"""Whether a cluster's Kubernetes API answers here: providers that cannot reach it take its objects for gone."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import urllib.error
import urllib.parse

from hp_tf.aws.releases import Cluster, opener

_SECONDS = 5


def unreachable(cluster: Cluster) -> str | None:
    """Return why a cluster's API does not answer, None if it does. A refusal is an answer."""
    try:
        with opener(cluster).open(f"{cluster.endpoint.rstrip('/')}/version", timeout=_SECONDS):
            return None
    except urllib.error.HTTPError as error:
        return None if error.code < 500 else f"HTTP status {error.code}"
    except (OSError, ValueError, http.client.HTTPException) as error:
        return str(getattr(error, "reason", error)) or type(error).__name__


def private(cluster: Cluster) -> bool:
    """Whether the endpoint's name leads to an address inside a VPC, as that of a cluster without public access does."""
    host = urllib.parse.urlsplit(cluster.endpoint).hostname or ""
    try:
        address = ipaddress.ip_address(socket.gethostbyname(host))
    except (OSError, ValueError):
        return False
    return address.is_private and not address.is_loopback
