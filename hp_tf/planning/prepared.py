"""A set of layers made ready to be planned: its values found, its root on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hp_tf.addresses import layer_of
from hp_tf.files import make_private
from hp_tf.planning import (
    emulated_cluster,
    found_inputs,
    invoking,
    live_lists,
    root_folder,
    root_inputs,
    selection,
)
from hp_tf.planning.imports import Adoption
from hp_tf.planning.live_lists import Lists
from hp_tf.planning.positions import Orders
from hp_tf.planning.root import Root, Selection, build
from hp_tf.planning.states import (
    outputs_of,
    providers_of,
    talks_to_cluster,
)
from hp_tf.run.context import Context
from hp_tf.state import markers
from hp_tf.state.snapshot import Reading
from hp_tf.terraform import init


@dataclass(frozen=True)
class Prepared:
    """A set that is ready to be planned: its states read, its root on disk.

    Attributes:
        reading: the states of every layer in the store and in the contracts, at one moment.
        live: layers with resources.
        literals: values from outside the set.
        folder: the root's folder.
        digest: of the root's content.
        modules: of each layer's module.
        order: of destruction, as ``selection.destroyed_before`` says it.
        lists: keyed lists as the service had them.
        orders: in which their elements are sent, where the modules' own order would not do.
    """

    members: Selection
    reading: Reading
    live: frozenset[str]
    literals: Mapping[tuple[str, str], Any]
    root: Root
    folder: Path
    digest: str
    modules: Mapping[str, str]
    adoptions: tuple[Adoption, ...] = ()
    order: Mapping[str, Collection[str]] = field(default_factory=dict)
    lists: Lists = field(default_factory=dict)
    orders: Orders = field(default_factory=dict)


def prepare(
    context: Context,
    members: Selection,
    reading: Reading,
    live: frozenset[str],
    *,
    adoptions: Sequence[Adoption] = (),
    destroying: bool = False,
    lock_file: Path | None = None,
    lists: Lists | None = None,
    orders: Orders | None = None,
) -> Prepared:
    """Write the root of a set to disk.

    Args:
        lists: keyed lists as the service has them; read here if not given.
        orders: as in ``Prepared``.
        lock_file: the provider lock file of the plan this is for, where there was one before.

    Raises:
        BadInput: where a value from outside the set is not to be had.
    """
    if not destroying:
        _look_at_what_exists(context)
    providers = providers_of(reading, members)
    adoptions = [item for item in adoptions if layer_of(item.address) in members.present]
    literals = selection.literals(
        members.present,
        context.wiring,
        context.contracts,
        kubernetes=talks_to_cluster(context, members.present, providers),
        outputs=outputs_of(context, reading, destroying=destroying),
        lookup=context.lookup,
        destroying=destroying,
        failed=lambda layer: markers.failed(context.store, layer),
    )
    supplied = root_inputs.collect(context, members.present)
    if lists is None:
        imported = {item.address: item.import_id for item in adoptions}
        lists = {} if destroying else live_lists.read(context, members.present, reading.states, imported)
    told = live_lists.inputs(context.contracts, lists, orders or {})
    found = found_inputs.collect(context, members.present, reading.states)
    root = build(
        context.environment,
        context.wiring,
        context.contracts,
        members,
        literals=literals,
        supplied={**supplied.values, **told, **found},
        access=context.target.access,
        state_providers=providers,
        adoptions=adoptions,
    )
    if context.target.emulator is not None:
        emulated_cluster.refuse_a_real_one(root)
    folder = make_private(_folder(context, members))
    digest = root_folder.materialise(root, folder, context.project.modules, supplied.folders)
    root_folder.lock_providers(folder, lock_file, context.work.glob(f"root-*/{init.LOCK_FILE}"))
    modules = {name: root_folder.tree_digest(context.project.modules / name) for name in members.present}
    order = selection.destroyed_before(members, context.wiring, context.contracts, destroy=destroying)
    return Prepared(
        members, reading, live, literals, root, folder, digest, modules, tuple(adoptions), order, lists, orders or {}
    )


def _look_at_what_exists(context: Context) -> None:
    """Ask AWS whether what the file gives as existing fits, where its layer can tell."""
    for layer in context.environment.of_mode("existing"):
        lookup = layer.contract.lookup
        if lookup is not None and lookup.always and {*lookup.named(layer.existing)} <= {*layer.existing}:
            context.lookup(layer.name)


def _folder(context: Context, members: Selection) -> Path:
    if members.present == context.wiring.order and not members.leaving:
        return invoking.whole(context)
    key = hashlib.sha256("\n".join(members.all).encode()).hexdigest()[:12]
    return context.work / f"root-{key}"
