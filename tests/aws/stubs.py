"""Clients that answer as they are told, for what moto does not know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError


def refused(code: str, operation: str = "Describe") -> ClientError:
    """An error as AWS answers it."""
    return ClientError({"Error": {"Code": code, "Message": "No."}}, operation)


class StubClient:
    """A client whose operations are functions of their arguments."""

    def __init__(self, operations: Mapping[str, Callable[..., Any]]) -> None:
        self._operations = operations

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return self._operations[name]

    def can_paginate(self, name: str) -> bool:
        """Every operation has pages."""
        return True

    def get_paginator(self, name: str) -> StubPaginator:
        """One page with everything."""
        return StubPaginator(self._operations[name])


class StubPaginator:
    """One page with everything."""

    def __init__(self, operation: Callable[..., Any]) -> None:
        self._operation = operation

    def paginate(self, **arguments: Any) -> Iterator[Any]:
        """Yield the one page."""
        yield self._operation(**arguments)


class StubClients:
    """One stub for every service."""

    def __init__(self, **operations: Callable[..., Any]) -> None:
        self._client = StubClient(operations)

    def client(self, name: str, /) -> Any:
        """The stub."""
        return self._client
