"""hptf's own chart: it has every key the contract writes, and helm renders it whatever is switched on."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hp_tf.charts.source import EMBEDDED, embedded
from hp_tf.layers.helm.contract import HelmInputs, chart_values

TOGGLES = sorted(key.path for name, key in chart_values() if HelmInputs.model_fields[name].annotation is bool)


def test_it_has_the_name_of_the_real_chart() -> None:
    assert embedded().name == "hyperpod-helm-chart"


@pytest.mark.parametrize(("name", "path"), [(name, key.path) for name, key in chart_values()])
def test_every_key_of_the_contract_is_in_its_values(name: str, path: str) -> None:
    level: Any = YAML(typ="safe").load((EMBEDDED / "values.yaml").read_text())
    for part in path.split("."):
        assert part in level, f"{name} writes {path}"
        level = level[part]
    field = HelmInputs.model_fields[name]
    if field.annotation is bool:
        assert level is field.default


def render(helm: Path, *arguments: str) -> list[dict[str, Any]]:
    command = [str(helm), "template", "dependencies", str(EMBEDDED), "--namespace", "kube-system"]
    command += ["--set", "global.region=us-west-2", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env={"HOME": "/nonexistent"})
    assert done.returncode == 0, done.stderr
    return [document for document in YAML(typ="safe").load_all(done.stdout) if document]


def parts(documents: list[dict[str, Any]]) -> list[str]:
    held = next(item for item in documents if item["kind"] == "ConfigMap")
    return str(held["data"]["parts"]).split()


def test_helm_finds_nothing_wrong_with_it(helm: Path) -> None:
    command = [str(helm), "lint", "--strict", str(EMBEDDED), "--set", "global.region=us-west-2"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env={"HOME": "/nonexistent"})
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_renders_with_its_defaults(helm: Path) -> None:
    documents = render(helm)
    assert {item["kind"] for item in documents} == {"ConfigMap", "DaemonSet", "ClusterRole", "ClusterRoleBinding"}
    assert "health-monitoring-agent" in parts(documents)
    assert "mlflow" not in parts(documents)


@pytest.mark.parametrize("toggle", TOGGLES)
def test_each_toggle_does_something(helm: Path, toggle: str) -> None:
    on = parts(render(helm, "--set", f"{toggle}=true"))
    off = parts(render(helm, "--set", f"{toggle}=false"))
    assert set(on) - set(off) == {toggle.split(".")[0]}


def test_all_switches_on_render_every_part_of_the_chart(helm: Path) -> None:
    switches = [argument for toggle in TOGGLES for argument in ("--set", f"{toggle}=true")]
    assert len(parts(render(helm, *switches))) == len(TOGGLES)
