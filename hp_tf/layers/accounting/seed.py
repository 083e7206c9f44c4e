"""What a file says of an accounting database that exists."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.seeds import Given, Seed


def seed(given: Given) -> Iterator[Seed]:
    """Yield the database."""
    if given.existing is not None:
        yield Seed("database", given.existing["database_endpoint"], given.existing)
