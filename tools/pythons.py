"""Run the fast tests on every other Python that hptf promises and this machine has.

`python -m tools.pythons` looks on PATH and among pyenv's versions, takes the newest patch of each minor version, gives
each an environment of its own under .venv/, and says which it met. Exit 1 if the tests fail on one.

What another Python can change is how the code is read and what the standard library does: every module is imported
and used. Left out is what is about other programs than Python, and property tests look at fewer examples.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEAST = (3, 11)
_VERSION = "import sys; print(*sys.version_info[:3])"
# Charts are fetched by git and rendered by helm, the bench measures, tools are for development.
LEFT_OUT = ("bench", "charts", "tools")
_TESTS = ("-m", "pytest", "-n", "2", "-m", "not slow", "-q", "-p", "no:cacheprovider")
_PROFILE = {"HYPOTHESIS_PROFILE": "quick"}

Version = tuple[int, int, int]


def candidates(path: str, pyenv: Path) -> Iterator[Path]:
    """Yield programs that may be a Python 3: on PATH by name, and where pyenv installs."""
    for folder in path.split(os.pathsep):
        if folder and Path(folder).is_dir():
            yield from (item for item in Path(folder).iterdir() if re.fullmatch(r"python3\.\d+", item.name))
    yield from pyenv.glob("versions/*/bin/python3")


def version_of(program: Path) -> Version | None:
    """Return a Python's version, or None if it does not run (pyenv's shims of versions that are not chosen do not)."""
    try:
        done = subprocess.run([program, "-c", _VERSION], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    major, minor, patch = map(int, done.stdout.split())
    return major, minor, patch


def newest(found: Iterable[tuple[Version, Path]], *, but: tuple[int, int]) -> dict[Version, Path]:
    """Return the newest patch of each minor version that is promised, without the one that is `but`."""
    by_minor: dict[tuple[int, int], tuple[Version, Path]] = {}
    for version, program in found:
        minor = version[:2]
        if minor >= LEAST and minor != but and (minor not in by_minor or version > by_minor[minor][0]):
            by_minor[minor] = (version, program)
    return dict(sorted(by_minor.values()))


def main() -> int:
    """Run the tests on each, and return the exit code."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    programs = dict.fromkeys(candidates(os.environ.get("PATH", ""), pyenv))
    versions = ((version_of(program), program) for program in programs)
    others = newest(((v, program) for v, program in versions if v is not None), but=sys.version_info[:2])
    here = ".".join(map(str, sys.version_info[:3]))
    names = [".".join(map(str, version)) for version in others]
    print(f"the tests ran on Python {here}; other versions here: {', '.join(names) or 'none'}", flush=True)
    failed = [name for name, program in zip(names, others.values(), strict=True) if not _passes(name, program)]
    if failed:
        print(f"the fast tests fail on Python {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _passes(name: str, program: Path) -> bool:
    folder = ROOT / ".venv" / f"python-{name}"
    python, uv = folder / "bin" / "python", Path(sys.executable).with_name("uv")
    install = [str(uv), "pip", "install", "--quiet", "--python", str(python)]
    subprocess.run([program, "-m", "venv", "--without-pip", folder], check=True)
    subprocess.run([*install, "-r", "requirements.lock"], cwd=ROOT, check=True)
    subprocess.run([*install, "--no-deps", "-e", "."], cwd=ROOT, check=True)
    print(f"-- the fast tests on Python {name}, without those of {', '.join(LEFT_OUT)}", flush=True)
    ignored = [f"--ignore=tests/{folder}" for folder in LEFT_OUT]
    environ = {**os.environ, **_PROFILE}
    return subprocess.run([python, *_TESTS, *ignored], cwd=ROOT, env=environ, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
