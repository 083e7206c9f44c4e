"""A contract's Python types as Terraform sees them: type, null, constraints and defaults, at any depth."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Len, Lt, MaxLen, MinLen, MultipleOf
from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from hp_tf.contract.base import Sensitive, Text, described
from hp_tf.synth.expressions import expression, plain
from hp_tf.synth.problems import DefinitionError

Kind = Literal["string", "number", "bool", "list", "map", "object", "any"]
MISSING: Any = object()

# What RE2 cannot do or Python does otherwise: look-around, back-references, possessive repeats, \Z.
NOT_RE2 = re.compile(r"\(\?(?:[=!>]|<[=!])|\\[1-9Z]|\(\?P=|[*+?}]\+")
REPEAT = re.compile(r"\{(\d+)(?:,(\d*))?\}")
LARGEST_REPEAT = 1000


@dataclass(frozen=True)
class Shape:
    """A type with its constraints.

    Attributes:
        kind: Terraform's word for it.
        nullable: null is a value of it.
        whole: a number without a fraction.
        texts: patterns a string must match.
        choices: the only values allowed, or None.
        low, high: inclusive bounds of a number; ``above``, ``below`` exclusive ones.
        step: the number is a multiple of it.
        shortest, longest: of a list, map or string.
        element: of a list or map.
        key: of a map.
        attributes: of an object.
    """

    kind: Kind
    nullable: bool = False
    whole: bool = False
    texts: tuple[Text, ...] = ()
    choices: tuple[str | int, ...] | None = None
    low: float | None = None
    high: float | None = None
    above: float | None = None
    below: float | None = None
    step: float | None = None
    shortest: int | None = None
    longest: int | None = None
    element: Shape | None = None
    key: Shape | None = None
    attributes: Mapping[str, Attribute] = field(default_factory=dict)

    def terraform_type(self) -> str:
        """Return the type constraint."""
        if self.kind in ("list", "map") and self.element is not None:
            return f"{self.kind}({self.element.terraform_type()})"
        if self.kind == "object":
            lines = "".join(f"{name} = {item.terraform_type()}\n" for name, item in self.attributes.items())
            return f"object({{\n{lines}}})"
        return self.kind


@dataclass(frozen=True)
class Attribute:
    """A field: its shape, its default (``MISSING`` if it is required), its description."""

    shape: Shape
    default: Any
    description: str
    sensitive: bool = False

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.default is MISSING

    def terraform_type(self) -> str:
        """Return the type constraint of an object's attribute."""
        inner = self.shape.terraform_type()
        if self.required:
            return inner
        return (
            f"optional({inner})"
            if self.default is None
            else f"optional({inner}, {expression(plain(self.default), flat=True)})"
        )


def attributes_of(model: type[BaseModel], where: str) -> dict[str, Attribute]:
    """Return a model's fields.

    Args:
        where: begins the place named in errors.

    Raises:
        DefinitionError: a type, constraint or pattern Terraform has no like of, or a field without a description.
    """
    return {name: _attribute(info, f"{where}.{name}") for name, info in model.model_fields.items()}


def _attribute(info: FieldInfo, where: str) -> Attribute:
    if not info.description:
        raise DefinitionError(f"{where} has no description.")
    shape = shape_of(info.annotation, where, info.metadata)
    default = MISSING if info.is_required() else _plain_default(info)
    if default is None and not shape.nullable:
        raise DefinitionError(f"{where} has the default None, but its type does not allow null.")
    sensitive = any(isinstance(item, Sensitive) for item in info.metadata)
    return Attribute(shape, default, described(info), sensitive)


def _plain_default(info: FieldInfo) -> Any:
    """Return a default as plain data; inside a block only what differs from the block's own defaults."""
    value = info.get_default(call_default_factory=True, validated_data={})
    return TypeAdapter(Any).dump_python(value, mode="json", exclude_defaults=True)


def shape_of(kind: Any, where: str, metadata: Iterable[Any] = ()) -> Shape:
    """Return the shape of a type; ``metadata`` is what stands beside it in ``Annotated``."""
    found = _bare(kind, where)
    return _constrained(found, metadata, where)


def _bare(kind: Any, where: str) -> Shape:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _constrained(_bare(arguments[0], where), arguments[1:], where)
    if origin in (Union, UnionType):
        others = [argument for argument in arguments if argument is not NoneType]
        if len(others) != 1 or len(others) == len(arguments):
            raise DefinitionError(f"{where} is a union; write optional objects and a rule 'exactly one' instead.")
        return _changed(_bare(others[0], where), nullable=True)
    if origin is Literal:
        numbers = all(isinstance(item, int) and not isinstance(item, bool) for item in arguments)
        if not numbers and not all(isinstance(item, str) for item in arguments):
            raise DefinitionError(f"{where} mixes kinds of values in one choice.")
        return Shape("number" if numbers else "string", choices=arguments)
    if origin is list:
        return Shape("list", element=shape_of(arguments[0], f"{where}[]"))
    if origin is dict:
        key = shape_of(arguments[0], f"{where} (key)")
        return Shape("map", key=key, element=shape_of(arguments[1], f"{where}[]"))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return Shape("object", attributes=attributes_of(kind, where))
    simple = {str: Shape("string"), bool: Shape("bool"), int: Shape("number", whole=True), float: Shape("number")}
    if kind is Any:
        return Shape("any")
    if kind not in simple:
        raise DefinitionError(f"{where} has the type {kind}, which has no Terraform counterpart.")
    return simple[kind]


def _changed(shape: Shape, **changes: Any) -> Shape:
    return Shape(**{**shape.__dict__, **changes})


def _constrained(shape: Shape, metadata: Iterable[Any], where: str) -> Shape:
    for item in metadata:
        shape = _with(shape, item, where)
    return shape


def _with(shape: Shape, item: Any, where: str) -> Shape:
    match item:
        case FieldInfo():
            return _constrained(shape, item.metadata, where)
        case Text():
            _check_pattern(item.pattern, where)
            return _changed(shape, texts=(*shape.texts, item))
        case Ge():
            return _changed(shape, low=item.ge)
        case Le():
            return _changed(shape, high=item.le)
        case Gt():
            return _changed(shape, above=item.gt)
        case Lt():
            return _changed(shape, below=item.lt)
        case MultipleOf():
            return _changed(shape, step=item.multiple_of)
        case MinLen():
            return _changed(shape, shortest=item.min_length)
        case MaxLen():
            return _changed(shape, longest=item.max_length)
        case Len():
            return _changed(shape, shortest=item.min_length, longest=item.max_length)
    if getattr(item, "pattern", None) is not None:
        raise DefinitionError(f"{where} has a bare pattern; use Text, which also says what the value is.")
    return shape


def _check_pattern(pattern: str, where: str) -> None:
    repeats = [int(number) for match in REPEAT.finditer(pattern) for number in match.groups() if number]
    if NOT_RE2.search(pattern) or any(number > LARGEST_REPEAT for number in repeats):
        raise DefinitionError(f"{where} has the pattern {json.dumps(pattern)}, which Terraform's RE2 cannot read.")
