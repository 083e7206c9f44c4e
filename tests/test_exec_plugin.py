"""Credential plugins: asked as a Kubernetes client asks, once for as long as their token is good."""

from __future__ import annotations

import json
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from hp_tf import exec_plugin
from hp_tf.exec_plugin import PluginFailed, Tokens, ask

PLUGIN = exec_plugin.Plugin("client.authentication.k8s.io/v1beta1", "hptf", ("token",), (("AWS_REGION", "us-west-2"),))


class Fake:
    """A credential plugin that counts its calls."""

    def __init__(self, **status: str) -> None:
        self.calls: list[dict[str, Any]] = []
        self.status = status

    def __call__(self, command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        self.calls.append({"command": command, **options})
        status = {"token": f"token-{len(self.calls)}", **self.status}
        return subprocess.CompletedProcess(command, 0, json.dumps({"status": status}), "")


def test_a_token_is_kept_until_a_minute_before_its_end() -> None:
    plugin, now = Fake(expirationTimestamp="1970-01-01T00:14:00Z"), [0.0]
    tokens = Tokens(plugin, lambda: now[0])
    assert tokens.token(PLUGIN, {}) == tokens.token(PLUGIN, {}) == "token-1"
    now[0] = 14 * 60 - 61
    assert tokens.token(PLUGIN, {}) == "token-1"
    now[0] = 14 * 60 - 59
    assert tokens.token(PLUGIN, {}) == "token-2"


def test_a_plugin_gets_its_environment_and_the_request() -> None:
    plugin = Fake()
    Tokens(plugin, lambda: 0.0).token(PLUGIN, {"PATH": "/bin"})
    (call,) = plugin.calls
    assert call["command"] == ["hptf", "token"]
    assert call["env"]["AWS_REGION"] == "us-west-2"
    assert call["env"]["PATH"] == "/bin"
    assert json.loads(call["env"]["KUBERNETES_EXEC_INFO"])["apiVersion"] == PLUGIN.api_version


def test_tokens_of_different_plugins_are_apart() -> None:
    tokens = Tokens(Fake(), lambda: 0.0)
    other = exec_plugin.Plugin(PLUGIN.api_version, "hptf", ("token", "--cluster-name", "two"), ())
    assert tokens.token(PLUGIN, {}) != tokens.token(other, {})


@pytest.mark.parametrize("output", ["", "{}", '{"status": {}}', "[]"])
def test_a_plugin_without_a_token_is_refused(output: str) -> None:
    tokens = Tokens(lambda command, **_: subprocess.CompletedProcess(command, 0, output, ""), lambda: 0.0)
    with pytest.raises(PluginFailed, match="no ExecCredential"):
        tokens.token(PLUGIN, {})


def test_a_slow_plugin_holds_up_no_other() -> None:
    other = exec_plugin.Plugin(PLUGIN.api_version, "hptf", ("token", "--cluster-name", "two"), ())
    asked, go_on = threading.Event(), threading.Event()

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        if command[-1] == "token":
            asked.set()
            assert go_on.wait(10)
        return subprocess.CompletedProcess(command, 0, json.dumps({"status": {"token": command[-1]}}), "")

    tokens = Tokens(run, lambda: 0.0)
    slow = threading.Thread(target=tokens.token, args=(PLUGIN, {}))
    slow.start()
    assert asked.wait(10)
    quick = threading.Thread(target=tokens.token, args=(other, {}), daemon=True)
    quick.start()
    quick.join(5)
    held_up = quick.is_alive()
    go_on.set()
    slow.join(10)
    assert not held_up


def test_what_a_plugin_wrote_to_stderr_is_said(tmp_path: Path) -> None:
    script = tmp_path / "plugin"
    script.write_text("#!/bin/sh\necho no session >&2\nexit 3\n")
    script.chmod(0o755)
    with pytest.raises(PluginFailed, match="ended with 3: no session"):
        ask(exec_plugin.Plugin("v1", str(script), ()), {})
    script.unlink()
    with pytest.raises(PluginFailed, match="is not on PATH"):
        ask(exec_plugin.Plugin("v1", str(script), ()), {})
