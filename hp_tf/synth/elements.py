"""Rules about the elements of named lists, tested together: one error lists every element's problems.

A validation cannot do that: its message cannot say what its condition found without saying the condition twice, and a
local that looks at a variable cannot be looked at by that variable's validation. So the lists of problems are locals,
and a precondition of the module's resource refuses what is in them.
"""

from __future__ import annotations

from collections.abc import Mapping

from hp_tf.contract.base import Contract
from hp_tf.contract.expressions.hcl import hcl
from hp_tf.contract.expressions.nodes import Attribute, Expression
from hp_tf.contract.expressions.references import within
from hp_tf.contract.rules import var
from hp_tf.synth.conditions import ROOM, never_null, sentence
from hp_tf.synth.expressions import escaped
from hp_tf.synth.variables import inputs_of, module_rules

PROBLEMS, REFERENCES = "problems", "problems_of_references"
COMMENTS = {
    PROBLEMS: "What is wrong with an element, by its name.",
    REFERENCES: "The same of what other resources give: until they exist, it cannot be told.",
}


def element_problems(contract: Contract) -> dict[str, str]:
    """Return the lists of problems, bare HCL by name of the local; empty where the contract has no named elements.

    What may be unknown when Terraform plans has a list of its own, for one such problem makes a whole list unknown.
    """
    inputs = inputs_of(contract)
    found: dict[str, dict[tuple[str, ...], list[str]]] = {}
    for (message, check), kinds in _kinds(contract).items():
        looped = var(kinds[0]).every("item", check)
        right = hcl(check, never_null(looped, inputs), ROOM - 14)
        line = f'nonsensitive({right}) ? "" :\n{sentence(escaped(message.removesuffix(".")))}'
        found.setdefault(REFERENCES if _looks_elsewhere(check) else PROBLEMS, {}).setdefault(kinds, []).append(line)
    return {name: _local(lists) for name, lists in found.items()}


def _kinds(contract: Contract) -> Mapping[tuple[str, Expression], tuple[str, ...]]:
    """Return the lists that have a rule, by its message and check: it is tested once, over all of them."""
    found: dict[tuple[str, Expression], tuple[str, ...]] = {}
    for rule in module_rules(contract, "error"):
        if rule.each and rule.on in contract.named_elements:
            key = (rule.message, rule.check)
            found[key] = (*found.get(key, ()), rule.on)
    return found


def _looks_elsewhere(check: Expression) -> bool:
    names = (node.name for node in within(check) if isinstance(node, Attribute))
    return any(name.endswith(("_arn", "_ids", "_uri")) for name in names)


def _local(lists: Mapping[tuple[str, ...], list[str]]) -> str:
    loops = []
    for kinds, lines in lists.items():
        among = f"concat({', '.join(f'var.{kind}' for kind in kinds)})" if len(kinds) > 1 else f"var.{kinds[0]}"
        problems = ",\n".join(lines)
        named = f'for problem in compact([\n{problems},\n]) : "${{item.name}}: ${{problem}}"'
        loops.append(f"[\nfor item in {among} : [\n{named}\n]\n]")
    return "flatten([\n" + ",\n".join(loops) + ",\n])"
