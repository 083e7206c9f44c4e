from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import NoCredentialsError

from hp_tf.aws.sessions import AccountClients, account_session, open_session, session_keys
from hp_tf.environment.model import Aws
from hp_tf.errors import BadInput, HptfError

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


def test_a_role_is_assumed_with_all_it_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, str]] = []

    class Sts:
        def assume_role(self, **arguments: str) -> dict[str, Any]:
            asked.append(arguments)
            return {"Credentials": {"AccessKeyId": "ASIA", "SecretAccessKey": "s", "SessionToken": "t"}}

    monkeypatch.setattr(boto3.Session, "client", lambda self, name: Sts())
    role = {"role_arn": f"arn:aws:iam::{MOTOS}:role/x", "session_name": "me", "external_id": "42"}
    held = session_keys("us-west-2", None, role)
    assert (held.access_key, held.secret_key, held.token) == ("ASIA", "s", "t")
    assert asked == [{"RoleArn": role["role_arn"], "RoleSessionName": "me", "ExternalId": "42"}]
    session_keys("us-west-2", None, {"role_arn": role["role_arn"]})
    assert asked[1] == {"RoleArn": role["role_arn"], "RoleSessionName": "hptf"}


def test_a_profile_that_is_not_there_is_one_sentence() -> None:
    with pytest.raises(HptfError, match="AWS credentials: The config profile"):
        open_session("us-west-2", "no-such-profile", None)
