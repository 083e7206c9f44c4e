"""A chart in a folder: its name, the dependencies it declares and has, and the digest of its content."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from hp_tf.charts.files import digest
from hp_tf.errors import BadInput

CHART_FILE = "Chart.yaml"
# A name becomes part of a path, here and in helm: it must not lead out of the folder it is put in.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Dependency:
    """A chart that another declares. ``repository``: ``https://...``, ``oci://...``, ``file://...``, or empty."""

    name: str
    repository: str

    @property
    def local(self) -> Path | None:
        """Where a ``file://`` dependency is, relative to the chart that declares it."""
        return Path(self.repository.removeprefix("file://")) if self.repository.startswith("file://") else None


@dataclass(frozen=True)
class PlacedChart:
    """A chart that is ready: its dependencies are in ``charts/`` and its content is known.

    ``relative`` is where a root holds it: the digest is in the path, because helm does not look inside a chart to see
    whether it changed.
    """

    name: str
    folder: Path
    digest: str

    @property
    def relative(self) -> str:
        """The chart's path in a root."""
        return f"charts/{self.name}-{self.digest[:16]}"


def local(folder: Path) -> PlacedChart:
    """Return a chart in a folder of the user's.

    Raises:
        BadInput: if it is no chart or lacks dependencies.
    """
    data = metadata(folder)
    lacking = missing(folder, dependencies(folder))
    if lacking:
        names = ", ".join(item.name for item in lacking)
        raise BadInput(
            f"the chart in {folder} lacks its dependencies {names}", hint=f"run `helm dependency build {folder}`"
        )
    return PlacedChart(str(data["name"]), folder, digest(folder))


def metadata(folder: Path) -> Mapping[str, Any]:
    """Return the content of ``Chart.yaml``.

    Raises:
        BadInput: without one, or without a name fit for a folder in it.
    """
    try:
        data = YAML(typ="safe").load((folder / CHART_FILE).read_text())
    except OSError as error:
        raise BadInput(f"there is no chart in {folder}", hint=f"the folder must hold {CHART_FILE}") from error
    except (YAMLError, UnicodeDecodeError) as error:
        problem = " ".join(str(error).split())
        raise BadInput(f"{folder}/{CHART_FILE} is not YAML: {problem}", hint="correct the file") from error
    if not isinstance(data, dict) or not data.get("name"):
        raise BadInput(f"{folder}/{CHART_FILE} has no name", hint="give the chart a name")
    _check_name(folder, data["name"])
    return data


def dependencies(folder: Path) -> list[Dependency]:
    """Return what a chart declares to depend on.

    Raises:
        BadInput: as `metadata` does, also for a dependency's name.
    """
    declared = metadata(folder).get("dependencies")
    items = [item for item in declared if isinstance(item, dict)] if isinstance(declared, list) else []
    for item in items:
        _check_name(folder, item.get("name"))
    return [Dependency(str(item["name"]), str(item.get("repository") or "")) for item in items]


def _check_name(folder: Path, name: object) -> None:
    if _NAME.fullmatch(str(name)) is None:
        raise BadInput(
            f"{folder}/{CHART_FILE} names a chart {str(name)!r}",
            hint="a chart's name is letters, digits, dots, hyphens and underscores, a letter or digit first",
        )


def missing(folder: Path, declared: Sequence[Dependency]) -> list[Dependency]:
    """Return the dependencies that are not in a chart's ``charts/``.

    There they are a folder with that name in its Chart.yaml, or an archive whose file name begins with it.
    """
    present, archives = set(), []
    for path in sorted((folder / "charts").glob("*")):
        if (path / CHART_FILE).is_file():
            present.add(str(metadata(path)["name"]))
        elif path.suffix == ".tgz":
            archives.append(path.name)
    return [
        item
        for item in declared
        if item.name not in present and not any(name.startswith(f"{item.name}-") for name in archives)
    ]
