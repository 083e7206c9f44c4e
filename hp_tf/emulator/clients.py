"""boto3 clients for the emulator, by localstack-client where it knows the service."""

from __future__ import annotations

import os
from typing import Any, Protocol
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from localstack_client.session import Session as LocalstackSession

from hp_tf.emulator.settings import ACCESS_KEY


class ClientFactory(Protocol):
    """What makes boto3 clients: our sessions, and boto3's own."""

    def client(self, service_name: str, **options: Any) -> Any: ...


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
        parts = urlsplit(endpoint)
        self._localstack = LocalstackSession(
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=ACCESS_KEY,
            region_name=region,
            localstack_host=f"{parts.hostname}:{parts.port}",
        )
        # Its table lacks some services (fsx, grafana, amp); those get an ordinary client.
        self._plain = boto3.Session(aws_access_key_id=ACCESS_KEY, aws_secret_access_key=ACCESS_KEY, region_name=region)

    def client(self, service_name: str, **options: Any) -> Any:
        """A client for `service_name`. `options` as for boto3."""
        # No proxy, whatever the environment says: the emulator is on this machine.
        config = Config(retries={"max_attempts": 2}, s3={"addressing_style": "path"}, proxies={})
        options.setdefault("config", config)
        # localstack-client lets AWS_ENDPOINT_URL of the environment win over the host it was given.
        hijacked = os.environ.get("AWS_ENDPOINT_URL", "").strip() not in ("", self.endpoint)
        if not hijacked and service_name in self._localstack._service_endpoint_mapping:
            return self._localstack.client(service_name, **options)
        # Typed loosely: the stubs tell clients apart by literal names.
        make: Any = self._plain.client
        return make(service_name, endpoint_url=self.endpoint, **options)


def session(endpoint: str, region: str) -> EmulatorSession:
    """A session for the emulator at `endpoint`."""
    return EmulatorSession(endpoint, region)
