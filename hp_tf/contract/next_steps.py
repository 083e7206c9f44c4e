"""What to do with a layer once it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Standing:
    """A layer that was applied.

    Attributes:
        outputs: what it gives, without what is sensitive.
        aws: options with which the AWS command line reaches it.
        role_arn: role by which it is reached, None for the caller's own.
    """

    outputs: Mapping[str, Any]
    aws: str
    role_arn: str | None = None


NextSteps = Callable[[Standing], Iterable[str]]
"""Gives commands, one a line."""
