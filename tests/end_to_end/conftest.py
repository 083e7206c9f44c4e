"""Projects that end with their test module, whatever happens in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.project import Project


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The local environment in a folder of its own; its emulator is stopped at the end of the module."""
    yield from _closing(local_project(tmp_path_factory.mktemp("local")))


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Project]:
    """The local environment in a folder of its own, for one test."""
    yield from _closing(local_project(tmp_path))


def local_project(root: Path) -> Project:
    """Return a project for the local environment."""
    return Project(root, "local", "hptf-local-state", "hyperpod/local")


def _closing(project: Project) -> Iterator[Project]:
    try:
        yield project
    finally:
        project.close()
