from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from hp_tf.errors import HptfError
from hp_tf.terraform.binary import ask_version, find


def program(folder: Path, name: str, version: str = "Terraform v1.11.4", *, script: bool = False) -> Path:
    """An executable file that is no shell script unless asked: `ask` stands for running it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho {version}\n" if script else f"binary {version}")
    path.chmod(0o755)
    return path


class Asked:
    """Stands for running `PATH version`; counts."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, path: Path) -> str:
        self.calls += 1
        return path.read_text().removeprefix("binary ")


def environ(tmp_path: Path, *folders: Path, **more: str) -> dict[str, str]:
    return {"PATH": os.pathsep.join(map(str, folders)), "HOME": str(tmp_path), **more}


def test_terraform_comes_before_tofu(tmp_path: Path) -> None:
    program(tmp_path / "a", "tofu", "OpenTofu v1.10.2")
    wanted = program(tmp_path / "b", "terraform")
    found = find(environ(tmp_path, tmp_path / "a", tmp_path / "b"), ask=Asked())
    assert (found.path, found.product, found.version) == (wanted, "terraform", (1, 11, 4))


def test_tofu_serves_alone(tmp_path: Path) -> None:
    program(tmp_path / "a", "tofu", "OpenTofu v1.10.2")
    found = find(environ(tmp_path, tmp_path / "a"), ask=Asked())
    assert (found.product, found.version, str(found)) == ("tofu", (1, 10, 2), "tofu 1.10.2")


def test_the_named_program_wins(tmp_path: Path) -> None:
    program(tmp_path / "a", "terraform")
    named = program(tmp_path / "b c", "terraform-1.12", "Terraform v1.12.0-beta1")
    found = find(environ(tmp_path, tmp_path / "a", HPTF_TERRAFORM=str(named)), ask=Asked())
    assert (found.path, found.version) == (named, (1, 12, 0))


@pytest.mark.parametrize(
    ("version", "says"),
    [
        ("Terraform v1.9.8", "terraform 1.9.8 at"),
        ("OpenTofu v1.8.0", "tofu 1.8.0 at"),
        ("Packer v1.11.0", "does not say a Terraform or OpenTofu version"),
    ],
)
def test_an_unusable_version_is_refused(tmp_path: Path, version: str, says: str) -> None:
    program(tmp_path / "a", "terraform", version)
    with pytest.raises(HptfError, match=says) as caught:
        find(environ(tmp_path, tmp_path / "a"), ask=Asked())
    assert "HPTF_TERRAFORM" in (caught.value.hint or "")


def test_without_a_terraform_the_remedy_is_named(tmp_path: Path) -> None:
    with pytest.raises(HptfError, match="Neither terraform nor tofu is on PATH") as caught:
        find(environ(tmp_path, tmp_path))
    assert "install" in (caught.value.hint or "")


def test_a_name_that_is_no_program(tmp_path: Path) -> None:
    with pytest.raises(HptfError, match="HPTF_TERRAFORM is 'nosuch'"):
        find(environ(tmp_path, tmp_path, HPTF_TERRAFORM="nosuch"))


def test_a_program_that_fails(tmp_path: Path) -> None:
    path = program(tmp_path / "a", "terraform", script=True)
    path.write_text("#!/bin/sh\nexit 3\n")
    with pytest.raises(HptfError, match=r"did not run: it ended with exit code 3\n"):
        find(environ(tmp_path, tmp_path / "a"))


def test_the_answer_is_kept_until_the_file_changes(tmp_path: Path) -> None:
    path = program(tmp_path / "a", "terraform")
    ask = Asked()
    variables = environ(tmp_path, tmp_path / "a", XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert find(variables, ask=ask) == find(variables, ask=ask)
    assert ask.calls == 1
    path.write_text("binary Terraform v1.12.13")
    assert find(variables, ask=ask).version == (1, 12, 13)
    assert ask.calls == 2
    kept = tmp_path / "cache" / "hptf" / "terraform-versions.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.read_text().count("Terraform v") == 1


def test_a_broken_cache_costs_nothing_but_time(tmp_path: Path) -> None:
    program(tmp_path / "a", "terraform")
    kept = tmp_path / ".cache" / "hptf" / "terraform-versions.json"
    kept.parent.mkdir(parents=True)
    kept.write_text("{broken")
    assert find(environ(tmp_path, tmp_path / "a"), ask=Asked()).version == (1, 11, 4)


def test_a_shim_is_asked_each_time(tmp_path: Path) -> None:
    """A version manager's script answers by the folder it is called in."""
    program(tmp_path / "a", "terraform", script=True)
    calls: list[Path] = []

    def ask(path: Path) -> str:
        calls.append(path)
        return ask_version(path)

    variables = environ(tmp_path, tmp_path / "a")
    assert find(variables, ask=ask) == find(variables, ask=ask)
    assert len(calls) == 2


def test_the_machines_terraform_is_found_with_its_version(tmp_path: Path) -> None:
    found = find({**os.environ, "XDG_CACHE_HOME": str(tmp_path)})
    text = subprocess.run([found.path, "version"], capture_output=True, text=True, check=True).stdout
    assert ".".join(map(str, found.version)) in text


def test_opentofus_encryption_is_refused_by_name(tmp_path: Path) -> None:
    tofu = program(tmp_path / "bin", "tofu", "OpenTofu v1.12.6")
    given = environ(tmp_path, HPTF_TERRAFORM=str(tofu), TF_ENCRYPTION="state { enforced = true }")
    with pytest.raises(HptfError, match="TF_ENCRYPTION"):
        find(given, ask=Asked())
    terraform = program(tmp_path / "bin", "terraform")
    assert find({**given, "HPTF_TERRAFORM": str(terraform)}, ask=Asked()).product == "terraform"
