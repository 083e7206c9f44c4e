"""Say which Terraform or OpenTofu the tests run on, and run the crash tests on each other one that is named.

`python -m tools.engines` reads HPTF_TERRAFORMS, paths separated like those of PATH. Exit 1 if one cannot be run, or if
the tests fail on one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from hp_tf.errors import HptfError
from hp_tf.terraform.binary import Terraform, find

ROOT = Path(__file__).resolve().parent.parent
# What an engine may do otherwise: exit codes and events, imports, kills and Ctrl-C.
CRASHES = ("tests/terraform", "tests/recovery", "tests/planning/test_imports.py", "tests/end_to_end/test_crashes.py")
_TESTS = ("-m", "pytest", "-n", "2", "--dist", "loadgroup", "-q", "-p", "no:cacheprovider", *CRASHES)


def named(environ: Mapping[str, str]) -> Iterator[tuple[str, Terraform]]:
    """Yield the paths that HPTF_TERRAFORMS names, each with what is there.

    Raises:
        HptfError: for one that is none, or too old.
    """
    for path in filter(None, environ.get("HPTF_TERRAFORMS", "").split(os.pathsep)):
        yield path, find({**environ, "HPTF_TERRAFORM": path})


def main() -> int:
    """Run the tests on each, and return the exit code."""
    try:
        here, others = find(os.environ), list(named(os.environ))
    except HptfError as error:
        print(error, file=sys.stderr)
        return 1
    names = ", ".join(f"{engine} ({path})" for path, engine in others)
    print(f"the tests run on {here} ({here.path}); others in HPTF_TERRAFORMS: {names or 'none'}", flush=True)
    failed = [str(engine) for path, engine in others if not _passes(path, engine)]
    if failed:
        print(f"the crash tests fail on {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _passes(path: str, engine: Terraform) -> bool:
    print(f"-- the crash tests on {engine}", flush=True)
    environ = {**os.environ, "HPTF_TERRAFORM": path}
    return subprocess.run([sys.executable, *_TESTS], cwd=ROOT, env=environ, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
