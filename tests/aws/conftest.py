from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from hp_tf.aws.sessions import AccountClients

REGION = "us-west-2"


@pytest.fixture(scope="session")
def lasting_clients() -> AccountClients:
    """The same clients for all tests: making one takes longer than a test."""
    return AccountClients(boto3.Session("test", "test", region_name=REGION))


@pytest.fixture
def clients(lasting_clients: AccountClients, monkeypatch: pytest.MonkeyPatch) -> Iterator[AccountClients]:
    """Clients of an empty account that exists in this process only."""
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        yield lasting_clients
