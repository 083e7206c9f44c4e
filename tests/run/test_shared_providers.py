"""Which providers run through all commands of a run."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hp_tf.environment.model import LocalState
from hp_tf.errors import BadInput
from hp_tf.run.shared_providers import VARIABLE, SharedProviders, wanted
from hp_tf.run.target import Target
from hp_tf.terraform.binary import Terraform
from hp_tf.terraform.mirrors import platform_name
from tests.engine.harness import NoClients
from tests.terraform.test_provider_processes import ADDRESS, PROVIDER, alive, pids, reattached

TERRAFORM = Terraform(Path("terraform"), "terraform", (1, 11, 4))
TARGET = Target(
    region="us-west-2",
    account_id="123456789012",
    partition="aws",
    state=LocalState(Path()),
    clients=NoClients(),
    environ={},
    description="",
)


def root_with(folder: Path, *, blocks: tuple[str, ...] = ("fake",), checksum: str | None = None) -> Path:
    """A root as `hptf` leaves it after `terraform init`."""
    package = folder / ".terraform" / "providers" / ADDRESS / "1.0.0" / platform_name()
    package.mkdir(parents=True)
    program = package / "terraform-provider-fake_v1.0.0"
    program.write_text(PROVIDER)
    program.chmod(0o755)
    line = f"{hashlib.sha256(PROVIDER.encode()).hexdigest()}  {program.name}\n"
    held = checksum or f"h1:{base64.b64encode(hashlib.sha256(line.encode()).digest()).decode()}"
    (folder / ".terraform.lock.hcl").write_text(
        f'provider "{ADDRESS}" {{\n  version     = "1.0.0"\n  constraints = ">= 1.0.0"\n'
        f'  hashes = [\n    "zh:0",\n    "{held}",\n  ]\n}}\n'
    )
    files = {str(at): {"labels": [["provider", name]]} for at, name in enumerate(blocks)}
    (folder / ".hptf-init.json").write_text(json.dumps({"files": files}))
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return root_with(tmp_path / "root")


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[SharedProviders]:
    providers = SharedProviders(TERRAFORM, TARGET, tmp_path)
    yield providers
    providers.close()


def serve(shared: SharedProviders, root: Path, **environ: str) -> dict[str, Any] | None:
    """What a Terraform is told of shared providers, None if there are none."""
    running = shared.serve(root, {**os.environ, **environ}, ["fake"], [])
    return None if running is None else reattached(running.serving({})[0])


def test_one_serves_all_commands_of_a_root_and_ends_with_it(
    shared: SharedProviders, root: Path, tmp_path: Path
) -> None:
    first = serve(shared, root)
    assert first is not None
    assert serve(shared, root) == first
    found = pids(root)
    # Relative paths are those of the root.
    other = root_with(tmp_path / "other")
    assert serve(shared, other) != first
    assert (other / "cwd").exists()
    assert not any(map(alive, found))


@pytest.mark.parametrize(
    "why",
    [
        "two configurations",
        "a module's too",
        "another checksum",
        "no checksum",
        "logs",
        "not installed",
    ],
)
def test_terraform_starts_it_itself(shared: SharedProviders, tmp_path: Path, why: str) -> None:
    blocks = {"two configurations": ("fake", "fake"), "a module's too": ("fake", "other")}
    root = root_with(
        tmp_path / "root",
        blocks=blocks.get(why, ("fake",)),
        checksum={"another checksum": "h1:other", "no checksum": "zh:1"}.get(why),
    )
    if why == "not installed":
        (root / ".terraform").rename(tmp_path / "elsewhere")
    environ = {"TF_LOG_PROVIDER": "debug"} if why == "logs" else {}
    assert serve(shared, root, **environ) is None


@pytest.mark.parametrize(
    ("terraform", "target"),
    [
        (replace(TERRAFORM, product="tofu"), TARGET),
        (TERRAFORM, replace(TARGET, ca_bundle="/etc/own.pem")),
        (TERRAFORM, replace(TARGET, reattached=(ADDRESS,))),
    ],
)
def test_nor_with_another_engine_certificates_of_ones_own_or_a_stand_in(
    tmp_path: Path, root: Path, terraform: Terraform, target: Target
) -> None:
    assert serve(SharedProviders(terraform, target, tmp_path), root) is None


def test_nor_one_that_the_user_takes_from_a_folder(shared: SharedProviders, root: Path) -> None:
    assert shared.serve(root, os.environ, ["fake"], [ADDRESS]) is None


def test_a_program_that_is_no_longer_what_was_checked_is_not_started(shared: SharedProviders, root: Path) -> None:
    assert serve(shared, root) is not None
    (program,) = root.glob(".terraform/providers/**/terraform-provider-fake_v1.0.0")
    before = program.stat()
    program.write_text(PROVIDER.replace("1000", "2000"))
    os.utime(program, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert program.stat().st_size == before.st_size
    assert serve(shared, root) is None


@pytest.mark.parametrize(("given", "on"), [(None, True), ("", True), ("on", True), ("off", False)])
def test_a_variable_turns_it_off(given: str | None, on: bool) -> None:
    assert wanted({} if given is None else {VARIABLE: given}) is on


def test_another_value_is_refused() -> None:
    with pytest.raises(BadInput, match="neither on nor off"):
        wanted({VARIABLE: "no"})
