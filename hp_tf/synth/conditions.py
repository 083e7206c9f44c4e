"""Conditions and their messages as a module carries them: Terraform templates whose lines are not too long.

No string stands inside the ``${}`` of another one: Terraform reads that, and not everything that reads Terraform does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from hp_tf.contract.expressions import nodes
from hp_tf.contract.expressions.hcl import hcl
from hp_tf.contract.expressions.nodes import Element, Every, Expression, For, Function, Some
from hp_tf.contract.expressions.references import within
from hp_tf.contract.rules import element, negation, var
from hp_tf.synth.expressions import parts, quoted
from hp_tf.synth.shape import Attribute, Shape

# Characters of a line of HCL, before `terraform fmt` indents it.
ROOM = 138
# A longer condition is not said a second time to name the elements it does not hold for.
LONGEST_TWICE = 130


def never_null(node: Expression, inputs: Mapping[str, Attribute]) -> Set[Expression]:
    """Return the parts of an expression that Terraform keeps null out of.

    A required attribute of an element may be null, and so may an element itself.
    """
    shapes: dict[Expression, Shape] = {var(name): attribute.shape for name, attribute in inputs.items()}
    found = {node for node, shape in shapes.items() if not shape.nullable}
    for part in within(node):
        if isinstance(part, For | Every | Some):
            among = part.among.arguments[0] if isinstance(part.among, Function) else part.among
            inner = shapes.get(among)
            if inner is not None and inner.element is not None:
                shapes[element(part.name)] = inner.element
        elif isinstance(part, nodes.Attribute) and part.value in shapes:
            attribute = shapes[part.value].attributes.get(part.name)
            if attribute is None:
                # An optional attribute, which elements of another list have.
                continue
            shapes[part] = attribute.shape
            if not attribute.shape.nullable and not attribute.required and isinstance(part.value, Element):
                found.add(part)
    return found


def condition(node: Expression, inputs: Mapping[str, Attribute]) -> str:
    """Return a condition."""
    return f"${{{hcl(node, never_null(node, inputs), ROOM)}}}"


def message(sentence: str, names: str = "") -> str:
    """Return a message.

    Args:
        sentence: a template, ending in a full stop.
        names: an expression of what is put before the full stop.
    """
    pieces = list(_lines(sentence.removesuffix(".") if names else sentence))
    if len(pieces) == 1 and not names:
        return sentence
    items = [*map(quoted, pieces), *([names, '"."'] if names else [])]
    return '${join("", [\n' + ",\n".join(items) + "\n])}"


def sentence(template: str) -> str:
    """Return a sentence as an expression."""
    pieces = [quoted(piece) for piece in _lines(template)]
    return pieces[0] if len(pieces) == 1 else 'join("", [\n' + ",\n".join(pieces) + "\n])"


def _lines(template: str) -> Iterator[str]:
    """Yield a template in pieces of a line's length, cut behind spaces."""
    line = ""
    for part in parts(template):
        words = part.text.replace(" ", " \0").split("\0") if part.kind == "text" else [f"${{{part.text}}}"]
        for word in words:
            if line and len(line) + len(word) > ROOM and line.endswith(" "):
                yield line
                line = ""
            line += word
    yield line


def wrong_names(condition: Expression, on: str, inputs: Mapping[str, Attribute]) -> str:
    """Return an expression of the names of the elements a condition on ``item`` does not hold for: ``: a, b``.

    Only objects are named: by their key, or by their attribute ``name``. Terraform evaluates a message even if nothing
    is wrong, and takes none that fails: a null in it costs the names, not the message. What is sensitive in an element
    does not become known by saying that it is wrong.
    """
    shape = inputs[on].shape
    attributes = shape.element.attributes if shape.element is not None else {}
    if not attributes or (shape.kind == "list" and "name" not in attributes):
        return ""
    looped = var(on).every("item", negation(condition))
    wrong = hcl(negation(condition), never_null(looped, inputs))
    if len(wrong) > LONGEST_TWICE:
        return ""
    names = f"for key, item in var.{on} : key" if shape.kind == "map" else f"for item in var.{on} : item.name"
    return f'try(join("", [": ", join(", ", [\n{names}\nif nonsensitive({wrong})\n])]), "")'
