"""Inheritance: an environment ``extends`` files beside it, and its own lines win.

Mappings are merged key by key, lists and scalars replace. Every value keeps the position in the file it came from.

``null`` takes an inherited value away (it stays in the tree as null, so that a grandchild sees the same; what null
means in the end is decided by :mod:`hp_tf.environment.structure`).

A layer is created, given (``existing:``) or off (``enabled: false``), and the last file to say so wins: a child's
``existing:`` drops what the layer inherited as inputs and ``enabled``; a child's ``enabled:`` drops an inherited
``existing:``. States rest in ``s3`` or ``local``, and the last file to say so wins here too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path as FilePath

from hp_tf import codes
from hp_tf.environment.tree import Node
from hp_tf.environment.words import shown, suggestion
from hp_tf.environment.yaml import is_file, read_file
from hp_tf.errors import BadInput, Location, Problem

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
MAX_GENERATIONS = 20
# Where states rest: one of these keys.
STORES = ("s3", "local")


@dataclass(frozen=True)
class Document:
    """A file with everything it inherits: the merged tree (without ``extends``) and the files, oldest first.

    ``extends`` is where the file says what it inherits from, ``parents`` what that is.
    """

    tree: Node
    files: tuple[FilePath, ...]
    extends: Location | None = None
    parents: Node | None = None


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
    data = dict(older.data)
    for key, child in newer.data.items():
        data[key] = merge(data[key], child) if key in data else child
    return replace(newer, data=data, replaces=older.replaces)


def merge_documents(older: Node, newer: Node) -> Node:
    """Return two files' contents as one, with the rules for layers and states that the newer one puts elsewhere."""
    layers, said = older.mapping.get("layers"), newer.mapping.get("layers")
    if layers is not None and said is not None and isinstance(layers.data, dict):
        kept = {name: _without_old_mode(layer, said.mapping.get(name)) for name, layer in layers.data.items()}
        older = replace(older, data={**older.mapping, "layers": replace(layers, data=kept)})
    state, chosen = older.mapping.get("state"), newer.mapping.get("state")
    if state is not None and chosen is not None and isinstance(state.data, dict):
        rest = [kind for kind, node in chosen.mapping.items() if kind in STORES and node.data is not None]
        kept = {kind: node for kind, node in state.data.items() if kind not in STORES or not rest or kind in rest}
        older = replace(older, data={**older.mapping, "state": replace(state, data=kept)})
    return merge(older, newer)


def _without_old_mode(older: Node, newer: Node | None) -> Node:
    if newer is None or not isinstance(older.data, dict):
        return older
    data = older.data
    existing = newer.mapping.get("existing")
    if existing is not None and existing.data is not None:
        data = {key: child for key, child in data.items() if key == "existing"}
    elif "enabled" in newer.mapping:
        data = {key: child for key, child in data.items() if key != "existing"}
    return replace(older, data=data)


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
        own = read_file(path)
        extends = own.mapping.get("extends")
        tree = replace(own, data={key: child for key, child in own.mapping.items() if key != "extends"})
        if extends is None or extends.data is None:
            return Document(tree, (path,))
        if len(chain) > MAX_GENERATIONS:
            text = f"files extend each other over more than {MAX_GENERATIONS} generations"
            raise BadInput([Problem(text, extends.start, code=codes.EXTENDS_UNUSABLE)])
        parents = extends.data if isinstance(extends.data, list) else [extends]
        if not parents:
            raise BadInput(
                [
                    Problem(
                        "extends is a list without a file",
                        extends.start,
                        "Name a file, or leave it out.",
                        codes.EXTENDS_UNUSABLE,
                    )
                ]
            )
        merged: Node | None = None
        files: list[FilePath] = []
        problems: list[Problem] = []
        for node in parents:
            try:
                parent = self.read(_parent(path, node, chain), chain)
            except BadInput as error:
                problems += (problem for problem in error.problems if problem not in problems)
                continue
            merged = parent.tree if merged is None else merge_documents(merged, parent.tree)
            files += [file for file in parent.files if file not in files]
        if problems:
            raise BadInput(problems)
        whole = tree if merged is None else merge_documents(merged, tree)
        return Document(whole, (*files, path), extends.start, merged)


def _parent(path: FilePath, node: Node, chain: tuple[FilePath, ...]) -> FilePath:
    name = node.data
    if not isinstance(name, str):
        problem = f"extends names a file beside this one without its '.yaml', not {shown(node.plain())}"
        raise BadInput([Problem(problem, node.place, "Write for example 'extends: dev'.", codes.EXTENDS_UNUSABLE)])
    if NAME.fullmatch(name) is None:
        problem = f"extends names a file beside this one, and {shown(name)} cannot be its name"
        hint = "Such names are of letters, digits, '_', '.' and '-', without folders; rename or move the file."
        raise BadInput([Problem(problem, node.place, hint, codes.EXTENDS_UNUSABLE)])
    parent = path.with_name(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    if parent in chain:
        circle = " -> ".join(file.stem for file in (*chain[chain.index(parent) :], parent))
        raise BadInput([Problem(f"extends goes in a circle: {circle}", node.place, code=codes.EXTENDS_UNUSABLE)])
    if not is_file(parent):
        others = sorted(file.stem for file in path.parent.glob("*.yaml") if file != path)
        message = f"extends names '{name}', and there is no {parent.name} beside this file"
        raise BadInput(
            [Problem(message, node.place, suggestion(name, others, "files beside this one"), codes.EXTENDS_UNUSABLE)]
        )
    return parent
