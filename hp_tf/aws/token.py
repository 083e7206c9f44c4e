"""The Kubernetes credential of an EKS cluster, as an exec plugin prints it.

EKS accepts a presigned STS GetCallerIdentity URL that carries the cluster's name in a signed header, good for fifteen
minutes; the credential says fourteen, so that it is never used in its last one. Source: the AWS IAM authenticator's
token format.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

API_VERSION = "client.authentication.k8s.io/v1beta1"
_VALID = timedelta(minutes=14)
_URL_SECONDS = 60


def exec_credential(cluster_name: str, region: str, credentials: Any, *, now: datetime, endpoint: str | None) -> str:
    """Return the ExecCredential document for a cluster.

    Parameters
    ----------
    credentials: botocore credentials of the caller.
    endpoint: STS's URL, None for the region's own.
    """
    token = sign(cluster_name, region, credentials, endpoint=endpoint)
    expires = (now.astimezone(UTC) + _VALID).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps(
        {
            "apiVersion": API_VERSION,
            "kind": "ExecCredential",
            "spec": {},
            "status": {"expirationTimestamp": expires, "token": token},
        }
    )


def sign(cluster_name: str, region: str, credentials: Any, *, endpoint: str | None = None) -> str:
    """Return the bearer token for a cluster."""
    from botocore.auth import SigV4QueryAuth
    from botocore.awsrequest import AWSRequest

    host = endpoint.rstrip("/") if endpoint else f"https://sts.{region}.{_suffix(region)}"
    request = AWSRequest(
        method="GET",
        url=f"{host}/?Action=GetCallerIdentity&Version=2011-06-15",
        headers={"x-k8s-aws-id": cluster_name},
    )
    SigV4QueryAuth(credentials, "sts", region, expires=_URL_SECONDS).add_auth(request)
    encoded = base64.urlsafe_b64encode(str(request.url).encode()).decode().rstrip("=")
    return f"k8s-aws-v1.{encoded}"


def credentials_for(region: str, profile: str | None, role_arn: str | None, environ: Mapping[str, str]) -> Any:
    """Return botocore credentials, the quick way where the environment holds them."""
    if not profile and not role_arn and environ.get("AWS_ACCESS_KEY_ID"):
        from botocore.credentials import Credentials

        return Credentials(
            environ["AWS_ACCESS_KEY_ID"], environ.get("AWS_SECRET_ACCESS_KEY", ""), environ.get("AWS_SESSION_TOKEN")
        )
    from hp_tf.aws.sessions import open_session
    from hp_tf.errors import HptfError

    session = open_session(region, profile, {"role_arn": role_arn} if role_arn else None)
    found = session.get_credentials()
    if found is None:
        raise HptfError(
            "there are no AWS credentials to sign a token with", hint="set AWS_PROFILE or run `aws sso login`"
        )
    return found.get_frozen_credentials()


def _suffix(region: str) -> str:
    return "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
