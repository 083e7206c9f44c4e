"""What can be found out about a layer that already exists, from the outputs that identify it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from hp_tf.contract.clients import Clients, code_of, says_absent
from hp_tf.contract.lookup import Given, Lookup, NotThere, Unfit
from hp_tf.errors import BadInput, HptfError

# A malformed identifier names nothing that exists, and a bucket of somebody else's answers 403.
_ABSENT = frozenset({"403", "ValidationException", "ValidationError", "InvalidParameterException"})


def look_up(layer: str, lookup: Lookup, clients: Clients, given: Given) -> dict[str, Any]:
    """Return an existing layer's outputs: what the file gives, and what AWS says of the rest.

    Raises:
        BadInput: if it does not exist or is something else.
        HptfError: if AWS does not answer.
    """
    named = ", ".join(f"{key} {_text(given[key])}" for key in lookup.named(given))
    place = f"layers.{layer}.existing"
    try:
        found = lookup.find(clients, given)
    except NotThere as error:
        raise _absent(layer, place, str(error)) from error
    except Unfit as error:
        raise BadInput(f"layer '{layer}' is given as existing, but {error}", hint=error.advice.format(place)) from error
    except ClientError as error:
        if says_absent(error) or code_of(error) in _ABSENT or code_of(error).endswith(".Malformed"):
            raise _absent(layer, place, named) from error
        raise HptfError(f"looking up {named} for layer '{layer}': {error}") from error
    except BotoCoreError as error:
        raise HptfError(f"looking up {named} for layer '{layer}': {error}") from error
    return {**found, **given}


def _absent(layer: str, place: str, named: str) -> BadInput:
    return BadInput(
        f"layer '{layer}' is given as existing, but AWS knows no {named}",
        hint=f"correct {place}, or remove it to create the layer",
    )


def _text(value: Any) -> str:
    return ", ".join(map(str, value.values())) if isinstance(value, Mapping) else str(value)
