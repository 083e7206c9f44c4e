"""Puts data sources, a folder and dashboards into a Grafana workspace, with a token that lives for minutes.

Runs in a pod whose service account has a role by EKS Pod Identity. Needs Python's standard library alone.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

ACCOUNT = "hyperpod-dashboards"
TOKEN_SECONDS = 900
TRIES = 5
FOLDER_UID = "hyperpod"


class Failed(Exception):
    """An answer that is no success."""

    def __init__(self, what: str, status: object, text: str) -> None:
        super().__init__(f"{what}: {status} {text[:500]}")
        self.status = status


def ask(method: str, url: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
    """Send a request and return its JSON answer. What may pass by itself is tried again."""
    data = None if body is None else json.dumps(body).encode()
    for attempt in range(1, TRIES + 1):
        request = urllib.request.Request(url, data=data, method=method, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                text = response.read()
                return json.loads(text) if text else {}
        except urllib.error.HTTPError as error:
            if error.code not in (429, 500, 502, 503, 504) or attempt == TRIES:
                raise Failed(f"{method} {url}", error.code, error.read().decode("utf-8", "replace")) from None
        except urllib.error.URLError as error:
            if attempt == TRIES:
                raise Failed(f"{method} {url}", "no answer", str(error.reason)) from None
        time.sleep(2**attempt * float(os.environ.get("PATIENCE", "1")))
    raise AssertionError("the last try ends it")


def credentials() -> tuple[str, str, str]:
    """Return key, secret and session token: the pod's own, or those of the environment."""
    where = os.environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    if not where:
        own = os.environ
        return own["AWS_ACCESS_KEY_ID"], own["AWS_SECRET_ACCESS_KEY"], own.get("AWS_SESSION_TOKEN", "")
    token = pathlib.Path(os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]).read_text()
    given = ask("GET", where, headers={"Authorization": token})
    return given["AccessKeyId"], given["SecretAccessKey"], given["Token"]


def signed(
    method: str, url: str, body: Any, keys: tuple[str, str, str], region: str, service: str = "grafana"
) -> dict[str, str]:
    """Return the headers of a request that is signed by AWS's Signature Version 4."""
    key, secret, token = keys
    parts = urllib.parse.urlsplit(url)
    stamp = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
    day = stamp[:8]
    payload = b"" if body is None else json.dumps(body).encode()
    headers = {"host": parts.netloc, "x-amz-date": stamp}
    if body is not None:
        headers["content-type"] = "application/json"
    if token:
        headers["x-amz-security-token"] = token
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    # Paths are encoded once more than they are sent, as for all services but S3.
    path = urllib.parse.quote(parts.path or "/")
    canonical = "\n".join([method, path, parts.query, lines, names, hashlib.sha256(payload).hexdigest()])
    scope = f"{day}/{region}/{service}/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    step = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        step = hmac.new(step, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(step, text.encode(), hashlib.sha256).hexdigest()
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    del headers["host"]
    return headers


class Aws:
    """The part of Grafana's API that is AWS's: service accounts and their tokens."""

    def __init__(self, region: str, workspace: str) -> None:
        host = os.environ.get("AWS_ENDPOINT_URL_GRAFANA", f"https://grafana.{region}.amazonaws.com")
        self._base = f"{host}/workspaces/{workspace}/serviceaccounts"
        self._region = region
        self._keys = credentials()

    def call(self, method: str, path: str = "", body: Any = None) -> Any:
        """Ask AWS."""
        url = f"{self._base}{path}"
        return ask(method, url, body, signed(method, url, body, self._keys, self._region))


class Grafana:
    """The workspace itself."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the workspace."""
        return ask(method, f"{self._url}{path}", body, self._headers)

    def has(self, path: str) -> bool:
        """Whether something is there."""
        try:
            self.call("GET", path)
        except Failed as error:
            if error.status != 404:
                raise
            return False
        return True

    def source(self, source: dict[str, Any]) -> None:
        """Put a data source, as it is given."""
        path = f"/api/datasources/uid/{source['uid']}"
        if self.has(path):
            self.call("PUT", path, source)
        else:
            self.call("POST", "/api/datasources", source)

    def folder(self, title: str) -> None:
        """Put the folder."""
        path = f"/api/folders/{FOLDER_UID}"
        if self.has(path):
            self.call("PUT", path, {"title": title, "overwrite": True})
        else:
            self.call("POST", "/api/folders", {"uid": FOLDER_UID, "title": title})

    def dashboard(self, dashboard: dict[str, Any]) -> None:
        """Put a dashboard over what there is of its uid."""
        body = {"dashboard": {**dashboard, "id": None}, "folderUid": FOLDER_UID, "overwrite": True}
        self.call("POST", "/api/dashboards/db", body)


def sources(region: str, prometheus: str) -> list[dict[str, Any]]:
    """Return the data sources that dashboards name by their uids."""
    return [
        {
            "uid": "hyperpod-prometheus",
            "name": "HyperPod Prometheus",
            "type": "prometheus",
            "access": "proxy",
            "url": prometheus,
            "jsonData": {
                "httpMethod": "POST",
                "sigV4Auth": True,
                "sigV4AuthType": "ec2_iam_role",
                "sigV4Region": region,
            },
        },
        {
            "uid": "hyperpod-cloudwatch",
            "name": "HyperPod CloudWatch",
            "type": "cloudwatch",
            "access": "proxy",
            "jsonData": {"authType": "ec2_iam_role", "defaultRegion": region},
        },
    ]


def left_over(aws: Aws) -> None:
    """Delete the service account of a job that was killed."""
    for account in aws.call("GET").get("serviceAccounts", []):
        if account["name"] == ACCOUNT:
            aws.call("DELETE", f"/{account['id']}")


def main(folder: str) -> None:
    """Put all that is in a folder."""
    region, workspace = os.environ["AWS_REGION"], os.environ["GRAFANA_WORKSPACE"]
    dashboards = {path.name: json.loads(path.read_text()) for path in sorted(pathlib.Path(folder).glob("*.json"))}
    aws = Aws(region, workspace)
    left_over(aws)
    account = aws.call("POST", body={"name": ACCOUNT, "grafanaRole": "ADMIN"})["id"]
    try:
        asked = {"name": f"{ACCOUNT}-{int(time.time())}", "secondsToLive": TOKEN_SECONDS}
        token = aws.call("POST", f"/{account}/tokens", asked)["serviceAccountToken"]["key"]
        url = os.environ.get("GRAFANA_URL", f"https://{workspace}.grafana-workspace.{region}.amazonaws.com")
        grafana = Grafana(url, token)
        for source in sources(region, os.environ["PROMETHEUS_URL"]):
            grafana.source(source)
        grafana.folder(os.environ.get("GRAFANA_FOLDER") or "HyperPod")
        for name, dashboard in dashboards.items():
            grafana.dashboard(dashboard)
            sys.stdout.write(f"{name}: {dashboard.get('title')}\n")
    finally:
        # With it go its tokens.
        aws.call("DELETE", f"/{account}")


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Failed as error:
        sys.exit(f"error: {error}")
