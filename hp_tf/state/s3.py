"""A store in an S3 bucket: `<prefix>/<layer>.tfstate`, locked as Terraform's `backend "s3"` with `use_lockfile` locks.

The lock is an object `<key>.tflock` that holds Terraform's lock info and is written on condition that there is none
(`If-None-Match: *`), so a plain Terraform root on the same key and hptf shut each other out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError

from hp_tf.errors import HptfError
from hp_tf.state import last_written
from hp_tf.state.bucket import Bucket
from hp_tf.state.document import State, dumps
from hp_tf.state.locks import LockHeld, LockInfo
from hp_tf.state.s3_errors import Explaining, code_of
from hp_tf.state.stores import (
    PRIVATE,
    SUFFIX,
    CommandOf,
    Kept,
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
        self._explaining = Explaining(bucket, command)
        self._kms_key_arn = kms_key_arn
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
        # Without the note a state is not worse than written by Terraform itself.
        with suppress(HptfError):
            last_written.note(self, layer, state)

    def versions(self, layer: str) -> list[Kept]:
        key = self._key(layer)
        with self._explaining.during("list the versions of", "s3:ListBucketVersions", key):
            pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=key)
            return [
                Kept(entry["VersionId"], entry["LastModified"].isoformat(timespec="seconds"), entry["IsLatest"])
                for page in pages
                for entry in page.get("Versions", [])
                if entry["Key"] == key and entry["VersionId"] != "null"
            ]

    def read_version(self, layer: str, version: str) -> State | None:
        key = self._key(layer)
        with self._explaining.during("read a version of", "s3:GetObjectVersion", key):
            body = self._client.get_object(Bucket=self._bucket, Key=key, VersionId=version)["Body"].read()
        return parse(layer, body, f"{self.describe()}, version {version},")

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
        with self._explaining.during("lock", "s3:PutObject", f"{key}{_LOCK_SUFFIX}"):
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
                if code_of(error) not in _TAKEN:
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

    def read_objects(self, names: Iterable[str]) -> dict[str, bytes | None]:
        return _at_once(self.read_object, names)

    def list_objects(self, folder: str) -> list[str]:
        root = f"{self._prefix}{PRIVATE}/"
        return [key.removeprefix(root) for key, _ in self._list(f"{root}{check_object(folder)}/")]

    def write_object(self, name: str, data: bytes) -> None:
        self._put(self._object(name), data)

    def delete_object(self, name: str) -> None:
        self._delete(self._object(name))

    def shortcomings(self) -> list[str]:
        return [f"the state bucket {self._bucket} {text}" for text in self._as_bucket().shortcomings()]

    def set_up(self) -> list[str]:
        return self._as_bucket().set_up()

    def _as_bucket(self) -> Bucket:
        return Bucket(self._client, self._bucket, self._kms_key_arn, self._explaining)

    def _key(self, layer: str) -> str:
        return f"{self._prefix}{check_layer(layer)}{SUFFIX}"

    def _object(self, name: str) -> str:
        return f"{self._prefix}{PRIVATE}/{check_object(name)}"

    def _get(self, key: str) -> bytes | None:
        with self._explaining.during("read", "s3:GetObject and s3:ListBucket", key):
            try:
                return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
            except ClientError as error:
                if code_of(error) in _MISSING:
                    return None
                raise

    def _put(self, key: str, body: bytes) -> None:
        with self._explaining.during("write", "s3:PutObject", key):
            self._client.put_object(
                Bucket=self._bucket, Key=key, Body=body, ContentType="application/json", **self._encryption
            )

    def _delete(self, key: str) -> None:
        with self._explaining.during("delete", "s3:DeleteObject", key):
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def _list(self, prefix: str, delimiter: str = "") -> list[tuple[str, str]]:
        """Keys with their ETags."""
        with self._explaining.during("list", "s3:ListBucket", prefix):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=prefix, Delimiter=delimiter
            )
            return [(entry["Key"], entry["ETag"]) for page in pages for entry in page.get("Contents", [])]


def _at_once(function: Callable[[str], _Result], layers: Iterable[str]) -> dict[str, _Result]:
    names = list(layers)
    if not names:
        return {}
    with ThreadPoolExecutor(max_workers=min(_THREADS, len(names))) as pool:
        return dict(zip(names, pool.map(function, names), strict=True))
