"""What a file says of a bucket that exists, and of scripts that are in it already."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.seeds import Given, Seed, Values
from hp_tf.layers.storage.scripts import SLURM_PREFIX


def seed(given: Given) -> Iterator[Seed]:
    """Yield the buckets, and the script where nothing uploads it."""
    yield from _existing(given.existing) if given.existing is not None else _given(given.inputs)


def _existing(outputs: Values) -> Iterator[Seed]:
    yield Seed("bucket", outputs["bucket_name"])
    if outputs.get("access_log_bucket_name"):
        yield Seed("bucket", outputs["access_log_bucket_name"])
    location, script = outputs.get("lifecycle_script_uri"), outputs.get("lifecycle_on_create")
    if location and script:
        yield Seed("script", f"{location.rstrip('/')}/{script}")


def _given(inputs: Values) -> Iterator[Seed]:
    if inputs["access_logs"] == "given" and inputs["access_log_bucket_name"]:
        yield Seed("bucket", inputs["access_log_bucket_name"])
    if inputs["create_bucket"]:
        return
    yield Seed("bucket", inputs["bucket_name"])
    if not inputs["upload_lifecycle_scripts"]:
        parts = (inputs["bucket_name"], _prefix(inputs), inputs["lifecycle_on_create"])
        yield Seed("script", f"s3://{'/'.join(filter(None, parts))}")


def _prefix(inputs: Values) -> str:
    """Return the prefix, as the module has it."""
    given: str | None = inputs["lifecycle_prefix"]
    return given if given is not None else "" if inputs.get("slurm_configuration") is None else SLURM_PREFIX
