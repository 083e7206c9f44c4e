"""The environment variables by which any AWS client reaches the emulator, and only it."""

from __future__ import annotations

ACCESS_KEY = "emulator"


REATTACH = "TF_REATTACH_PROVIDERS"


def client_environment(endpoint: str, region: str) -> dict[str, str]:
    """Endpoint, region and dummy credentials. An endpoint by IP address makes SDKs use S3's path style."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
