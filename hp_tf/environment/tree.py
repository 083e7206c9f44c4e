"""A YAML document as data that knows where each piece was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from hp_tf.errors import Location

Path = tuple[str | int, ...]
Scalar = None | bool | int | float | str


@dataclass(frozen=True)
class Node:
    """One value of a document.

    Attributes:
        data: a scalar, a list of nodes, or a mapping of nodes by key.
        start: where the value begins; of a value that is not written (``key:``), where its key does.
        key: where the key in front of it begins; None for list elements and the document itself.
        raw: a plain scalar as it was written (``012`` where ``data`` is 12); empty otherwise.
        replaces: what an older document says about the same place is dropped, not merged into.
        takes: null that takes away what an older document says about the same place.
    """

    data: Scalar | list[Node] | dict[str, Node]
    start: Location
    key: Location | None = None
    raw: str = ""
    replaces: bool = field(default=False, compare=False)
    takes: bool = False

    @property
    def place(self) -> Location:
        """The position to name in a message: a collection's key (its content is elsewhere), a scalar itself."""
        return self.key if isinstance(self.data, dict | list) and self.key is not None else self.start

    @property
    def mapping(self) -> dict[str, Node]:
        """The children by key; empty if this is no mapping."""
        return self.data if isinstance(self.data, dict) else {}

    @property
    def children(self) -> Mapping[str | int, Node]:
        """The children by key or index; none of a scalar."""
        found = dict(enumerate(self.data)) if isinstance(self.data, list) else self.mapping
        return cast("Mapping[str | int, Node]", found)

    def find(self, path: Path) -> Node | None:
        """Return the node at a path, or None."""
        node: Node | None = self
        for step in path:
            node = node.children.get(step) if node is not None else None
        return node

    def nearest(self, path: Path) -> Node:
        """Return the node at a path, or the deepest one on the way to it."""
        node = self
        for step in path:
            if step not in node.children:
                break
            node = node.children[step]
        return node

    def plain(self) -> Any:
        """Return the value as dicts, lists and scalars."""
        if isinstance(self.data, dict):
            return {key: child.plain() for key, child in self.data.items()}
        if isinstance(self.data, list):
            return [child.plain() for child in self.data]
        return self.data

    def walk(self, path: Path = ()) -> Iterator[tuple[Path, Node]]:
        """Yield (path, node) of this node and everything below it, in document order."""
        yield path, self
        for step, child in self.children.items():
            yield from child.walk((*path, step))


def dotted(path: Path) -> str:
    """Return a path as users write it: ``layers.hyperpod.instance_groups[0].name``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
