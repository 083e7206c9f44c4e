"""Whether an endpoint is reached from outside of its VPC."""

from __future__ import annotations

import ipaddress
import socket
import urllib.parse

from hp_tf.aws.releases import Cluster


def private(cluster: Cluster) -> bool:
    """Whether the endpoint's name leads to an address inside a VPC, as that of a cluster without public access does."""
    host = urllib.parse.urlsplit(cluster.endpoint).hostname or ""
    try:
        address = ipaddress.ip_address(socket.gethostbyname(host))
    except (OSError, ValueError):
        return False
    return address.is_private and not address.is_loopback
