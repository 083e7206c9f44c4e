"""Reading AWS's answers page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def pages(client: Any, call: str, key: str, **arguments: Any) -> Iterator[Any]:
    """Yield what a call answers under a key, of all its pages."""
    if not client.can_paginate(call):
        yield from getattr(client, call)(**arguments).get(key, ())
        return
    for page in client.get_paginator(call).paginate(**arguments):
        yield from page.get(key, ())
