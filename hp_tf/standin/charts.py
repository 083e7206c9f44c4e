"""What a provider must know of a Helm chart before installing it: name, version, type, and missing dependencies."""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from hp_tf.standin.backend import Failure

CHART_FILE = "Chart.yaml"
INSTALLABLE = (None, "", "application")


@dataclass(frozen=True)
class Chart:
    """A chart on disk.

    path: folder or archive.
    version: from Chart.yaml.
    """

    path: Path
    name: str
    version: str


def locate(caller: Path, chart: str, repository: str | None) -> Path:
    """The folder or archive a release's `chart` names, relative to the caller's working directory.

    Raises Failure for a chart that is not on disk: the stand-in downloads nothing.
    """
    names = [chart] if not repository or "/" in chart else [f"{repository}/{chart}", chart]
    for name in names:
        path = caller / Path(name).expanduser()
        if (path / CHART_FILE).is_file() or (path.is_file() and path.suffix == ".tgz"):
            return path
    detail = (
        f'Unable to locate chart "{chart}" in {caller}. The stand-in provider installs charts from a path only: '
        "a folder with a Chart.yaml, or a .tgz."
    )
    raise Failure("Error locating chart", detail, path=("chart",))


def load(path: Path) -> Chart:
    """Read a chart and check that it can be installed.

    Raises Failure for a chart that is malformed, is a library, or lacks dependencies that Chart.yaml names.
    """
    files, present = _archive(path) if path.is_file() else _folder(path)
    metadata = _yaml(files.get(CHART_FILE), path)
    name, version = metadata.get("name"), metadata.get("version")
    if not name or not version:
        raise Failure("Error loading chart", f"{path}/{CHART_FILE} must have a name and a version.", path=("chart",))
    if metadata.get("type") not in INSTALLABLE:
        detail = f"{name} is a {metadata['type']} chart, and only application charts can be installed."
        raise Failure("Chart cannot be installed", detail, path=("chart",))
    declared = metadata.get("dependencies") or _yaml(files.get("requirements.yaml"), path).get("dependencies") or []
    missing = sorted({str(entry.get("name")) for entry in declared} - present)
    if missing:
        detail = (
            f"Found in {CHART_FILE}, but missing in charts/ directory: {', '.join(missing)} (chart {path}). "
            "Run `helm dependency build` on it."
        )
        raise Failure("Missing chart dependencies", detail, path=("chart",))
    return Chart(path, str(name), str(version))


def _yaml(text: bytes | None, path: Path) -> dict[str, Any]:
    if text is None:
        return {}
    try:
        loaded = YAML(typ="safe").load(text)
    except YAMLError as error:
        raise Failure("Error loading chart", f"{path} is not valid YAML: {error}", path=("chart",)) from error
    return loaded if isinstance(loaded, dict) else {}


def _folder(path: Path) -> tuple[dict[str, bytes], set[str]]:
    """The chart's own files that matter, and the names of the charts in charts/."""
    files = {name: (path / name).read_bytes() for name in (CHART_FILE, "requirements.yaml") if (path / name).is_file()}
    present: set[str] = set()
    for entry in sorted((path / "charts").glob("*")) if (path / "charts").is_dir() else []:
        if (entry / CHART_FILE).is_file():
            present.add(str(_yaml((entry / CHART_FILE).read_bytes(), entry).get("name")))
        elif entry.suffix == ".tgz":
            inner, _ = _archive(entry)
            present.add(str(_yaml(inner.get(CHART_FILE), entry).get("name")))
    return files, present


def _archive(path: Path) -> tuple[dict[str, bytes], set[str]]:
    try:
        return _members(path.read_bytes(), path)
    except (OSError, tarfile.TarError) as error:
        raise Failure("Error loading chart", f"{path} cannot be read: {error}", path=("chart",)) from error


def _members(data: bytes, path: Path) -> tuple[dict[str, bytes], set[str]]:
    files: dict[str, bytes] = {}
    present: set[str] = set()
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as tar:
        for member in tar:
            parts = PurePosixPath(member.name).parts[1:]
            stream = tar.extractfile(member) if member.isfile() else None
            if stream is None or not parts:
                continue
            if len(parts) == 1 and parts[0] in (CHART_FILE, "requirements.yaml"):
                files[parts[0]] = stream.read()
            elif parts[0] == "charts" and len(parts) == 3 and parts[2] == CHART_FILE:
                present.add(str(_yaml(stream.read(), path).get("name")))
            elif parts[0] == "charts" and len(parts) == 2 and parts[1].endswith(".tgz"):
                inner, _ = _members(stream.read(), path)
                present.add(str(_yaml(inner.get(CHART_FILE), path).get("name")))
    return files, present
