"""A root on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.planning.root import Root
from hp_tf.planning.root_folder import materialise, tree_digest


@pytest.mark.parametrize("above", ["charts", ".git/modules", ".terraform/modules"])
def test_a_chart_at_a_clones_root_comes_without_what_git_keeps(tmp_path: Path, above: str) -> None:
    chart = tmp_path / above / "chart"
    for name in ("Chart.yaml", "templates/note.yaml", ".git/config", "part/.git"):
        (chart / name).parent.mkdir(parents=True, exist_ok=True)
        (chart / name).write_text(name)
    root = tmp_path / "root"
    digests = [materialise(Root({}, {}, ()), root, tmp_path, {"charts/chart-1": chart})]
    (chart / ".git" / "config").write_text("url = https://token@example.com")
    digests.append(materialise(Root({}, {}, ()), root, tmp_path, {"charts/chart-1": chart}))
    copied = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    assert copied == ["charts/chart-1/Chart.yaml", "charts/chart-1/templates/note.yaml", "main.tf.json"]
    assert digests[0] == digests[1]
    assert tree_digest(chart) != tree_digest(chart / "templates")


def test_a_root_is_rid_of_all_that_terraform_would_read_beside_it(tmp_path: Path) -> None:
    root = tmp_path / "root"
    digest = materialise(Root({}, {"a": 1}, ()), root, tmp_path, {})
    stray = ("more.tf", "override.tf.json", "x.auto.tfvars", "terraform.tfvars.json", "y.tofu")
    kept = (".terraform.lock.hcl", "errored.tfstate", "hptf.auto.tfvars.json", "main.tf.json")
    for name in (*stray, *kept[:2]):
        (root / name).write_text("{}")
    assert materialise(Root({}, {"a": 1}, ()), root, tmp_path, {}) == digest
    assert sorted(path.name for path in root.iterdir()) == sorted(kept)
