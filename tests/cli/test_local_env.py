from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from hp_tf.aws.sessions import PROFILES
from hp_tf.cli import emulator
from hp_tf.emulator.daemon import Emulator
from hp_tf.run.target import NO_PROFILES


def test_what_env_sets_unset_takes_back(capsys: pytest.CaptureFixture[str]) -> None:
    running = Emulator("http://127.0.0.1:1", 1, "111122223333", "us-west-2", Path(), reattach={"awscc": {}})
    emulator.environment("local", rehearse=False, unset=True)
    command, *names = capsys.readouterr().out.split()
    assert command == "unset"
    assert names == sorted({**running.environment(), **NO_PROFILES})


def test_env_takes_the_profile_away(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    aim = SimpleNamespace(environ={"AWS_REGION": "us-west-2"})
    monkeypatch.setattr(emulator, "_target", lambda *given: aim)
    for name in PROFILES:
        monkeypatch.delenv(name, raising=False)
    emulator.environment("local", rehearse=False, unset=False)
    monkeypatch.setenv("AWS_PROFILE", "real")
    emulator.environment("local", rehearse=False, unset=False)
    export = "export AWS_REGION=us-west-2\n"
    assert capsys.readouterr().out == f"{export}{export}unset AWS_PROFILE\n"
