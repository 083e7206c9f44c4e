"""Rules about the elements of named lists, tested together: one error lists every element's problems.

What may be unknown when Terraform plans has a validation of its own, for one such value makes a whole list unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from hp_tf.contract.base import Contract
from hp_tf.contract.expressions.hcl import condition, hcl
from hp_tf.contract.expressions.nodes import Attribute, Expression
from hp_tf.contract.expressions.references import within
from hp_tf.contract.rules import Rule, var
from hp_tf.synth.conditions import ROOM, never_null, sentence
from hp_tf.synth.expressions import escaped
from hp_tf.synth.shape import Attribute as Input


def element_validations(
    contract: Contract, rules: list[Rule], inputs: Mapping[str, Input]
) -> Iterator[tuple[str, list[Rule], dict[str, str]]]:
    """Yield (variable, its rules, the validation of them) for the contract's named elements.

    Args:
        rules: those of the module.
        inputs: the module's.
    """
    for on in contract.named_elements:
        mine = [rule for rule in rules if rule.each and rule.on == on]
        for _, found in groupby(sorted(mine, key=_looks_elsewhere), key=_looks_elsewhere):
            together = list(found)
            yield on, together, _validation(on, together, inputs)


def _validation(on: str, rules: list[Rule], inputs: Mapping[str, Input]) -> dict[str, str]:
    right, problems = [], []
    for rule in rules:
        known = never_null(var(on).every("item", rule.check), inputs)
        right.append(hcl(rule.check, known, ROOM - 8))
        problem = sentence(escaped(rule.message.removesuffix(".")))
        problems.append(f'{condition(rule.check, known, ROOM - 14)} ? "" :\n{problem}')
    holds = f"for right in flatten([\nfor item in var.{on} : [\n{_lines(right)}]\n]) : right if !right"
    told = f'for problem in [\n{_lines(problems)}] : "${{item.name}}: ${{nonsensitive(problem)}}"'
    told += '\nif nonsensitive(problem) != ""'
    return {
        "condition": f"${{length([\n{holds}\n]) == 0}}",
        "error_message": f'${{join("\\n", flatten([\nfor item in var.{on} : [\n{told}\n]\n]))}}',
    }


def _lines(items: list[str]) -> str:
    return "".join(f"{item},\n" for item in items)


def _looks_elsewhere(rule: Rule) -> bool:
    """Whether a rule speaks of what other resources give."""
    return any(_of_a_resource(node) for node in within(rule.check))


def _of_a_resource(node: Expression) -> bool:
    return isinstance(node, Attribute) and node.name.endswith(("_arn", "_ids", "_uri"))
