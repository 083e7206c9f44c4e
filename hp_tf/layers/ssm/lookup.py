"""What hptf finds out about a session document that exists."""

from __future__ import annotations

from typing import Any

from hp_tf.contract.clients import Clients
from hp_tf.contract.lookup import Given, Lookup, Unfit


def _find(clients: Clients, given: Given) -> dict[str, Any]:
    name = given["document_name"]
    kind = clients.client("ssm").describe_document(Name=name)["Document"]["DocumentType"]
    if kind != "Session":
        raise Unfit(f"{name} is a document of type {kind}, not Session", "name a session document in {}")
    return {}


LOOKUP = Lookup(identified_by=("document_name",), fills=(), find=_find)
