"""What CDKTF, jsii and HCL let pass in silence, found in a module's JSON form before anything is written.

Each function returns sentences; ``problems`` is all of them. What `terraform validate` says of a module (a reference
that names nothing, or lacks an index) is not said here again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hp_tf.contract.base import Contract
from hp_tf.synth.expressions import IDENTIFIER, literals_in, names_in
from hp_tf.synth.hcl import IN_MAIN

Json = Mapping[str, Any]

LEFTOVERS = (
    (re.compile(r"e\+2\d\d|e\+30\d"), 'a number token that became text; write "${each.value}" or "${count.index}"'),
    (re.compile(r"object at 0x|_LazyBaseProxy|jsii\._"), "a Python object's name where its value was meant"),
    (re.compile(r"TfToken\["), "a reference that was never resolved; give the resource, or use module.address()"),
)
# CDKTF's number tokens are about 8.1e298, of either sign.
TOKEN_NUMBER = 1e280
# Their value changes by itself, so a second plan would not be empty.
RESTLESS = ("plantimestamp(", "timestamp(", "uuid(", "bcrypt(")
ALLOWED = IN_MAIN | {"output"}
ADVICE = {
    "variable": "variables come from the contract, where a default of None stays",
    "provider": "a module has no provider block, its caller does",
    "terraform": "versions come from the contract, and a module has no backend",
}


def problems(document: Json, contract: Contract, set_outputs: Sequence[str]) -> list[str]:
    """Return everything wrong with a module's JSON form.

    Args:
        document: the whole module: ``variable``, ``locals``, ``resource``, ``data``, ``output``.
        set_outputs: outputs that were set by ``module.output``.
    """
    found = [
        *foreign_blocks(document),
        *foreign_outputs(document, set_outputs),
        *names(document),
        *leftovers(document),
        *references(document),
        *restless(document),
    ]
    return [f"Layer '{contract.name}': {text}." for text in dict.fromkeys(found)]


def foreign_blocks(document: Json) -> Iterator[str]:
    """What a definition must not declare itself. ``variable`` and ``terraform`` are looked at before ours are added."""
    for key in document:
        if key not in ALLOWED:
            yield f"the definition declares '{key}': {ADVICE.get(key, 'a module has no such block')}"


def foreign_outputs(document: Json, set_outputs: Sequence[str]) -> Iterator[str]:
    """Outputs declared by TerraformOutput, which loses its precondition."""
    for name in document.get("output", {}):
        if name not in set_outputs:
            yield f"output '{name}' is declared by TerraformOutput, which drops preconditions; use module.output()"


def names(document: Json) -> Iterator[str]:
    """Construct ids that are no Terraform names."""
    for address, _ in _resources(document):
        name = address.rpartition(".")[2]
        if re.fullmatch(r"[a-z][a-z0-9_]*", name) is None or IDENTIFIER.fullmatch(name) is None:
            yield f"'{name}' in {address} is not a name of lower-case letters, digits and underscores"


def leftovers(document: Json) -> Iterator[str]:
    """Tokens and objects that became text, and numbers that are tokens."""
    for path, value in _leaves(document):
        if isinstance(value, float) and abs(value) > TOKEN_NUMBER:
            yield f"{path} holds a number token that was never resolved; set it with module.set()"
        if isinstance(value, str):
            for pattern, what in LEFTOVERS:
                if pattern.search(value):
                    yield f"{path} holds {what}"


def references(document: Json) -> Iterator[str]:
    """References that became text."""
    known = [f"{address}{following}" for address, _ in _resources(document) for following in (".", "[")]
    # Addresses stand bare in `moved` and `removed`.
    for path, value in _leaves({key: part for key, part in document.items() if key not in ("moved", "removed")}):
        for text in literals_in(value) if isinstance(value, str) else []:
            for address in known:
                if address in text:
                    yield f"{path} has the reference '{address[:-1]}...' inside a string, where it is only text"


def restless(document: Json) -> Iterator[str]:
    """Functions whose value changes by itself."""
    for path, value in _leaves(document):
        for name in names_in(value) if isinstance(value, str) else []:
            if name in RESTLESS:
                yield f"{path} calls {name}), so that no plan would ever be empty"


def unused_inputs(document: Json, contract: Contract) -> list[str]:
    """Return a sentence for each input the finished module never looks at, and for each name that is no input.

    A variable's own validation is not a use of it; another variable's is.
    """
    variables = document.get("variable", {})
    used = _variables_in({key: value for key, value in document.items() if key != "variable"})
    for name, body in variables.items():
        used |= _variables_in(body.get("validation", [])) - {name}
    declared = set(variables)
    return [
        *(f"Layer '{contract.name}': var.{name} is not an input." for name in sorted(used - declared)),
        *(f"Layer '{contract.name}': input '{name}' is never used." for name in sorted(declared - used)),
    ]


def _variables_in(value: Any) -> set[str]:
    # What is waited for stands bare.
    names = (
        name
        for path, leaf in _leaves(value)
        if isinstance(leaf, str)
        for name in ([leaf] if path.rpartition(".")[2].startswith("depends_on[") else names_in(leaf))
    )
    return {name.split(".")[1] for name in names if name.startswith("var.")}


def _resources(document: Json) -> Iterator[tuple[str, Json]]:
    data = [document.get("data", {}), *(check.get("data", {}) for check in document.get("check", {}).values())]
    for prefix, blocks in (("", document.get("resource", {})), *(("data.", found) for found in data)):
        for kind, named in blocks.items():
            for name, body in named.items():
                yield f"{prefix}{kind}.{name}", body


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (path, value) of every scalar, and of every key as a text of its own."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            inner = f"{path}.{key}" if path else str(key)
            if "${" in str(key):
                yield path, str(key)
            yield from _leaves(item, inner)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, f"{path}[{index}]")
    else:
        yield path, value
