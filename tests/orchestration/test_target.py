"""What a run acts on, and what it refuses to act on."""

from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.environment.model import Aws, Environment, LocalState
from hp_tf.errors import BadInput
from hp_tf.orchestration import target
from hp_tf.orchestration.asked import Asked
from hp_tf.orchestration.project import Project
from tests.orchestration.harness import NoClients


@pytest.mark.parametrize("url", ["http://localhost:4566", "http://127.0.0.1:1", "http://127.1.2.3:1", "http://[::1]:1"])
def test_this_machine(url: str) -> None:
    target.require_loopback(url)


@pytest.mark.parametrize(
    "url", ["http://127.evil.example:1", "http://10.0.0.1", "http://localhost.example", "nonsense"]
)
def test_another_machine_is_no_emulator(url: str) -> None:
    with pytest.raises(BadInput, match="is not on this machine"):
        target.require_loopback(url)


def test_a_real_run_goes_to_the_account_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = Environment(
        id="x",
        path=Path("x.yaml"),
        files=(),
        name="x",
        orchestrator="eks",
        aws=Aws("us-west-2", "123456789012"),
        state=LocalState(Path()),
        emulator=None,
        layers={},
        locations={},
    )
    monkeypatch.setattr("hp_tf.aws.sessions.account_session", lambda aws, role: NoClients())
    project = Project(tmp_path, tmp_path)

    def resolved(**environ: str) -> target.Target:
        return target.resolve(environment, project, Asked("x"), environ=environ, say=lambda line: None)

    for name in ("AWS_ENDPOINT_URL_S3", "AWS_IAM_ENDPOINT", "AWS_DYNAMODB_ENDPOINT"):
        with pytest.raises(BadInput, match=f"{name} would send this run somewhere else"):
            resolved(**{name: "http://127.0.0.1:1"})
    found = resolved(AWS_PROFILE="me", HOME="/")
    assert found.environ == {"AWS_PROFILE": "me", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}
