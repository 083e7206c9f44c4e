"""Errors without an address, and the event stream that knows it."""

from __future__ import annotations

from typing import Any

import pytest

from hp_tf.terraform.error_attribution import ErrorAttribution
from hp_tf.terraform.events import Diagnostic, parse

FSX, BUCKET = "module.fsx.aws_fsx_lustre_file_system.this", "module.storage.aws_s3_bucket.this[0]"
IDS = {FSX: "fs-1", BUCKET: "scripts"}
SAVING = Diagnostic("error", "Failed to save state")


def ended(*failed: str) -> ErrorAttribution:
    """An apply in which the deletion of both began, and that of these failed."""
    attribution = ErrorAttribution()

    def take(phase: str, address: str, **more: Any) -> None:
        hook = {"resource": {"addr": address}, "action": "delete", **more}
        attribution.take(parse({"type": f"apply_{phase}", "hook": hook}))

    for address, identity in IDS.items():
        take("start", address, id_key="id", id_value=identity)
    for address in failed:
        take("errored", address)
    return attribution


def named(address: str, also: str = "") -> Diagnostic:
    """An error as a provider words it."""
    return Diagnostic("error", f"deleting ({IDS[address]})", also)


@pytest.mark.parametrize(
    ("failed", "errors", "addresses"),
    [
        # By its id, beside errors that are about something else.
        ([FSX], [named(FSX), SAVING], [FSX, None]),
        ([FSX, BUCKET], [named(BUCKET), named(FSX)], [BUCKET, FSX]),
        # What is left is about what is left.
        ([FSX], [Diagnostic("error", "throttled")], [FSX]),
        ([FSX, BUCKET], [Diagnostic("error", "throttled"), named(FSX)], [BUCKET, FSX]),
        # Not certain: one of two, or both at once.
        ([FSX, BUCKET], [Diagnostic("error", "throttled")], [None]),
        ([FSX], [Diagnostic("error", "throttled"), SAVING], [None, None]),
        ([FSX, BUCKET], [named(FSX, also="scripts")], [None]),
        # The bucket did not fail, and the file system's error has an address.
        ([FSX], [Diagnostic("error", "throttled", address=FSX), named(BUCKET)], [FSX, None]),
        # A place in the configuration and a warning are left alone.
        ([FSX], [Diagnostic("error", "throttled", filename="main.tf.json", line=1)], [None]),
        ([FSX], [Diagnostic("warning", "deprecated")], [None]),
    ],
)
def test_an_error_gets_its_address_where_that_is_certain(
    failed: list[str], errors: list[Diagnostic], addresses: list[str | None]
) -> None:
    found = ended(*failed).addressed(errors)
    assert [item.address for item in found] == addresses
    assert [(item.severity, item.summary) for item in found] == [(item.severity, item.summary) for item in errors]
