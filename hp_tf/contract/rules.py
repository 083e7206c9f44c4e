"""Rules between fields, in a small vocabulary that Python evaluates and HCL renders.

A rule is written once::

    Rule("network-nat-given", on="nat_gateway_ids",
         check=implies(var("nat").eq("existing"), var("nat_gateway_ids").length().ge(1)),
         message="nat is 'existing', so nat_gateway_ids must name the NAT gateways")

hptf evaluates it before Terraform starts, the module carries it as a ``validation`` of the variable it is ``on``.
Values that are not known yet (wired from a layer that does not exist) make a rule pass: Terraform asks again later.
A rule only Python can say is a :class:`PythonRule` with its reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal


class _Unknown:
    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


UNKNOWN: Final = _Unknown("UNKNOWN")
# Just as unknown, but never null: the output of another layer that always has a value.
NOT_NULL: Final = _Unknown("NOT_NULL")
Path = tuple[str | int, ...]
Scope = Mapping[str, Any]
Level = Literal["error", "warning"]


def unknown(value: Any) -> bool:
    """Whether a value is not known yet, be it UNKNOWN or NOT_NULL."""
    return isinstance(value, _Unknown)


@dataclass(frozen=True)
class Expression:
    """A value computed from a layer's inputs.

    ``evaluate`` takes plain data (dicts, lists, scalars, ``UNKNOWN``, ``NOT_NULL``) by input name; ``hcl`` is the same
    in Terraform.
    """

    evaluate: Callable[[Scope], Any]
    hcl: str

    def _with(self, other: Any, operator: str, apply: Callable[[Any, Any], Any]) -> Expression:
        right = literal(other)

        def evaluate(scope: Scope) -> Any:
            a, b = self.evaluate(scope), right.evaluate(scope)
            return UNKNOWN if unknown(a) or unknown(b) else apply(a, b)

        return Expression(evaluate, f"{self.hcl} {operator} {right.hcl}")

    def _then(self, hcl: str, apply: Callable[[Any], Any]) -> Expression:
        def evaluate(scope: Scope) -> Any:
            value = self.evaluate(scope)
            return UNKNOWN if unknown(value) else apply(value)

        return Expression(evaluate, hcl)

    def eq(self, other: Any) -> Expression:
        """Equal."""
        return self._with(other, "==", lambda a, b: a == b)

    def ne(self, other: Any) -> Expression:
        """Not equal."""
        return self._with(other, "!=", lambda a, b: a != b)

    def le(self, other: Any) -> Expression:
        """At most."""
        return self._with(other, "<=", lambda a, b: a <= b)

    def ge(self, other: Any) -> Expression:
        """At least."""
        return self._with(other, ">=", lambda a, b: a >= b)

    def modulo(self, divisor: int) -> Expression:
        """The remainder of a division."""
        return self._with(divisor, "%", lambda a, b: a % b)

    def given(self) -> Expression:
        """Not null."""
        return self._null(f"{self.hcl} != null", when_null=False)

    def missing(self) -> Expression:
        """Null."""
        return self._null(f"{self.hcl} == null", when_null=True)

    def _null(self, hcl: str, *, when_null: bool) -> Expression:
        def evaluate(scope: Scope) -> Any:
            value = self.evaluate(scope)
            return UNKNOWN if value is UNKNOWN else (value is None) == when_null

        return Expression(evaluate, hcl)

    def length(self) -> Expression:
        """The number of elements or characters; 0 for null."""
        return self._then(f"({self.hcl} == null ? 0 : length({self.hcl}))", lambda a: 0 if a is None else len(a))

    def keys(self) -> Expression:
        """The keys of a map."""
        return self._then(f"keys({self.hcl})", lambda a: sorted(a))

    def values(self) -> Expression:
        """The values of a map."""
        return self._then(f"values({self.hcl})", lambda a: list(a.values()))

    def one_of(self, values: Iterable[str | int]) -> Expression:
        """Whether the value is one of these constants."""
        allowed = list(values)
        return self._then(f"contains({json.dumps(allowed)}, {self.hcl})", lambda a: a in allowed)

    def within(self, collection: Expression) -> Expression:
        """Whether the value is an element of a list."""

        def evaluate(scope: Scope) -> Any:
            value, among = self.evaluate(scope), collection.evaluate(scope)
            return UNKNOWN if unknown(value) or unknown(among) else _contains(among, value)

        return Expression(evaluate, f"contains({collection.hcl}, {self.hcl})")

    def common(self, values: Iterable[str]) -> Expression:
        """The elements of a list that are among these constants; UNKNOWN where it is not known whether one is."""
        allowed = list(values)
        return self._then(
            f"setintersection({self.hcl}, {json.dumps(allowed)})",
            lambda mine: [value for value in mine if unknown(value) or value in allowed],
        )

    def without(self, other: Expression) -> Expression:
        """The elements of a list that are not in another; UNKNOWN where it is not known whether one is."""

        def evaluate(scope: Scope) -> Any:
            mine, theirs = self.evaluate(scope), other.evaluate(scope)
            if unknown(mine) or unknown(theirs):
                return UNKNOWN
            found = [(value, UNKNOWN if unknown(value) else _contains(theirs, value)) for value in mine]
            return [UNKNOWN if unknown(there) else value for value, there in found if there is not True]

        return Expression(evaluate, f"setsubtract({self.hcl}, {other.hcl})")

    def empty(self) -> Expression:
        """Whether a list has no elements, of one whose unknown elements may be none."""

        def apply(values: list[Any]) -> Any:
            return False if any(not unknown(value) for value in values) else UNKNOWN if values else True

        return self._then(f"length({self.hcl}) == 0", apply)

    def covers(self, other: Expression) -> Expression:
        """Whether every element of another list is in this one."""
        return other.without(self).empty()

    def matches(self, pattern: str) -> Expression:
        """Whether a string matches a pattern as a whole (RE2 subset)."""
        anchored = json.dumps(f"^(?:{pattern})$")
        return self._then(f"can(regex({anchored}, {self.hcl}))", lambda a: re.fullmatch(pattern, str(a)) is not None)

    def is_mapping(self, language: Literal["json", "yaml"]) -> Expression:
        """Whether a text is one JSON or YAML document, and that is a mapping."""
        return self._then(f"can(keys({language}decode({self.hcl})))", lambda a: _is_mapping(str(a), language))

    def field(self, name: str) -> Expression:
        """An attribute of an object; a null object has null attributes."""
        return self._then(f"{self.hcl}.{name}", lambda value: None if value is None else value.get(name))

    def optional_field(self, name: str) -> Expression:
        """An attribute of an object that may be null, which HCL cannot look into."""
        return Expression(self.field(name).evaluate, f"try({self.hcl}.{name}, null)")

    def distinct(self) -> Expression:
        """Whether no element of a list occurs twice."""
        return self._then(f"length(distinct({self.hcl})) == length({self.hcl})", all_distinct)

    def doubled(self) -> Expression:
        """The elements of a list that occur more than once, each once."""
        repeated = f"[for one in {self.hcl} : one if length([for other in {self.hcl} : other if other == one]) > 1]"
        return self._then(f"distinct({repeated})", _doubled)


def all_distinct(items: Iterable[Any]) -> Any:
    """Return whether no item occurs twice; UNKNOWN if only one that is not known could."""
    texts = [UNKNOWN if unknown(item) else json.dumps(item, sort_keys=True, default=repr) for item in items]
    known = [text for text in texts if not unknown(text)]
    if len(set(known)) < len(known):
        return False
    return True if len(known) == len(texts) else UNKNOWN


def _doubled(items: Iterable[Any]) -> list[Any]:
    known = [item for item in items if not unknown(item)]
    return [item for index, item in enumerate(known) if known.count(item) > 1 and item not in known[:index]]


def _contains(collection: Iterable[Any], value: Any) -> Any:
    """Return whether a collection holds a value; UNKNOWN if an element that is not known may be it."""
    items = list(collection)
    return value in items or (UNKNOWN if any(unknown(item) for item in items) else False)


def _is_mapping(text: str, language: str) -> bool:
    if language == "json":
        try:
            return isinstance(json.loads(text), dict)
        except ValueError:
            return False
    # Few commands read a YAML text inside the file; the others start faster without the parser.
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return isinstance(YAML(typ="safe", pure=True).load(text), dict)
    except (YAMLError, ValueError):
        return False


def var(name: str) -> Expression:
    """Return an input by its name."""
    return Expression(lambda scope: scope.get(name), f"var.{name}")


def item() -> Expression:
    """Return the element a rule with ``each`` is looking at."""
    return Expression(lambda scope: scope["item"], "item")


def literal(value: Any) -> Expression:
    """Return a constant; an expression is returned as it is."""
    if isinstance(value, Expression):
        return value
    return Expression(lambda scope: value, json.dumps(value))


def implies(condition: Expression, then: Expression) -> Expression:
    """Return ``then`` where the condition holds, true elsewhere. HCL's ``||`` evaluates both sides, ``?:`` does not."""

    def evaluate(scope: Scope) -> Any:
        holds = condition.evaluate(scope)
        return UNKNOWN if unknown(holds) else (then.evaluate(scope) if holds else True)

    return Expression(evaluate, f"({condition.hcl} ? {then.hcl} : true)")


def both(*conditions: Expression) -> Expression:
    """Return whether all conditions hold; later ones are not looked at when an earlier one fails."""

    def evaluate(scope: Scope) -> Any:
        open_ended = False
        for condition in conditions:
            holds = condition.evaluate(scope)
            if unknown(holds):
                open_ended = True
            elif not holds:
                return False
        return UNKNOWN if open_ended else True

    hcl = conditions[-1].hcl
    for condition in reversed(conditions[:-1]):
        hcl = f"({condition.hcl} ? {hcl} : false)"
    return Expression(evaluate, hcl)


def either(*conditions: Expression) -> Expression:
    """Return whether one condition holds; later ones are not looked at when an earlier one holds."""

    def evaluate(scope: Scope) -> Any:
        open_ended = False
        for condition in conditions:
            holds = condition.evaluate(scope)
            if unknown(holds):
                open_ended = True
            elif holds:
                return True
        return UNKNOWN if open_ended else False

    hcl = conditions[-1].hcl
    for condition in reversed(conditions[:-1]):
        hcl = f"({condition.hcl} ? true : {hcl})"
    return Expression(evaluate, hcl)


def negation(condition: Expression) -> Expression:
    """Return whether a condition does not hold."""

    def evaluate(scope: Scope) -> Any:
        holds = condition.evaluate(scope)
        return UNKNOWN if unknown(holds) else not holds

    return Expression(evaluate, f"!({condition.hcl})")


@dataclass(frozen=True)
class Rule:
    """A rule Python and Terraform both check.

    Attributes:
        id: stable, ``layer-what``; users may quote it.
        on: the input whose variable carries the validation, and whose line in the file is named.
        each: the rule is about every element (``item()``) of the list or map of objects ``on``.
        at: the element's attribute to name as the place of the failure.
        message: a full sentence beginning with a capital letter or the input's name, ending with a full stop (Terraform
            wants sentences); what is wrong and what would be right.
        level: a warning refuses nothing; hptf shows it, the module leaves it out.
        advice: a sentence on what to write in an environment's file, which hptf adds; a module has no such file.
        culprits: a list of texts that hptf names after the message, which is the same for every failure in Terraform.
            Where the first one is a key, an element or an element's name of the input, that is the place of the
            failure.
    """

    id: str
    on: str
    check: Expression
    message: str
    each: bool = False
    at: str | None = None
    level: Level = "error"
    culprits: Expression | None = None
    advice: str = ""

    def failures(self, scope: Scope) -> Iterator[Path]:
        """Yield the path of every failure, from the layer's inputs down."""
        if not self.each:
            if self.check.evaluate(scope) is False:
                yield self._place(scope)
            return
        items = scope.get(self.on)
        if items is None or unknown(items):
            return
        pairs = items.items() if isinstance(items, Mapping) else enumerate(items)
        for key, element in pairs:
            if element is not None and self.check.evaluate({**scope, "item": element}) is False:
                place: Path = (self.on, key)
                yield (*place, self.at) if self.at else place

    def _place(self, scope: Scope) -> Path:
        value, found = scope.get(self.on), self._culprits(scope)
        if not found or not isinstance(value, Mapping | list):
            return (self.on,)
        if isinstance(value, Mapping):
            keys = [key for key, element in value.items() if found[0] in (key, element)]
            return (self.on, keys[-1]) if keys else (self.on,)
        # Of what occurs twice, the last is the one too many.
        names = [element.get("name") if isinstance(element, Mapping) else element for element in value]
        places = [index for index, name in enumerate(names) if name == found[0]]
        return (self.on, places[-1]) if places else (self.on,)

    def _culprits(self, scope: Scope) -> list[Any]:
        found = self.culprits.evaluate(scope) if self.culprits is not None else None
        return [] if found is None or unknown(found) else [item for item in found if not unknown(item)]

    def inputs(self) -> tuple[str, ...]:
        """Return the inputs its condition speaks of, in its order."""
        return tuple(dict.fromkeys(re.findall(r"\bvar\.(\w+)", self.hcl())))

    def text(self, scope: Scope, path: Path) -> str:
        """Return the message of a failure that stands at ``path``, with who is to blame for it."""
        found = self._culprits({**scope, "item": scope[self.on][path[1]]} if self.each else scope)
        text = f"{self.message.rstrip('.')}: {', '.join(map(str, found))}." if found else self.message
        return f"{text} {self.advice}".rstrip()

    def hcl(self) -> str:
        """Return the condition of the ``validation`` block. A null element is refused by its type's own check."""
        if not self.each:
            return self.check.hcl
        each = f"alltrue([for item in var.{self.on} : {self.check.hcl} if item != null])"
        return f"(var.{self.on} == null ? true : {each})"


@dataclass(frozen=True)
class PythonRule:
    """A rule HCL cannot say, with the reason why.

    ``check`` takes the layer's inputs as plain data and yields (path, message) per failure. ``related``: inputs whose
    lines are named where the file does not give the one a failure is about.
    """

    id: str
    check: Callable[[Scope], Iterable[tuple[Path, str]]]
    reason: str
    related: tuple[str, ...] = ()
    level: Level = "error"

    def failures(self, scope: Scope) -> Iterator[tuple[Path, str]]:
        """Yield (path, message) of every failure."""
        yield from self.check(scope)
