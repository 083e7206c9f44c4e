"""The same signature as botocore makes."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from hp_tf.aws import presign as module
from hp_tf.aws.presign import Keys, presign

NOW = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


class Fixed(datetime):
    """A clock that stands."""


def theirs(url: str, headers: dict[str, str], keys: Keys, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda remove_tzinfo=True: NOW.replace(tzinfo=None))
    request = AWSRequest(method="GET", url=url, headers=headers)
    credentials = Credentials(keys.access_key, keys.secret_key, keys.token)
    SigV4QueryAuth(credentials, "sts", "us-west-2", expires=60).add_auth(request)
    return str(request.url)


@pytest.mark.parametrize("host", ["https://sts.us-west-2.amazonaws.com", "http://127.0.0.1:4566"])
@pytest.mark.parametrize("token", [None, "a+token/with=signs"])
def test_it_is_botocores_signature(host: str, token: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = Keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token)
    url = f"{host}/?Action=GetCallerIdentity&Version=2011-06-15"
    headers = {"x-k8s-aws-id": "my-cluster_1"}
    ours = presign(url, headers, keys, service="sts", region="us-west-2", now=NOW, seconds=60)
    expected = theirs(url, headers, keys, monkeypatch)
    assert parse_qs(urlsplit(ours).query) == parse_qs(urlsplit(expected).query)
    assert urlsplit(ours)[:3] == urlsplit(expected)[:3]


@given(name=TEXT, secret=TEXT, token=TEXT)
def test_a_request_is_signed_as_botocore_signs_it(name: str, secret: str, token: str) -> None:
    keys = Keys("AKIDEXAMPLE", secret, token)
    url = "https://sts.us-west-2.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15"
    headers = {"x-k8s-aws-id": name}
    ours = presign(url, headers, keys, service="sts", region="us-west-2", now=NOW, seconds=60)
    with pytest.MonkeyPatch.context() as patch:
        expected = theirs(url, headers, keys, patch)
    assert parse_qs(urlsplit(ours).query)["X-Amz-Signature"] == parse_qs(urlsplit(expected).query)["X-Amz-Signature"]


def test_keys_show_no_secret() -> None:
    assert "secret-part" not in repr(Keys("AKID", "secret-part", "secret-part"))
    assert module.Keys is Keys
