from __future__ import annotations

import base64
import json
import subprocess
import threading
from typing import Any

import pytest

from hp_tf.standin.backend import Failure
from hp_tf.standin.kubernetes import Access, Exec, Tokens, access, check_host, get, kubeconfig
from hp_tf.wire import UNKNOWN

PLUGIN = Exec("client.authentication.k8s.io/v1beta1", "hptf", ("token",), (("AWS_REGION", "us-west-2"),))


class Plugin:
    """A credential plugin that counts its calls."""

    def __init__(self, **status: str) -> None:
        self.calls: list[dict[str, Any]] = []
        self.status = status

    def __call__(self, command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        self.calls.append({"command": command, **options})
        status = {"token": f"token-{len(self.calls)}", **self.status}
        return subprocess.CompletedProcess(command, 0, json.dumps({"status": status}), "")


def test_a_token_is_kept_until_a_minute_before_its_end() -> None:
    plugin, now = Plugin(expirationTimestamp="1970-01-01T00:14:00Z"), [0.0]
    tokens = Tokens(plugin, lambda: now[0], {"PATH": "/bin"})
    assert tokens.token(PLUGIN) == tokens.token(PLUGIN) == "token-1"
    now[0] = 14 * 60 - 61
    assert tokens.token(PLUGIN) == "token-1"
    now[0] = 14 * 60 - 59
    assert tokens.token(PLUGIN) == "token-2"


def test_a_plugin_gets_its_environment_and_the_request() -> None:
    plugin = Plugin()
    Tokens(plugin, lambda: 0.0, {"PATH": "/bin"}).token(PLUGIN)
    (call,) = plugin.calls
    assert call["command"] == ["hptf", "token"]
    assert call["env"]["AWS_REGION"] == "us-west-2"
    assert call["env"]["PATH"] == "/bin"
    assert json.loads(call["env"]["KUBERNETES_EXEC_INFO"])["apiVersion"] == PLUGIN.api_version


def test_tokens_of_different_plugins_are_apart() -> None:
    tokens = Tokens(Plugin(), lambda: 0.0, {})
    other = Exec(PLUGIN.api_version, "hptf", ("token", "--cluster-name", "two"), ())
    assert tokens.token(PLUGIN) != tokens.token(other)


@pytest.mark.parametrize("output", ["", "{}", '{"status": {}}', "[]"])
def test_a_plugin_without_a_token_is_refused(output: str) -> None:
    tokens = Tokens(lambda command, **_: subprocess.CompletedProcess(command, 0, output, ""), lambda: 0.0, {})
    with pytest.raises(Failure, match="no ExecCredential"):
        tokens.token(PLUGIN)


def test_access_needs_structure_and_a_host() -> None:
    for incomplete in (None, UNKNOWN, {"host": "http://h", "exec": UNKNOWN}):
        with pytest.raises(Failure, match="missing required structural data"):
            access(incomplete)
    with pytest.raises(Failure, match="cluster unreachable"):
        access({"host": UNKNOWN})
    with pytest.raises(Failure, match="not known yet"):
        access({"host": "http://h", "exec": {"api_version": "v", "command": "c", "args": [UNKNOWN], "env": None}})
    assert access({"host": "http://h/k8s/one/", "token": "t"}) == Access("http://h/k8s/one", token="t")


@pytest.mark.parametrize("host", ["https://ABC.gr7.us-west-2.eks.amazonaws.com", "http://10.0.0.1", "nonsense"])
def test_a_cluster_elsewhere_is_refused(host: str) -> None:
    with pytest.raises(Failure, match="is not on this machine"):
        check_host({"host": host})


@pytest.mark.parametrize("kubernetes", [None, UNKNOWN, {"host": UNKNOWN}, {"host": "https://127.0.0.1:1/k8s/one"}])
def test_what_is_here_or_not_known_yet_is_not(kubernetes: object) -> None:
    check_host(kubernetes)


def test_a_slow_plugin_holds_up_no_other() -> None:
    other = Exec(PLUGIN.api_version, "hptf", ("token", "--cluster-name", "two"), ())
    asked, go_on = threading.Event(), threading.Event()

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        if command[-1] == "token":
            asked.set()
            assert go_on.wait(10)
        return subprocess.CompletedProcess(command, 0, json.dumps({"status": {"token": command[-1]}}), "")

    tokens = Tokens(run, lambda: 0.0, {})
    slow = threading.Thread(target=tokens.token, args=(PLUGIN,))
    slow.start()
    assert asked.wait(10)
    quick = threading.Thread(target=tokens.token, args=(other,), daemon=True)
    quick.start()
    quick.join(5)
    held_up = quick.is_alive()
    go_on.set()
    slow.join(10)
    assert not held_up


def test_a_kubeconfig_holds_certificates_for_https_only() -> None:
    secure = json.loads(kubeconfig(Access("https://h", ca="PEM"), "t"))
    assert base64.b64decode(secure["clusters"][0]["cluster"]["certificate-authority-data"]) == b"PEM"
    assert secure["users"][0]["user"] == {"token": "t"}
    plain = json.loads(kubeconfig(Access("http://h", ca="PEM"), None))
    assert plain["clusters"][0]["cluster"] == {"server": "http://h"}


def test_an_unreachable_cluster_is_named() -> None:
    with pytest.raises(Failure, match=r"http://127\.0\.0\.1:9"):
        get(Access("http://127.0.0.1:9"), None, "/version")
    with pytest.raises(Failure, match="cluster unreachable"):
        get(Access("https://127.0.0.1:9", ca="not a certificate"), None, "/version")
