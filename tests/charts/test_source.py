from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from hp_tf.charts.commands import run_command
from hp_tf.charts.files import digest
from hp_tf.charts.git import GitFolder
from hp_tf.charts.lock import Lock
from hp_tf.charts.source import cache_folder, fetch, git_chart
from hp_tf.errors import BadInput, HptfError
from tests.charts.repositories import CHART, NOTE, commit, pack, serve, write

PLAIN = {
    "charts/top/Chart.yaml": CHART.format(name="top"),
    "charts/top/values.yaml": "a: 1\n",
    "charts/top/templates/note.yaml": NOTE,
    "README.md": "More than the chart.\n",
}


class Recorder:
    """Runs commands, and remembers them."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []

    def __call__(self, command: Sequence[str], cwd: Path, environ: Mapping[str, str]) -> None:
        self.commands.append([Path(command[0]).name, *command[1:]])
        run_command(command, cwd, environ)


def no_helm() -> Path | None:
    return None


def chart_in(folder: Path, files: Mapping[str, str], path: str = "charts/top") -> GitFolder:
    url, revision = commit(folder, files)
    return git_chart(url, revision, path)


def test_a_revision_is_fetched_once_and_recorded(tmp_path: Path) -> None:
    chart = chart_in(tmp_path / "repository", PLAIN)
    lock, ran = Lock(tmp_path / "envs" / "charts.lock.json"), Recorder()
    placed = fetch(chart, tmp_path / "cache", lock, no_helm, ran)
    assert placed.name == "top"
    assert sorted(path.name for path in placed.folder.rglob("*") if path.is_file()) == [
        "Chart.yaml",
        "note.yaml",
        "values.yaml",
    ]
    assert placed.relative == f"charts/top-{placed.digest[:16]}"
    assert json.loads(lock.path.read_text()) == {chart.key: f"sha256:{placed.digest}"}
    again = Recorder()
    assert fetch(chart, tmp_path / "cache", lock, no_helm, again) == placed
    assert ran.commands != []
    assert again.commands == []
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [placed.folder.name]


def test_the_revision_is_fetched_not_the_branch(tmp_path: Path) -> None:
    first = chart_in(tmp_path / "repository", PLAIN)
    second = chart_in(tmp_path / "repository", {"charts/top/values.yaml": "a: 2\n"})
    lock = Lock(tmp_path / "charts.lock.json")
    one = fetch(first, tmp_path / "cache", lock, no_helm)
    two = fetch(second, tmp_path / "cache", lock, no_helm)
    assert (one.folder / "values.yaml").read_text() == "a: 1\n"
    assert (two.folder / "values.yaml").read_text() == "a: 2\n"
    assert one.relative != two.relative
    assert len(json.loads(lock.path.read_text())) == 2


@pytest.mark.parametrize("revision", ["main", "v1.0", "0e329190", "0E32919013E957DC9BD2051BCA645A4D60DF9E8E"])
def test_what_can_move_does_not_pin(tmp_path: Path, revision: str) -> None:
    with pytest.raises(BadInput, match="does not pin a chart"):
        fetch(git_chart("file:///nowhere", revision, "."), tmp_path, Lock(tmp_path / "lock"), no_helm)


def test_another_content_than_recorded_is_refused(tmp_path: Path) -> None:
    chart = chart_in(tmp_path / "repository", PLAIN)
    lock = Lock(tmp_path / "charts.lock.json")
    placed = fetch(chart, tmp_path / "cache", lock, no_helm)
    recorded = lock.path.read_text()
    (placed.folder / "values.yaml").write_text("a: 666\n")
    with pytest.raises(HptfError, match="has another content than") as raised:
        fetch(chart, tmp_path / "cache", lock, no_helm)
    assert str(placed.folder) in str(raised.value)
    assert lock.path.read_text() == recorded


def test_two_fetches_at_once_give_one_chart_and_keep_every_line(tmp_path: Path) -> None:
    files = {**PLAIN, "charts/other/Chart.yaml": CHART.format(name="other")}
    chart = chart_in(tmp_path / "repository", files)
    charts = [chart, replace(chart, path="charts/other")] * 4
    lock = Lock(tmp_path / "charts.lock.json")
    with ThreadPoolExecutor(8) as pool:
        placed = list(pool.map(lambda item: fetch(item, tmp_path / "cache", lock, no_helm), charts))
    assert {item.name for item in placed} == {"top", "other"}
    assert len({item.folder for item in placed}) == 2
    assert len(json.loads(lock.path.read_text())) == 2
    assert sorted((tmp_path / "cache").iterdir()) == sorted({item.folder for item in placed})


def test_the_users_git_configuration_does_not_change_the_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = chart_in(tmp_path / "repository", PLAIN)
    lock = Lock(tmp_path / "charts.lock.json")
    before = fetch(chart, tmp_path / "one", lock, no_helm)
    (tmp_path / "gitconfig").write_text("[core]\n  autocrlf = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert fetch(chart, tmp_path / "two", lock, no_helm).digest == before.digest


@pytest.mark.parametrize("path", ["charts/absent", "..", "/etc", "README.md"])
def test_a_folder_that_is_no_chart_is_named(tmp_path: Path, path: str) -> None:
    chart = replace(chart_in(tmp_path / "repository", PLAIN), path=path)
    with pytest.raises(BadInput, match="there is no chart in"):
        fetch(chart, tmp_path / "cache", Lock(tmp_path / "lock"), no_helm)
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_link_out_of_the_chart_is_refused(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    write(repository, PLAIN)
    (repository / "charts" / "top" / "secret").symlink_to("/etc/hostname")
    with pytest.raises(HptfError, match="has a link out of its folder: secret"):
        fetch(chart_in(repository, {}), tmp_path / "cache", Lock(tmp_path / "lock"), no_helm)


def test_an_unreachable_repository_is_one_sentence(tmp_path: Path) -> None:
    chart = git_chart((tmp_path / "nowhere").as_uri(), "0" * 40, "charts/top")
    with pytest.raises(HptfError, match=r"`git fetch` failed: .+") as raised:
        fetch(chart, tmp_path / "cache", Lock(tmp_path / "lock"), no_helm)
    assert raised.value.hint is not None
    assert "\n" not in raised.value.message


def test_git_that_is_not_installed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(HptfError, match="git is not installed"):
        fetch(git_chart("file:///x", "0" * 40, "."), tmp_path / "cache", Lock(tmp_path / "lock"), no_helm)


def test_charts_that_lie_beside_it_are_copied_without_helm(tmp_path: Path) -> None:
    needs = "dependencies:\n- name: part\n  version: 0.1.0\n  repository: file://../part\n"
    files = {
        "charts/top/Chart.yaml": CHART.format(name="top") + needs,
        "charts/part/Chart.yaml": CHART.format(name="part"),
        "charts/part/templates/note.yaml": NOTE,
    }
    placed = fetch(chart_in(tmp_path / "git", files), tmp_path / "cache", Lock(tmp_path / "lock"), no_helm)
    assert (placed.folder / "charts" / "part" / "templates" / "note.yaml").read_text() == NOTE


@pytest.mark.parametrize("present", [False, True])
def test_a_dependency_outside_the_repository_is_refused_before_helm_runs(
    tmp_path: Path, helm: Path, present: bool
) -> None:
    write(tmp_path / "mine", {"Chart.yaml": CHART.format(name="mine")})
    needs = (
        "dependencies:\n"
        f"- {{name: mine, version: 0.1.0, repository: 'file://{tmp_path}/mine'}}\n"
        "- {name: far, version: 0.1.0, repository: 'https://charts.example.com'}\n"
    )
    files = {"charts/top/Chart.yaml": CHART.format(name="top") + needs}
    if present:
        files["charts/top/charts/mine/Chart.yaml"] = CHART.format(name="mine")
    ran = Recorder()
    with pytest.raises(HptfError, match="dependency mine lies outside its repository"):
        fetch(chart_in(tmp_path / "git", files), tmp_path / "cache", Lock(tmp_path / "lock"), lambda: helm, ran)
    assert {command[0] for command in ran.commands} == {"git"}


@pytest.mark.parametrize("name", ["../../../../escaped", "/{}/escaped", "..", ".hidden", "a/b", "-o", ""])
@pytest.mark.parametrize("key", ["name", "dependency"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str, key: str) -> None:
    """An attacking chart: its dependency would be copied to a path of its own choice."""
    name = name.format(tmp_path.as_posix().strip("/"))
    top = CHART.format(name=repr(name) if key == "name" else "top")
    needs = f"dependencies:\n- {{name: {name if key == 'dependency' else 'part'!r}, repository: 'file://../part'}}\n"
    files = {"charts/top/Chart.yaml": top + needs, "charts/part/Chart.yaml": CHART.format(name="part")}
    with pytest.raises(BadInput, match=r"names a chart|has no name"):
        fetch(chart_in(tmp_path / "git", files), tmp_path / "cache", Lock(tmp_path / "lock"), no_helm)
    assert not list(tmp_path.rglob("*escaped*"))
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_dependency_does_not_replace_another_chart(tmp_path: Path) -> None:
    needs = "dependencies:\n- {name: part, version: 0.1.0, repository: 'file://../part'}\n"
    files = {
        "charts/top/Chart.yaml": CHART.format(name="top") + needs,
        "charts/top/charts/part/Chart.yaml": CHART.format(name="another"),
        "charts/part/Chart.yaml": CHART.format(name="part"),
    }
    with pytest.raises(HptfError, match="charts/part is another chart than the dependency part"):
        fetch(chart_in(tmp_path / "git", files), tmp_path / "cache", Lock(tmp_path / "lock"), no_helm)


@pytest.mark.parametrize(
    "url",
    ["https://me:secret@example.com/charts", "https://secret@example.com/charts", "ssh://me:secret@example.com/x"],
)
def test_credentials_in_the_repository_are_refused_unrepeated(tmp_path: Path, url: str) -> None:
    with pytest.raises(BadInput, match=r"repository at example\.com is given with credentials") as raised:
        fetch(git_chart(url, "0" * 40, "."), tmp_path / "cache", Lock(tmp_path / "lock"), no_helm)
    assert "secret" not in str(raised.value)
    assert not (tmp_path / "lock").exists()


@pytest.mark.parametrize(
    "url", ["ssh://git@example.com/charts", "git@example.com:charts", "https://example.com/charts"]
)
def test_a_user_of_ssh_is_no_secret(tmp_path: Path, url: str) -> None:
    def stop(command: Sequence[str], cwd: Path, environ: Mapping[str, str]) -> None:
        raise HptfError("git was run")

    with pytest.raises(HptfError, match="git was run"):
        fetch(git_chart(url, "0" * 40, "."), tmp_path / "cache", Lock(tmp_path / "lock"), no_helm, stop)


def test_helm_brings_remote_dependencies_and_the_content_is_the_same_each_time(tmp_path: Path, helm: Path) -> None:
    """As in the real chart: one dependency from a repository, one in `charts/` under a folder of another name."""
    shop = tmp_path / "shop"
    shop.mkdir()
    pack(shop / "far-0.1.0.tgz", "far", {"Chart.yaml": CHART.format(name="far"), "templates/note.yaml": NOTE})
    (shop / "index.yaml").write_text(
        "apiVersion: v1\nentries:\n  far:\n  - {apiVersion: v2, name: far, version: 0.1.0, urls: [far-0.1.0.tgz]}\n"
    )
    with serve(shop) as url:
        needs = (
            "dependencies:\n"
            f"- {{name: far, version: 0.1.0, repository: '{url}'}}\n"
            "- {name: near, version: 0.1.0, repository: 'file://charts/folder'}\n"
        )
        files = {
            "charts/top/Chart.yaml": CHART.format(name="top") + needs,
            "charts/top/charts/folder/Chart.yaml": CHART.format(name="near"),
        }
        chart = chart_in(tmp_path / "git", files)
        lock = Lock(tmp_path / "charts.lock.json")
        first = fetch(chart, tmp_path / "one", lock, lambda: helm)
        time.sleep(1.1)  # helm's archives and lock files hold the time in seconds
        second = fetch(chart, tmp_path / "two", lock, lambda: helm)
    assert first.digest == second.digest
    found = sorted(path.relative_to(first.folder).as_posix() for path in first.folder.rglob("*") if path.is_file())
    assert found == [
        "Chart.yaml",
        "charts/far/Chart.yaml",
        "charts/far/templates/note.yaml",
        "charts/folder/Chart.yaml",
    ]
    run_command([str(helm), "template", "release", str(first.folder)], tmp_path, {"HOME": str(tmp_path)})


def test_what_a_dependency_needs_itself_is_fetched_too(tmp_path: Path, helm: Path) -> None:
    """As the GPU operator, a chart in a chart of its name: without the inner one helm renders nothing of it."""
    shop = tmp_path / "shop"
    shop.mkdir()
    pack(shop / "gpu-0.1.0.tgz", "gpu", {"Chart.yaml": CHART.format(name="gpu"), "templates/note.yaml": NOTE})
    (shop / "index.yaml").write_text(
        "apiVersion: v1\nentries:\n  gpu:\n  - {apiVersion: v2, name: gpu, version: 0.1.0, urls: [gpu-0.1.0.tgz]}\n"
    )
    with serve(shop) as url:
        outer = "dependencies:\n- {name: gpu, version: 0.1.0, repository: 'file://charts/gpu'}\n"
        inner = f"dependencies:\n- {{name: gpu, version: 0.1.0, repository: '{url}'}}\n"
        files = {
            "charts/top/Chart.yaml": CHART.format(name="top") + outer,
            "charts/top/charts/gpu/Chart.yaml": CHART.format(name="gpu") + inner,
        }
        placed = fetch(chart_in(tmp_path / "git", files), tmp_path / "one", Lock(tmp_path / "lock"), lambda: helm)
    assert (placed.folder / "charts" / "gpu" / "charts" / "gpu" / "templates" / "note.yaml").read_text() == NOTE


def test_charts_that_need_each_other_are_refused(tmp_path: Path) -> None:
    needs = "dependencies:\n- {{name: {name}, version: 0.1.0, repository: 'file://{place}'}}\n"
    files = {
        "charts/top/Chart.yaml": CHART.format(name="top") + needs.format(name="part", place="../part"),
        # Wherever it is copied to, it finds the other beside where that was.
        "charts/part/Chart.yaml": CHART.format(name="part") + needs.format(name="part", place="."),
    }
    with pytest.raises(HptfError, match="one of them depends on itself"):
        fetch(chart_in(tmp_path / "git", files), tmp_path / "cache", Lock(tmp_path / "lock"), no_helm)


def test_helm_follows_a_lock_file_of_the_charts(tmp_path: Path, helm: Path) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    for version in ("0.1.0", "0.2.0"):
        text = f"apiVersion: v2\nname: far\nversion: {version}\n"
        pack(shop / f"far-{version}.tgz", "far", {"Chart.yaml": text})
    (shop / "index.yaml").write_text(
        "apiVersion: v1\nentries:\n  far:\n"
        "  - {apiVersion: v2, name: far, version: 0.2.0, urls: [far-0.2.0.tgz]}\n"
        "  - {apiVersion: v2, name: far, version: 0.1.0, urls: [far-0.1.0.tgz]}\n"
    )
    with serve(shop) as url:
        work = tmp_path / "work"
        needs = "dependencies:\n- {{name: far, version: '{}', repository: '{}'}}\n"
        write(work, {"Chart.yaml": CHART.format(name="top") + needs.format("0.1.0", url)})
        environ = {"HOME": str(tmp_path)}
        run_command([str(helm), "dependency", "update", str(work)], work, environ)
        lock_file = (work / "Chart.lock").read_text()
        files = {
            "charts/top/Chart.yaml": (work / "Chart.yaml").read_text(),
            "charts/top/Chart.lock": lock_file,
        }
        placed = fetch(chart_in(tmp_path / "git", files), tmp_path / "cache", Lock(tmp_path / "l"), lambda: helm)
    assert "0.1.0" in (placed.folder / "charts" / "far" / "Chart.yaml").read_text()
    assert (placed.folder / "Chart.lock").read_text() == lock_file


def test_remote_dependencies_without_helm_are_said_with_the_command(tmp_path: Path) -> None:
    needs = "dependencies:\n- {name: far, version: 0.1.0, repository: 'https://charts.example.com'}\n"
    files = {"charts/top/Chart.yaml": CHART.format(name="top") + needs}
    with pytest.raises(HptfError, match="there is no helm to fetch them") as raised:
        fetch(chart_in(tmp_path / "git", files), tmp_path / "cache", Lock(tmp_path / "lock"), no_helm)
    assert "pip install 'hp-tf[local]'" in str(raised.value.hint)


def test_the_cache_is_the_users(tmp_path: Path) -> None:
    assert cache_folder({"XDG_CACHE_HOME": "/cache", "HOME": "/home/me"}) == Path("/cache/hptf/charts")
    assert cache_folder({"HOME": "/home/me"}) == Path("/home/me/.cache/hptf/charts")


def test_a_digest_is_of_paths_and_bytes(tmp_path: Path) -> None:
    write(tmp_path / "one", {"a": "1", "b": "2"})
    write(tmp_path / "two", {"a": "1", "b": "2"})
    assert digest(tmp_path / "one") == digest(tmp_path / "two")
    os.utime(tmp_path / "two" / "a", (0, 0))
    assert digest(tmp_path / "one") == digest(tmp_path / "two")
    write(tmp_path / "two", {"a": "12", "b": ""})
    assert digest(tmp_path / "one") != digest(tmp_path / "two")


def test_gits_own_folder_is_no_content_and_one_above_has_no_say(tmp_path: Path) -> None:
    for place in ("plain", ".git/modules/chart"):
        write(tmp_path / place, {"Chart.yaml": "name: a", "templates/note.yaml": NOTE, ".git/config": place})
    plain, inside = digest(tmp_path / "plain"), digest(tmp_path / ".git" / "modules" / "chart")
    assert plain == inside != digest(tmp_path / ".git" / "modules" / "chart" / "templates")
    write(tmp_path / "plain", {"Chart.yaml": "name: b"})
    assert digest(tmp_path / "plain") != inside
