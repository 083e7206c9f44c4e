"""What a shell completes, asked as a shell asks it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.commands import ROOT, hptf

DESTROYED = 'module.network.aws_subnet.private["usw2-az1"]'


@pytest.fixture
def below(tmp_path: Path) -> Path:
    """A folder below one that holds environments, whose last plan destroys a subnet."""
    shutil.copytree(ROOT / "envs", tmp_path / "envs")
    plans = tmp_path / ".hptf" / "dev" / "runs"
    for number, (address, action) in enumerate(((DESTROYED, "create"), (DESTROYED, "delete"))):
        folder = plans / f"2026120{number}T-plan"
        folder.mkdir(parents=True)
        resource = {"addr": address, "module": "", "resource_type": "aws_subnet", "resource_name": "x"}
        change = {"resource": resource, "action": action}
        events = [{"type": "planned_change", "@message": "", "change": change}]
        (folder / "plan.jsonl").write_text("".join(f"{json.dumps(event)}\n" for event in events))
    (tmp_path / "a" / "b").mkdir(parents=True)
    return tmp_path / "a" / "b"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("hptf plan ", sorted(path.stem for path in (ROOT / "envs").glob("*.yaml"))),
        ("hptf local down l", ["local"]),
        ("hptf apply dev --layer ne", ["network"]),
        ("hptf output dev network vpc_i", ["vpc_id"]),
        ("hptf output dev nowhere ", []),
        ("hptf apply dev --allow-destroy ", [DESTROYED]),
        ("hptf apply dev --keep module.e", []),
        ("hptf apply nowhere --keep ", []),
    ],
)
def test_what_comes_next_is_known(line: str, found: list[str], below: Path) -> None:
    words = line.split(" ")
    asked = {
        "_HPTF_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    done = hptf(cwd=below, script="import sys; sys.argv[0] = 'hptf'\nfrom hp_tf.cli import main; main()", environ=asked)
    assert done.stdout.split() == found, done.stderr


def test_environments_are_found_from_any_folder_below(below: Path) -> None:
    done = hptf("validate", "dev", cwd=below)
    assert (done.returncode, done.stdout.partition(" is valid")[0]) == (0, "../../envs/dev.yaml")
    wrong = hptf("plan", "devv", cwd=below)
    assert wrong.returncode == 2
    assert "'devv': ../../envs/devv.yaml does not exist" in wrong.stderr
    assert not (below / ".hptf").exists()
