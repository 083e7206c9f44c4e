"""What CDKTF, jsii and HCL let pass in silence, found in a module's JSON form before anything is written.

Each function returns sentences; ``problems`` is all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hp_tf.contract.base import Contract
from hp_tf.synth.expressions import IDENTIFIER, expressions_in, literals_in, without_strings
from hp_tf.synth.hcl import IN_MAIN

Json = Mapping[str, Any]

LEFTOVERS = (
    (re.compile(r"e\+2\d\d|e\+30\d"), 'a number token that became text; write "${each.value}" or "${count.index}"'),
    (re.compile(r"object at 0x|_LazyBaseProxy|jsii\._"), "a Python object's name where its value was meant"),
    (re.compile(r"TfToken\["), "a reference that was never resolved; give the resource, or use module.address()"),
)
# CDKTF's number tokens are about 8.1e298, of either sign.
TOKEN_NUMBER = 1e280
RESOURCE = r"(?P<data>data\.)?(?P<type>[a-z][a-z0-9]*_[a-z0-9_]+)\.(?P<name>[A-Za-z_][\w-]*)"
REFERENCE = re.compile(rf"(?<![\w.]){RESOURCE}(?P<next>\[|\.\*|\.\w)?")
VARIABLE = re.compile(r"(?<![\w.])var\.([A-Za-z_]\w*)")
WAITING = re.compile(r"\.depends_on\[\d+\]$")
LOCAL = re.compile(r"(?<![\w.])local\.([A-Za-z_]\w*)")
# Their value changes by itself, so a second plan would not be empty.
RESTLESS = re.compile(r"(?<![\w.])(plantimestamp|timestamp|uuid|bcrypt)\(")
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
    """References that need an index and have none, have one too many, name nothing, or became text."""
    repeated = {address: "count" in body or "for_each" in body for address, body in _resources(document)}
    local_names = set(document.get("locals", {}))
    # Addresses stand bare in `moved` and `removed`, and what they name may be gone.
    for path, value in _leaves({key: part for key, part in document.items() if key not in ("moved", "removed")}):
        if not isinstance(value, str):
            continue
        for text in [without_strings(item) for item in expressions_in(value)]:
            for match in REFERENCE.finditer(text):
                address = f"{match['data'] or ''}{match['type']}.{match['name']}"
                yield from _reference(path, address, match["next"] or "", repeated)
            for name in LOCAL.findall(text):
                if name not in local_names:
                    yield f"{path} refers to local.{name}, which is not declared"
        for text in literals_in(value):
            for match in REFERENCE.finditer(text):
                if f"{match['data'] or ''}{match['type']}.{match['name']}" in repeated and match["next"]:
                    yield f"{path} has the reference '{match[0].rstrip('.')}...' inside a string, where it is only text"


def _reference(path: str, address: str, following: str, repeated: Mapping[str, bool]) -> Iterator[str]:
    if address not in repeated:
        # Objects in `for` expressions look the same (each_thing.name); only known providers' types are resources.
        if address.removeprefix("data.").startswith(("aws_", "awscc_", "helm_", "terraform_data.")):
            yield f"{path} refers to {address}, which is not declared"
    elif repeated[address] and following.startswith(".") and following != ".*":
        yield f"{path} refers to {address} without an index, but it has count or for_each"
    elif not repeated[address] and following == "[":
        yield f"{path} refers to {address} with an index, but it has neither count nor for_each"


def restless(document: Json) -> Iterator[str]:
    """Functions whose value changes by itself."""
    for path, value in _leaves(document):
        for text in expressions_in(value) if isinstance(value, str) else []:
            match = RESTLESS.search(without_strings(text))
            if match:
                yield f"{path} calls {match[1]}(), so that no plan would ever be empty"


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
    found: set[str] = set()
    for path, leaf in _leaves(value):
        if isinstance(leaf, str):
            # What is waited for stands bare.
            texts = [leaf] if WAITING.search(path) else [without_strings(text) for text in expressions_in(leaf)]
            found.update(name for text in texts for name in VARIABLE.findall(text))
    return found


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
