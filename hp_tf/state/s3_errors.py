"""What S3 answers in place of what was asked for, as sentences for the user."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
)

from hp_tf.errors import HptfError
from hp_tf.state.stores import CommandOf

NO_BUCKET = "NoSuchBucket"
DENIED = frozenset({"403", "AccessDenied", "Forbidden", "AllAccessDisabled"})
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
_ELSEWHERE = frozenset(
    {"301", "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"}
)


def code_of(error: ClientError) -> str:
    """The code of an error."""
    return str(error.response.get("Error", {}).get("Code", ""))


@dataclass(frozen=True)
class Explaining:
    """Turns what boto3 raises into sentences about a bucket.

    command: how commands about its environment are typed.
    """

    bucket: str
    command: CommandOf

    @contextlib.contextmanager
    def during(self, doing: str, permission: str, key: str | None = None) -> Iterator[None]:
        """Explain what goes wrong while something is done with an object, or with the bucket itself.

        Args:
            doing: a verb: "read".
            permission: what it takes.
        """
        what = f"{doing} s3://{self.bucket}" + (f"/{key}" if key is not None else "")
        try:
            yield
        except ClientError as error:
            raise self._sentence(code_of(error), error, what, permission) from error
        except (NoCredentialsError, PartialCredentialsError) as error:
            raise HptfError(
                f"could not {what}: there are no AWS credentials",
                hint="name a profile or role under `aws:` in the environment's file, or log in (`aws sso login`)",
            ) from error
        except EndpointConnectionError as error:
            raise HptfError(
                f"could not {what}: S3 does not answer ({error})",
                hint="check the network, and of an emulated environment, its emulator: `hptf local status ENV`",
            ) from error
        except BotoCoreError as error:
            raise HptfError(f"could not {what}: {error}") from error

    def _sentence(self, code: str, error: ClientError, doing: str, permission: str) -> HptfError:
        if code == NO_BUCKET:
            return HptfError(
                f"the state bucket {self.bucket} does not exist",
                hint=f"correct `state.s3.bucket`, or make it: {self.command('state init')}",
            )
        if code in _ELSEWHERE:
            return HptfError(
                f"the state bucket {self.bucket} is in another region than the environment",
                hint="use a bucket in the environment's region",
            )
        if code in _EXPIRED:
            return HptfError(f"could not {doing}: the AWS credentials have expired", hint="log in again and repeat")
        if code in DENIED:
            return HptfError(
                f"could not {doing}: access denied",
                hint=f"this run's identity needs {permission} there, and use of the key if one encrypts the bucket",
            )
        return HptfError(f"could not {doing}: {error}")
