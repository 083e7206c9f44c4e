"""Inheritance: an environment ``extends`` files beside it, and its own lines win.

Mappings are merged key by key, lists and scalars replace. Every value keeps the position in the file it came from.
Only ``allow`` grows: what a child allows is allowed besides what its parent does, and ``allow: null`` begins anew.

``null`` takes an inherited value away (it stays in the tree as null, so that a grandchild sees the same; what null
means in the end is decided by :mod:`hp_tf.environment.shapes`).

A layer is created, given (``existing:``) or off (``enabled: false``), and the last file to say so wins: a child's
``existing:`` drops what the layer inherited as inputs and ``enabled``; a child's ``enabled:`` drops an inherited
``existing:``. States rest in ``s3`` or ``local``, and the last file to say so wins here too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path as FilePath

from hp_tf import codes
from hp_tf.environment.messages.words import shown, suggestion
from hp_tf.environment.model import home_of
from hp_tf.environment.text import is_file, read_file
from hp_tf.environment.tree import Node, Path
from hp_tf.errors import BadInput
from hp_tf.findings import Finding, Location

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
MAX_GENERATIONS = 20
# Where states rest: one of these keys.
STORES = ("s3", "local")


@dataclass(frozen=True)
class Document:
    """A file with everything it inherits.

    Attributes:
        tree: all of it merged, without ``extends``.
        files: oldest first.
        extends: where the file says what it inherits from.
        parents: what that is.
    """

    tree: Node
    files: tuple[FilePath, ...]
    extends: Location | None = None
    parents: Node | None = None

    def inherits(self, path: Path) -> bool:
        """Whether the file says nothing of its own at a path."""
        node = self.tree.find(path)
        return self.extends is not None and (node is None or node.start.file != str(self.files[-1]))


def read_inherited(path: FilePath) -> Document:
    """Read a file and the files it extends, ``extends: dev`` or ``extends: [base, dev]`` (later ones win).

    Raises:
        BadInput: a file is no YAML mapping, a parent is missing, or a file extends itself by some way; with positions.
    """
    return _Reader().read(path, ())


def merge(older: Node, newer: Node) -> Node:
    """Return two values of the same place as one. Associative; neither argument is changed."""
    if newer.replaces:
        return newer
    if newer.data is None:
        return replace(newer, takes=newer.takes or older.takes or older.data is not None)
    if not isinstance(newer.data, dict):
        return newer
    if not isinstance(older.data, dict):
        return replace(newer, replaces=True)
    both = {key: merge(older.data[key], child) if key in older.data else child for key, child in newer.data.items()}
    return replace(newer, data={**older.data, **both}, replaces=older.replaces)


def merge_documents(older: Node, newer: Node) -> Node:
    """Return two files' contents as one, with the rules for layers and states that the newer one puts elsewhere."""

    def layers(old: Node, new: Node) -> Node:
        return _mapped(old, lambda name, layer: _without_old_mode(layer, new.mapping.get(name)))

    def state(old: Node, new: Node) -> Node:
        chosen = [key for key, node in new.mapping.items() if key in STORES and node.data is not None]
        return _mapped(old, lambda key, node: None if chosen and key in STORES and key not in chosen else node)

    newer = _with_older_allowances(older.mapping.get("allow"), newer)
    for key, rule in (("layers", layers), ("state", state)):
        if key in older.mapping and key in newer.mapping:
            older = replace(older, data={**older.mapping, key: rule(older.mapping[key], newer.mapping[key])})
    return merge(older, newer)


def _with_older_allowances(older: Node | None, newer: Node) -> Node:
    mine = newer.mapping.get("allow")
    if older is None or mine is None or not isinstance(mine.data, list) or mine.replaces:
        return newer
    others = older.data if isinstance(older.data, list) else []
    known = [node.plain() for node in mine.data]
    both = [*(node for node in others if node.plain() not in known), *mine.data]
    # A list that follows null has nothing older to grow on, wherever it is merged into.
    allow = replace(mine, data=both, replaces=older.replaces or older.data is None)
    return replace(newer, data={**newer.mapping, "allow": allow})


def _mapped(node: Node, change: Callable[[str, Node], Node | None]) -> Node:
    """Return a mapping with each value changed, or left out where that is None; anything else as it is."""
    if not isinstance(node.data, dict):
        return node
    changed = {key: change(key, child) for key, child in node.data.items()}
    return replace(node, data={key: child for key, child in changed.items() if child is not None})


def _without_old_mode(older: Node, newer: Node | None) -> Node:
    said = newer.mapping if newer is not None else {}
    if "existing" in said and said["existing"].data is not None:
        return _mapped(older, lambda key, child: child if key == "existing" else None)
    if "enabled" in said:
        return _mapped(older, lambda key, child: None if key == "existing" else child)
    return older


class _Reader:
    """Reads a file and its ancestors, each once however many ways lead to it."""

    def __init__(self) -> None:
        self._read: dict[FilePath, Document | BadInput] = {}

    def read(self, path: FilePath, descendants: tuple[FilePath, ...]) -> Document:
        if path not in self._read:
            try:
                self._read[path] = self._fresh(path, (*descendants, path))
            except BadInput as error:
                self._read[path] = error
        found = self._read[path]
        if isinstance(found, BadInput):
            raise found
        return found

    def _fresh(self, path: FilePath, chain: tuple[FilePath, ...]) -> Document:
        _refuse_link_out(path)
        own = read_file(path)
        extends = own.mapping.get("extends")
        tree = replace(own, data={key: child for key, child in own.mapping.items() if key != "extends"})
        if extends is None or extends.data is None:
            return Document(tree, (path,))
        if len(chain) > MAX_GENERATIONS:
            raise _bad(f"files extend each other over more than {MAX_GENERATIONS} generations", extends.start)
        named = extends.data if isinstance(extends.data, list) else [extends]
        if not named:
            raise _bad("extends is a list without a file", extends.start, "name a file, or leave it out")
        parents: list[Document] = []
        wrong: dict[Finding, None] = {}
        for node in named:
            try:
                parents.append(self.read(_parent(path, node, chain), chain))
            except BadInput as error:
                wrong |= dict.fromkeys(error.problems)
        if wrong:
            raise BadInput(list(wrong))
        merged, *others = (parent.tree for parent in parents)
        for other in others:
            merged = merge_documents(merged, other)
        files = dict.fromkeys(file for parent in parents for file in parent.files)
        return Document(merge_documents(merged, tree), (*files, path), extends.start, merged)


def _refuse_link_out(path: FilePath) -> None:
    """Raise BadInput for a link out of the project, before anything of what it leads to is read or quoted."""
    if path.is_symlink() and not path.resolve().is_relative_to(home_of(path)):
        text = f"{path} is a link to {path.readlink()}, which is not in the project"
        remedy = "put the file itself there, or give its own path"
        raise BadInput([codes.FILE_UNREADABLE.about(str(path), text, remedy)])


def _parent(path: FilePath, node: Node, chain: tuple[FilePath, ...]) -> FilePath:
    name = node.data
    if not isinstance(name, str):
        text = f"extends names a file beside this one without its '.yaml', not {shown(node.plain())}"
        raise _bad(text, node.place, "write for example 'extends: dev'")
    if NAME.fullmatch(name) is None:
        remedy = "such names are of letters, digits, '_', '.' and '-', without folders; rename or move the file"
        raise _bad(f"extends names a file beside this one, and {shown(name)} cannot be its name", node.place, remedy)
    parent = path.with_name(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    if parent in chain:
        circle = " -> ".join(file.stem for file in (*chain[chain.index(parent) :], parent))
        raise _bad(f"extends goes in a circle: {circle}", node.place)
    if not is_file(parent):
        others = sorted(file.stem for file in path.parent.glob("*.yaml") if file != path)
        text = f"extends names '{name}', and there is no {parent.name} beside this file"
        raise _bad(text, node.place, suggestion(name, others, "files beside this one"))
    return parent


def _bad(message: str, place: Location, remedy: str | None = None) -> BadInput:
    return BadInput([Finding(message, place, remedy, codes.EXTENDS_UNUSABLE)])
