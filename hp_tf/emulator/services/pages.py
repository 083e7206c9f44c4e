"""Paging, the way AWS lists do it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hp_tf.emulator.awsjson import AwsError


def page(items: Sequence[Any], token: str | None, size: int | None, *, default: int = 100) -> tuple[list[Any], Any]:
    """One page of `items` and the token of the next (None after the last). Tokens are offsets."""
    try:
        start = int(token) if token else 0
    except ValueError as error:
        raise AwsError("ValidationException", f"{token!r} is no token of this list") from error
    end = start + (size or default)
    return list(items[start:end]), str(end) if end < len(items) else None
