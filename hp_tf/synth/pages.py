"""The parts of the repository's own pages that are derived from the layers: README's table, the permissions.

A page has marks around what is written here; the rest of it is people's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path

from hp_tf.contract.base import Contract
from hp_tf.errors import BadInput

PERMISSIONS = "permissions.md"
_BEGIN = "<!-- {} (written by `hptf synth`) -->\n"
_END = "<!-- end of {} -->\n"


def pages(root: Path, contracts: Mapping[str, Contract]) -> dict[Path, str]:
    """Return README.md and docs/permissions.md of a checkout as they should be, by path.

    Raises:
        BadInput: if a page is not there or lacks its marks.
    """
    sections = {
        root / "README.md": ("layers", _table(("layer", "stacks", "makes"), map(_made, contracts.values()))),
        root / "docs" / "permissions.md": (
            "permissions by layer",
            _table(
                ("layer", "actions"), ((f"[{name}](../modules/{name}/README.md)", actions(name)) for name in contracts)
            ),
        ),
    }
    return {path: _with_section(path, name, text) for path, (name, text) in sections.items()}


def actions(layer: str) -> str:
    """Return what a layer needs to be allowed, in one line; an empty one if it does not say."""
    file = files("hp_tf.layers") / layer / PERMISSIONS
    return " ".join(file.read_text(encoding="utf-8").split()) if file.is_file() else ""


def _made(contract: Contract) -> tuple[str, str, str]:
    stacks = ", ".join(stack.removesuffix("Stack") for stack in contract.replaces)
    makes = contract.summary.removesuffix(".")
    return f"[{contract.name}](modules/{contract.name}/README.md)", stacks, makes


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _with_section(path: Path, name: str, text: str) -> str:
    begin, end = _BEGIN.format(name), _END.format(name)
    try:
        page = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        page = ""
    before, opened, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not opened or not closed:
        raise BadInput(
            f"{path} has no lines '{begin.strip()}' and '{end.strip()}'", hint="put them where the table is to be"
        )
    return f"{before}{begin}\n{text}\n{end}{after}"
