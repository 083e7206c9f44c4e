"""Every layer's module, as the real aws provider plans it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from hp_tf.layers.discovery import CONTRACTS
from hp_tf.synth.check import check
from hp_tf.synth.format import formatted
from hp_tf.synth.generate import Draft
from hp_tf.synth.write import drafts, files_of, synth
from tests.synth import roots
from tests.synth.standins import standins as served
from tests.synth.terraform import Terraform, mirror, write

pytestmark = [pytest.mark.slow, pytest.mark.synth]


@pytest.fixture(scope="module")
def made() -> list[Draft]:
    return drafts(CONTRACTS, CONTRACTS)


@pytest.fixture(scope="module")
def modules(made: list[Draft], program: Path) -> dict[Path, str]:
    return files_of(made, program)


@pytest.fixture(scope="module")
def standins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """Awscc and helm, for planning creates."""
    with served(tmp_path_factory.mktemp("s")) as environ:
        yield environ


def started(folder: Path, program: Path, environ: Mapping[str, str]) -> Terraform:
    terraform = Terraform(program, folder, environ, providers=mirror(), seconds=300)
    terraform.init()
    return terraform


def hcl_form(folder: Path, modules: Mapping[Path, str]) -> Path:
    return write(folder / "modules", {str(path): text for path, text in modules.items()}).parent


def by_layer(plan: dict[str, Any]) -> dict[str, int]:
    counts = dict.fromkeys(CONTRACTS, 0)
    for change in plan["resource_changes"]:
        if change["mode"] == "managed" and change["address"].startswith("module."):
            counts[change["address"].split(".")[1]] += 1
    return counts


def test_hcl_form_plans_as_json_form(
    tmp_path: Path, program: Path, made: list[Draft], modules: dict[Path, str], standins: Mapping[str, str]
) -> None:
    folders = [hcl_form(tmp_path / "hcl", modules), roots.json_form(tmp_path / "json", made)]
    plans = []
    for folder in folders:
        write(folder, {"main.tf": roots.wired()})
        plans.append(started(folder, program, standins).plan())
    hcl, json_ = (
        {key: plan.get(key) for key in ("resource_changes", "output_changes", "planned_values")} for plan in plans
    )
    assert hcl == json_
    assert min(by_layer(plans[0]).values()) >= 1, by_layer(plans[0])


def test_every_layer_plans_with_all_wired_values_unknown(
    tmp_path: Path, program: Path, modules: dict[Path, str], standins: Mapping[str, str]
) -> None:
    folder = write(hcl_form(tmp_path, modules), {"main.tf": roots.unknown()})
    plan = started(folder, program, standins).plan()
    assert min(by_layer(plan).values()) >= 1, by_layer(plan)
    # What is chosen of the dependency chart is known, whatever else is not.
    (release,) = [
        item["change"] for item in plan["resource_changes"] if item["address"] == "module.helm.helm_release.this"
    ]
    assert [text for text in release["after"]["values"] if text is not None]


def test_modules_validate(tmp_path: Path, program: Path, modules: dict[Path, str], standins: Mapping[str, str]) -> None:
    folder = write(hcl_form(tmp_path, modules), {"main.tf": roots.wired()})
    found = json.loads(started(folder, program, standins).run("validate", "-json").stdout)
    assert found["diagnostics"] == []


def test_two_runs_are_byte_identical(tmp_path: Path, program: Path, modules: dict[Path, str]) -> None:
    changed = synth(CONTRACTS, CONTRACTS, tmp_path, program)
    assert sorted(changed) == sorted(tmp_path / path for path in modules)
    assert {path: (tmp_path / path).read_text() for path in modules} == modules
    assert synth(CONTRACTS, CONTRACTS, tmp_path, program) == []
    assert check(CONTRACTS, CONTRACTS, tmp_path, program) == []


@pytest.mark.parametrize("layer", CONTRACTS)
def test_every_module_is_complete(layer: str, modules: dict[Path, str], program: Path) -> None:
    names = {str(path.relative_to(layer)) for path in modules if path.parts[0] == layer}
    assert {"main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md"} <= names
    hcl = {str(path): modules[path] for path in modules if path.parts[0] == layer and path.suffix == ".tf"}
    assert formatted(hcl, program) == hcl
    text = "".join(hcl.values())
    assert "\nprovider " not in text
    assert "backend" not in text
    assert "/work/" not in text
    for part in ("variable", "output"):
        assert text.count(f'\n{part} "') <= text.count("description =")
