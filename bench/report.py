"""What was measured: rows with their bars, a table for people, JSON with every raw number."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil

import hp_tf

LEAST_ROUNDS = 5
"""Of how many runs a median must be before it is held against a bar."""

_PACKAGES = ("typer", "pydantic", "boto3", "moto", "grpcio")


@dataclass(frozen=True)
class Row:
    """One figure.

    Attributes:
        bar: the most it may be, in the same unit; None for a figure that only informs.
        unit: "s", "x" (a ratio), "MB", or "" for a count.
        remark: what the figure is made of.
        judged: whether the figure stands on enough runs to be held against its bar.
    """

    name: str
    value: float
    unit: str
    bar: float | None = None
    remark: str = ""
    judged: bool = True

    @property
    def passed(self) -> bool | None:
        """Whether the bar is met; None without one, or if the figure is not judged."""
        return None if self.bar is None or not self.judged else self.value <= self.bar


@dataclass
class Section:
    """One section's rows, further lines for people, and raw numbers for the JSON."""

    title: str
    rows: list[Row] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    raw: dict[str, Any] = field(default_factory=dict)


def table(sections: Sequence[Section]) -> str:
    """Return the rows of all sections as text in columns, each section followed by its lines."""
    cells = {id(row): _cells(row) for section in sections for row in section.rows}
    widths = [max((len(line[column]) for line in cells.values()), default=0) for column in range(4)]
    out: list[str] = []
    for section in sections:
        out.append(section.title)
        for row in section.rows:
            name, value, bar, verdict = cells[id(row)]
            line = (
                f"  {name:<{widths[0]}}  {value:>{widths[1]}}  {bar:<{widths[2]}}  {verdict:<{widths[3]}}  {row.remark}"
            )
            out.append(line.rstrip())
        out += [f"  {line}" for line in section.lines]
    return "\n".join(out)


def _cells(row: Row) -> tuple[str, str, str, str]:
    value = _figure(row.value, row.unit)
    if row.bar is None:
        return row.name, value, "", ""
    verdict = {None: "not judged (quick)", True: "pass", False: "FAIL"}[row.passed]
    return row.name, value, f"<= {_figure(row.bar, row.unit)}", verdict


def _figure(value: float, unit: str) -> str:
    digits = {"MB": 0, "": 0}.get(unit, 2)
    return f"{value:.{digits}f} {unit}".rstrip()


def unjudged(sections: Sequence[Section]) -> list[Section]:
    """Return the sections with no figure held against its bar."""
    return [replace(section, rows=[replace(row, judged=False) for row in section.rows]) for section in sections]


def missed(sections: Sequence[Section]) -> list[Row]:
    """Return the rows whose bar is not met."""
    return [row for section in sections for row in section.rows if row.passed is False]


def facts(versions: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the figures depend on: the machine, and the versions and settings of what ran."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "hptf": hp_tf.__version__,
        "machine": {
            "cores": os.cpu_count(),
            "usable_cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
            "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
            "load_average": [round(value, 2) for value in os.getloadavg()],
            "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        },
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in _PACKAGES if _installed(name)},
        **versions,
    }


def _installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def write(folder: Path, about: Mapping[str, Any], sections: Sequence[Section]) -> Path:
    """Write everything as JSON into a file named by its date, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    stamp = str(about["date"]).replace(":", "").replace("+0000", "Z")
    document = {
        **about,
        "sections": [
            {
                "title": section.title,
                "rows": [{**asdict(row), "passed": row.passed} for row in section.rows],
                "lines": section.lines,
                "raw": section.raw,
            }
            for section in sections
        ],
    }
    path = folder / f"{stamp}.json"
    path.write_text(json.dumps(document, indent=2) + "\n")
    return path
