"""Sessions on a real account, checked to be the one the environment names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import botocore.session
from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ProfileNotFound

from hp_tf.aws.presign import Keys
from hp_tf.errors import BadInput, HptfError

if TYPE_CHECKING:
    import boto3

    from hp_tf.environment.model import Aws


# Where botocore looks for a profile's name, in its order.
PROFILES = ("AWS_DEFAULT_PROFILE", "AWS_PROFILE")
# A service was not reached: credentials have nothing to do with it.
_NETWORK = (exceptions.ConnectionError, exceptions.HTTPClientError)


class AccountClients:
    """Makes clients of one session, each service once: making one costs tens of milliseconds."""

    def __init__(self, session: boto3.Session) -> None:
        self._session = session
        self._made: dict[str, Any] = {}

    @property
    def ca_bundle(self) -> str | None:
        """The file of certificates that AWS_CA_BUNDLE or the profile names."""
        # boto3 has no public way to what is configured.
        found: str | None = cast(Any, self._session)._session.get_config_variable("ca_bundle")
        return found

    def client(self, name: str, /) -> Any:
        """Return a client of one service."""
        if name not in self._made:
            # boto3's stubs know a client type for each literal name only.
            make: Any = self._session.client
            self._made[name] = make(name)
        return self._made[name]


def account_session(aws: Aws, role: Mapping[str, str] | None) -> AccountClients:
    """Return clients on the environment's account.

    Raises:
        HptfError: without credentials.
        BadInput: if they belong to another account.
    """
    session = open_session(aws.region, aws.profile, role)
    try:
        found = session.client("sts").get_caller_identity()["Account"]
    except _NETWORK as error:
        raise _unreached(error) from error
    except (BotoCoreError, ClientError) as error:
        raise HptfError(
            f"no usable AWS credentials for account {aws.account_id}: {error}",
            hint="run `aws sso login`, set AWS_PROFILE or `aws.profile`, or try --rehearse, which needs no account",
        ) from error
    if found != aws.account_id:
        raise BadInput(
            f"the credentials belong to account {found}, the environment names {aws.account_id}",
            hint="use other credentials, or correct aws.account_id",
        )
    return AccountClients(session)


def open_session(region: str, profile: str | None, assume_role: Mapping[str, str] | None) -> boto3.Session:
    """Return a boto3 session, through a role if one is given (``role_arn``, ``session_name``, ``external_id``).

    The role is assumed anew when its keys expire: an apply may take longer than they live.

    Raises:
        HptfError: where that fails.
    """
    import boto3
    from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials

    try:
        session = boto3.Session(botocore_session=_core(), profile_name=profile, region_name=region)
        if not assume_role:
            return session
        source = session.get_credentials()
        if source is None:
            raise NoCredentialsError
        external = {"ExternalId": assume_role["external_id"]} if "external_id" in assume_role else {}
        fetcher = AssumeRoleCredentialFetcher(
            # The stubs know a client type for each literal name only.
            cast(Any, session.client),
            source,
            assume_role["role_arn"],
            extra_args={"RoleSessionName": assume_role.get("session_name", "hptf"), **external},
        )
        assumed = _core()
        # botocore has no public way to give a session credentials that refresh.
        cast(Any, assumed)._credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
        through = boto3.Session(botocore_session=assumed, region_name=region)
        cast(Any, assumed)._credentials.get_frozen_credentials()
        return through
    except _NETWORK as error:
        raise _unreached(error) from error
    except (BotoCoreError, ClientError) as error:
        named_by = next((name for name in PROFILES if os.environ.get(name)), None)
        if isinstance(error, ProfileNotFound) and profile is None and named_by is not None:
            hint = f"correct or unset {named_by}"
        else:
            hint = "check aws.profile and aws.assume_role in the environment's file"
        raise HptfError(f"AWS credentials: {error}", hint=hint) from error


def _unreached(error: Exception) -> HptfError:
    return HptfError(
        f"AWS was not reached to ask whose credentials these are: {error}",
        hint="check the network, a proxy (HTTPS_PROXY) and aws.region, or try --rehearse, which needs no account",
    )


def _core() -> botocore.session.Session:
    """An endpoint_url of the user's AWS config file would lead somewhere else than to the account that is named."""
    core = botocore.session.Session()
    core.set_config_variable("ignore_configured_endpoint_urls", True)
    return core


def session_keys(region: str, profile: str | None, assume_role: Mapping[str, str] | None) -> Keys:
    """Return the keys of a session.

    Raises:
        HptfError: where there are none, or they cannot be had.
    """
    session = open_session(region, profile, assume_role)
    try:
        found = session.get_credentials()
        frozen = None if found is None else found.get_frozen_credentials()
    except _NETWORK as error:
        raise _unreached(error) from error
    except (BotoCoreError, ClientError) as error:
        raise HptfError(f"AWS credentials: {error}", hint="run `aws sso login`, or set AWS_PROFILE") from error
    if frozen is None or not frozen.access_key or not frozen.secret_key:
        raise HptfError("there are no AWS credentials", hint="set AWS_PROFILE, or run `aws sso login`")
    return Keys(frozen.access_key, frozen.secret_key, frozen.token)
