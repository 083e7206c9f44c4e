"""What a run of a workbench lost."""

from __future__ import annotations

from dataclasses import replace

from hp_tf.recovery import ledger
from hp_tf.recovery.history import Orphan
from hp_tf.recovery.ledger import Entry
from tests.engine.harness import Workbench

RUN = "20261201T000000-apply-abcdef"


def lose(bench: Workbench, *addresses: str, known: bool = True) -> None:
    """Note that a run lost these; ``known``: with their ids."""
    items = tuple(Orphan(at, "terraform_data", f"id-of-{at.split('.')[1]}" if known else None, RUN) for at in addresses)
    note(bench, *items)


def note(bench: Workbench, *items: Orphan) -> None:
    """Note that a run lost these."""
    lost = tuple(replace(item, run=item.run or RUN) for item in items)
    ledger.save(bench.open().store, Entry(RUN, tuple(bench.contracts), "ci@runner", None, lost))


def lost(bench: Workbench) -> list[str]:
    """The addresses of what is lost."""
    return [item.address for entry in ledger.read_all(bench.open().store) for item in entry.lost]
