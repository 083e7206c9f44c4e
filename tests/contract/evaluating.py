"""A contract's verdict on inputs, as the tests of contracts ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from hp_tf.contract.base import Contract
from hp_tf.contract.rules import NOT_NULL, UNKNOWN, Level, Path, Rule
from tests.contract.verdicts import accepted_by_terraform, python_only, scope_of


@dataclass(frozen=True)
class Failure:
    rule: str
    path: Path
    message: str


def failures(
    contract: Contract,
    values: Mapping[str, Any],
    unknown: tuple[str, ...] = (),
    *,
    nullable: bool = True,
    level: Level = "error",
) -> list[Failure]:
    """What a contract's rules find in inputs that are of the right types.

    Args:
        unknown: inputs that are wired from something that does not exist yet; ``values`` holds a stand-in.
        nullable: whether what they are wired from may be null.
    """
    scope = scope_of(contract, values)
    scope.update(dict.fromkeys(unknown, UNKNOWN if nullable else NOT_NULL))
    found = []
    for rule in contract.rules:
        if rule.level != level:
            continue
        found += [Failure(rule.id, path, message) for path, message in rule.failures(scope)]
    return found


def broken(
    contract: Contract, values: Mapping[str, Any], unknown: tuple[str, ...] = (), *, nullable: bool = True
) -> set[str]:
    """The ids of the rules that inputs break."""
    return {failure.rule for failure in failures(contract, values, unknown, nullable=nullable)}


def circles(contract: Contract) -> list[str]:
    """Variables whose validations refer to each other: Terraform calls that a cycle and plans nothing."""
    refers: dict[str, set[str]] = {}
    for rule in contract.rules:
        if isinstance(rule, Rule):
            refers.setdefault(rule.on, set()).update(set(rule.inputs()) - {rule.on})

    def reaches(start: str, goal: str, seen: set[str]) -> bool:
        new = refers.get(start, set()) - seen
        return goal in new or any(reaches(name, goal, seen | new) for name in new)

    return sorted(name for name in refers if reaches(name, name, set()))


def disagreements(
    contract: Contract, base: Mapping[str, Any], changes: Iterable[Mapping[str, Any]], folder: FilePath
) -> list[Mapping[str, Any]]:
    """Changes of right inputs that the contract in Python and the module in Terraform judge differently."""
    cases = {f"case_{number}": {**base, **change} for number, change in enumerate(changes)}
    accepted = accepted_by_terraform(contract, cases, folder)
    return [values for name, values in cases.items() if accepted[name] != _right(contract, values)]


def _right(contract: Contract, values: Mapping[str, Any]) -> bool:
    try:
        return not broken(contract, values) - python_only(contract)
    except ValidationError:
        return False
