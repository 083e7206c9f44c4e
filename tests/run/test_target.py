"""What a run acts on, and what it refuses to act on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from hp_tf.emulator import clients, daemon
from hp_tf.emulator.daemon import Emulator
from hp_tf.environment.model import Aws, Environment, LocalState
from hp_tf.environment.tree import Node
from hp_tf.errors import BadInput
from hp_tf.findings import Location
from hp_tf.run import target
from hp_tf.run.command_line import CommandLine
from hp_tf.run.project import Project
from tests.aws.stubs import StubClients, refused
from tests.engine.harness import NoClients


@pytest.mark.parametrize("url", ["http://localhost:4566", "http://127.0.0.1:1", "http://127.1.2.3:1", "http://[::1]:1"])
def test_an_emulator_may_be_at_any_address_of_this_machine(url: str) -> None:
    target.require_loopback(url)


@pytest.mark.parametrize(
    "url", ["http://127.evil.example:1", "http://10.0.0.1", "http://localhost.example", "nonsense"]
)
def test_another_machine_is_no_emulator(url: str) -> None:
    with pytest.raises(BadInput, match="is not on this machine"):
        target.require_loopback(url)


def described(emulator: str | None) -> Environment:
    """An environment without layers."""
    return Environment(
        id="x",
        path=Path("x.yaml"),
        files=(),
        name="x",
        orchestrator="eks",
        aws=Aws(region="us-west-2", account_id="123456789012"),
        state=LocalState(Path()),
        emulator=emulator,
        layers={},
        tree=Node({}, Location("x.yaml", 1)),
    )


@pytest.mark.parametrize("ran_before", [False, True])
def test_an_emulator_that_keeps_no_states_is_bad_input_and_none_is_left_running_for_it(
    ran_before: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = "http://127.0.0.1:9"
    running = Emulator("http://127.0.0.1:1", 1, "123456789012", "us-west-2", tmp_path, upstream=named)
    stopped: list[Path] = []

    def refusing() -> Any:
        raise refused("InvalidAccessKeyId", "ListBuckets")

    monkeypatch.setattr(daemon, "status", lambda folder, **_: running if ran_before else None)
    monkeypatch.setattr(daemon, "start", lambda folder, **options: running)
    monkeypatch.setattr(daemon, "stop", stopped.append)
    monkeypatch.setattr(clients, "session", lambda emulator: StubClients(list_buckets=refusing))
    project = Project(tmp_path, tmp_path)
    with pytest.raises(BadInput, match=f"the emulator at {named} does not keep states .*InvalidAccessKeyId"):
        target.resolve(described(named), project, CommandLine("x"), environ={}, say=lambda line: None)
    assert stopped == ([] if ran_before else [project.work("x", rehearsal=False) / "emulator"])
    # Of the embedded one it would be a fault of ours.
    with pytest.raises(ClientError):
        target.resolve(described("embedded"), project, CommandLine("x"), environ={}, say=lambda line: None)


def test_two_commands_at_once_make_one_bucket_of_states(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running = Emulator("http://127.0.0.1:1", 1, "123456789012", "us-west-2", tmp_path)
    versioned: list[str] = []

    def made_by_another(**given: Any) -> Any:
        raise refused("BucketAlreadyOwnedByYou", "CreateBucket")

    def version(**given: Any) -> None:
        versioned.append(given["Bucket"])

    calls = StubClients(
        list_buckets=lambda: {"Buckets": []}, create_bucket=made_by_another, put_bucket_versioning=version
    )
    monkeypatch.setattr(daemon, "start", lambda folder, **options: running)
    monkeypatch.setattr(clients, "session", lambda emulator: calls)
    project = Project(tmp_path, tmp_path)
    target.resolve(described("embedded"), project, CommandLine("x"), environ={}, say=lambda line: None)
    assert versioned == [target.EMULATED_STATE_BUCKET]


def test_a_real_run_goes_to_the_account_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = described(None)
    monkeypatch.setattr("hp_tf.aws.sessions.account_session", lambda aws, role: NoClients())
    project = Project(tmp_path, tmp_path)

    def resolved(**environ: str) -> target.Target:
        return target.resolve(environment, project, CommandLine("x"), environ=environ, say=lambda line: None)

    for name in ("AWS_ENDPOINT_URL_S3", "AWS_IAM_ENDPOINT", "AWS_DYNAMODB_ENDPOINT"):
        with pytest.raises(BadInput, match=f"{name} would send this run somewhere else"):
            resolved(**{name: "http://127.0.0.1:1"})
    found = resolved(AWS_PROFILE="me", HOME="/")
    assert found.environ == {"AWS_PROFILE": "me", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}
