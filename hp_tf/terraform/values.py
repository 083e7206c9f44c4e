"""A value of a plan with its two shadows: what of it is unknown, and what is sensitive.

Terraform's plan JSON gives the three side by side. A shadow is true, false, or of the value's own shape; true covers
everything below. Source: Terraform's JSON output format, ``after_unknown`` and ``after_sensitive``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, Final

Json = Mapping[str, Any]

MASK = "(sensitive value)"
UNKNOWN_TEXT = "(known after apply)"
ABSENT = "(absent)"


class _Sentinel:
    """A value that is no JSON."""


MISSING: Final = _Sentinel()
_AS_IS: Final = _Sentinel()


@dataclass(frozen=True, eq=False)
class PlanValue:
    """A value in a plan, or a part of one.

    Two are equal if each is unknown where the other is, and equal and as sensitive elsewhere; 1 is 1.0, and neither is
    true.

    Attributes:
        value: plain data, without what is unknown. MISSING if there is none, which is not the same as null.
        unknown: the shadow of what is known only after apply.
        sensitive: the shadow of what must not be shown.
    """

    value: Any = MISSING
    unknown: Any = False
    sensitive: Any = False

    @classmethod
    def before(cls, change: Json) -> PlanValue:
        """Return the earlier side of a change object, be it of a resource or of an output."""
        return cls(change.get("before"), False, change.get("before_sensitive", False))

    @classmethod
    def after(cls, change: Json) -> PlanValue:
        """Return the later side of a change object."""
        return cls(change.get("after"), change.get("after_unknown", False), change.get("after_sensitive", False))

    @classmethod
    def of_members(cls, members: Mapping[str, PlanValue]) -> PlanValue:
        """Return the object that has these members."""
        return cls(
            {key: held.value for key, held in members.items() if not held.is_missing},
            {key: held.unknown for key, held in members.items()},
            {key: held.sensitive for key, held in members.items()},
        )

    @classmethod
    def of_elements(cls, elements: Iterable[PlanValue]) -> PlanValue:
        """Return the list that has these elements; one without a value is null in it, as in Terraform's JSON."""
        found = list(elements)
        return cls(
            [None if held.is_missing else held.value for held in found],
            [held.unknown for held in found],
            [held.sensitive for held in found],
        )

    @property
    def is_missing(self) -> bool:
        return self.value is MISSING

    @property
    def is_unknown(self) -> bool:
        """Whether nothing of it is known; so too where the shadow covers a part that the value does not have."""
        return self.unknown is True or (not _fits(self.unknown, self.value) and _covers(self.unknown))

    @property
    def is_sensitive(self) -> bool:
        """Whether none of it may be shown; so too where the shadow has another shape. Null has no parts to hide."""
        if self.sensitive is True:
            return True
        return not _is_nothing(self.value) and not _fits(self.sensitive, self.value) and _covers(self.sensitive)

    @property
    def has_secrets(self) -> bool:
        """Whether it, or a part of it, is sensitive."""
        return _covers(self.sensitive)

    @property
    def is_null(self) -> bool:
        """Whether it is null or missing, and will be."""
        return _is_nothing(self.value) and not self.is_unknown

    @property
    def is_object(self) -> bool:
        return isinstance(self.value, Mapping) and not self.is_unknown

    @property
    def is_list(self) -> bool:
        return isinstance(self.value, list) and not self.is_unknown

    @property
    def text(self) -> str | None:
        """The string that it is, None if it is something else or unknown."""
        return self.value if isinstance(self.value, str) and not self.is_unknown else None

    def keys(self) -> tuple[str, ...]:
        """Return an object's keys, those of unknown members last; none of what is no object."""
        if not self.is_object:
            return ()
        more = self.unknown if isinstance(self.unknown, Mapping) else {}
        return (*self.value, *(key for key in more if key not in self.value and _covers(more[key])))

    def member(self, key: str) -> PlanValue:
        """Return an object's member; a MISSING value, under the shadows that cover it, where there is none."""
        return self._part(self.value.get(key, MISSING) if isinstance(self.value, Mapping) else MISSING, key)

    def members(self) -> Iterator[tuple[str, PlanValue]]:
        """Yield an object's keys and members."""
        for key in self.keys():
            yield key, self.member(key)

    def element(self, at: int) -> PlanValue:
        """Return a list's element; a MISSING value, under the shadows that cover it, where there is none."""
        return self._part(self.value[at] if isinstance(self.value, list) and at < len(self.value) else MISSING, at)

    def elements(self) -> tuple[PlanValue, ...]:
        """Return a list's elements; none of what is no list."""
        return tuple(map(self.element, range(len(self.value)))) if self.is_list else ()

    def at(self, path: str) -> PlanValue:
        """Return the member of members at ``a.b``."""
        head, _, rest = path.partition(".")
        return self.member(head).at(rest) if rest else self.member(head)

    def without(self, path: str) -> PlanValue:
        """Return an object without the member at ``a.b``; itself where it has no such member."""
        head, _, rest = path.partition(".")
        members = dict(self.members())
        if head not in members:
            return self
        if rest:
            members[head] = members[head].without(rest)
        else:
            del members[head]
        return PlanValue.of_members(members)

    def hidden_with(self, other: PlanValue) -> PlanValue:
        """Return the value with all hidden that either of the two hides, place by place."""
        return replace(self, sensitive=_either(self.sensitive, other.sensitive))

    def exposes(self, other: PlanValue) -> bool:
        """Return whether it shows something that the other hides, whatever is known of the other."""
        if self.is_sensitive or not other.has_secrets:
            return False
        if self.is_unknown:
            return not _includes(self.sensitive, other.sensitive)
        if self.keys() and (other.sensitive is True or isinstance(other.sensitive, Mapping)):
            return any(held.exposes(other.member(key)) for key, held in self.members())
        if self.elements() and (other.sensitive is True or isinstance(other.sensitive, list)):
            return any(held.exposes(other.element(at)) for at, held in enumerate(self.elements()))
        return True

    @property
    def known(self) -> Any:
        """Plain data, with null for what is unknown. It shows secrets."""
        return self.put(unknown=None)

    def masked(self) -> Any:
        """Return plain data as Terraform gives it, without what is unknown, and with a mask for what is sensitive."""
        return self.put(sensitive=MASK)

    def shown(self) -> Any:
        """Return plain data that is safe to show, with words for what is unknown, sensitive or missing."""
        return ABSENT if self.is_missing and self.is_null else self.put(unknown=UNKNOWN_TEXT, sensitive=MASK)

    def put(self, *, unknown: Any = _AS_IS, sensitive: Any = _AS_IS) -> Any:
        """Return plain data with these in place of what is unknown or sensitive; left as it is without."""
        if unknown is not _AS_IS and self.is_unknown:
            return unknown
        if sensitive is not _AS_IS and self.is_sensitive:
            return sensitive
        if self.is_object:
            keys = self.value if unknown is _AS_IS else self.keys()
            return {key: self.member(key).put(unknown=unknown, sensitive=sensitive) for key in keys}
        if self.is_list:
            return [held.put(unknown=unknown, sensitive=sensitive) for held in self.elements()]
        return None if self.is_missing else self.value

    def _part(self, value: Any, key: str | int) -> PlanValue:
        return PlanValue(
            value,
            self.is_unknown or _below(self.unknown, key),
            self.is_sensitive or _below(self.sensitive, key),
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PlanValue):
            return NotImplemented
        if self.is_unknown or other.is_unknown:
            return self.is_unknown and other.is_unknown
        if self.is_object and other.is_object and (self.keys() or other.keys()):
            return {*self.keys()} == {*other.keys()} and all(held == other.member(key) for key, held in self.members())
        if self.is_list and other.is_list and (self.value or other.value):
            return self.elements() == other.elements()
        return same_scalar(self.value, other.value) and self.is_sensitive == other.is_sensitive


def same_scalar(one: Any, other: Any) -> bool:
    """Return whether two scalars or empty containers are the same: 1 is 1.0, but neither is true."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other
    return type(one) is type(other) and bool(one == other)


def _is_nothing(value: Any) -> bool:
    return value is None or value is MISSING


def _fits(shadow: Any, value: Any) -> bool:
    """Whether a shadow has a value's shape."""
    return any(isinstance(shadow, kind) and isinstance(value, kind) for kind in (Mapping, list))


def _covers(shadow: Any) -> bool:
    """Whether a shadow covers anything at all."""
    if isinstance(shadow, Mapping):
        return any(map(_covers, shadow.values()))
    return any(map(_covers, shadow)) if isinstance(shadow, list) else bool(shadow)


def _below(shadow: Any, key: str | int) -> Any:
    """The shadow of a member or an element."""
    if isinstance(shadow, Mapping) and isinstance(key, str):
        return shadow.get(key, False)
    if isinstance(shadow, list) and isinstance(key, int):
        return shadow[key] if key < len(shadow) else False
    return shadow is True


def _either(one: Any, other: Any) -> Any:
    """The shadow of what either covers."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return {key: _either(one.get(key, False), other.get(key, False)) for key in {**one, **other}}
    if isinstance(one, list) and isinstance(other, list):
        return [_either(mine, theirs) for mine, theirs in zip_longest(one, other, fillvalue=False)]
    if _covers(one) and _covers(other):
        return True  # shadows of two shapes: better too little shown than too much
    return one if _covers(one) else other


def _includes(shadow: Any, other: Any) -> bool:
    """Whether a shadow covers all that another does."""
    if shadow is True or not _covers(other):
        return True
    if isinstance(other, Mapping):
        return all(_includes(_below(shadow, key), held) for key, held in other.items())
    return isinstance(other, list) and all(_includes(_below(shadow, at), held) for at, held in enumerate(other))
