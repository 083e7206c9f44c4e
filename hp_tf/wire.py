"""Two binary formats that others write: protobuf's fields, and Terraform's values in msgpack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final


class Unknown:
    """A value that is known only after apply. There is one: UNKNOWN."""

    def __repr__(self) -> str:
        return "(known after apply)"


UNKNOWN: Final = Unknown()


def decode(data: bytes) -> Any:
    """Return the value of a msgpack message as go-cty writes it; an unknown is UNKNOWN, whatever is known about it."""
    import msgpack

    return msgpack.unpackb(data, raw=False, strict_map_key=False, ext_hook=lambda code, body: UNKNOWN)


def fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield number and content of a protobuf message's fields, in order.

    Raises:
        ValueError: if it is no protobuf message.
    """
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        sort = tag & 7
        if sort == 0:
            number, at = _varint(message, at)
            yield tag >> 3, number
            continue
        if sort == 2:
            size, at = _varint(message, at)
        elif sort in (1, 5):
            size = 8 if sort == 1 else 4
        else:
            raise ValueError(f"the protobuf message has a field of wire type {sort}")
        if at + size > len(message):
            raise ValueError("the protobuf message ends in the middle of a field")
        yield tag >> 3, message[at : at + size]
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data):
            raise ValueError("the protobuf message ends in the middle of a number")
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if not byte & 0x80:
            return value, at
        shift += 7
