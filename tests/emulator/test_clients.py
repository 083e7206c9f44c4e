from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.emulator.clients import session
from hp_tf.emulator.daemon import Emulator
from tests.emulator.conftest import ACCOUNT, REGION


@pytest.mark.parametrize(
    "service", ["sts", "s3", "ec2", "eks", "sagemaker", "cloudcontrol", "fsx", "iam", "logs", "grafana", "amp"]
)
def test_every_client_reaches_the_emulator(running: Emulator, service: str) -> None:
    client = session(running).client(service)
    assert client.meta.endpoint_url == running.endpoint
    assert client.meta.region_name == REGION


def test_an_endpoint_bent_by_the_users_variables_is_not_taken(
    running: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USE_SSL", "true")  # localstack-client would say https
    client = session(running).client("s3")
    assert client.meta.endpoint_url == running.endpoint
    assert client.list_buckets()["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize("service", ["sts", "fsx"])
def test_what_the_user_has_for_a_real_account_does_not_count(
    running: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, service: str
) -> None:
    (tmp_path / "config").write_text("[profile other]\nregion = eu-west-1\n[default]\nretry_mode = nonsense\n")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "config"))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_PROFILE", "gone")
    client = session(running).client(service)
    assert client.meta.endpoint_url == running.endpoint
    if service == "sts":
        assert client.get_caller_identity()["Account"] == ACCOUNT
