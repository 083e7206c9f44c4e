"""A call that an own service declines, because what it names belongs to the other implementation of that service."""

from __future__ import annotations


class NotOurs(Exception):
    """Raised by a handler of a service that is not whole: the front passes the request on."""
