"""What all tests share: where the slow ones run."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
# Loading the CDKTF bindings costs 20 s and 1.8 GB, so one worker does it for all tests that need modules built.
MODULES = frozenset({"layers", "synth", "examples"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the slow tests of modules on one worker; `--dist loadgroup` reads the mark."""
    for item in items:
        if item.path.relative_to(HERE).parts[0] in MODULES and item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.xdist_group("modules"))
