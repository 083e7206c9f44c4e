"""Starts the stand-in providers and says where Terraform finds them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hp_tf.exec_plugin import Tokens
from hp_tf.standin.awscc import AwsccBackend
from hp_tf.standin.backend import Definition
from hp_tf.standin.cloudcontrol import CloudControl
from hp_tf.standin.helm import HelmBackend
from hp_tf.standin.relay import Relay
from hp_tf.standin.schema import as_data_source, load
from hp_tf.standin.servicer import Servicer

SOCKET_PATH_LIMIT = 107
"""Bytes a unix socket's path may have on Linux; macOS allows 103."""

AWSCC_TYPES = ("sagemaker_cluster", "sagemaker_cluster_scheduler_config")

ROOM = len("/awscc-1000000.sock")


def definitions() -> dict[str, Definition]:
    """The providers by short name, with the schemas that are committed."""
    made = {item.type_name: item for item in (load(f"awscc_{name}") for name in AWSCC_TYPES)}
    release = load("helm_release")
    awscc, helm = load("awscc_provider"), load("helm_provider")
    return {
        "awscc": Definition(
            address=awscc.document["provider"],
            provider=awscc,
            resources=made,
            data_sources={name: as_data_source(item) for name, item in made.items()},
        ),
        "helm": Definition(address=helm.document["provider"], provider=helm, resources={release.type_name: release}),
    }


def socket_directory(wanted: Path) -> Path:
    """`wanted`, or a short temporary folder if a socket's path in it would be too long. Mode 0700."""
    limit = SOCKET_PATH_LIMIT if os.uname().sysname == "Linux" else 103
    if len(os.fsencode(wanted.absolute())) + ROOM > limit:
        return Path(tempfile.mkdtemp(prefix="hptf-"))
    wanted.mkdir(mode=0o700, parents=True, exist_ok=True)
    wanted.chmod(0o700)
    return wanted.absolute()


@dataclass(frozen=True)
class Served:
    """Stand-in providers that run in this process.

    reattach: the value of TF_REATTACH_PROVIDERS, before JSON.
    """

    reattach: dict[str, object]
    _relays: tuple[Relay, ...]
    _folder: Path

    def close(self) -> None:
        """Accept no more callers and remove the sockets, and their folder if nothing else is in it."""
        for relay in self._relays:
            relay.close()
        with suppress(OSError):
            self._folder.rmdir()


def serve(directory: Path, endpoint: str, region: str, *, access_key: str, helm: Path | None = None) -> Served:
    """Start the stand-in providers in this process.

    Args:
        directory: where the sockets go (mode 0700); a short temporary folder is used if its path is too long for a
            socket.
        endpoint: base URL of the emulator, which answers Cloud Control.
        region: for provider blocks without one.
        access_key: of the emulator.
        helm: the helm 3 binary; without it a release can be planned and read, not installed.

    Raises:
        OSError: if a socket cannot be made.
    """
    known = definitions()
    tokens = Tokens()

    def connect(at: str, type_name: str, sleep: Callable[[float], bool]) -> CloudControl:
        return CloudControl(endpoint, at, type_name, access_key=access_key, sleep=sleep)

    def awscc(caller: Path) -> Servicer:
        return Servicer(known["awscc"], AwsccBackend(known["awscc"].resources, connect, region))

    def release(caller: Path) -> Servicer:
        backend = HelmBackend(known["helm"].resources["helm_release"], caller, tokens=tokens, binary=helm)
        return Servicer(known["helm"], backend)

    makers: dict[str, Callable[[Path], Servicer]] = {"awscc": awscc, "helm": release}
    folder = socket_directory(directory)
    mapping: dict[str, object] = {}
    relays = []
    for name, maker in makers.items():
        path = folder / f"{name}.sock"
        relay = Relay(path, maker)
        relay.start()
        relays.append(relay)
        mapping[known[name].address] = {
            "Protocol": "grpc",
            "ProtocolVersion": 6,
            "Pid": os.getpid(),
            "Test": True,
            "Addr": {"Network": "unix", "String": str(path)},
        }
    return Served(mapping, tuple(relays), folder)
