"""Names made from the environment's that come out longer than AWS takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hp_tf import codes
from hp_tf.contract.base import Contract, quoted
from hp_tf.contract.expressions.evaluate import evaluate
from hp_tf.environment.scope import scope
from hp_tf.environment.structure import Draft
from hp_tf.environment.tree import Path, dotted
from hp_tf.environment.wiring import Wiring
from hp_tf.environment.words import listed
from hp_tf.errors import Problem


@dataclass(frozen=True)
class _TooLong:
    """A name that is longer than its limit."""

    what: str
    rendered: str
    limit: int

    @property
    def excess(self) -> int:
        return len(self.rendered) - self.limit


def name_problems(draft: Draft, wiring: Wiring, contracts: Iterable[Contract]) -> Iterator[Problem]:
    """One problem for each prefix that is too long, with every name it breaks."""
    found: dict[tuple[Path, str], list[_TooLong]] = {}
    for contract in contracts:
        given = wiring.bindings[contract.name].get("name")
        path: Path = ("layers", contract.name, "name") if given is not None and given.kind == "file" else ("name",)
        values = scope(draft, wiring, contract)
        for name in _too_long(contract, values):
            found.setdefault((path, str(values["name"])), []).append(name)
    for (path, prefix), names in found.items():
        names.sort(key=lambda name: -name.excess)
        worst = names[0]
        text = f"{dotted(path)} is too long: the {worst.what} would be {quoted(worst.rendered)}"
        text += f", {len(worst.rendered)} characters where {worst.limit} are allowed"
        fitting = len(prefix) - worst.excess
        hint = f"A name of at most {fitting} characters fits." if fitting > 0 else "No name is short enough."
        others = [f"the {name.what} (by {name.excess})" for name in names[1:]]
        hint += f" Too long are also {listed(others)}." if len(others) > 1 else ""
        hint += f" Too long is also {others[0]}." if len(others) == 1 else ""
        yield Problem(text, draft.environment.place(path), hint, codes.NAME_TOO_LONG, dotted(path))


def _too_long(contract: Contract, values: Mapping[str, Any]) -> Iterator[_TooLong]:
    usable = {key: value for key, value in values.items() if isinstance(value, str)}
    for name in contract.names.values():
        if "name" not in usable or (name.when is not None and evaluate(name.when, values) is not True):
            continue
        try:
            found = _TooLong(name.what, name.render(usable), name.limit)
        except KeyError:
            continue
        if found.excess > 0:
            yield found
