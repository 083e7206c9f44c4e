from __future__ import annotations

import pytest

from hp_tf.emulator.clients import session
from hp_tf.emulator.daemon import Emulator
from tests.emulator.conftest import ACCOUNT, REGION


@pytest.mark.parametrize(
    "service", ["sts", "s3", "ec2", "eks", "sagemaker", "cloudcontrol", "fsx", "iam", "logs", "grafana", "amp"]
)
def test_every_client_reaches_the_emulator(running: Emulator, service: str) -> None:
    client = session(running.endpoint, REGION).client(service)
    assert client.meta.endpoint_url == running.endpoint
    assert client.meta.region_name == REGION


def test_an_endpoint_in_the_environment_does_not_win(running: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_PROFILE", "real-account")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.delenv("AWS_PROFILE")
    client = session(running.endpoint, REGION).client("sts")
    assert client.get_caller_identity()["Account"] == ACCOUNT
