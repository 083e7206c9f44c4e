"""boto3 clients for the emulator; localstack-client tells the endpoints of the services it knows."""

from __future__ import annotations

import os
from typing import Any, Protocol
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.session import Session as BotocoreSession
from localstack_client.config import get_service_endpoints

from hp_tf.emulator.settings import ACCESS_KEY


class ClientFactory(Protocol):
    """What makes boto3 clients: our sessions, and boto3's own."""

    def client(self, service_name: str, **options: Any) -> Any: ...


def _no_profiles() -> BotocoreSession:
    """A session that reads no profile and no file of the user's: they are for real accounts, and may be broken."""
    nowhere = (None, None, os.devnull, None)
    return BotocoreSession({"profile": (None, None, None, None), "config_file": nowhere, "credentials_file": nowhere})


class EmulatorSession:
    """Makes clients that reach one emulator and nothing else.

    Parameters
    ----------
    endpoint: `http://HOST:PORT`.
    region: the clients' region.
    """

    def __init__(self, endpoint: str, region: str) -> None:
        self.endpoint = endpoint
        self.region_name = region
        # localstack-client lets AWS_ENDPOINT_URL of the environment win over the host it is given, and its table lacks
        # some services (fsx, grafana, amp): those have the endpoint that all have.
        hijacked = os.environ.get("AWS_ENDPOINT_URL", "").strip() not in ("", endpoint)
        self._endpoints: dict[str, str] = {} if hijacked else get_service_endpoints(urlsplit(endpoint).netloc)
        self._session = boto3.Session(
            botocore_session=_no_profiles(),
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=ACCESS_KEY,
            region_name=region,
        )
        self._made: dict[str, Any] = {}

    def client(self, service_name: str, **options: Any) -> Any:
        """A client for `service_name`, the same each time unless it has `options` (as for boto3)."""
        if options:
            return self._make(service_name, **options)
        if service_name not in self._made:
            self._made[service_name] = self._make(service_name)
        return self._made[service_name]

    def _make(self, service_name: str, **options: Any) -> Any:
        # No proxy, whatever the environment says: the emulator is on this machine.
        config = Config(retries={"max_attempts": 2}, s3={"addressing_style": "path"}, proxies={})
        options.setdefault("config", config)
        # Typed loosely: the stubs tell clients apart by literal names.
        make: Any = self._session.client
        return make(service_name, endpoint_url=self._endpoints.get(service_name, self.endpoint), **options)


def session(endpoint: str, region: str) -> EmulatorSession:
    """A session for the emulator at `endpoint`."""
    return EmulatorSession(endpoint, region)
