"""The players, on one emulator, with the providers that HPTF_STAND_INS says: stand-ins, unless it is given."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from hp_tf.emulator import daemon
from hp_tf.run import stand_ins
from tests.conformance.scenario import Player
from tests.conformance.terraform import PROVIDERS, Root
from tests.conformance.world import World, started

MET = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def players(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[dict[str, Player]]:
    """Players by provider."""
    environ = {stand_ins.VARIABLE: stand_ins.ALWAYS, **os.environ}
    folder = tmp_path_factory.mktemp("conformance")
    world = World(started(folder / "emulator"))
    try:
        roots = {name: Root(folder / name, name, world.running, environ) for name in PROVIDERS}
        pytestconfig.stash[MET] = [root.source for root in roots.values()]
        yield {name: Player(root, world) for name, root in roots.items()}
    finally:
        world.close()
        daemon.stop(folder / "emulator")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which providers were met."""
    for source in config.stash.get(MET, []):
        terminalreporter.write_line(f"met {source}")
