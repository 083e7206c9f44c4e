"""Lists of a resource whose elements have a name, while the provider compares them by position."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hp_tf.contract.clients import Clients

Element = Mapping[str, Any]


@dataclass(frozen=True)
class KeyedList:
    """What hptf must know of such a list to judge its updates. Attributes inside others are written ``a.b``.

    The layer has an output of the list's own name: what the file wants of every element, by its key.

    Attributes:
        key: the attribute by which the elements are told apart.
        create_only: attributes that the service fixes when an element is made although the provider plans an update,
            with what to do instead.
        computed: attributes of an element that only the service sets.
        told_apart: for a list inside an element, the attributes by which its own elements are told apart; without, one
            is what it was only if all of it is.
        telling: attributes that say most of an element, the first ones first: for one that comes or goes as a whole.
        clearing: by attribute, the value that means none. What an element leaves out is filled in from the element that
            stands at its position in the service's list; this is sent instead, for as long as that one has it.
        stays: attributes that nothing takes away from an element, with what to do.
        kept: attributes that the service may set by itself: what an element has of them it keeps, said or not.
        size: the attribute that counts what an element holds.
        lost: says what is lost of an element, None if nothing is: with it as it was and, where it stays, as it will be.
    """

    key: str
    create_only: Mapping[str, str] = field(default_factory=dict)
    computed: tuple[str, ...] = ()
    told_apart: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    telling: tuple[str, ...] = ()
    clearing: Mapping[str, Any] = field(default_factory=dict)
    stays: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    size: str | None = None
    lost: Callable[[Element, Element | None], str | None] | None = None


@dataclass(frozen=True)
class LiveLists:
    """How the keyed lists of a resource are had from the service, in the order in which it lists them.

    Attributes:
        read: gives a resource's attributes, by Terraform's names, from its import id. Lets botocore's errors pass.
        input: the layer's input that takes them, as JSON of an object: the lists by attribute, and under ``order`` the
            names of a list's elements in the order they are to be sent in, where the module's own would not do.
        remove: the command that takes one element away by itself, from the resource's attributes and the key.
    """

    read: Callable[[Clients, str], Mapping[str, Any]]
    input: str
    remove: Callable[[Mapping[str, Any], str], str]
