from __future__ import annotations

import base64
import json

import pytest

from hp_tf.standin.backend import Failure
from hp_tf.standin.kubernetes import Access, access, check_host, get, kubeconfig
from hp_tf.wire import UNKNOWN


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
