"""Compares what a stage is about to do with what was reviewed.

The reviewed plan was made when nothing existed and much was unknown. A later stage is planned again with real values,
and may go on only if nothing but "unknown became known" differs. Pure: two plans in, differences out. Whatever it
cannot match it reports, so a doubt stops the run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from hp_tf.terraform.plan import Action, Path, Plan, ResourceChange
from hp_tf.terraform.values import ABSENT, MASK, PlanValue, same_scalar

Names = tuple[str, ...]
Unordered = Callable[[str, Names], bool]
Keyed = Callable[[str, Names], str | None]

# Equal or weaker: what may come of a reviewed action. A no-op that moves or imports counts as acting, hence its row.
_ALLOWED: dict[Action, frozenset[Action]] = {
    Action.NO_OP: frozenset({Action.NO_OP}),
    Action.CREATE: frozenset({Action.CREATE}),
    Action.UPDATE: frozenset({Action.UPDATE, Action.NO_OP}),
    Action.DELETE: frozenset({Action.DELETE}),
    Action.REPLACE_DELETE_FIRST: frozenset({Action.REPLACE_DELETE_FIRST, Action.UPDATE, Action.NO_OP}),
    Action.REPLACE_CREATE_FIRST: frozenset({Action.REPLACE_CREATE_FIRST, Action.UPDATE, Action.NO_OP}),
    Action.REPLACE_FORGET: frozenset({Action.REPLACE_FORGET, Action.UPDATE, Action.NO_OP}),
    Action.REPLACE_FORGET_FIRST: frozenset({Action.REPLACE_FORGET_FIRST, Action.UPDATE, Action.NO_OP}),
    Action.FORGET: frozenset({Action.FORGET}),
}


@dataclass(frozen=True)
class Difference:
    """Something the stage would do that was not reviewed.

    `path` leads into the resource's attributes: names, list positions, and the names of keyed list elements; empty if
    the action itself differs. `reviewed` and `now` are for showing: sensitive values are masked, unknown ones a
    placeholder.
    """

    address: str
    path: Path
    reviewed: Any
    now: Any
    reason: str

    def __str__(self) -> str:
        where = f"{self.address} {show_path(self.path)}".rstrip()
        return f"{where}: {self.reason}; reviewed {self.reviewed!r}, now {self.now!r}"


def compare(
    reviewed: Plan,
    now: Plan,
    *,
    done: Collection[str] = (),
    finished_layers: Collection[str] = (),
    unordered: Unordered = lambda kind, names: False,
    keyed: Keyed = lambda kind, names: None,
) -> list[Difference]:
    """What `now` does beyond `reviewed`, sorted by address and path; empty if the stage may go on.

    Args:
        done: addresses that this run's journal says are created or changed already. They must not be touched again.
        finished_layers: layers of stages that are applied. Nothing may happen to their resources.
        unordered: whether the list at these attribute names (no positions) of a resource type is a set. Plan JSON does
            not say; `hp_tf.terraform.schema.unordered` knows. A set matches as a multiset, unknown leaves as wildcards.
        keyed: the attribute by whose value the elements of such a list are matched (instance groups by their name), or
            None.

    Data sources, drift that nothing acts on, outputs and provider configuration are not compared. The caller has made
    sure that environment, modules, chart, providers and variables are those of the review.
    """
    before = {(change.address, change.deposed): change for change in reviewed.resource_changes}
    found: list[Difference] = []
    for change in now.changes():
        found += _resource(
            before.get((change.address, change.deposed)), change, done, finished_layers, unordered, keyed
        )
    return sorted(found, key=lambda d: (d.address, [str(part) for part in d.path]))


def show_path(path: Path) -> str:
    """A path as people write it: `instance_groups["workers"].counts[0]`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part.isidentifier():
            text += f".{part}" if text else part
        else:
            text += f'["{part}"]'
    return text


def _resource(
    was: ResourceChange | None,
    now: ResourceChange,
    done: Collection[str],
    finished_layers: Collection[str],
    unordered: Unordered,
    keyed: Keyed,
) -> Iterator[Difference]:
    address = now.address if now.deposed is None else f"{now.address} (deposed {now.deposed})"

    def action(reason: str) -> Difference:
        return Difference(address, (), "nothing" if was is None else was.action.label, now.action.label, reason)

    if now.layer is not None and now.layer in finished_layers:
        yield action(f"the stage of layer {now.layer} is finished and must have nothing left to do")
    elif now.address in done:
        yield action("this run has done it already and would do more")
    elif was is None or not was.acts:
        yield action("the review does nothing here")
    elif now.action not in _ALLOWED[was.action]:
        yield action("the action is not the reviewed one and not a weaker one")
    else:
        yield from _identity(address, was, now)
        if now.action.replaces:
            yield from _replace(address, was, now, unordered, keyed)
        if now.action in (Action.CREATE, Action.UPDATE) or now.action.replaces:
            walk = _Walk(now.type, address, unordered, keyed)
            # An update is answerable for what it changes; a create or a replacement for everything it sets.
            base = now.before if now.action is Action.UPDATE else None
            yield from walk.compare((), (), was.after, now.after, base)


def _identity(address: str, was: ResourceChange, now: ResourceChange) -> Iterator[Difference]:
    """The object itself: what is imported, moved or destroyed is what was reviewed."""
    if now.importing is not None and (was.importing is None or was.importing not in ("", now.importing)):
        yield Difference(address, (), was.importing, now.importing, "the import was not reviewed")
    if now.moved and now.previous_address != was.previous_address:
        yield Difference(address, (), was.previous_address, now.previous_address, "the move was not reviewed")
    if now.action.destroys:
        ids = [change.before.member("id") for change in (was, now)]
        if not any(held.is_null for held in ids) and ids[0].value != ids[1].value:
            yield Difference(address, ("id",), ids[0].shown(), ids[1].shown(), "another object would be destroyed")


def _replace(
    address: str, was: ResourceChange, now: ResourceChange, unordered: Unordered, keyed: Keyed
) -> Iterator[Difference]:
    allowed = [_positionless(now.type, path, unordered, keyed) for path in was.replace_paths]
    for path in now.replace_paths:
        flat = _positionless(now.type, path, unordered, keyed)
        if not any(flat[: len(prefix)] == prefix for prefix in allowed):
            shown = [show_path(p) for p in was.replace_paths]
            yield Difference(address, path, shown, show_path(path), "this attribute did not force the replacement")
    if not now.replace_paths and now.reason != was.reason:
        yield Difference(address, (), was.reason, now.reason, "the replacement has another reason")


def _positionless(kind: str, path: Path, unordered: Unordered, keyed: Keyed) -> Path:
    """A path with positions that mean nothing (in sets and keyed lists) made equal."""
    flat: list[str | int] = []
    names: Names = ()
    for part in path:
        if isinstance(part, int):
            flat.append("*" if unordered(kind, names) or keyed(kind, names) else part)
        else:
            flat.append(part)
            names = (*names, part)
    return tuple(flat)


class _Walk:
    """Walks one resource's reviewed and present values side by side."""

    def __init__(self, kind: str, address: str, unordered: Unordered, keyed: Keyed) -> None:
        self._kind = kind
        self._address = address
        self._unordered = unordered
        self._keyed = keyed

    def compare(
        self, path: Path, names: Names, was: PlanValue, now: PlanValue, base: PlanValue | None
    ) -> Iterator[Difference]:
        """`base` is the live value, where leaving it alone is allowed; None where everything is set anew."""
        if base is not None and base == now:
            return
        if was.is_unknown:
            if now.exposes(was):
                yield self._difference(path, was, now, "it was sensitive and is not now")
        elif now.is_unknown:
            yield self._difference(path, was, now, "it was known and is not now")
        elif was.is_object and now.is_object and (was.keys() or now.keys()):
            for key in sorted({*was.keys(), *now.keys()}):
                live = base.member(key) if base is not None else PlanValue()
                below = None if live.is_missing else live
                yield from self.compare((*path, key), (*names, key), was.member(key), now.member(key), below)
        elif was.is_list and now.is_list and (was.value or now.value):
            yield from self._lists(path, names, was, now, base)
        elif not same_scalar(was.value, now.value):
            yield self._difference(path, was, now, "the value is another")
        elif was.is_sensitive != now.is_sensitive:
            reason = "it was sensitive and is not now" if was.is_sensitive else "it was not sensitive and is now"
            yield self._difference(path, was, now, reason)

    def _lists(
        self, path: Path, names: Names, was: PlanValue, now: PlanValue, base: PlanValue | None
    ) -> Iterator[Difference]:
        inside = base.elements() if base is not None else ()
        key = self._keyed(self._kind, names)
        sides = [_by_key(value.elements(), key) for value in (was, now)] if key else []
        if sides and None not in sides:
            yield from self._by_name(
                path, names, sides[0] or ({}, []), sides[1] or ({}, []), _by_key(inside, key or "")
            )
        elif self._unordered(self._kind, names):
            if len(was.value) != len(now.value) or self._unmatched(names, was.elements(), now.elements()):
                yield self._difference(path, was, now, "the set has other elements")
        elif len(was.value) != len(now.value):
            yield self._difference(path, was, now, f"the list has {len(now.value)} elements, not {len(was.value)}")
        else:
            for at, (old, new, live) in enumerate(
                zip_longest(was.elements(), now.elements(), inside[: len(now.value)])
            ):
                yield from self.compare((*path, at), names, old, new, live)

    def _by_name(
        self, path: Path, names: Names, was: _Elements, now: _Elements, base: _Elements | None
    ) -> Iterator[Difference]:
        """Elements with a known key pair up by it; the rest must match reviewed elements whose key was unknown."""
        live = base[0] if base else {}
        for key in sorted(set(was[0]) & set(now[0])):
            yield from self.compare((*path, key), names, was[0][key], now[0][key], live.get(key))
        for key in sorted(set(was[0]) - set(now[0])):
            yield Difference(self._address, (*path, key), was[0][key].shown(), ABSENT, "it is missing now")
        fresh = [now[0][key] for key in sorted(set(now[0]) - set(was[0]))] + now[1]
        for element in self._unmatched(names, was[1], fresh):
            yield Difference(self._address, path, ABSENT, element.shown(), "the review has no such element")
        if len(fresh) < len(was[1]):
            shown = [element.shown() for element in was[1]]
            yield Difference(self._address, path, shown, ABSENT, "a reviewed element is missing now")

    def _unmatched(self, names: Names, was: Sequence[PlanValue], now: Sequence[PlanValue]) -> list[PlanValue]:
        """The elements of `now` that find no reviewed element of their own: maximum bipartite matching."""
        fits = [
            [at for at, old in enumerate(was) if next(self.compare((), names, old, new, None), None) is None]
            for new in now
        ]
        taken: dict[int, int] = {}

        def place(new: int, tried: set[int]) -> bool:
            for old in fits[new]:
                if old not in tried:
                    tried.add(old)
                    if old not in taken or place(taken[old], tried):
                        taken[old] = new
                        return True
            return False

        return [element for at, element in enumerate(now) if not place(at, set())]

    def _difference(self, path: Path, was: PlanValue, now: PlanValue, reason: str) -> Difference:
        if was.has_secrets or now.has_secrets:
            # One side's secret may be the other side's plain value.
            return Difference(self._address, path, MASK, MASK, reason)
        return Difference(self._address, path, was.shown(), now.shown(), reason)


_Elements = tuple[dict[str, PlanValue], list[PlanValue]]


def _by_key(items: Sequence[PlanValue], key: str) -> _Elements | None:
    """The elements by their key, and those whose key is unknown; None if they have no usable keys."""
    named: dict[str, PlanValue] = {}
    rest: list[PlanValue] = []
    for item in items:
        held = item if item.is_unknown else item.member(key)
        if held.is_unknown:
            rest.append(item)
        elif held.text is None or held.text in named:
            return None
        else:
            named[held.text] = item
    return named, rest
