"""What a module sends and the provider at hand does not know: Terraform drops it, and validate and apply are green.

Only a top-level argument that a provider does not know is refused. What is sent inside attributes, layers declare
(`ResourceType.nested`), and the provider's own schema says what it knows. Asking for that starts every provider, so it
is asked once for each initialisation of a root.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hp_tf import codes
from hp_tf.contract.base import Contract
from hp_tf.contract.resources.base import ResourceType
from hp_tf.files import write_private
from hp_tf.findings import Finding
from hp_tf.terraform import commands, init
from hp_tf.terraform.commands import Invocation
from hp_tf.terraform.schema import attributes

_RECORD = ".hptf-dropped.json"


def findings(invocation: Invocation, contracts: Iterable[Contract], served: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Return what the providers of an initialised root would drop of what its modules send.

    Args:
        contracts: of the root's layers.
        served: addresses of providers that are stand-ins: they know all that is sent.
    """
    stand_ins = {address.rpartition("/")[2] for address in served}
    types = [
        item
        for contract in contracts
        for item in contract.resources
        if item.nested and item.type.partition("_")[0] not in stand_ins
    ]
    if not types:
        return ()
    missing = _asked(invocation, types)
    return tuple(finding(item, path) for item in types for path in missing.get(item.type, ()))


def missing(document: Mapping[str, Any], types: Iterable[ResourceType]) -> dict[str, list[str]]:
    """Return what the schemas of `providers schema -json` lack of what is sent, by resource type."""
    found = {}
    for item in types:
        known = attributes(document, item.type)
        lacking = [path for path in item.nested if known and tuple(path.split(".")) not in known]
        if lacking:
            found[item.type] = lacking
    return found


def _asked(invocation: Invocation, types: Iterable[ResourceType]) -> dict[str, list[str]]:
    file = invocation.root / _RECORD
    key = [init.recorded(invocation.root), sorted((item.type, path) for item in types for path in item.nested)]
    held = _read(file)
    if isinstance(held, dict) and held.get("key") == json.loads(json.dumps(key)):
        known: dict[str, list[str]] = held["missing"]
        return known
    found = missing(commands.providers_schema(invocation), types)
    write_private(file, json.dumps({"key": key, "missing": found}).encode())
    return found


def _read(file: Path) -> object:
    try:
        return json.loads(file.read_bytes())
    except (OSError, ValueError):
        return None


def finding(resource: ResourceType, path: str) -> Finding:
    """Return what there is to say of an attribute that a provider does not know."""
    provider = resource.type.partition("_")[0]
    return codes.ATTRIBUTE_DROPPED.about(
        f"{resource.type}.{path}",
        f"the {provider} provider at hand does not know {resource.type}.{path}: it would be dropped without a word",
        f"take {provider} {resource.nested[path]} or later",
    )
