"""The same values through pydantic and the rules, and through Terraform's validations."""

from __future__ import annotations

import importlib
import re
import string
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hp_tf.contract.base import Contract, FromEnvironment, annotation
from hp_tf.contract.rules import Rule
from hp_tf.synth.examples import ENVIRONMENT, SUCH_AS, example
from hp_tf.synth.expressions import expression, plain
from hp_tf.synth.hcl import lists_tf, variables_tf
from hp_tf.synth.shape import Shape
from hp_tf.synth.variables import inputs_of, listed, variables
from tests.contract.verdicts import AWSCC, MODULES
from tests.synth.terraform import Terraform, write

Values = dict[str, Any]


def base(contract: Contract) -> Values:
    """Right values for what a module must be given, unless a rule wants more."""
    found: Values = {}
    for name, attribute in inputs_of(contract).items():
        fact = annotation(contract.inputs.model_fields[name], FromEnvironment)
        if attribute.required:
            found[name] = ENVIRONMENT[fact.value] if fact else example(attribute.shape, name)
    return found


def variants(shape: Shape, seen: set[str], deep: bool = False) -> Iterator[Any]:
    """Values of a type that are right, nearly right and wrong. Never one that Terraform would silently convert.

    ``deep``: inside an object, fewer of them. ``seen``: attributes varied before; the same one in another object is
    rendered by the same code, and is not varied again.
    """
    if shape.nullable and not deep:
        yield None
    match shape.kind:
        case "string":
            yield from _strings(shape, deep)
        case "number":
            yield from _numbers(shape, deep)
        case "bool":
            yield from (True, "maybe")
        case "list" | "map":
            yield from _collections(shape, seen, deep)
        case "object":
            yield from _objects(shape, seen)


def _strings(shape: Shape, deep: bool) -> Iterator[Any]:
    if shape.choices:
        yield from shape.choices[:1] if deep else shape.choices
        yield f"{shape.choices[0]}x"
        return
    good = matching(shape)
    yield from (good, f"{good}\n")
    if not deep:
        yield from ("", f" {good}", ["a"])
    lengths = [text.max_length for text in shape.texts if text.max_length is not None]
    lengths += [shape.longest] if shape.longest is not None else []
    for length in lengths:
        yield from (good[0] * length, good[0] * (length + 1))


def _numbers(shape: Shape, deep: bool) -> Iterator[Any]:
    if shape.choices:
        yield from shape.choices[:1] if deep else shape.choices
        yield int(shape.choices[0]) - 1
        return
    if not deep:
        yield from (0, 1, -1, "abc", [1])
    if shape.whole:
        yield 1.5
    for bound in (shape.low, shape.high, shape.above, shape.below):
        if bound is not None:
            yield from (bound - 1, bound, bound + 1)
    if shape.step is not None:
        yield from (int(shape.step), int(shape.step) * 2, int(shape.step) + 1)


def _collections(shape: Shape, seen: set[str], deep: bool) -> Iterator[Any]:
    assert shape.element is not None
    keys = _keys(shape)
    wrap: Callable[[list[Any]], Any] = (
        list if shape.kind == "list" else lambda items: dict(zip(keys, items, strict=False))
    )
    good = right(shape.element)
    yield from (wrap([]), wrap([good]), wrap([good, good]))
    if not deep:
        yield "no collection"
    if shape.longest is not None and shape.kind == "list" and shape.longest <= 200:
        yield from ([good] * shape.longest, [good] * (shape.longest + 1))
    for value in variants(shape.element, seen, deep):
        yield wrap([value])
    if shape.kind == "map" and shape.key is not None:
        for key in variants(shape.key, seen, deep):
            if isinstance(key, str):
                yield {key: good}


def _keys(shape: Shape) -> list[str]:
    return [right(shape.key), "other"] if shape.key is not None else []


def _objects(shape: Shape, seen: set[str]) -> Iterator[Any]:
    good = right(shape)
    yield good
    for name, attribute in shape.attributes.items():
        if repr((name, attribute)) in seen:
            continue
        seen.add(repr((name, attribute)))
        if attribute.required:
            yield {key: value for key, value in good.items() if key != name}
        for value in variants(attribute.shape, seen, deep=True):
            yield {**good, name: value}


def matching(shape: Shape) -> str:
    """A simple string that a shape takes."""
    text = shape.texts[0] if shape.texts else None
    if text is None:
        return "a"
    candidates = [SUCH_AS.search(text.what), *(simplest(text.pattern, repeats) for repeats in range(1, 20))]
    found = [item if isinstance(item, str) else item[1] or item[2] for item in candidates if item]
    return next(item for item in found if all(text.problem(item) is None for text in shape.texts))


def simplest(pattern: str, repeats: int) -> str:
    """A string that a pattern matches, its optional parts repeated up to so many times."""

    def write(items: Iterable[tuple[Any, Any]]) -> str:
        return "".join(one(str(kind), value) for kind, value in items)

    def one(kind: str, value: Any) -> str:
        match kind:
            case "LITERAL":
                return chr(value)
            case "ANY" | "NOT_LITERAL":
                return "a" if value != ord("a") else "b"
            case "IN":
                allowed = re.compile("[" + "".join(_member(str(k), v) for k, v in value) + "]")
                return next(char for char in "a1-/Az" + string.printable if allowed.fullmatch(char))
            case "MAX_REPEAT" | "MIN_REPEAT":
                return write(value[2]) * min(max(int(value[0]), repeats), int(value[1]))
            case "BRANCH":
                return write(value[1][0])
            case "SUBPATTERN":
                return write(value[-1])
        raise AssertionError(f"{kind} in {pattern}")

    # What `re` itself reads patterns with; typeshed does not know its name.
    return write(importlib.import_module("re._parser").parse(pattern))


def _member(kind: str, value: Any) -> str:
    match kind:
        case "NEGATE":
            return "^"
        case "RANGE":
            return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
        case "CATEGORY":
            return {"CATEGORY_SPACE": "\\s", "CATEGORY_DIGIT": "\\d", "CATEGORY_WORD": "\\w"}[str(value)]
    return re.escape(chr(value))


def right(shape: Shape) -> Any:
    """A value that a shape takes."""
    if shape.choices:
        return shape.choices[0]
    match shape.kind:
        case "string":
            return matching(shape)
        case "list" if shape.element is not None:
            return [right(shape.element)] * (shape.shortest or 1)
        case "map" if shape.element is not None and shape.key is not None:
            return {right(shape.key): right(shape.element)}
        case "object":
            return {name: right(item.shape) for name, item in shape.attributes.items() if item.required}
    return example(shape, "a test")


def cases(contract: Contract, start: Values) -> list[Values]:
    """``start`` with one input varied at a time."""
    found = [start]
    seen: set[str] = set()
    for name, attribute in inputs_of(contract).items():
        for value in variants(attribute.shape, seen):
            if value is not None or attribute.shape.nullable:
                found.append({**start, name: value})
    return found


def python_verdict(contract: Contract, values: Values) -> bool:
    try:
        model = contract.inputs.model_validate(values)
    except ValidationError:
        return False
    scope = model.model_dump()
    return not any(
        list(rule.failures(scope)) for rule in contract.rules if isinstance(rule, Rule) and rule.level == "error"
    )


def complete(contract: Contract, values: Values) -> Values:
    """Values with every default written out, so that Terraform names the case's own file for each error."""
    defaults = {name: item.default for name, item in inputs_of(contract).items() if not item.required}
    return {**defaults, **values}


def terraform_verdicts(
    contract: Contract, values: Sequence[Values], folder: Path, start: Callable[[Path], Terraform]
) -> list[tuple[bool, str]]:
    """Whether Terraform takes each of the values, and its messages. One module call a case, one run."""
    files = {
        "module/variables.tf": variables_tf(variables(contract), header="Under test."),
        "module/lists.tf": lists_tf(listed(contract), header="Under test."),
        "main.tf": "",
    }
    if contract.named_elements:
        # The whole module: its provider is a part of the verdict. A folder for each, by which its errors are told.
        whole = {path.name: path.read_text(encoding="utf-8") for path in (MODULES / contract.name).glob("*.tf")}
        files = {f"case_{index}/{name}": text for index in range(len(values)) for name, text in whole.items()}
        files["main.tf"] = AWSCC
    for index, case in enumerate(values):
        lines = "".join(f"{name} = {expression(plain(value))}\n" for name, value in complete(contract, case).items())
        source = f"./case_{index}" if contract.named_elements else "./module"
        files[f"case_{index}.tf"] = f'module "case_{index}" {{\nsource = "{source}"\n{lines}}}\n'
    terraform = start(write(folder, files))
    terraform.init()
    messages: dict[int, list[str]] = {}
    # Terraform looks at rules between variables only once everything else is right: take out what is wrong, ask again.
    while found := _messages(terraform):
        messages.update(found)
        for index in found:
            (folder / f"case_{index}.tf").unlink()
    return [(index not in messages, "\n".join(messages.get(index, []))) for index in range(len(values))]


def _messages(terraform: Terraform) -> dict[int, list[str]]:
    messages: dict[int, list[str]] = {}
    for item in terraform.diagnostics():
        place: Mapping[str, Any] = item.get("range") or {}
        # A sensitive value's error stands in the module and names the case in its text.
        named = re.search(r"case_(\d+)", f"{place.get('filename')} {item['detail']}")
        assert named, item
        messages.setdefault(int(named[1]), []).append(f"{item['summary']}: {item['detail']}")
    return messages


def disagreements(
    contract: Contract, values: Sequence[Values], folder: Path, start: Callable[[Path], Terraform]
) -> str:
    """One line for each of the values that the two judge differently."""
    found = []
    for case, (accepted, message) in zip(values, terraform_verdicts(contract, values, folder, start), strict=True):
        expected = python_verdict(contract, case)
        if expected != accepted:
            differs = {name: value for name, value in case.items() if case is values[0] or values[0].get(name) != value}
            taken = "takes" if expected else "refuses"
            found.append(f"{str(differs)[:300]}: pydantic {taken} it, Terraform: {message or 'takes it'}")
    return "\n".join(found)
