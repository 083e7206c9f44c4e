"""Random expressions of the right types, and random values for the inputs they speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from hp_tf.contract.expressions.values import NOT_NULL, UNKNOWN, unknown
from hp_tf.contract.rules import (
    Expression,
    block,
    both,
    choose,
    concat,
    either,
    element,
    implies,
    listed,
    literal,
    negation,
    text,
    var,
)
from tests.contract.expressions.console import Typed

Draw = Callable[[st.SearchStrategy[Any]], Any]

TEXTS = [
    "",
    "a",
    "b",
    "ab",
    "A-b",
    "a-1",
    "true",
    "12",
    "arn:aws:iam::1:role/x",
    "x/y/z",
    "${a} %{b}",
    '"\\',
    "é\n",
    "null",
]
PATTERNS = ["a.*", "[a-z]*", "(?:a|b)+", "[^-]+", ".*/.*", "[0-9]+", r"\w+", "arn:[a-z]+:.*"]
BLOCKS = ["10.0.0.0/8", "10.0.0.0/16", "10.1.0.0/16", "10.1.128.0/17", "10.1.2.3/24", "192.168.0.0/16", "no range"]
ZONES = ["usw2-az1", "usw2-az2", "usw2-lax1-az1", "usw2-az17", "zone"]
NUMBERS = st.integers(-7, 12)

PLAIN: Mapping[str, tuple[str, st.SearchStrategy[Any]]] = {
    "flag": ("tobool", st.booleans()),
    "on": ("tobool", st.booleans()),
    "n": ("tonumber", NUMBERS),
    "m": ("tonumber", NUMBERS),
    "t": ("tostring", st.sampled_from(TEXTS)),
    "s": ("tostring", st.sampled_from(TEXTS)),
    "digits": ("tostring", st.sampled_from(["0", "7", "12", "4294967295"])),
    "zone": ("tostring", st.sampled_from(ZONES)),
    "range": ("tostring", st.sampled_from(BLOCKS)),
    "other": ("tostring", st.sampled_from(BLOCKS)),
}
NULLABLE: Mapping[str, tuple[str, st.SearchStrategy[Any]]] = {
    "maybe": ("tostring", st.none() | st.sampled_from(TEXTS)),
    "count": ("tonumber", st.none() | NUMBERS),
    "few": ("tolist", st.none() | st.lists(st.sampled_from(TEXTS), max_size=3)),
}
LISTS: Mapping[str, tuple[str, st.SearchStrategy[Any]]] = {
    "many": ("tolist", st.lists(st.sampled_from(TEXTS), max_size=4)),
    "more": ("tolist", st.lists(st.sampled_from(TEXTS), max_size=4)),
    "ranges": ("tolist", st.lists(st.sampled_from(BLOCKS), max_size=3)),
    "map": ("tomap", st.dictionaries(st.sampled_from(TEXTS), st.sampled_from(TEXTS), max_size=3)),
    "own": ("tomap", st.dictionaries(st.sampled_from(ZONES), st.sampled_from(BLOCKS), max_size=2)),
}
NAMES = st.sampled_from(TEXTS)
GROUP = st.fixed_dictionaries(
    {
        "name": NAMES,
        "size": NUMBERS,
        "spot": st.booleans(),
        "zone": st.none() | NAMES,
        "tags": st.lists(NAMES, max_size=2),
    }
)
INPUTS = [*PLAIN, *NULLABLE, *LISTS, "groups"]
NEVER_NULL = frozenset(var(name) for name in (*PLAIN, *LISTS, "groups"))


@dataclass(frozen=True)
class Case:
    """A tree, values with unknown ones among them, and the same with something known in their places."""

    tree: Expression
    scope: Mapping[str, Any]
    later: Mapping[str, Any]
    never_null: frozenset[Expression]


@st.composite
def cases(draw: Draw) -> Case:
    scope, later = {}, {}
    for name, (_, values) in {**PLAIN, **NULLABLE, **LISTS}.items():
        known = draw(values)
        hidden = draw(st.sampled_from([known] * 6 + [UNKNOWN] + ([] if known is None else [NOT_NULL])))
        if hidden is known and isinstance(known, list | dict) and draw(st.booleans()):
            hidden = _spotted(draw, known)
        scope[name], later[name] = hidden, known
    later["groups"] = draw(st.lists(GROUP, max_size=3))
    scope["groups"] = [_spotted(draw, group) if draw(st.booleans()) else group for group in later["groups"]]
    tree = draw(st.sampled_from([_condition, _condition, _condition, _number, _text, _texts]))(draw, 3)
    return Case(tree, scope, later, draw(st.sampled_from([frozenset(), NEVER_NULL])))


def _spotted(draw: Draw, value: Any) -> Any:
    """The same list or map with one value unknown."""
    if not value:
        return value
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    key = draw(st.sampled_from(keys))
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[key] = UNKNOWN
    return copy


def typed(scope: Mapping[str, Any]) -> dict[str, Typed]:
    """Values as Terraform's variables would hold them."""
    kinds = {name: kind for name, (kind, _) in {**PLAIN, **NULLABLE, **LISTS}.items()}
    found = {name: Typed(value, kinds[name]) for name, value in scope.items() if name in kinds}
    groups = [{key: Typed(value, _ATTRIBUTES[key]) for key, value in group.items()} for group in scope["groups"]]
    return {**found, "groups": Typed(groups, "")}


_ATTRIBUTES = {"name": "tostring", "size": "tonumber", "spot": "tobool", "zone": "tostring", "tags": "tolist"}


def _pick(draw: Draw, *makers: Callable[[], Expression]) -> Expression:
    made: Expression = draw(st.sampled_from(makers))()
    return made


def _condition(draw: Draw, depth: int) -> Expression:
    """A tree that is true or false."""
    if depth == 0:
        return _pick(draw, lambda: var("flag"), lambda: var("on"), lambda: literal(draw(st.booleans())))

    def inner() -> Expression:
        return _condition(draw, depth - 1)

    def number() -> Expression:
        return _number(draw, depth - 1)

    def words() -> Expression:
        return _text(draw, depth - 1)

    def texts() -> Expression:
        return _texts(draw, depth - 1)

    maybe, count, few = var("maybe"), var("count"), var("few")
    return _pick(
        draw,
        inner,
        lambda: both(*(inner() for _ in range(draw(st.integers(1, 3))))),
        lambda: either(*(inner() for _ in range(draw(st.integers(1, 3))))),
        lambda: negation(inner()),
        lambda: implies(inner(), inner()),
        lambda: choose(inner(), inner(), inner()),
        lambda: inner().eq(draw(st.booleans())),
        lambda: draw(st.sampled_from([Expression.eq, Expression.ne]))(words(), words()),
        lambda: draw(st.sampled_from(_ORDERS))(number(), number()),
        lambda: draw(st.sampled_from([maybe, count, few])).missing(),
        lambda: draw(st.sampled_from([maybe, count, few])).given(),
        lambda: both(maybe.given(), maybe.begins("a")),
        lambda: implies(maybe.given(), maybe.one_of(TEXTS[:5])),
        lambda: both(count.given(), draw(st.sampled_from(_ORDERS))(count, number()), inner()),
        lambda: implies(few.given(), few.length().ge(1)),
        lambda: few.length().ge(number()),
        lambda: draw(st.sampled_from([maybe, var("t")])).matches(draw(st.sampled_from(PATTERNS))),
        lambda: words().matches(draw(st.sampled_from(PATTERNS))),
        lambda: words().begins("a{t}"),
        lambda: words().holds("a"),
        lambda: words().one_of(draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3))),
        lambda: words().within(texts()),
        lambda: texts().covers(texts()),
        lambda: texts().distinct(),
        lambda: texts().empty(),
        lambda: texts().common(TEXTS[1:4]).empty(),
        lambda: texts().every("one", element("one").ne(words()), draw(st.sampled_from([None, element("one").ne("a")]))),
        lambda: texts().some("one", element("one").matches(draw(st.sampled_from(PATTERNS)))),
        lambda: var("groups").every("group", _of_group(draw), draw(st.sampled_from([None, _GROUP.field("spot")]))),
        lambda: var("groups").some("group", _of_group(draw)),
        lambda: var("groups").each("group", _GROUP.field("name"), _GROUP.field("size").ge(0)).distinct(),
        lambda: var("map").every("one", element("one").ne("a")),
        lambda: _range(draw).apart(_range(draw)),
        lambda: _range(draw).inside(_range(draw)),
        lambda: concat(var("ranges"), listed(_range(draw))).disjoint(),
        lambda: words().is_mapping("json"),
    )


_ORDERS = [Expression.le, Expression.ge, Expression.lt, Expression.gt, Expression.eq, Expression.ne]
_GROUP = element("group")


def _of_group(draw: Draw) -> Expression:
    zone = _GROUP.field("zone")
    return _pick(
        draw,
        lambda: _GROUP.field("spot"),
        lambda: implies(_GROUP.field("spot"), _GROUP.field("size").le(draw(NUMBERS))),
        lambda: either(zone.missing(), zone.eq(_GROUP.field("name"))),
        lambda: implies(zone.given(), zone.within(var("map").keys())),
        lambda: both(zone.given(), zone.begins("a")),
        lambda: _GROUP.field("tags").every("tag", element("tag").ne(_GROUP.field("name"))),
        lambda: _GROUP.field("tags").length().ge(1),
    )


def _range(draw: Draw) -> Expression:
    return _pick(
        draw,
        lambda: var("range"),
        lambda: var("other"),
        lambda: literal(draw(st.sampled_from(BLOCKS))),
        lambda: block(var("zone"), var("own"), var("range"), draw(st.sampled_from([4, 8]))),
    )


def _number(draw: Draw, depth: int) -> Expression:
    if depth == 0:
        return _pick(draw, lambda: var("n"), lambda: var("m"), lambda: literal(draw(NUMBERS)))

    def inner() -> Expression:
        return _number(draw, depth - 1)

    def divisor() -> Expression:
        return literal(draw(st.sampled_from([-3, 2, 5]))).modulo(literal(7))

    return _pick(
        draw,
        inner,
        lambda: inner().plus(inner()),
        lambda: inner().times(inner()),
        lambda: inner().modulo(draw(st.sampled_from([1, 2, 3, 5, -4]))),
        lambda: inner().modulo(divisor()),
        lambda: choose(_condition(draw, depth - 1), inner(), inner()),
        lambda: _texts(draw, depth - 1).length(),
        lambda: var("few").length(),
        lambda: var("digits").number(),
        lambda: choose(var("count").missing(), inner(), var("count")),
    )


def _text(draw: Draw, depth: int) -> Expression:
    if depth == 0:
        return _pick(draw, lambda: var("t"), lambda: var("s"), lambda: literal(draw(st.sampled_from(TEXTS))))

    def inner() -> Expression:
        return _text(draw, depth - 1)

    return _pick(
        draw,
        inner,
        lambda: inner().lower(),
        lambda: inner().part(draw(st.sampled_from("/:-")), draw(st.sampled_from([-1, 0, 1, 2]))),
        lambda: text("<{a}|{n}>${{x", a=inner(), n=_number(draw, depth - 1)),
        lambda: choose(_condition(draw, depth - 1), inner(), inner()),
        lambda: choose(var("maybe").missing(), inner(), var("maybe")),
        lambda: _texts(draw, depth - 1).joined(", "),
    )


def _texts(draw: Draw, depth: int) -> Expression:
    """A list of texts."""
    if depth == 0:
        return _pick(
            draw, lambda: var("many"), lambda: var("more"), lambda: var("map").keys(), lambda: var("map").values()
        )

    def inner() -> Expression:
        return _texts(draw, depth - 1)

    return _pick(
        draw,
        inner,
        lambda: listed(_text(draw, depth - 1), _text(draw, depth - 1)),
        lambda: concat(inner(), inner()),
        lambda: _text(draw, depth - 1).split("-"),
        lambda: inner().each("one", element("one").lower(), draw(st.sampled_from([None, element("one").ne("a")]))),
        lambda: inner().doubled(),
        lambda: var("groups").each("group", _GROUP.field("name")),
        lambda: var("groups").each("group", _GROUP.field("name"), _of_group(draw)),
    )


def holds_unknown(value: Any) -> bool:
    """Whether a value, or a part of it, is unknown."""
    if isinstance(value, Mapping):
        return any(map(holds_unknown, value.values()))
    return any(map(holds_unknown, value)) if isinstance(value, list) else unknown(value)
