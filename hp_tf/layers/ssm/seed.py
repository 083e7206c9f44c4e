"""What a file says of a session document that exists."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.seeds import Given, Seed


def seed(given: Given) -> Iterator[Seed]:
    """Yield the document that is not made here."""
    values = given.existing or given.inputs
    if given.existing is not None or not values["create_document"]:
        yield Seed("session_document", values["document_name"])
