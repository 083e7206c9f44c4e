"""A contract and what its definition declared, made into the files of a module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hp_tf.contract.base import Contract
from hp_tf.synth import guards, tftest
from hp_tf.synth.engine import Built
from hp_tf.synth.expressions import plain
from hp_tf.synth.hcl import lists_tf, main_tf, outputs_tf, variables_tf, versions_tf
from hp_tf.synth.outputs import outputs
from hp_tf.synth.problems import DefinitionError
from hp_tf.synth.readme import readme, usage
from hp_tf.synth.variables import listed, variables, warnings
from hp_tf.synth.versions import terraform

# Formatted with the rest, then moved into the README.
USAGE = "usage.tf"


@dataclass(frozen=True)
class Draft:
    """A module whose HCL is not formatted yet.

    Attributes:
        document: the whole module in Terraform's JSON form, which plans the same.
        hcl: text by file name, `terraform fmt` still to come; ``USAGE`` among them.
        assets: text by path in the module's folder.
    """

    contract: Contract
    document: dict[str, Any]
    hcl: dict[str, str]
    assets: dict[str, str]


def draft(contract: Contract, built: Built) -> Draft:
    """Return a layer's module, checked.

    Raises:
        DefinitionError: everything the guards found, or what the contract or the block table refuses.
    """
    found = guards.problems(built.document, contract, built.collected.outputs)
    if found:
        raise DefinitionError("\n".join(found))
    named, own = listed(contract), built.document.get("locals", {})
    if twice := sorted(set(named) & set(own)):
        raise DefinitionError(f"Layer '{contract.name}': the contract makes a local '{twice[0]}' already.")
    checks = {**built.document.get("check", {}), **warnings(contract)}
    document = {
        "terraform": terraform(contract),
        "variable": variables(contract),
        **{key: value for key, value in built.document.items() if key not in ("output", "check")},
        **({"check": checks} if checks else {}),
        **({"locals": {**own, **plain(named)}} if named else {}),
        "output": outputs(contract, built.document.get("output", {})),
    }
    unused = guards.unused_inputs(document, contract)
    if unused:
        raise DefinitionError("\n".join(unused))
    layer = contract.name
    from_definition = f"Generated from hp_tf/layers/{layer}/definition.py by `hptf synth`; edit there."
    from_contract = f"Generated from hp_tf/layers/{layer}/contract.py by `hptf synth`; edit there."
    main = main_tf(
        {**document, "locals": own},
        header=from_definition,
        order=built.order,
        local_comments=built.collected.comments,
        resource_comments=built.collected.resource_comments,
        accepted=built.collected.accepted,
    )
    hcl = {
        "main.tf": main,
        **_variables(document["variable"], contract.named_elements, from_contract),
        **({"lists.tf": lists_tf(named, header=from_contract)} if named else {}),
        "outputs.tf": outputs_tf(document["output"], header=from_definition),
        "versions.tf": versions_tf(document["terraform"], header=from_contract),
        tftest.PATH: tftest.tftest(contract, from_contract),
        USAGE: usage(contract),
    }
    return Draft(contract, document, hcl, dict(built.collected.assets))


def _variables(found: Mapping[str, Any], apart: Sequence[str], header: str) -> dict[str, str]:
    """Return variables.tf, and a file for each variable whose elements have rules of their own: they are long."""
    files = {"variables.tf": {name: body for name, body in found.items() if name not in apart}}
    files |= {f"{name}.tf": {name: found[name]} for name in apart}
    where = f"Variables that fill a file: {', '.join(f'{name}.tf' for name in apart)}." if apart else ""
    heads = {"variables.tf": f"{header}\n{where}".strip()}
    return {name: variables_tf(part, header=heads.get(name, header)) for name, part in files.items()}


def finished(made: Draft, formatted: Mapping[str, str]) -> dict[str, str]:
    """Return the module's files by path in its folder.

    Args:
        formatted: ``made.hcl`` after `terraform fmt`.
    """
    files = {name: text for name, text in formatted.items() if name != USAGE}
    return {**files, "README.md": readme(made.contract, formatted[USAGE]), **made.assets}
