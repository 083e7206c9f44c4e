"""Whether the committed modules are what their definitions say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from hp_tf.contract.base import Contract
from hp_tf.synth import engine
from hp_tf.synth.write import Definitions, drafts, files_of, read, stale_files


def check(
    layers: Iterable[str],
    contracts: Mapping[str, Contract],
    output_directory: Path,
    terraform: Path,
    *,
    documents: Mapping[Path, str] | None = None,
    definitions: Definitions = engine.definition,
) -> list[str]:
    """Return a sentence per file that is missing, differs or is stale; empty if all is up to date. Writes nothing.

    Parameters and errors as ``write.synth``.
    """
    chosen = list(layers)
    files = files_of(drafts(chosen, contracts, definitions), terraform)
    expected = {**{output_directory / path: text for path, text in files.items()}, **(documents or {})}
    found = [sentence for path, text in expected.items() if (sentence := difference(path, text, read(path)))]
    stale = stale_files(output_directory, chosen, contracts, files)
    return [*found, *(f"{output_directory / path} is stale: no definition makes it." for path in stale)]


def difference(path: Path, expected: str, actual: str | None) -> str | None:
    """Return how a file differs from what it should be, by its first differing line; None if it does not."""
    if actual == expected:
        return None
    if actual is None:
        return f"{path} is missing."
    wanted, found = expected.splitlines(), actual.splitlines()
    lines = enumerate(zip(wanted, found, strict=False), start=1)
    number = next((line for line, (a, b) in lines if a != b), min(len(wanted), len(found)) + 1)
    return f"{path} differs from its definition, first in line {number}."
