"""The resource types of the inference operator."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.clients import Clients
from hp_tf.contract.resources import ec2, eks, iam, s3
from hp_tf.contract.resources.base import Attributes, ResourceType


def _providers(planned: Attributes, clients: Clients) -> Iterator[str]:
    """Yield the account's OpenID Connect provider of an issuer: there is one at most."""
    issuer = str(planned.get("url") or "").removeprefix("https://")
    for item in clients.client("iam").list_open_id_connect_providers()["OpenIDConnectProviderList"]:
        if issuer and item["Arn"].partition(":oidc-provider/")[2] == issuer:
            yield item["Arn"]


def _all_providers(clients: Clients) -> Iterator[str]:
    for item in clients.client("iam").list_open_id_connect_providers()["OpenIDConnectProviderList"]:
        yield item["Arn"]


RESOURCES = (
    eks.ADDON,
    iam.ROLE,
    iam.ROLE_POLICY,
    ResourceType(
        "aws_iam_openid_connect_provider",
        candidates=_providers,
        single=True,
        inventory=_all_providers,
        mocked={"arn": "arn:aws:iam::123456789012:oidc-provider/mocked"},
    ),
    ec2.TAG,
    s3.BUCKET,
    s3.LOGGING,
    s3.OWNERSHIP_CONTROLS,
    s3.POLICY,
    s3.PUBLIC_ACCESS_BLOCK,
    s3.ENCRYPTION,
    s3.VERSIONING,
)
