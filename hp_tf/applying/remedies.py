"""What helps against the errors of an apply, as the layers know it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from hp_tf.contract.base import Contract
from hp_tf.terraform.events import Diagnostic


def advice(contracts: Mapping[str, Contract], diagnostics: Iterable[Diagnostic]) -> str | None:
    """Return what to do about these errors, a line for each thing; None where no layer knows."""
    return "\n  ".join(dict.fromkeys(_lines(contracts, diagnostics))) or None


def _lines(contracts: Mapping[str, Contract], diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    for item in diagnostics:
        contract = contracts.get(item.layer or "")
        for remedy in contract.remedies if contract is not None and item.severity == "error" else ():
            if re.search(remedy.pattern, f"{item.summary}\n{item.detail}"):
                yield remedy.advice.format(layer=f"layers.{item.layer}")
