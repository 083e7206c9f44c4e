"""Lists of a resource whose elements have a name, while the provider compares them by position."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class KeyedList:
    """What hptf must know of such a list to judge its updates. Attributes inside others are written ``a.b``.

    The layer has an output of the list's own name: what the module sends of every element, by its key.

    Attributes:
        key: the attribute by which the elements are told apart.
        create_only: attributes that the service fixes when an element is made although the provider plans an update,
            with what to do instead.
        computed: attributes of an element that only the service sets.
        told_apart: for a list inside an element, the attributes by which its own elements are told apart; without, one
            is what it was only if all of it is.
        computed_beside: attributes of the resource itself that only the service sets.
        telling: attributes that say most of an element, the first ones first: for one that comes or goes as a whole.
        deleted: says what is deleted with an element that goes, where that is more than a line of the list.
    """

    key: str
    create_only: Mapping[str, str] = field(default_factory=dict)
    computed: tuple[str, ...] = ()
    told_apart: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    computed_beside: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()
    deleted: Callable[[Mapping[str, Any]], str] | None = None
