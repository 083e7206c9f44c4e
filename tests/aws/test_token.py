from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from hp_tf.aws.presign import Keys
from hp_tf.aws.token import exec_credential, keys_for, sign
from hp_tf.errors import HptfError

NOW = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
KEYS = Keys("AKIDEXAMPLE", "secret", "session")
ENVIRON = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}


def url_of(token: str) -> str:
    head, _, encoded = token.partition(".")
    assert head == "k8s-aws-v1"
    assert "=" not in encoded
    return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()


def test_the_token_is_a_presigned_url_with_the_cluster_in_a_signed_header() -> None:
    parts = urlsplit(url_of(sign("shared", "us-west-2", KEYS, now=NOW)))
    query = parse_qs(parts.query)
    assert parts.netloc == "sts.us-west-2.amazonaws.com"
    assert query["Action"] == ["GetCallerIdentity"]
    assert query["X-Amz-SignedHeaders"] == ["host;x-k8s-aws-id"]
    assert query["X-Amz-Expires"] == ["60"]
    assert query["X-Amz-Date"] == ["20260203T040506Z"]
    assert query["X-Amz-Credential"] == ["AKIDEXAMPLE/20260203/us-west-2/sts/aws4_request"]
    assert query["X-Amz-Security-Token"] == ["session"]
    assert sign("shared", "us-west-2", KEYS, now=NOW) != sign("other", "us-west-2", KEYS, now=NOW)


@pytest.mark.parametrize(
    ("region", "endpoint", "host"),
    [
        ("cn-north-1", None, "https://sts.cn-north-1.amazonaws.com.cn/"),
        ("us-gov-west-1", None, "https://sts.us-gov-west-1.amazonaws.com/"),
        ("us-west-2", "http://127.0.0.1:4566/", "http://127.0.0.1:4566/"),
    ],
)
def test_the_token_is_signed_for_the_regions_endpoint_or_a_given_one(
    region: str, endpoint: str | None, host: str
) -> None:
    assert url_of(sign("c", region, KEYS, now=NOW, endpoint=endpoint)).startswith(host + "?")


@pytest.mark.parametrize("now", [NOW, NOW.astimezone(timezone(timedelta(hours=9)))])
def test_the_credential_is_good_for_fourteen_minutes(now: datetime) -> None:
    document = json.loads(exec_credential("c", "us-west-2", KEYS, now=now, endpoint=None))
    assert document["kind"] == "ExecCredential"
    assert document["apiVersion"] == "client.authentication.k8s.io/v1beta1"
    assert document["status"]["expirationTimestamp"] == "2026-02-03T04:19:06Z"
    assert document["status"]["token"] == sign("c", "us-west-2", KEYS, now=NOW)


def test_keys_of_the_environment_are_taken_as_they_are() -> None:
    assert keys_for("us-west-2", None, None, ENVIRON) == Keys("AKIDEXAMPLE", "secret", None)
    assert keys_for("us-west-2", None, None, {**ENVIRON, "AWS_SESSION_TOKEN": "t"}).token == "t"


def test_a_profile_wins_over_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "credentials").write_text("[ml]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = s\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    assert keys_for("us-west-2", "ml", None, ENVIRON).access_key == "AKIDPROFILE"
    with pytest.raises(HptfError, match="AWS credentials: The config profile"):
        keys_for("us-west-2", "absent", None, ENVIRON)


def test_without_any_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(HptfError, match="there are no AWS credentials"):
        keys_for("us-west-2", None, None, {})


def hptf(*arguments: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    script = (
        "import sys; from hp_tf.cli import main\ntry: main()\nfinally: print(*sorted(sys.modules), file=sys.stderr)"
    )
    return subprocess.run(
        [sys.executable, "-c", script, "token", *arguments], env=environ, capture_output=True, text=True, timeout=60
    )


def test_the_command_prints_a_credential_and_imports_little() -> None:
    done = hptf("--cluster-name", "c", "--region", "us-west-2", environ=ENVIRON)
    assert done.returncode == 0
    assert json.loads(done.stdout)["kind"] == "ExecCredential"
    loaded = {name.split(".")[0] for name in done.stderr.split()}
    assert "hp_tf" in loaded
    assert loaded & {"boto3", "botocore", "pydantic", "typer", "rich", "ruamel", "urllib3"} == set()


def test_the_command_follows_the_endpoint_of_the_environment() -> None:
    environ = {**ENVIRON, "AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}
    done = hptf("--cluster-name", "c", "--region", "us-west-2", environ=environ)
    assert url_of(json.loads(done.stdout)["status"]["token"]).startswith("http://127.0.0.1:4566/?")


@pytest.mark.parametrize(("arguments", "code"), [((), 2), (("--help",), 0), (("--cluster-name", "c", "--nonsense"), 2)])
def test_the_commands_own_errors(arguments: tuple[str, ...], code: int) -> None:
    done = hptf(*arguments, environ=ENVIRON)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert "hptf token" in done.stdout + done.stderr


@pytest.mark.slow
def test_the_command_starts_at_once() -> None:
    """Kubernetes clients start it before every call. Processor time: what others do on the machine is not its own."""
    times = []
    for _ in range(5):
        before = os.times()
        began = time.monotonic()
        assert hptf("--cluster-name", "c", "--region", "us-west-2", environ=ENVIRON).returncode == 0
        after = os.times()
        used = after.children_user - before.children_user + after.children_system - before.children_system
        times.append(min(used, time.monotonic() - began))
    assert min(times) < 0.35, times
