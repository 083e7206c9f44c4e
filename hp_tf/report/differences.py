"""What changes inside a resource, path by path, in words that are safe to show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hp_tf.contract.keyed import KeyedList
from hp_tf.report.text import printable, words
from hp_tf.report.walking import Place, Told, leaves, walk
from hp_tf.terraform.plan import Path, ResourceChange
from hp_tf.terraform.values import UNKNOWN_TEXT

_NOTHING = ("null", '""', "[]", "{}")


@dataclass(frozen=True)
class Difference:
    """One value that changes, ``before`` and ``after`` in words; or an element of a list that comes or goes.

    Attributes:
        before, after: None where an element is not.
        forces: whether it makes the resource be replaced.
        parts: what an element that comes or goes holds, path by path, the most telling first.
        computed: whether it is only what a replacement does to attributes that the service sets.
    """

    path: str
    before: str | None
    after: str | None
    forces: bool = False
    parts: tuple[tuple[str, str], ...] = ()
    computed: bool = False


def differences(change: ResourceChange, lists: Mapping[str, KeyedList] | None = None) -> list[Difference]:
    """Return what an update or a replacement changes, by attribute, sorted: what forces a replacement first.

    Args:
        lists: what is known of the resource's lists, as in ``Contract``.
    """
    return sorted(_differences(change, lists or {}), key=lambda item: not item.forces)


def _differences(change: ResourceChange, lists: Mapping[str, KeyedList]) -> Iterator[Difference]:
    before, after = change.before.hidden_with(change.after), change.after.hidden_with(change.before)
    if any(side.is_sensitive or not (side.is_object or side.is_null) for side in (before, after)):
        if before != after:
            yield Difference("(everything)", words(before), words(after))
        return
    names = {*before.keys(), *after.keys()}
    # The aws provider shows every tag twice.
    for name in sorted(names - {"tags_all"} if "tags" in names else names):
        known = lists.get(f"{change.type}.{name}")
        for told in walk(Place(name, (name,)), before.member(name), after.member(name)):
            forces = _forces(change, told.place.path)
            parts = tuple(_ordered(told.parts, known.telling if known is not None else ()))
            computed = change.action.replaces and not forces and _looks_computed(told)
            yield Difference(printable(told.place.shown), told.before, told.after, forces, parts, computed)


def _looks_computed(told: Told) -> bool:
    """Whether a replacement says no more of a value than that the service will set it, or had set it to nothing."""
    if told.after == UNKNOWN_TEXT:
        return len(told.place.path) == 1 or told.before in _NOTHING
    return told.before in _NOTHING and told.after in _NOTHING


def _ordered(parts: Sequence[tuple[str, str]], telling: Sequence[str]) -> Iterator[tuple[str, str]]:
    first = {path: at for at, path in enumerate(telling)}
    for path, said in sorted(parts, key=lambda part: first.get(part[0], len(first))):
        yield printable(path), said


def contents(change: ResourceChange) -> Iterator[tuple[str, str]]:
    """Yield (path, value in words) of what a resource is made with, sorted; what is not known yet is left out."""
    made = change.after.hidden_with(change.before)
    for name in () if made.is_sensitive else sorted(made.keys()):
        # The aws provider shows every tag twice.
        if name != "tags_all" or made.member(name) != made.member("tags"):
            for place, said in leaves(Place(name, (name,)), made.member(name)):
                yield printable(place.shown), said


def _forces(change: ResourceChange, path: Path) -> bool:
    """Whether what forces the replacement lies at, in or around a place."""
    return any(all(one == other for one, other in zip(path, found, strict=False)) for found in change.replace_paths)
