"""The AWS partition that a region belongs to."""

from __future__ import annotations

_PREFIXES = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("us-isob-", "aws-iso-b"), ("us-iso-", "aws-iso"))


def partition_of(region: str) -> str:
    """`aws`, or the partition whose prefix the region's name has."""
    return next((partition for prefix, partition in _PREFIXES if region.startswith(prefix)), "aws")
