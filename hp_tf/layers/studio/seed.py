"""What a file says of a domain that exists."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.seeds import Given, Seed


def seed(given: Given) -> Iterator[Seed]:
    """Yield the domain that is not made here."""
    values = given.existing or given.inputs
    if values.get("domain_id"):
        yield Seed("studio_domain", values["domain_id"])
