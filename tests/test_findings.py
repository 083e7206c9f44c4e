from __future__ import annotations

import re

import pytest

from hp_tf import codes
from hp_tf.codes import CODES
from hp_tf.findings import BAD_INPUT, Code, Finding, Location, Severity
from hp_tf.layers.discovery import CONTRACTS


def test_a_code_is_a_stable_word_that_no_rule_has_too() -> None:
    rules = {rule.id for contract in CONTRACTS.values() for rule in contract.rules}
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in CODES)
    assert not rules & set(CODES)


def test_every_code_is_declared_in_the_table_under_its_name() -> None:
    declared = {name: value for name, value in vars(codes).items() if isinstance(value, Code)}
    assert {name.lower().replace("_", "-"): value for name, value in declared.items()} == dict(CODES)
    assert all(code.explanation.endswith(".") for code in CODES.values())


@pytest.mark.parametrize(
    ("code", "allowed"),
    [(codes.LAYER_LEAVES, True), (codes.UPDATE_REFUSED, True), (codes.VALUE_TAKEN_OVER, False), (BAD_INPUT, False)],
)
def test_only_a_code_that_says_so_can_be_allowed(code: Code, allowed: bool) -> None:
    assert code.can_be_allowed is allowed


def test_a_finding_has_the_severity_of_its_code() -> None:
    finding = codes.LAYER_LEAVES.about("fsx", "layer 'fsx' leaves", "add --remove-layer fsx")
    assert (finding.severity, finding.subject, finding.remedy) == (Severity.CONSENT, "fsx", "add --remove-layer fsx")


@pytest.mark.parametrize("place", [None, Location("envs/dev.yaml", 3, 5)])
def test_a_finding_comes_back_from_json(place: Location | None) -> None:
    finding = Finding("what is so", place, "what to do", codes.UNKNOWN_KEY, "layers.x")
    assert Finding.from_json(finding.to_json(), CODES) == finding
