"""A store in an S3 bucket: `<prefix>/<layer>.tfstate`, locked as Terraform's `backend "s3"` with `use_lockfile` locks.

The lock is an object `<key>.tflock` that holds Terraform's lock info and is written on condition that there is none
(`If-None-Match: *`), so a plain Terraform root on the same key and hptf shut each other out.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
)

from hp_tf.errors import HptfError
from hp_tf.state.document import State, dumps
from hp_tf.state.locks import LockHeld, LockInfo
from hp_tf.state.stores import (
    PRIVATE,
    SUFFIX,
    CommandOf,
    Presence,
    as_hptf_error,
    check_layer,
    check_object,
    is_layer,
    parse,
    unnamed,
)

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOCK_SUFFIX = ".tflock"
_THREADS = 10
_MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
_TAKEN = frozenset({"412", "PreconditionFailed", "409", "ConditionalRequestConflict"})
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
_DENIED = frozenset({"403", "AccessDenied", "Forbidden", "AllAccessDisabled"})
_ELSEWHERE = frozenset(
    {"301", "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"}
)

_Result = TypeVar("_Result")


class S3Store:
    """States in a bucket.

    Attributes:
        client: a boto3 S3 client for the bucket's region; used from several threads.
        bucket: its name.
        prefix: of every key, without a slash at the end; may be empty.
        kms_key_arn: the key that encrypts what is written; None leaves it to the bucket's default.
        command: how commands about the environment are typed, for hints.
    """

    def __init__(
        self,
        client: S3Client,
        bucket: str,
        prefix: str = "",
        kms_key_arn: str | None = None,
        command: CommandOf = unnamed,
    ) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._command = command
        self._encryption: dict[str, Any] = (
            {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key_arn} if kms_key_arn else {}
        )

    def describe(self) -> str:
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    def survey(self) -> dict[str, Presence]:
        versions: dict[str, str] = {}
        locked: set[str] = set()
        for key, version in self._list(self._prefix, delimiter="/"):
            name = key.removeprefix(self._prefix)
            layer = name.removesuffix(_LOCK_SUFFIX).removesuffix(SUFFIX)
            if not is_layer(layer):
                continue
            if name == f"{layer}{SUFFIX}":
                versions[layer] = version
            elif name == f"{layer}{SUFFIX}{_LOCK_SUFFIX}":
                locked.add(layer)
        return {layer: Presence(versions.get(layer), layer in locked) for layer in sorted(versions.keys() | locked)}

    def layers(self) -> list[str]:
        return [layer for layer, presence in self.survey().items() if presence.version is not None]

    def read(self, layer: str) -> State | None:
        body = self._get(self._key(layer))
        return None if body is None else parse(layer, body, self.describe())

    def read_all(self, layers: Iterable[str]) -> dict[str, State | None]:
        return _at_once(self.read, layers)

    def write(self, layer: str, state: State) -> None:
        self._put(self._key(layer), dumps(state))

    def write_all(self, states: Mapping[str, State]) -> dict[str, HptfError]:
        def attempt(layer: str) -> HptfError | None:
            try:
                self.write(layer, states[layer])
            except Exception as error:  # whatever it is, the other layers are still written
                return as_hptf_error(error)
            return None

        return {layer: error for layer, error in _at_once(attempt, states).items() if error is not None}

    def lock(self, layer: str, info: LockInfo) -> None:
        key = self._key(layer)
        with self._explained("lock", f"{key}{_LOCK_SUFFIX}", "s3:PutObject"):
            try:
                self._client.put_object(
                    Bucket=self._bucket,
                    Key=f"{key}{_LOCK_SUFFIX}",
                    Body=info.at(f"{self._bucket}/{key}").to_json(),
                    ContentType="application/json",
                    IfNoneMatch="*",
                    **self._encryption,
                )
            except ClientError as error:
                if _code(error) not in _TAKEN:
                    raise
            else:
                return
        # An answer that got lost may have been a yes: the lock object tells.
        holder = self.holder(layer)
        if holder is None or holder.id != info.id:
            raise self.held(layer, holder)

    def unlock(self, layer: str, lock_id: str) -> None:
        holder = self.holder(layer)
        if holder is None:
            return
        if holder.id != lock_id:
            raise self.held(layer, holder)
        self._delete(f"{self._key(layer)}{_LOCK_SUFFIX}")

    def holder(self, layer: str) -> LockInfo | None:
        body = self._get(f"{self._key(layer)}{_LOCK_SUFFIX}")
        if body is None:
            return None
        try:
            return LockInfo.from_json(body)
        except ValueError:
            return LockInfo.unreadable(body)

    def held(self, layer: str, holder: LockInfo | None) -> LockHeld:
        way = f"if it died, free all that it holds: {self._command('unlock', '--id', holder.id)}" if holder else ""
        return LockHeld(layer, holder, where=self.describe(), if_dead=way)

    def read_object(self, name: str) -> bytes | None:
        return self._get(self._object(name))

    def write_object(self, name: str, data: bytes) -> None:
        self._put(self._object(name), data)

    def delete_object(self, name: str) -> None:
        self._delete(self._object(name))

    def _key(self, layer: str) -> str:
        return f"{self._prefix}{check_layer(layer)}{SUFFIX}"

    def _object(self, name: str) -> str:
        return f"{self._prefix}{PRIVATE}/{check_object(name)}"

    def _get(self, key: str) -> bytes | None:
        with self._explained("read", key, "s3:GetObject and s3:ListBucket"):
            try:
                return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
            except ClientError as error:
                if _code(error) in _MISSING:
                    return None
                raise

    def _put(self, key: str, body: bytes) -> None:
        with self._explained("write", key, "s3:PutObject"):
            self._client.put_object(
                Bucket=self._bucket, Key=key, Body=body, ContentType="application/json", **self._encryption
            )

    def _delete(self, key: str) -> None:
        with self._explained("delete", key, "s3:DeleteObject"):
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def _list(self, prefix: str, delimiter: str = "") -> list[tuple[str, str]]:
        """Keys with their ETags."""
        with self._explained("list", prefix, "s3:ListBucket"):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=prefix, Delimiter=delimiter
            )
            return [(entry["Key"], entry["ETag"]) for page in pages for entry in page.get("Contents", [])]

    @contextlib.contextmanager
    def _explained(self, doing: str, key: str, permission: str) -> Iterator[None]:
        place = f"s3://{self._bucket}/{key}"
        try:
            yield
        except ClientError as error:
            raise self._sentence(_code(error), error, f"{doing} {place}", permission) from error
        except (NoCredentialsError, PartialCredentialsError) as error:
            raise HptfError(
                f"Could not {doing} {place}: there are no AWS credentials.",
                hint="Name a profile or role under `aws:` in the environment's file, or log in (`aws sso login`).",
            ) from error
        except EndpointConnectionError as error:
            raise HptfError(
                f"Could not {doing} {place}: S3 does not answer ({error}).",
                hint="Check the network, and for the local environment that the emulator runs (`hptf local status`).",
            ) from error
        except BotoCoreError as error:
            raise HptfError(f"Could not {doing} {place}: {error}.") from error

    def _sentence(self, code: str, error: ClientError, doing: str, permission: str) -> HptfError:
        if code == "NoSuchBucket":
            return HptfError(
                f"The state bucket {self._bucket} does not exist.",
                hint=f"Make it (`aws s3 mb s3://{self._bucket}`, then switch versioning on), or correct "
                "`state.s3.bucket`.",
            )
        if code in _ELSEWHERE:
            return HptfError(
                f"The state bucket {self._bucket} is in another region than the environment.",
                hint="Use a bucket in the environment's region.",
            )
        if code in _EXPIRED:
            return HptfError(f"Could not {doing}: the AWS credentials have expired.", hint="Log in again and repeat.")
        if code in _DENIED:
            return HptfError(
                f"Could not {doing}: access denied.",
                hint=f"This run's identity needs {permission} there, and use of the key if one encrypts the bucket.",
            )
        return HptfError(f"Could not {doing}: {error}.")


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _at_once(function: Callable[[str], _Result], layers: Iterable[str]) -> dict[str, _Result]:
    names = list(layers)
    if not names:
        return {}
    with ThreadPoolExecutor(max_workers=min(_THREADS, len(names))) as pool:
        return dict(zip(names, pool.map(function, names), strict=True))
