from __future__ import annotations

import sys
from pathlib import Path

from tools import pythons

A, B, C, D = (Path(f"/x/{name}") for name in "abcd")


def test_the_newest_patch_of_each_promised_version_but_this_one_is_taken() -> None:
    found = [((3, 12, 1), A), ((3, 12, 4), B), ((3, 10, 9), C), ((3, 11, 2), D), ((3, 14, 0), C)]
    assert pythons.newest(found, but=(3, 11)) == {(3, 12, 4): B, (3, 14, 0): C}


def test_programs_are_found_on_path_and_among_pyenvs(tmp_path: Path) -> None:
    on_path, pyenv = tmp_path / "bin", tmp_path / "pyenv"
    for program in (on_path / "python3.12", on_path / "python3", pyenv / "versions/3.13.0/bin/python3"):
        program.parent.mkdir(parents=True, exist_ok=True)
        program.touch()
    found = list(pythons.candidates(f"{on_path}:{tmp_path / 'nothing'}:", pyenv))
    assert found == [on_path / "python3.12", pyenv / "versions/3.13.0/bin/python3"]


def test_what_does_not_run_has_no_version(tmp_path: Path) -> None:
    assert pythons.version_of(tmp_path / "nothing") is None
    assert pythons.version_of(Path(sys.executable)) == sys.version_info[:3]


def test_what_is_left_out_is_there() -> None:
    assert all((pythons.ROOT / "tests" / folder).is_dir() for folder in pythons.LEFT_OUT)
