"""Real Terraform on roots that need only its built-in provider."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from hp_tf.terraform import binary
from hp_tf.terraform.binary import Terraform
from hp_tf.terraform.commands import Invocation
from hp_tf.terraform.environment import terraform_environment
from hp_tf.terraform.events import Event

MakeRoot = Callable[..., Invocation]


@pytest.fixture(scope="session")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Terraform:
    return binary.find({**os.environ, "XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache"))})


@pytest.fixture
def make_root(tmp_path: Path, terraform: Terraform) -> MakeRoot:
    """Writes a root with this main.tf and gives the invocation for it; `events` collects what it says."""

    def make(main: str, *, name: str = "root", events: list[Event] | None = None) -> Invocation:
        root = tmp_path / name
        root.mkdir(parents=True, exist_ok=True)
        (root / "main.tf").write_text(main, encoding="utf-8")
        config = tmp_path / "empty.tfrc"
        config.touch()
        return Invocation(
            terraform=terraform,
            root=root,
            environ=terraform_environment(os.environ, {"TF_CLI_CONFIG_FILE": str(config)}),
            logs=tmp_path / f"logs-{name}",
            on_event=events.append if events is not None else None,
        )

    return make
