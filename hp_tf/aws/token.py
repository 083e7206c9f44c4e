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

from hp_tf.aws.presign import Keys, presign
from hp_tf.contract.providers import TOKEN_API_VERSION

_VALID = timedelta(minutes=14)
_URL_SECONDS = 60


def exec_credential(cluster_name: str, region: str, keys: Keys, *, now: datetime, endpoint: str | None) -> str:
    """Return the ExecCredential document for a cluster, as JSON. Parameters as for :func:`sign`."""
    token = sign(cluster_name, region, keys, now=now, endpoint=endpoint)
    expires = (now.astimezone(UTC) + _VALID).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps(
        {
            "apiVersion": TOKEN_API_VERSION,
            "kind": "ExecCredential",
            "spec": {},
            "status": {"expirationTimestamp": expires, "token": token},
        }
    )


def sign(cluster_name: str, region: str, keys: Keys, *, now: datetime, endpoint: str | None = None) -> str:
    """Return the bearer token for a cluster.

    Args:
        keys: the caller's; EKS lets in whom they belong to.
        now: with a time zone.
        endpoint: STS's URL, None for the region's own.
    """
    host = endpoint.rstrip("/") if endpoint else f"https://sts.{region}.{_suffix(region)}"
    url = presign(
        f"{host}/?Action=GetCallerIdentity&Version=2011-06-15",
        {"x-k8s-aws-id": cluster_name},
        keys,
        service="sts",
        region=region,
        now=now,
        seconds=_URL_SECONDS,
    )
    return f"k8s-aws-v1.{base64.urlsafe_b64encode(url.encode()).decode().rstrip('=')}"


def keys_for(
    region: str, profile: str | None, assume_role: Mapping[str, str] | None, environ: Mapping[str, str]
) -> Keys:
    """Return the keys to sign with, the quick way where the environment holds them.

    Args:
        assume_role: as the providers' configurations name its parts (``role_arn``, ``session_name``, ``external_id``).
        environ: environment variables; boto3, where it is needed, reads the process's own.

    Raises:
        HptfError: where there are none.
    """
    if not profile and not assume_role and environ.get("AWS_ACCESS_KEY_ID"):
        return Keys(
            environ["AWS_ACCESS_KEY_ID"], environ.get("AWS_SECRET_ACCESS_KEY", ""), environ.get("AWS_SESSION_TOKEN")
        )
    from hp_tf.aws.sessions import session_keys

    return session_keys(region, profile, assume_role)


def _suffix(region: str) -> str:
    return "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
