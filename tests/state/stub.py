"""A store whose writes can be made to fail."""

from __future__ import annotations

from pathlib import Path

from hp_tf.errors import HptfError
from hp_tf.state.document import State
from hp_tf.state.local import LocalStore
from hp_tf.state.stores import PRIVATE


class FailingStore(LocalStore):
    """A local store that refuses to write the layers and objects in `broken`.

    lost: layers whose writes succeed, but are reported as failed, as when an answer gets lost.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.broken: set[str] = set()
        self.lost: set[str] = set()

    def write(self, layer: str, state: State) -> None:
        if layer in self.broken:
            raise HptfError(f"No writing of {layer} today.")
        super().write(layer, state)
        if layer in self.lost:
            raise HptfError(f"The answer about {layer} got lost.")

    def write_object(self, name: str, data: bytes) -> None:
        if name.partition("/")[0] in self.broken:
            raise HptfError(f"No writing of {name} today.")
        super().write_object(name, data)


def objects(store: LocalStore) -> list[str]:
    """The names of hptf's own objects in a store, without the notes of what was written last."""
    root = store.directory / PRIVATE
    return sorted(
        path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file() and path.parent.name != "last"
    )
