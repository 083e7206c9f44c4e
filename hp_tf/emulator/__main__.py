"""The emulator's process: `python -m hp_tf.emulator --directory D --account-id A --region R`.

It goes to the background before anything heavy is loaded, prints the process id of the part that stays, and writes
`emulator.json` into the directory once it answers, or `failure.json` if it cannot start.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import sys
import threading
import uuid
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from hp_tf.emulator.code import fingerprint
from hp_tf.emulator.files import FAILURE, SOCKETS, STATE, names_instance, write_json
from hp_tf.emulator.settings import client_environment, draw_key

if TYPE_CHECKING:
    import socket

# How often to look whether the folder still names this emulator.
WATCH_SECONDS = 3.0
INSTALL = "pip install 'hp-tf[local]'"


class CannotStart(Exception):
    """Why the emulator cannot start, and what would help."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="hp_tf.emulator", description="The embedded AWS of hptf.")
    parser.add_argument("--directory", type=Path, required=True, help="folder for its files")
    parser.add_argument("--account-id", required=True, help="the emulated account, twelve digits")
    parser.add_argument("--region", required=True, help="the home region")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (0: a free one)")
    parser.add_argument("--upstream", help="URL of an emulator that serves what is not ours, instead of moto")
    parser.add_argument("--helm", type=Path, help="the helm 3 binary for the stand-in provider")
    parser.add_argument("--transition-seconds", type=float, default=0.0, help="how long Creating and the like last")
    parser.add_argument("--foreground", action="store_true", help="stay in the foreground")
    return parser.parse_args()


def _moto_environment(account_id: str) -> None:
    """Moto reads these when it is imported."""
    os.environ["MOTO_ACCOUNT_ID"] = account_id
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
    os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"
    # moto, and what the stand-ins start, must not read the user's profiles.
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


def _listen(port: int) -> socket.socket:
    from hp_tf.emulator.server import listen

    try:
        return listen(port)
    except OSError as error:
        raise CannotStart(
            f"port {port} on 127.0.0.1 cannot be used: {error.strerror}.", "Name another with --port, or none."
        ) from error


def _serve(arguments: argparse.Namespace, stopping: threading.Event) -> None:
    """Build everything, listen, announce it, and serve until told to stop or forgotten by the folder."""
    code = fingerprint()
    _moto_environment(arguments.account_id)
    try:
        from hp_tf.emulator.build import build
        from hp_tf.emulator.server import Server
        from hp_tf.emulator.tls import make_certificate
        from hp_tf.standin.server import serve as serve_standins
    except ImportError as error:
        raise CannotStart(
            f"the embedded AWS needs the extra `local`, which is not installed whole ({error.name}).", INSTALL
        ) from error
    listener = _listen(arguments.port)
    endpoint = f"http://127.0.0.1:{listener.getsockname()[1]}"
    tls, ca_data = make_certificate(arguments.directory)
    instance, access_key = uuid.uuid4().hex, draw_key()
    front = build(
        instance=instance,
        account_id=arguments.account_id,
        region=arguments.region,
        endpoint=endpoint,
        ca_data=ca_data,
        access_key=access_key,
        upstream=arguments.upstream,
        transition_seconds=arguments.transition_seconds,
    )
    server = Server(listener, front, tls)
    threading.Thread(target=server.serve_forever, name="http", daemon=True).start()
    # Credential plugins that the stand-ins start ask this emulator, never AWS.
    os.environ.update(client_environment(endpoint, arguments.region, access_key))
    try:
        folder = arguments.directory / SOCKETS
        standins = serve_standins(folder, endpoint, arguments.region, access_key=access_key, helm=arguments.helm)
    except OSError as error:
        raise CannotStart(f"the stand-in providers cannot listen: {error}.") from error
    write_json(
        arguments.directory / STATE,
        {
            "endpoint": endpoint,
            "pid": os.getpid(),
            "instance": instance,
            "access_key": access_key,
            "account_id": arguments.account_id,
            "region": arguments.region,
            "upstream": arguments.upstream,
            "code": code,
            "reattach": standins.reattach,
        },
    )
    state = arguments.directory / STATE
    # Without its file, or with another's, nobody can find this emulator any more: it would stay for ever.
    while not stopping.wait(WATCH_SECONDS) and names_instance(state, instance):
        pass
    server.shutdown()
    standins.close()
    if names_instance(state, instance):
        state.unlink(missing_ok=True)


def _to_background() -> None:
    """Leave the starter's session and terminal; the first process ends and tells the id of the one that goes on."""
    child = os.fork()
    if child:
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os._exit(0)
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)


def main() -> int:
    """Run the emulator. Exit code 1: it could not start, and failure.json says why."""
    arguments = _arguments()
    if not arguments.foreground:
        _to_background()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    with contextlib.suppress(FileNotFoundError):
        (arguments.directory / FAILURE).unlink()
    try:
        _serve(arguments, stopping)
    except CannotStart as error:
        write_json(arguments.directory / FAILURE, {"message": error.message, "hint": error.hint})
        return 1
    return 0


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    # gRPC's threads would hold the process at exit; everything that must be written has been.
    os._exit(code)
