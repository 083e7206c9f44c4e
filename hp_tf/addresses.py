"""The addresses of Terraform's resources."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

_MODULE = re.compile(r"module\.([^.\[]+)")
_KEY = r'(?:\[(\d+|"(?:[^"\\]|\\.)*")\])?'
_STEP = re.compile(rf"module\.([^.\[]+){_KEY}\.")
_RESOURCE = re.compile(rf"(data\.)?([^.\[]+)\.([^.\[]+){_KEY}")
_ESCAPE = re.compile(r"\\(u[0-9a-f]{4}|U[0-9a-f]{8}|.)|([$%])\2(?={)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}

Key = str | int | None


@dataclass(frozen=True)
class Address:
    """The address of one resource, taken apart.

    Attributes:
        modules: names and keys of the modules it is in, outermost first.
        module: their address; empty at the root.
    """

    modules: tuple[tuple[str, Key], ...]
    module: str
    mode: Literal["managed", "data"]
    type: str
    name: str
    index: Key

    @property
    def order(self) -> tuple[object, ...]:
        """What Terraform sorts addresses by."""
        path = tuple((name, _rank(key)) for name, key in self.modules)
        return len(path), path, self.mode, self.type, self.name, _rank(self.index)


def parse(address: str) -> Address | None:
    """Take an address apart; None if it is not one resource's."""
    at = 0
    modules = []
    while step := _STEP.match(address, at):
        modules.append((step[1], _key(step[2])))
        at = step.end()
    found = _RESOURCE.fullmatch(address, at)
    if found is None:
        return None
    mode: Literal["managed", "data"] = "data" if found[1] else "managed"
    return Address(tuple(modules), address[:at].removesuffix("."), mode, found[2], found[3], _key(found[4]))


def layer_of(address: str) -> str | None:
    """Return the layer an address belongs to: its first module; None at the root.

    ``module.network["x"].aws_vpc.this`` gives ``network``, and so does a module's own address, or that of a check.
    """
    match = _MODULE.match(address)
    return match[1] if match else None


def meant(said: str, addresses: Iterable[str]) -> list[str]:
    """Return those of some addresses that a user may mean: as Terraform writes them, or without their layer.

    Plans show a resource under its layer; and a shell takes away the quotes of a key.
    """
    wanted = _unquoted(said)
    return [
        address
        for address in addresses
        if wanted in (_unquoted(address), _unquoted(address).removeprefix(f"module.{layer_of(address)}."))
    ]


def _unquoted(address: str) -> str:
    return re.sub(r"""[\\"']""", "", address)


def _key(text: str | None) -> Key:
    if text is None or text[0] != '"':
        return None if text is None else int(text)
    return _ESCAPE.sub(lambda found: found[2] or _character(found[1]), text[1:-1])


def _character(escape: str) -> str:
    return chr(int(escape[1:], 16)) if len(escape) > 1 else _ESCAPED.get(escape, escape)


def _rank(key: Key) -> tuple[int, int, str]:
    """Without a key first, then numbers, then texts."""
    return (0, 0, "") if key is None else (1, key, "") if isinstance(key, int) else (2, 0, key)
