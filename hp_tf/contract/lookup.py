"""What hptf can find by itself of a layer that exists, from the outputs by which a file names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hp_tf.contract.clients import Clients

Given = Mapping[str, Any]


@dataclass(frozen=True)
class Lookup:
    """A layer's search for itself.

    Attributes:
        identified_by: the outputs by which a file names what exists.
        alternatives: others by which it may do so as well.
        fills: the outputs that are found.
        find: returns those outputs. AWS's own "not found" may pass; raises `NotThere` and `Unfit`, and HptfError where
            what is found cannot be used yet.
        always: it is asked by every plan, also where the file gives all: it tells whether what exists fits.
    """

    identified_by: tuple[str, ...]
    fills: tuple[str, ...]
    find: Callable[[Clients, Given], dict[str, Any]]
    alternatives: tuple[tuple[str, ...], ...] = ()
    always: bool = False

    def finds(self, output: str, given: Given) -> bool:
        """Whether an output is found out from the given ones."""
        return output in self.fills and any({*names} <= {*given} for names in self.ways)

    @property
    def ways(self) -> tuple[tuple[str, ...], ...]:
        """All the outputs by which a file may name what exists."""
        return (self.identified_by, *self.alternatives)

    def named(self, given: Given) -> tuple[str, ...]:
        """Return the outputs by which a file that gives some names it."""
        return next((names for names in self.ways if {*names} <= {*given}), self.identified_by)


class NotThere(Exception):
    """AWS does not know what a file gives as existing. The text: by what it was looked for, as "vpc_id vpc-1"."""


class Unfit(Exception):
    """What a file gives as existing is something else.

    Attributes:
        advice: what to do, an imperative; "{}" stands for the place in the file.
    """

    def __init__(self, what: str, advice: str = "correct {}") -> None:
        super().__init__(what)
        self.advice = advice
