"""Rules between fields, in a small vocabulary that Python evaluates and HCL renders.

A rule is written once::

    Rule("network-nat-given", on="nat_gateway_ids",
         check=implies(var("nat").eq("existing"), var("nat_gateway_ids").length().ge(1)),
         message="nat is 'existing', so nat_gateway_ids must name the NAT gateways")

hptf evaluates it before Terraform starts, the module carries it as a ``validation`` of a variable. Values that are not
known yet (wired from a layer that does not exist) make a rule pass: Terraform asks again later. A rule only Python can
say is a :class:`PythonRule` with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from hp_tf.contract.expressions.evaluate import bound, evaluate
from hp_tf.contract.expressions.nodes import Expression, literal, text
from hp_tf.contract.expressions.references import references
from hp_tf.contract.expressions.values import NOT_NULL, UNKNOWN, Scope, unknown
from hp_tf.contract.expressions.words import (
    block,
    both,
    choose,
    concat,
    either,
    element,
    implies,
    item,
    listed,
    negation,
    other,
    total,
    var,
)

__all__ = [
    "NOT_NULL",
    "UNKNOWN",
    "Expression",
    "Level",
    "Path",
    "PythonRule",
    "Rule",
    "Scope",
    "block",
    "both",
    "choose",
    "concat",
    "either",
    "element",
    "evaluate",
    "implies",
    "item",
    "listed",
    "literal",
    "negation",
    "other",
    "text",
    "total",
    "unknown",
    "var",
]

Path = tuple[str | int, ...]
Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Rule:
    """A rule Python and Terraform both check.

    Attributes:
        id: stable, ``layer-what``; users may quote it.
        on: the input whose line in the file is named.
        each: the rule is about every element (``item()``) of the list or map of objects ``on``.
        at: the element's attribute to name as the place of the failure.
        message: a full sentence beginning with a capital letter or the input's name, ending with a full stop (Terraform
            wants sentences); what is wrong and what would be right.
        level: a warning refuses nothing; hptf shows it, the module leaves it out.
        advice: a sentence on what to write in an environment's file, which hptf adds; a module has no such file.
        culprits: a list of texts that hptf names after the message, which is the same for every failure in Terraform.
            Where the first one is a key, an element or an element's name of the input, that is the place of the
            failure.
        details: says where and with which values the rule fails, once it does, in sentences of hptf's own. What it does
            not find is said by ``message``.
        known: a list of the values that are known, where the first of the culprits is none of them: hptf says which one
            was probably meant.
        related: inputs whose lines are named where the file does not give the one a failure is about; those of the
            condition by default.
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
    details: Callable[[Scope], Iterable[tuple[Path, str]]] | None = None
    known: Expression | None = None
    related: tuple[str, ...] = ()

    @property
    def condition(self) -> Expression:
        """The whole condition, over all elements of ``on``. A null element is refused by its type's own check."""
        if not self.each:
            return self.check
        return implies(var(self.on).given(), var(self.on).every("item", self.check, item().given()))

    def failures(self, scope: Scope) -> Iterator[tuple[Path, str]]:
        """Yield (path, message) of every failure; the path leads from the layer's inputs down."""
        for path in self._places(scope):
            told = list(self.details(scope)) if self.details is not None else []
            yield from told or [(path, self._text(scope, path))]

    def _places(self, scope: Scope) -> Iterator[Path]:
        if not self.each:
            if evaluate(self.check, scope) is False:
                yield self._place(scope)
            return
        items = scope.get(self.on)
        if items is None or unknown(items):
            return
        pairs = items.items() if isinstance(items, Mapping) else enumerate(items)
        for key, one in pairs:
            if one is not None and evaluate(self.check, bound(scope, "item", one)) is False:
                place: Path = (self.on, key)
                yield (*place, self.at) if self.at else place

    def _place(self, scope: Scope) -> Path:
        value, found = scope.get(self.on), self._culprits(scope)
        if not found or not isinstance(value, Mapping | list):
            return (self.on,)
        if isinstance(value, Mapping):
            keys = [key for key, one in value.items() if found[0] in (key, one)]
            return (self.on, keys[-1]) if keys else (self.on,)
        # Of what occurs twice, the last is the one too many.
        names = [one.get("name") if isinstance(one, Mapping) else one for one in value]
        places = [index for index, name in enumerate(names) if name == found[0]]
        return (self.on, places[-1]) if places else (self.on,)

    def _culprits(self, scope: Scope) -> list[Any]:
        found = evaluate(self.culprits, scope) if self.culprits is not None else None
        return [] if found is None or unknown(found) else [one for one in found if not unknown(one)]

    def mistaken(self, scope: Scope, path: Path) -> tuple[str, list[str]] | None:
        """Return the value that no known one is, of a failure at ``path``, and those that are known."""
        found = self._blamed(scope, path)
        return None if self.known is None or not found else (str(found[0]), list(evaluate(self.known, scope)))

    def _blamed(self, scope: Scope, path: Path) -> list[Any]:
        return self._culprits(bound(scope, "item", scope[self.on][path[1]]) if self.each else scope)

    def _text(self, scope: Scope, path: Path) -> str:
        """Return the message of a failure that stands at ``path``, with who is to blame for it."""
        found = self._blamed(scope, path)
        said = f"{self.message.rstrip('.')}: {', '.join(map(str, found))}." if found else self.message
        return f"{said} {self.advice}".rstrip()

    def inputs(self) -> tuple[str, ...]:
        """Return the inputs its condition speaks of, in its order."""
        return references(self.condition)


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
