from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.cli import emulator
from hp_tf.emulator.daemon import Emulator
from hp_tf.orchestration.target import NO_PROFILES


def test_what_env_sets_unset_takes_back(capsys: pytest.CaptureFixture[str]) -> None:
    running = Emulator("http://127.0.0.1:1", 1, "111122223333", "us-west-2", Path(), reattach={"awscc": {}})
    emulator.environment("local", rehearse=False, unset=True)
    command, *names = capsys.readouterr().out.split()
    assert command == "unset"
    assert names == sorted({**running.environment(), **NO_PROFILES})
