"""The environment variables by which any AWS client reaches the emulator, and only it."""

from __future__ import annotations

import secrets

REATTACH = "TF_REATTACH_PROVIDERS"
REGISTRIES = ("registry.terraform.io", "registry.opentofu.org")


# The header that carries the access key to the emulator's own routes.
KEY_HEADER = "X-Hptf-Key"


def draw_key() -> str:
    """An access key for one emulator. Its secret is the same: whoever can read emulator.json may call it."""
    return f"emulator-{secrets.token_hex(16)}"


def client_environment(endpoint: str, region: str, access_key: str) -> dict[str, str]:
    """Endpoint, region and credentials. An endpoint by IP address makes SDKs use S3's path style."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": access_key,
        "AWS_SECRET_ACCESS_KEY": access_key,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
