"""Terraform's JSON form of a module to HCL a person would write. `terraform fmt` does the indentation afterwards.

CDKTF has an HCL writer of its own; it drops false, 0 and "" as defaults and writes nested attributes as blocks.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from hp_tf.synth.blocks import LIFECYCLE, Nested, nested_blocks
from hp_tf.synth.expressions import escaped, expression, plain, string
from hp_tf.synth.problems import DefinitionError

Json = Mapping[str, Any]
LONGEST_DESCRIPTION = 158
META = ("for_each", "count", "provider")
LAST = ("lifecycle", "depends_on")
# What main.tf renders of a module, and what other files do.
IN_MAIN = frozenset({"locals", "resource", "data", "check", "moved", "removed"})
ELSEWHERE = frozenset({"terraform", "variable", "output"})


def main_tf(
    document: Json,
    *,
    header: str,
    order: Sequence[str],
    local_comments: Mapping[str, str],
    resource_comments: Mapping[str, str],
    accepted: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """Return main.tf: locals, data sources and resources as ``order`` (addresses) has them, checks, moves.

    Raises:
        DefinitionError: something that would be left out, a resource type whose blocks are not known, or a nested block
            given as one expression.
    """
    lost = sorted(set(document) - IN_MAIN - ELSEWHERE)
    if lost:
        raise DefinitionError(f"The module holds '{lost[0]}', which no file of it would have.")
    sections = [comment(header)]
    if document.get("locals"):
        sections.append(_locals(document["locals"], local_comments))
    found = {
        f"{prefix}{kind}.{name}": (kind, name, body)
        for prefix, key in (("data.", "data"), ("", "resource"))
        for kind, named in document.get(key, {}).items()
        for name, body in named.items()
    }
    place = {address: index for index, address in enumerate(order)}
    for address in sorted(found, key=lambda item: (place.get(item, len(place)), item)):
        kind, name, body = found[address]
        prefix = "data." if address.startswith("data.") else ""
        above = comment(resource_comments[address]) if address in resource_comments else ""
        head = f'{"data" if prefix else "resource"} "{kind}" "{name}"'
        inside = comment("\n".join((accepted or {}).get(address, ())))
        sections.append(above + block(head, body, nested_blocks(prefix + kind), address, inside))
    sections += [_check(name, body) for name, body in document.get("check", {}).items()]
    sections += [_relocation(kind, body) for kind in ("moved", "removed") for body in _listed(document.get(kind, []))]
    return "\n".join(sections)


def comment(text: str) -> str:
    """Return lines of comment."""
    return "".join(f"# {line}".rstrip() + "\n" for line in text.splitlines())


def _locals(values: Json, comments: Mapping[str, str]) -> str:
    """Return the locals block in declaration order, what has several lines or a comment set apart by blank lines."""
    groups: list[list[str]] = [[]]
    for name, value in values.items():
        text = f"{name} = {expression(value)}\n"
        if name in comments or "\n" in text.rstrip():
            groups += [[comment(comments.get(name, "")) + text], []]
        else:
            groups[-1].append(text)
    return "locals {\n" + "\n".join("".join(group) for group in groups if group) + "}\n"


def _check(name: str, body: Json) -> str:
    """Return a check: its data source, if it has one, and its assertions."""
    where = f"check.{name}"
    _only(body, ("data", "assert"), where)
    parts = [
        block(f'data "{kind}" "{label}"', content, nested_blocks(f"data.{kind}"), f"{where}.{kind}")
        for kind, named in body.get("data", {}).items()
        for label, content in named.items()
    ]
    parts += _nested("assert", body.get("assert", []), {}, where)
    return f'check "{name}" {{\n' + "\n".join(parts) + "}\n"


def _relocation(kind: str, body: Json) -> str:
    """Return a ``moved`` or ``removed`` block, whose addresses stand bare."""
    _only(body, ("from", "to") if kind == "moved" else ("from", "lifecycle"), kind)
    lines = "".join(f"{key} = {_references(body[key])}\n" for key in ("from", "to") if key in body)
    lifecycle = "".join(f"\n{text}" for text in _nested("lifecycle", body.get("lifecycle", []), {}, kind))
    return f"{kind} {{\n{lines}{lifecycle}}}\n"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _only(body: Json, keys: Sequence[str], where: str) -> None:
    lost = sorted(set(body) - set(keys))
    if lost:
        raise DefinitionError(f"{where} holds '{lost[0]}', which main.tf would not have.")


def block(head: str, body: Json, nested: Nested, where: str, inside: str = "") -> str:
    """Return one block.

    Args:
        head: type and labels.
        body: its content in Terraform's JSON form.
        nested: which keys of ``body`` are blocks, at any depth.
        where: named in errors.
        inside: comments to begin with.
    """
    # `provider` is a meta-argument of a resource, and the name of a block inside one.
    meta = [f"{key} = {_meta(key, body[key])}\n" for key in META if key in body and key not in nested]
    short: list[str] = []
    long: list[str] = []
    for key in sorted(body, key=lambda name: (name.startswith("tags"), name)):
        if key in META or key in LAST or key in nested or key == "dynamic":
            continue
        text = f"{key} = {expression(body[key])}\n"
        (long if "\n" in text.rstrip() else short).append(text)
    blocks = [text for key in sorted(nested) if key in body for text in _nested(key, body[key], nested[key], where)]
    blocks += _dynamics(body.get("dynamic", {}), nested, where)
    if "lifecycle" in body:
        blocks.append(_lifecycle(body["lifecycle"], where))
    tail = [f"depends_on = {_references(body['depends_on'])}\n"] if body.get("depends_on") else []
    groups = [inside, "".join(meta), "".join(short), *long, *blocks, *tail]
    return f"{head} {{\n" + "\n".join(group for group in groups if group) + "}\n"


def _nested(key: str, value: Any, nested: Nested, where: str) -> list[str]:
    bodies = _listed(value)
    if not all(isinstance(item, Mapping) for item in bodies):
        raise DefinitionError(
            f"{where} gives the block '{key}' as an expression, which Terraform refuses.",
            hint="Use module.dynamic() to repeat a block.",
        )
    return [block(key, item, nested, f"{where}.{key}") for item in bodies]


def _dynamics(dynamics: Json, nested: Nested, where: str) -> list[str]:
    found = []
    for key, value in dynamics.items():
        if key not in nested:
            raise DefinitionError(
                f"{where}.{key} is an attribute, not a block, so it cannot be 'dynamic'.",
                hint="Set it with module.set() and a for expression whose objects have every attribute.",
            )
        for entry in _listed(value):
            head = {name: entry[name] for name in ("for_each", "labels") if name in entry}
            lines = "".join(f"{name} = {expression(item)}\n" for name, item in head.items())
            if "iterator" in entry:
                lines += f"iterator = {entry['iterator']}\n"
            content = block("content", entry["content"], nested[key], f"{where}.{key}")
            found.append(f'dynamic "{key}" {{\n{lines}\n{content}}}\n')
    return found


def _lifecycle(body: Json, where: str) -> str:
    lines = ""
    for key in ("create_before_destroy", "prevent_destroy", "ignore_changes", "replace_triggered_by"):
        if key in body:
            value = body[key]
            lines += f"{key} = {_references(value) if isinstance(value, (list, str)) else expression(value)}\n"
    conditions = [
        text for key in LIFECYCLE if key in body for text in _nested(key, body[key], LIFECYCLE[key], f"{where}.{key}")
    ]
    return "lifecycle {\n" + "\n".join(group for group in (lines, *conditions) if group) + "}\n"


def _meta(key: str, value: Any) -> str:
    return value if key == "provider" and isinstance(value, str) else expression(value)


def _references(value: list[str] | str) -> str:
    """Return names that stand bare in HCL and as strings in JSON."""
    if isinstance(value, str):
        return value
    bare = [item[2:-1] if item.startswith("${") else item for item in value]
    line = f"[{', '.join(bare)}]"
    return line if len(line) <= 80 else "[\n" + "".join(f"{item},\n" for item in bare) + "]"


def variables_tf(variables: Json, *, header: str) -> str:
    """Return variables.tf. Types stand bare; descriptions and defaults are plain text, not templates."""
    sections = [comment(header)]
    for name, body in variables.items():
        lines = f"{_description(body['description'])}type = {body['type']}\n"
        if "default" in body:
            lines += f"default = {expression(plain(body['default']))}\n"
        lines += "".join(f"{key} = {expression(body[key])}\n" for key in ("nullable", "sensitive") if key in body)
        validations = [
            "validation {\n"
            f"condition = {string(item['condition'])}\n"
            f"error_message = {expression(item['error_message'])}\n"
            "}\n"
            for item in body.get("validation", [])
        ]
        sections.append(f'variable "{name}" {{\n' + "\n".join([lines, *validations]) + "}\n")
    return "\n".join(sections)


def _description(text: str) -> str:
    """Return a description, in several lines where one would be too long: Terraform takes no expression there."""
    line = f"description = {expression(plain(text))}\n"
    if len(line) <= LONGEST_DESCRIPTION:
        return line
    wrapped = textwrap.fill(escaped(text), 140, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
    return f"description = <<-EOT\n{wrapped}\n  EOT\n"


def lists_tf(listed: Json, *, header: str) -> str:
    """Return lists.tf: the long lists that validations name, as locals."""
    return "\n".join(
        [comment(f"{header}\nWhat the validations in variables.tf choose from."), _locals(plain(listed), {})]
    )


def outputs_tf(outputs: Json, *, header: str) -> str:
    """Return outputs.tf."""
    sections = [comment(header)]
    for name, body in outputs.items():
        lines = f"{_description(body['description'])}value = {expression(body['value'])}\n"
        if "sensitive" in body:
            lines += f"sensitive = {expression(body['sensitive'])}\n"
        conditions = _nested("precondition", body.get("precondition", []), {}, f"output.{name}")
        tail = [f"\ndepends_on = {_references(body['depends_on'])}\n"] if body.get("depends_on") else []
        sections.append(
            f'output "{name}" {{\n' + "".join([lines, *(f"\n{item}" for item in conditions), *tail]) + "}\n"
        )
    return "\n".join(sections)


def versions_tf(terraform: Json, *, header: str) -> str:
    """Return versions.tf: no provider and no backend block."""
    providers = "".join(
        f"{name} = {{\nsource = {expression(item['source'])}\nversion = {expression(item['version'])}\n}}\n"
        for name, item in terraform.get("required_providers", {}).items()
    )
    required = f"required_providers {{\n{providers}}}\n" if providers else ""
    return (
        comment(header)
        + f"\nterraform {{\nrequired_version = {expression(terraform['required_version'])}\n"
        + (f"\n{required}" if required else "")
        + "}\n"
    )
