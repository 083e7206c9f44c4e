"""boto3 clients for the emulator; localstack-client tells the endpoints of the services it knows."""

from __future__ import annotations

import os
from typing import Any, Protocol
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.session import Session as BotocoreSession
from localstack_client.config import get_service_endpoints

from hp_tf.emulator.daemon import Emulator


class ClientFactory(Protocol):
    """What makes boto3 clients: our sessions, and boto3's own."""

    def client(self, service_name: str, **options: Any) -> Any: ...


def _no_profiles() -> BotocoreSession:
    """A session that reads no profile and no file of the user's: they are for real accounts, and may be broken."""
    nowhere = (None, None, os.devnull, None)
    return BotocoreSession({"profile": (None, None, None, None), "config_file": nowhere, "credentials_file": nowhere})


class EmulatorSession:
    """Makes clients that reach one emulator and nothing else.

    Attributes:
        endpoint: `http://HOST:PORT`.
        region: the clients' region.
        access_key: the emulator's key, and its secret.
    """

    def __init__(self, endpoint: str, region: str, access_key: str) -> None:
        self.endpoint = endpoint
        self.region_name = region
        self.access_key = access_key
        # localstack-client's own sessions read the user's profiles, so only its endpoints are taken, and of those none
        # that AWS_ENDPOINT_URL or USE_SSL of the user's environment bent. Some services (fsx, grafana, amp) it lacks.
        known = get_service_endpoints(urlsplit(endpoint).netloc)
        self._endpoints: dict[str, str] = {name: url for name, url in known.items() if url == endpoint}
        self._session = boto3.Session(
            botocore_session=_no_profiles(),
            aws_access_key_id=access_key,
            aws_secret_access_key=access_key,
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


def session(running: Emulator) -> EmulatorSession:
    """A session for a running emulator, in its home region."""
    return EmulatorSession(running.endpoint, running.region, running.access_key)
