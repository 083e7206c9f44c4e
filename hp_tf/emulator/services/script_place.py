"""Where a lifecycle script is, by the two kinds of location that SageMaker takes."""

from __future__ import annotations

import re

# A web address names the bucket before or behind the service's own name.
_WEB = re.compile(r"https://(?:s3(?:[.-][a-z0-9-]+)*\.amazonaws\.com[^/]*/)?([^/]+?)(?:\.s3[.-][^/]*)?(?:/(.*))?")


def script_place(location: str) -> tuple[str, str]:
    """The bucket and the key of an `s3://` location or of a web address of S3."""
    match = _WEB.fullmatch(location)
    if match is not None:
        return match[1], (match[2] or "").strip("/")
    bucket, _, key = location.partition("://")[2].partition("/")
    return bucket, key.strip("/")
