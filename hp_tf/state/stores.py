"""What a store is: the place where each layer's state rests, one object per layer, with a lock beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol

from hp_tf.errors import HptfError
from hp_tf.state.document import State, loads
from hp_tf.state.locks import LockHeld, LockInfo

SUFFIX = ".tfstate"
PRIVATE = ".hptf"
# How a command about the environment whose states rest in a store is typed, from its verb and options.
CommandOf = Callable[..., str]
_LAYER = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


@dataclass(frozen=True)
class Presence:
    """What a look at a store shows of one layer without reading its state.

    version: changes whenever the state is written (an ETag, a file's time and size); None if there is no state.
    locked: whether somebody, this process included, holds its lock.
    """

    version: str | None
    locked: bool


@dataclass(frozen=True)
class Kept:
    """One version of a layer's state that a store has kept. at: when it was written. latest: it is the present one."""

    id: str
    at: str
    latest: bool


class Store(Protocol):
    """Where states rest. Every method raises HptfError with a sentence for the user if the store fails."""

    def describe(self) -> str:
        """The place, for messages."""
        ...

    def survey(self) -> dict[str, Presence]:
        """Every layer that has a state or a lock here."""
        ...

    def layers(self) -> list[str]:
        """The layers that have a state here, sorted."""
        ...

    def read(self, layer: str) -> State | None:
        """The state of a layer; None if it has none."""
        ...

    def read_all(self, layers: Iterable[str]) -> dict[str, State | None]:
        """The states of several layers, at the same time where that is faster."""
        ...

    def write(self, layer: str, state: State) -> None:
        """Replace the state of a layer, and note it as the last one. It is on durable storage when this returns."""
        ...

    def versions(self, layer: str) -> list[Kept]:
        """The versions of a layer's state that can be brought back, the newest first."""
        ...

    def read_version(self, layer: str, version: str) -> State | None:
        """One of those."""
        ...

    def write_all(self, states: Mapping[str, State]) -> dict[str, HptfError]:
        """Write several states, at the same time where that is faster; returns what failed, having tried all.

        A fault of hptf's own counts as a failure to write too: a state that is not written must be known as such.
        """
        ...

    def lock(self, layer: str, info: LockInfo) -> None:
        """Take the lock of a layer's state; raises LockHeld if it is taken."""
        ...

    def unlock(self, layer: str, lock_id: str) -> None:
        """Free the lock of a layer's state if it bears this id, or is gone; raises HptfError if it bears another."""
        ...

    def holder(self, layer: str) -> LockInfo | None:
        """Who holds the lock of a layer's state; None if nobody does."""
        ...

    def held(self, layer: str, holder: LockInfo | None) -> LockHeld:
        """The error that says who holds the lock of a layer's state, and what to do if that run is dead."""
        ...

    def read_object(self, name: str) -> bytes | None:
        """An object of hptf's own (a marker, a snapshot); None if there is none of this name."""
        ...

    def read_objects(self, names: Iterable[str]) -> dict[str, bytes | None]:
        """Several of those, at the same time where that is faster."""
        ...

    def list_objects(self, folder: str) -> list[str]:
        """The names of hptf's own objects in a folder of theirs, sorted."""
        ...

    def write_object(self, name: str, data: bytes) -> None:
        """Write an object of hptf's own."""
        ...

    def delete_object(self, name: str) -> None:
        """Remove an object of hptf's own, if it is there."""
        ...

    def shortcomings(self) -> list[str]:
        """What makes this a place where states may be lost or seen, each as the end of a sentence about it."""
        ...

    def set_up(self) -> list[str]:
        """Make the place, and make it as it should be; return what was done."""
        ...


def unnamed(verb: str, *options: str) -> str:
    """A command about an environment that is not known here."""
    return " ".join(("hptf", verb, "ENV", *options))


def as_hptf_error(error: Exception) -> HptfError:
    """An error as one with a sentence for the user."""
    return error if isinstance(error, HptfError) else HptfError(f"{type(error).__name__}: {error}")


def is_layer(name: str) -> bool:
    """Whether a name is of the form layers have."""
    return _LAYER.fullmatch(name) is not None


def check_layer(name: str) -> str:
    """A layer's name, or ValueError: names become paths."""
    if not is_layer(name):
        raise ValueError(f"{name!r} is no layer's name")
    return name


def check_object(name: str) -> str:
    """The name of an object of hptf's own, or ValueError: a relative path that cannot be taken for a state."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or name.endswith(SUFFIX):
        raise ValueError(f"{name!r} is no name for an object")
    return name


def parse(layer: str, body: bytes, where: str) -> State | None:
    """The state in the bytes of a state object; None for an empty one, which Terraform leaves behind as a lock file.

    Raises:
        HptfError: if it is not JSON.
    """
    if not body.strip():
        return None
    try:
        return loads(body)
    except ValueError as error:
        raise HptfError(
            f"The state of layer {layer} in {where} is not readable: {error}.",
            hint="Restore it from a backup or an earlier version of the object.",
        ) from error
