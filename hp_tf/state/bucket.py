"""A bucket for states as it should be: it keeps every version, encrypts, and shows nothing to the public."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from hp_tf.errors import HptfError
from hp_tf.state.s3_errors import NO_BUCKET, Explaining, code_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ABSENT = frozenset({"ServerSideEncryptionConfigurationNotFoundError", "NoSuchPublicAccessBlockConfiguration"})
_NOT_THERE = frozenset({"404", NO_BUCKET, "NotFound"})
_BLOCK = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


@dataclass(frozen=True)
class _Property:
    """What a bucket must have.

    lacking: says of a bucket what it is without it. made: what was done to give it.
    reading, writing: the permissions for it.
    """

    lacking: str
    made: str
    reading: str
    writing: str
    is_there: Callable[[], bool]
    make: Callable[[], object]


class Bucket:
    """A bucket that states rest in.

    Attributes:
        client: a boto3 S3 client for its region.
        name: of it.
        kms_key_arn: the key that is to encrypt by default; None for S3's own.
    """

    def __init__(self, client: S3Client, name: str, kms_key_arn: str | None, explaining: Explaining) -> None:
        self._client = client
        self.name = name
        self._kms_key_arn = kms_key_arn
        self._explaining = explaining
        self._properties = (
            _Property(
                "keeps no versions: a state that is overwritten or deleted cannot be brought back",
                "versioning switched on",
                "s3:GetBucketVersioning",
                "s3:PutBucketVersioning",
                lambda: client.get_bucket_versioning(Bucket=name).get("Status") == "Enabled",
                lambda: client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"}),
            ),
            _Property(
                "does not encrypt by default",
                "default encryption switched on",
                "s3:GetEncryptionConfiguration",
                "s3:PutEncryptionConfiguration",
                lambda: bool(client.get_bucket_encryption(Bucket=name)),
                self._encrypt,
            ),
            _Property(
                "does not block public access",
                "public access blocked",
                "s3:GetBucketPublicAccessBlock",
                "s3:PutBucketPublicAccessBlock",
                self._blocks_the_public,
                lambda: client.put_public_access_block(
                    Bucket=name,
                    PublicAccessBlockConfiguration={
                        "BlockPublicAcls": True,
                        "IgnorePublicAcls": True,
                        "BlockPublicPolicy": True,
                        "RestrictPublicBuckets": True,
                    },
                ),
            ),
        )

    def shortcomings(self) -> list[str]:
        """What is not as it should be, each as the end of a sentence about the bucket."""
        found = []
        for item in self._properties:
            try:
                if not self._has(item):
                    found.append(item.lacking)
            except HptfError as error:
                found.append(f"could not be looked at: {error.message} ({item.reading})")
        return found

    def set_up(self) -> list[str]:
        """Make the bucket, and make it as it should be, where it is not so; return what was done.

        Raises:
            HptfError: if that is not allowed, or the name is another account's.
        """
        done = []
        if not self._exists():
            with self._explaining.during("make", "s3:CreateBucket"):
                self._create()
            done.append(f"bucket {self.name} made")
        for item in self._properties:
            if not self._has(item):
                with self._explaining.during("set up", item.writing):
                    item.make()
                done.append(item.made)
        return done

    def _has(self, item: _Property) -> bool:
        with self._explaining.during("look at", item.reading):
            try:
                return item.is_there()
            except ClientError as error:
                if code_of(error) in _ABSENT:
                    return False
                raise

    def _exists(self) -> bool:
        with self._explaining.during("look for", "s3:ListBucket"):
            try:
                self._client.head_bucket(Bucket=self.name)
            except ClientError as error:
                if code_of(error) in _NOT_THERE:
                    return False
                raise
        return True

    def _create(self) -> None:
        region: str = self._client.meta.region_name
        # S3 refuses the name of its first region there.
        elsewhere: dict[str, Any] = {}
        if region != "us-east-1":
            elsewhere["CreateBucketConfiguration"] = {"LocationConstraint": region}
        self._client.create_bucket(Bucket=self.name, **elsewhere)

    def _encrypt(self) -> None:
        key = self._kms_key_arn
        self._client.put_bucket_encryption(
            Bucket=self.name,
            ServerSideEncryptionConfiguration={
                "Rules": [
                    {
                        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
                        if key
                        else {"SSEAlgorithm": "AES256"},
                        "BucketKeyEnabled": key is not None,
                    }
                ]
            },
        )

    def _blocks_the_public(self) -> bool:
        block = self._client.get_public_access_block(Bucket=self.name)["PublicAccessBlockConfiguration"]
        return all(block.get(name) for name in _BLOCK)
