"""A Kubernetes credential plugin: a command that prints a token. Source: client.authentication.k8s.io/v1beta1."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

Run = Callable[..., "subprocess.CompletedProcess[str]"]

TOKEN_LIFE = 60.0
"""Seconds a token without an expiry is used again."""

MARGIN = 60.0
"""Seconds before its expiry from which a token is not used again."""

_SECONDS = 60


@dataclass(frozen=True)
class Plugin:
    """The command of a plugin, with variables of its own."""

    api_version: str
    command: str
    args: tuple[str, ...]
    env: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, block: Mapping[str, Any]) -> Plugin:
        """Return the plugin that an `exec` of a provider's configuration describes."""
        env = tuple(sorted((block.get("env") or {}).items()))
        return cls(block["api_version"], block["command"], tuple(block.get("args") or ()), env)


@dataclass(frozen=True)
class Token:
    """A bearer token, and until when (seconds since the epoch) it is worth using."""

    text: str
    until: float


class PluginFailed(Exception):
    """The plugin gave no token. Says which command, and what it wrote to stderr."""


class Tokens:
    """Tokens of credential plugins, kept until shortly before they expire.

    Attributes:
        run: starts the plugin (subprocess.run).
        clock: seconds since the epoch.
    """

    def __init__(self, run: Run = subprocess.run, clock: Callable[[], float] = time.time) -> None:
        self._run = run
        self._clock = clock
        self._guard = threading.Lock()
        self._locks: dict[Plugin, threading.Lock] = {}
        self._kept: dict[tuple[Plugin, float], Token] = {}

    def token(self, plugin: Plugin, environ: Mapping[str, str]) -> str:
        """Return a token, from the plugin or a call of it that is not long ago.

        Args:
            environ: what the plugin inherits.

        Raises:
            PluginFailed: if it gives none.
        """
        with self._guard:
            lock = self._locks.setdefault(plugin, threading.Lock())
        # Of one plugin only: a slow one holds up nobody else.
        with lock:
            key = (plugin, _changed(plugin.command))
            kept = self._kept.get(key)
            if kept is None or kept.until <= self._clock():
                kept = self._kept[key] = ask(plugin, environ, run=self._run, clock=self._clock)
            return kept.text


def _changed(command: str) -> float:
    """When a plugin that is named by its path was changed: another one is asked anew."""
    try:
        return Path(command).stat().st_mtime if os.sep in command else 0.0
    except OSError:
        return 0.0


def ask(
    plugin: Plugin, environ: Mapping[str, str], *, run: Run = subprocess.run, clock: Callable[[], float] = time.time
) -> Token:
    """Return a token from the plugin, as a Kubernetes client asks for it.

    Args:
        environ: what the plugin inherits.

    Raises:
        PluginFailed: if it gives none.
    """
    info = {"apiVersion": plugin.api_version, "kind": "ExecCredential", "spec": {"interactive": False}}
    command = " ".join([plugin.command, *plugin.args])
    try:
        done = run(
            [plugin.command, *plugin.args],
            env={**environ, **dict(plugin.env), "KUBERNETES_EXEC_INFO": json.dumps(info)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except OSError as error:
        raise PluginFailed(f"the command {plugin.command} is not on PATH, or does not start: {error}") from error
    except subprocess.TimeoutExpired as error:
        raise PluginFailed(f"`{command}` did not end within {_SECONDS} seconds") from error
    if done.returncode != 0:
        raise PluginFailed(f"`{command}` ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    try:
        status = json.loads(done.stdout)["status"]
        token = str(status["token"])
    except (ValueError, KeyError, TypeError) as error:
        raise PluginFailed(f"`{command}` printed no ExecCredential with a token") from error
    return Token(token, _usable_until(status.get("expirationTimestamp"), clock()))


def _usable_until(stamp: object, now: float) -> float:
    if not isinstance(stamp, str):
        return now + TOKEN_LIFE
    try:
        return datetime.fromisoformat(stamp).timestamp() - MARGIN
    except ValueError:
        return now + TOKEN_LIFE
