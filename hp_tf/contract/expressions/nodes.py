"""The nodes of expressions, and the words contracts write them with.

The set of nodes is closed: ``evaluate``, ``hcl`` and ``references`` know each of them, and all of them mean the same in
Python and in Terraform. What one node cannot say is said by several.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from hp_tf.contract.role import Role

Comparator = Literal["==", "!=", "<", "<=", ">", ">="]
FunctionName = Literal["keys", "values", "lower", "split", "startswith", "strcontains", "tonumber", "join", "floor"]


@dataclass(frozen=True)
class Expression:
    """A value computed from a layer's inputs. The methods make larger expressions."""

    def eq(self, other: Any) -> Expression:
        """Equal. Both are scalars: Terraform takes no list for the like of a tuple."""
        return Comparison("==", self, literal(other))

    def ne(self, other: Any) -> Expression:
        """Not equal."""
        return Comparison("!=", self, literal(other))

    def le(self, other: Any) -> Expression:
        """At most."""
        return Comparison("<=", self, literal(other))

    def ge(self, other: Any) -> Expression:
        """At least."""
        return Comparison(">=", self, literal(other))

    def lt(self, other: Any) -> Expression:
        """Less."""
        return Comparison("<", self, literal(other))

    def gt(self, other: Any) -> Expression:
        """More."""
        return Comparison(">", self, literal(other))

    def plus(self, other: Any) -> Expression:
        """The sum of two numbers."""
        return Arithmetic("+", self, literal(other))

    def times(self, other: Any) -> Expression:
        """The product of two numbers."""
        return Arithmetic("*", self, literal(other))

    def whole(self) -> Expression:
        """Whether a number has no fraction."""
        return Comparison("==", Function("floor", (self,)), self)

    def modulo(self, divisor: Any) -> Expression:
        """The remainder of a division, with the sign of the dividend."""
        return Arithmetic("%", self, literal(divisor))

    def given(self) -> Expression:
        """Not null."""
        return Not(Null(self))

    def missing(self) -> Expression:
        """Null."""
        return Null(self)

    def length(self) -> Expression:
        """The number of elements or characters; 0 for null."""
        return If(Null(self), Constant(0), Length(self))

    def keys(self) -> Expression:
        """The keys of a map, sorted."""
        return Function("keys", (self,))

    def values(self) -> Expression:
        """The values of a map, in the order of its keys."""
        return Function("values", (self,))

    def lower(self) -> Expression:
        """A text in small letters."""
        return Function("lower", (self,))

    def number(self) -> Expression:
        """The number that a text says."""
        return Function("tonumber", (self,))

    def split(self, separator: str) -> Expression:
        """The parts of a text between separators."""
        return Function("split", (Constant(separator), self))

    def joined(self, separator: str) -> Expression:
        """The texts of a list with separators between them."""
        return Function("join", (Constant(separator), self))

    def part(self, separator: str, index: int) -> Expression:
        """One of the parts of a text between separators, empty where there is none; -1 is the last."""
        return Part(self, separator, index)

    def begins(self, template: str) -> Expression:
        """Whether a text begins with a template over the inputs, such as ``arn:{partition}:iam::``."""
        return Function("startswith", (self, text(template)))

    def holds(self, part: str) -> Expression:
        """Whether a text has another one in it."""
        return Function("strcontains", (self, Constant(part)))

    def one_of(self, values: Iterable[str | int]) -> Expression:
        """Whether the value is one of these constants."""
        return In(self, Constant(tuple(values)))

    def within(self, collection: Expression) -> Expression:
        """Whether the value is an element of a list."""
        return In(self, collection)

    def at(self, key: Expression) -> Expression:
        """The value of a map at a key, null where there is none."""
        return Index(self, key)

    def common(self, values: Iterable[str]) -> Expression:
        """The elements of a list that are among these constants."""
        return Selection("setintersection", self, Constant(tuple(values)))

    def without(self, other: Expression) -> Expression:
        """The elements of a list that are not in another."""
        return Selection("setsubtract", self, other)

    def empty(self) -> Expression:
        """Whether a list has no elements."""
        return Empty(self)

    def covers(self, other: Expression) -> Expression:
        """Whether every element of another list is in this one."""
        return other.without(self).empty()

    def matches(self, pattern: str) -> Expression:
        """Whether a text matches a pattern as a whole (RE2 subset); null does not."""
        return Match(self, pattern)

    def is_mapping(self, language: Literal["json", "yaml"]) -> Expression:
        """Whether a text is one JSON or YAML document, and that is a mapping."""
        return Document(self, language)

    def field(self, name: str) -> Expression:
        """An attribute of an object."""
        return Attribute(self, name)

    def optional_field(self, name: str) -> Expression:
        """An attribute of an object that may be null, which HCL cannot look into; then it is null."""
        return Attribute(self, name, optional=True)

    def distinct(self) -> Expression:
        """Whether no element of a list occurs twice."""
        return Distinct(self)

    def doubled(self, names: Expression | None = None) -> Expression:
        """The elements of a list that occurred before, each once. ``names``: what to call them, in the same order."""
        return Repeated(self, names)

    def each(self, name: str, value: Expression, where: Expression | None = None) -> Expression:
        """A list of a value for each element, which ``value`` and ``where`` call ``element(name)``."""
        return For(name, self, value, where)

    def every(self, name: str, condition: Expression, where: Expression | None = None) -> Expression:
        """Whether a condition holds for every element, which it calls ``element(name)``."""
        return Every(name, self, condition, where)

    def some(self, name: str, condition: Expression, where: Expression | None = None) -> Expression:
        """Whether a condition holds for an element, which it calls ``element(name)``."""
        return Some(name, self, condition, where)

    def apart(self, other: Expression) -> Expression:
        """Whether two IPv4 ranges share no address; true where one is no range."""
        return Apart(self, other)

    def inside(self, other: Expression) -> Expression:
        """Whether an IPv4 range lies in another; true where one is no range."""
        return Inside(self, other)

    def disjoint(self) -> Expression:
        """Whether no two IPv4 ranges of a list share an address."""
        return Disjoint(self)

    def foreseen(self, by: Expression) -> Expression:
        """The same value; for hptf another one that is not null, as long as this one is unknown."""
        return Foreseen(self, by)


@dataclass(frozen=True)
class Variable(Expression):
    """An input."""

    name: str


@dataclass(frozen=True)
class OtherInput(Expression):
    """An input of the layer that provides a role; null where none is created. Only hptf sees it, so it has no HCL."""

    role: type[Role]
    name: str


@dataclass(frozen=True)
class Element(Expression):
    """What a ``For``, ``Every``, ``Some`` or a rule with ``each`` is looking at."""

    name: str


@dataclass(frozen=True)
class Constant(Expression):
    """A scalar, a list or a map of them, or null. Lists are tuples."""

    value: Any


@dataclass(frozen=True)
class Listed(Expression):
    """A long list of constants that a module says once, as a local of this name."""

    name: str
    items: tuple[str | int, ...]


@dataclass(frozen=True)
class Attribute(Expression):
    """An attribute of an object; of null it is null, which only an ``optional`` one asks."""

    value: Expression
    name: str
    optional: bool = False


@dataclass(frozen=True)
class Index(Expression):
    """The value of a map at a key, null where there is none."""

    value: Expression
    key: Expression


@dataclass(frozen=True)
class Comparison(Expression):
    """A comparison of two scalars."""

    operator: Comparator
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Arithmetic(Expression):
    """A number computed from two."""

    operator: Literal["+", "*", "%"]
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Null(Expression):
    """Whether a value is null."""

    value: Expression


@dataclass(frozen=True)
class And(Expression):
    """Whether all conditions hold; later ones are not looked at where an earlier one fails."""

    conditions: tuple[Expression, ...]


@dataclass(frozen=True)
class Or(Expression):
    """Whether one condition holds; later ones are not looked at where an earlier one holds."""

    conditions: tuple[Expression, ...]


@dataclass(frozen=True)
class Not(Expression):
    """Whether a condition does not hold."""

    condition: Expression


@dataclass(frozen=True)
class If(Expression):
    """One of two values of one type; the other is not looked at."""

    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True)
class Length(Expression):
    """The number of elements or characters of what is not null."""

    value: Expression


@dataclass(frozen=True)
class Function(Expression):
    """One of Terraform's functions that take nothing null and need all they take."""

    name: FunctionName
    arguments: tuple[Expression, ...]


@dataclass(frozen=True)
class Part(Expression):
    """One of the parts of a text between separators, empty where there is none; -1 is the last."""

    value: Expression
    separator: str
    index: int


@dataclass(frozen=True)
class Template(Expression):
    """A text put together from others."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class In(Expression):
    """Whether a value is an element of a list."""

    value: Expression
    collection: Expression


@dataclass(frozen=True)
class Selection(Expression):
    """The elements of a list that another one has too, or has not: each once."""

    function: Literal["setintersection", "setsubtract"]
    value: Expression
    other: Expression


@dataclass(frozen=True)
class Empty(Expression):
    """Whether a list has no elements."""

    value: Expression


@dataclass(frozen=True)
class Distinct(Expression):
    """Whether no element of a list occurs twice."""

    value: Expression


@dataclass(frozen=True)
class Repeated(Expression):
    """The elements that occurred before in the list, each once, or what the list ``names`` has in their places."""

    value: Expression
    names: Expression | None = None


@dataclass(frozen=True)
class Match(Expression):
    """Whether a text matches a pattern as a whole."""

    value: Expression
    pattern: str


@dataclass(frozen=True)
class Document(Expression):
    """Whether a text is one document of a language, and that is a mapping."""

    value: Expression
    language: Literal["json", "yaml"]


@dataclass(frozen=True)
class List(Expression):
    """A list of these."""

    items: tuple[Expression, ...]


@dataclass(frozen=True)
class Concat(Expression):
    """The elements of several lists."""

    lists: tuple[Expression, ...]


@dataclass(frozen=True)
class For(Expression):
    """A list of a value for each element of a list, or for each value of a map in the order of its keys."""

    name: str
    among: Expression
    value: Expression
    where: Expression | None = None


@dataclass(frozen=True)
class Every(Expression):
    """Whether a condition holds for every element."""

    name: str
    among: Expression
    condition: Expression
    where: Expression | None = None


@dataclass(frozen=True)
class Some(Expression):
    """Whether a condition holds for an element."""

    name: str
    among: Expression
    condition: Expression
    where: Expression | None = None


@dataclass(frozen=True)
class Apart(Expression):
    """Whether two IPv4 ranges share no address; true where one is no range."""

    one: Expression
    other: Expression


@dataclass(frozen=True)
class Inside(Expression):
    """Whether an IPv4 range lies in another; true where one is no range."""

    one: Expression
    other: Expression


@dataclass(frozen=True)
class Disjoint(Expression):
    """Whether no two IPv4 ranges of a list share an address; what is no range does not."""

    blocks: Expression


@dataclass(frozen=True)
class Block(Expression):
    """The IPv4 range of a zone: that in the map ``own``, or block N of ``parent``, N being the number the id ends in.

    Null where there is none. ``bits``: how many more bits the block's prefix has.
    """

    zone: Expression
    own: Expression
    parent: Expression
    bits: int


@dataclass(frozen=True)
class Foreseen(Expression):
    """A value that may be unknown, and what hptf takes for it meanwhile. The module has the value alone."""

    value: Expression
    by: Expression


def literal(value: Any) -> Expression:
    """Return a constant; an expression is returned as it is."""
    return value if isinstance(value, Expression) else Constant(tuple(value) if isinstance(value, list) else value)


def text(template: str, **parts: Expression) -> Expression:
    """Return a text made from a template such as ``arn:{partition}:iam::``; names are inputs' or ``parts``."""
    pieces = re.split(r"\{(\w+)\}", template)
    made = [
        parts.get(piece, Variable(piece)) if index % 2 else Constant(piece)
        for index, piece in enumerate(pieces)
        if piece
    ]
    return made[0] if len(made) == 1 and isinstance(made[0], Constant) else Template(tuple(made))
