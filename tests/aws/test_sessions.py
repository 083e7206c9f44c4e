from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError

from hp_tf.aws.sessions import AccountClients, account_session, open_session, session_keys
from hp_tf.environment.model import Aws
from hp_tf.errors import BadInput, HptfError
from tests.aws.stubs import refused

MOTOS = "123456789012"


@pytest.fixture(autouse=True)
def keys(clients: AccountClients, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of moto's account."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


def aws(account: str = MOTOS) -> Aws:
    return Aws(region="us-west-2", account_id=account)


def test_the_account_is_the_one_the_file_names() -> None:
    found = account_session(aws(), None)
    assert found.client("sts").get_caller_identity()["Account"] == MOTOS
    assert found.client("sts") is found.client("sts")


def test_certificates_are_those_of_the_environment_or_the_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    assert account_session(aws(), None).ca_bundle is None
    (tmp_path / "config").write_text(f"[default]\nca_bundle = {tmp_path}/own.pem\n")
    assert account_session(aws(), None).ca_bundle == f"{tmp_path}/own.pem"
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "other.pem"))
    assert account_session(aws(), None).ca_bundle == str(tmp_path / "other.pem")


def test_another_account_is_refused() -> None:
    with pytest.raises(BadInput, match="the credentials belong to account 123456789012, the environment names 9"):
        account_session(aws("9" * 12), None)


def test_without_credentials_the_way_in_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(self: boto3.Session, name: str, **options: Any) -> Any:
        raise NoCredentialsError

    monkeypatch.setattr(boto3.Session, "client", none)
    with pytest.raises(HptfError, match="no usable AWS credentials for account 123456789012") as raised:
        account_session(aws(), None)
    assert "--rehearse" in str(raised.value.hint)


def test_an_sts_that_is_not_reached_is_no_matter_of_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(self: boto3.Session, name: str, **options: Any) -> Any:
        raise EndpointConnectionError(endpoint_url="https://sts.example")

    monkeypatch.setattr(boto3.Session, "client", none)
    role = {"role_arn": f"arn:aws:iam::{MOTOS}:role/x"}
    for ask in (
        lambda: account_session(aws(), None),
        lambda: account_session(aws(), role),
        lambda: session_keys("us-west-2", None, role),
    ):
        with pytest.raises(HptfError, match=r"AWS was not reached .*https://sts\.example") as raised:
            ask()
        assert "login" not in str(raised.value.hint)
        assert "HTTPS_PROXY" in str(raised.value.hint)


class Sts:
    """Gives a role's keys, each good for an hour from its own now."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.now = datetime.now(UTC)

    def assume_role(self, **arguments: str) -> dict[str, Any]:
        self.asked.append(arguments)
        keys = {"AccessKeyId": f"ASIA{len(self.asked)}", "SecretAccessKey": "s", "SessionToken": "t"}
        return {"Credentials": {**keys, "Expiration": self.now + timedelta(hours=1)}}


@pytest.fixture
def sts(monkeypatch: pytest.MonkeyPatch) -> Sts:
    made = Sts()
    monkeypatch.setattr(boto3.Session, "client", lambda self, name, **options: made)
    return made


def test_a_role_is_assumed_with_all_it_asks_for(sts: Sts) -> None:
    role = {"role_arn": f"arn:aws:iam::{MOTOS}:role/x", "session_name": "me", "external_id": "42"}
    held = session_keys("us-west-2", None, role)
    assert (held.access_key, held.secret_key, held.token) == ("ASIA1", "s", "t")
    assert sts.asked == [{"RoleArn": role["role_arn"], "RoleSessionName": "me", "ExternalId": "42"}]
    session_keys("us-west-2", None, {"role_arn": role["role_arn"]})
    assert sts.asked[1] == {"RoleArn": role["role_arn"], "RoleSessionName": "hptf"}


def test_a_role_is_assumed_again_before_its_keys_expire(sts: Sts) -> None:
    sts.now -= timedelta(minutes=59)
    credentials = open_session("us-west-2", None, {"role_arn": f"arn:aws:iam::{MOTOS}:role/x"}).get_credentials()
    assert credentials is not None
    sts.now += timedelta(minutes=59)
    assert credentials.get_frozen_credentials().access_key == "ASIA2"
    assert credentials.get_frozen_credentials().access_key == "ASIA2"


def test_a_role_that_may_not_be_assumed_is_one_sentence(sts: Sts, monkeypatch: pytest.MonkeyPatch) -> None:
    def no(**arguments: str) -> None:
        raise refused("AccessDenied", "AssumeRole")

    monkeypatch.setattr(sts, "assume_role", no)
    with pytest.raises(HptfError, match=r"AWS credentials: .*AccessDenied") as raised:
        open_session("us-west-2", None, {"role_arn": f"arn:aws:iam::{MOTOS}:role/x"})
    assert "aws.assume_role" in str(raised.value.hint)


def test_a_profile_that_is_not_there_is_one_sentence_and_who_named_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "of-the-shell")
    for given, variable, said in (
        ("of-the-file", None, r"\(of-the-file\) .*\n  check aws\.profile"),
        (None, None, r"\(of-the-shell\) .*\n  correct or unset AWS_PROFILE$"),
        (None, "AWS_DEFAULT_PROFILE", r"\(older\) .*\n  correct or unset AWS_DEFAULT_PROFILE$"),
    ):
        if variable is not None:
            monkeypatch.setenv(variable, "older")
        with pytest.raises(HptfError, match=rf"AWS credentials: The config profile {said}"):
            open_session("us-west-2", given, None)


def test_an_endpoint_of_the_config_file_leads_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config"
    config.write_text("[default]\nendpoint_url = http://127.0.0.1:9\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    client = open_session("us-west-2", None, None).client("sts")
    assert client.meta.endpoint_url == "https://sts.us-west-2.amazonaws.com"
