"""The layers there are: one folder each in this package, with a ``contract.py`` in it."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from hp_tf.contract.base import Contract

_FOLDER = Path(__file__).parent


def discover() -> Mapping[str, Contract]:
    """Return every layer's contract by name, producers first, each of these ranks by name.

    A wire that holds for an existing producer only is no order: nothing is created there.
    """
    names = sorted(file.parent.name for file in _FOLDER.glob("*/contract.py"))
    contracts: dict[str, Contract] = {name: import_module(f"hp_tf.layers.{name}.contract").CONTRACT for name in names}
    graph = {
        name: {wire.layer for _, wire in contract.wires() if wire.when != "existing"}
        for name, contract in contracts.items()
    }
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order += ready
        sorter.done(*ready)
    return MappingProxyType({name: contracts[name] for name in order})


CONTRACTS = discover()
