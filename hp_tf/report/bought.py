"""What is paid for, for people: a line for each purchase, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hp_tf.contract.purchases import totals
from hp_tf.planning.purchases import Bought
from hp_tf.report.text import PLAIN, Paint, printable


def lines(items: Sequence[Bought], title: str, paint: Paint = PLAIN) -> Iterator[str]:
    """Yield what is bought under a title; nothing where nothing is."""
    if not items:
        return
    yield paint(title, "1")
    room = max(len(_place(item)) for item in items)
    for item in items:
        yield printable(f"  {_place(item):{room}}  {item.purchase.what}")
    counted = ", ".join(unit.of(number) for unit, number in totals(item.purchase for item in items).items())
    uncounted = sorted({kind for item in items for kind in item.purchase.uncounted})
    if counted or uncounted:
        without = f", and what nodes of {', '.join(uncounted)} have, which this hptf does not know" if uncounted else ""
        yield printable(f"  in all: {counted}{without}")


def _place(item: Bought) -> str:
    return item.layer if item.purchase.name is None else f"{item.layer} {item.purchase.name}"
