"""What a contract's annotations say about plain data: the part under a path, null, defaults."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, cast, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from hp_tf.contract.base import (
    FromEnvironment,
    FromService,
    Known,
    Sensitive,
    Supplied,
    annotation,
    has_origin,
    nullable,
)
from hp_tf.environment.tree import Node, Path

# Values of the environment that a layer may have its own of; the others are facts of the account it runs in.
OF_LAYERS_TOO = ("name", "tags")
# Made once: making one takes as long as a hundred uses.
_PLAIN: Final = TypeAdapter(Any)


def bare(kind: Any) -> Any:
    """Return a type without ``Annotated`` and ``| None``."""
    if get_origin(kind) is Annotated:
        return bare(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return bare(next(argument for argument in get_args(kind) if argument is not NoneType))
    return kind


def block_of(kind: Any) -> type[BaseModel] | None:
    """Return the structured class a type is (through ``| None``), or None."""
    kind = bare(kind)
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def field_at(kind: Any, path: Path) -> FieldInfo | None:
    """Return the field at a path below a type; None if what stands there is none: an element, or unknown."""
    block = block_of(at(kind, path[:-1]))
    return block.model_fields.get(str(path[-1])) if block is not None else None


def under(kind: Any, step: str | int) -> Any:
    """Return the type of what stands under a key or index of a type; None if nothing does."""
    block = block_of(kind)
    if block is not None:
        info = block.model_fields.get(str(step))
        return None if info is None else info.annotation
    kind = bare(kind)
    return get_args(kind)[-1] if get_origin(kind) in (list, dict) else None


def at(kind: Any, path: Path) -> Any:
    """Return the type at a path below a type; None if there is none."""
    for step in path:
        kind = under(kind, step)
    return kind


def field_type(kind: Any, path: Path) -> Any:
    """Return the type at a path with all that its field demands."""
    info = field_at(kind, path)
    return at(kind, path) if info is None else info.rebuild_annotation()


def known_values(kind: Any) -> list[str]:
    """Return the values of a text that are known, where others are taken too; none of any other type."""
    if get_origin(kind) is Annotated:
        inner, *marks = get_args(kind)
        return next((list(mark.values) for mark in marks if isinstance(mark, Known)), None) or known_values(inner)
    if get_origin(kind) in (Union, UnionType):
        return [value for argument in get_args(kind) for value in known_values(argument)]
    return []


def in_file(info: FieldInfo) -> bool:
    """Whether an environment's file may give a field.

    Not what hptf computes, facts of the account, which ``aws`` says, nor outputs that are only there to be read.
    """
    if info.annotation == dict[str, Any] or any(annotation(info, kind) for kind in (Supplied, FromService)):
        return False
    fact = annotation(info, FromEnvironment)
    return fact is None or fact.value in OF_LAYERS_TOO


def fields_of(kind: Any) -> dict[str, FieldInfo]:
    """Return the fields of a structured type that a file may give, by name; none of any other type."""
    block = block_of(kind)
    return {} if block is None else {name: info for name, info in block.model_fields.items() if in_file(info)}


def blocks_in(kind: Any, place: Path = ()) -> Iterator[tuple[Path, type[BaseModel]]]:
    """Yield every structured class in a type, at whatever depth, and the keys that lead to it."""
    block = block_of(kind)
    if block is not None:
        yield place, block
        for name, info in block.model_fields.items():
            yield from blocks_in(info.annotation, (*place, name))
    elif get_origin(bare(kind)) in (list, dict):
        yield from blocks_in(get_args(bare(kind))[-1], place)


def refusal(kind: Any, value: Any) -> str | None:
    """Return what a type has against a value, or None."""
    try:
        TypeAdapter[Any](kind).validate_python(value, strict=True)
    except ValidationError as error:
        return error.errors(include_url=False)[0]["msg"]
    return None


def is_sensitive(kind: Any, path: Path) -> bool:
    """Whether a field on the way to a path is declared sensitive."""
    fields = [field_at(kind, path[:end]) for end in range(1, len(path) + 1)]
    return any(info is not None and annotation(info, Sensitive) is not None for info in fields)


def accepts_null(kind: Any) -> bool:
    """Whether a type, not a field, has null among its values."""
    if get_origin(kind) is Annotated:
        return accepts_null(get_args(kind)[0])
    return get_origin(kind) in (Union, UnionType) and NoneType in get_args(kind)


def given(node: Node, kind: Any) -> Any:
    """Return a value of the file as plain data, with null read as "not given".

    Null stays where it is a value of its own: an attribute that may be null and has no origin to fall back to. It stays
    too where it is to be refused at its place: as an element of a list, under a key that nothing knows, and as an entry
    of a map that no older document has (it would take nothing away, and may be meant as a value).
    """
    if isinstance(node.data, dict):
        return {
            key: given(child, under(kind, key))
            for key, child in node.data.items()
            if child.data is not None or _null_stays(kind, key, child)
        }
    if isinstance(node.data, list):
        return [given(child, under(kind, 0)) for child in node.data]
    if bare(kind) is int and isinstance(node.data, float) and node.data.is_integer():
        # JSON Schema, by which editors judge the file, calls 2.0 an integer.
        return int(node.data)
    return node.data


def _null_stays(kind: Any, key: str, child: Node) -> bool:
    """Whether null under a key is more than an attribute that is not given."""
    block = block_of(kind)
    if block is None:
        return not child.takes or accepts_null(under(kind, key))
    info = block.model_fields.get(key)
    return info is None or (nullable(info) and not has_origin(info))


def default_of(info: FieldInfo) -> Any:
    """Return a field's default as plain data; None if it is required."""
    if info.is_required():
        return None
    # Not by `get_default`, which looks at the factory's signature each time.
    factory = cast("Callable[[], Any] | None", info.default_factory)
    return _PLAIN.dump_python(info.default if factory is None else factory())


def with_defaults(value: Any, kind: Any) -> Any:
    """Return plain data with the defaults of every structured value below it filled in."""
    if isinstance(value, Mapping):
        block = block_of(kind)
        filled = {} if block is None else {name: default_of(info) for name, info in block.model_fields.items()}
        return {**filled, **{key: with_defaults(item, under(kind, key)) for key, item in value.items()}}
    if isinstance(value, list) and get_origin(bare(kind)) is list:
        return [with_defaults(item, under(kind, 0)) for item in value]
    return value


def distinct(values: Iterable[Any]) -> list[Any]:
    """Return what lists within lists hold, each once, without null."""
    found: list[Any] = []
    for value in values:
        for item in distinct(value) if isinstance(value, list) else [value]:
            if item is not None and item not in found:
                found.append(item)
    return found
