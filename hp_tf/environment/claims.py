"""What an environment as a whole lays claim to: a region it can name, and names and states no other has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from hp_tf import codes
from hp_tf.contract.base import Unique, annotation
from hp_tf.contract.regions import partition_of
from hp_tf.contract.types import Partition, Region
from hp_tf.environment.fields import default_of, refusal
from hp_tf.environment.inherit import STORES, Document
from hp_tf.environment.messages.words import listed
from hp_tf.environment.mistakes import Mistake, mistake
from hp_tf.environment.model import LayerConfig
from hp_tf.environment.tree import Node, Path


def region(header: Mapping[str, Any], tree: Node) -> Iterator[Mistake]:
    """A region whose ARNs hptf cannot name is one mistake: what layers say of it would only repeat it."""
    path: Path = ("aws", "region")
    aws = header.get("aws")
    name: Any = aws.get("region") if isinstance(aws, dict) else None
    if refusal(Region, name):
        return
    if not partition_of(name):
        text = f": '{name}' is in a partition that hptf does not know"
        yield mistake(codes.REGION_UNUSABLE, tree, path, text, f"it knows {listed(get_args(Partition))}")


def one_store(header: Mapping[str, Any], tree: Node) -> Iterator[Mistake]:
    """States rest in one place."""
    state = header.get("state")
    if isinstance(state, dict) and {*state} <= {*STORES}:
        chosen = [store for store in STORES if state.get(store) is not None]
        if len(chosen) != 1:
            text = f" must hold one of {listed(STORES)}{', not both' if chosen else ''}"
            yield mistake(codes.STATE_AMBIGUOUS, tree, ("state",), text)


def shared_states(document: Document) -> Iterator[Mistake]:
    """Two environments on one state would destroy each other's resources."""
    name = document.files[-1].name
    for path in (("state", "s3", "prefix"), ("state", "local", "directory")):
        node = document.tree.find(path)
        if node is not None and node.data is not None and document.inherits(path):
            text = f" is inherited ({_origin(node)}), so two environments would write the same states"
            remedy = f"give {name} its own {path[-1]}, or leave it out of the parent: each file has its own default"
            yield mistake(codes.STATE_SHARED, document.tree, path, text, remedy, at=document.extends)


def shared_names(document: Document, layers: Iterable[LayerConfig]) -> Iterator[Mistake]:
    """Two environments under one name in one account and region would fight over what bears it."""
    if not all(document.inherits(("aws", key)) for key in ("region", "account_id")):
        return
    tree, name = document.tree, document.files[-1].name
    if document.inherits(("name",)):
        text = f", region and account of {name} are all inherited, so two environments would fight over names"
        yield mistake(codes.NAME_SHARED, tree, ("name",), text, f"give {name} a name of its own", at=document.extends)
    # A default is shared only with a parent that is an environment of its own.
    with_environment = document.parents is not None and document.parents.find(("name",)) is not None
    for layer in layers:
        for key, info in layer.contract.inputs.model_fields.items():
            path: Path = ("layers", layer.name, key)
            if layer.mode != "created" or annotation(info, Unique) is None or not document.inherits(path):
                continue
            node = tree.find(path)
            said = node if node is not None and node.data is not None else None
            value = said.data if said is not None else default_of(info) if with_environment else None
            if value is not None:
                where = ", the default," if node is None else f" ({_origin(node)})"
                text = f" is '{value}'{where} in {name} and in what it extends, with one region and account"
                remedy = f"give {name} a {key} of its own"
                yield mistake(codes.NAME_SHARED, tree, path, text, remedy, at=document.extends)


def _origin(node: Node) -> str:
    return f"{node.start.file.rpartition('/')[2]}:{node.start.line}"
