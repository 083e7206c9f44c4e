"""What follows from a change of a resource that its plan does not say: refused by the service, lost, or cut off."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Attributes = Mapping[str, Any]


@dataclass(frozen=True)
class Refused:
    """A change that the service refuses.

    Attributes:
        attribute: a path with dots.
        text: what the service does not do, as a sentence without its end.
        remedy: what to do instead.
    """

    attribute: str
    text: str
    remedy: str


@dataclass(frozen=True)
class Change:
    """A change of one resource. What is unknown in ``after`` is null there.

    Attributes:
        key: of ``for_each``, None without.
        before: None where it is created.
        after: None where it is deleted.
        replaced: it is made anew.
        made: what the plan creates in the module, by its address there.
        caller: the ARN of the role that the plan is applied with, None where that is not known.
        gone: addresses inside the module of all that the plan deletes and does not make anew.
    """

    key: str | None
    before: Attributes | None
    after: Attributes | None
    replaced: bool = False
    gone: Collection[str] = ()
    made: Mapping[str, Attributes] = field(default_factory=dict)
    caller: str | None = None

    def became(self, *path: str | int) -> bool:
        """Whether a value is another than it was; so too one that is unknown, and one of what is created."""
        return bool(at(self.before, *path) != at(self.after, *path))


@dataclass(frozen=True)
class Told:
    """What people should know of a change before they apply it.

    Attributes:
        code: the name of a code: how grave it is.
        text: in lower case and without a full stop.
        remedy: what to do about it.
    """

    code: str
    text: str
    remedy: str | None = None


@dataclass(frozen=True)
class Judgement:
    """What hptf knows of the changes of a resource type.

    Attributes:
        refused: what the service refuses of an update or a replacement.
        lost: what goes with one that is deleted or made anew, as a clause; None for nothing.
        told: what else is worth knowing.
        kept: what inputs, as rules see them, leave out, while the resource has it: to Terraform that is no change, and
            the service goes on as it was.
    """

    refused: Callable[[Attributes, Attributes], Iterable[Refused]] | None = None
    lost: Callable[[Attributes], str | None] | None = None
    told: Callable[[Change], Iterable[Told]] | None = None
    kept: Callable[[Attributes, Attributes], Iterable[Refused]] | None = None


def at(attributes: Attributes | None, *path: str | int) -> Any:
    """Return a value inside attributes, None where there is none."""
    found: Any = attributes
    for step in path:
        if isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(found, list) and isinstance(step, int):
            found = found[step] if step < len(found) else None
        else:
            return None
    return found
