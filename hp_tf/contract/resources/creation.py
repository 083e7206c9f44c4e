"""What a service says of a thing that takes it minutes to make: being made, in service, or failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from hp_tf.contract.clients import Clients


class Condition(Enum):
    """Where a creation stands."""

    COMING = "coming"
    WELL = "well"
    FAILED = "failed"
    ABSENT = "absent"


@dataclass(frozen=True)
class Creation:
    """How a service is asked where a creation stands.

    Attributes:
        status: the service's word for one, by its import id; may let AWS's own "not found" pass.
        coming: the words for one that is being made.
        well: the words for one that is there. Any other word means that it failed.
    """

    status: Callable[[Clients, str], str]
    coming: frozenset[str]
    well: frozenset[str]

    def condition(self, word: str) -> Condition:
        """Return what a word of the service's means."""
        if word in self.coming:
            return Condition.COMING
        return Condition.WELL if word in self.well else Condition.FAILED
