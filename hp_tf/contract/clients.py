"""What AWS is asked through, and which of its answers mean that a thing is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from botocore.exceptions import ClientError


class Clients(Protocol):
    """Makes AWS clients."""

    def client(self, name: str, /) -> Any:
        """Return a client of one service."""


def code_of(error: ClientError) -> str:
    """Return the code of an error AWS answered with."""
    return str(error.response.get("Error", {}).get("Code", ""))


def says_absent(error: ClientError) -> bool:
    """Whether AWS says that what was asked for does not exist: services word it in many ways."""
    code = code_of(error)
    return "NotFound" in code or code.startswith("NoSuch") or code == "404"
