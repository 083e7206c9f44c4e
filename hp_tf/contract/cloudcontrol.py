"""What Cloud Control, the API behind the awscc provider, says of a resource, under Terraform's names."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

from hp_tf.contract.clients import Clients

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def attributes(clients: Clients, kind: str, identity: str, *, maps: Collection[str]) -> dict[str, Any]:
    """Return a resource's attributes as awscc names them.

    Args:
        kind: the CloudFormation type.
        maps: properties that are maps, whose keys are the user's.

    Raises:
        ClientError: if there is no such resource, or AWS answers something else.
    """
    answer = clients.client("cloudcontrol").get_resource(TypeName=kind, Identifier=identity)
    found: dict[str, Any] = renamed(json.loads(answer["ResourceDescription"]["Properties"]), maps)
    return found


def attribute_name(name: str) -> str:
    """Return awscc's name of a property: VolumeSizeInGB is volume_size_in_gb (internal/naming of the provider)."""
    return _WORDS.sub("_", name.replace("FSx", "Fsx")).lower()


def renamed(value: Any, maps: Collection[str] = ()) -> Any:
    """Return a document with awscc's names."""
    if isinstance(value, dict):
        return {attribute_name(name): held if name in maps else renamed(held, maps) for name, held in value.items()}
    return [renamed(item, maps) for item in value] if isinstance(value, list) else value
