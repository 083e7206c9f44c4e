"""Expressions in words."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from hp_tf.contract.expressions.explain import explain
from hp_tf.contract.rules import Expression, Rule, both, either, implies, negation, var
from hp_tf.layers.discovery import CONTRACTS
from tests.contract.expressions.trees import Case, cases


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (var("nat").eq("existing"), "nat is 'existing'"),
        (both(var("create_vpc"), var("vpc_id").given()), "create_vpc is true and vpc_id is given"),
        (
            implies(var("flow_logs").eq("s3"), either(negation(var("a")), var("b").missing())),
            "a is false or b is null, if flow_logs is 's3'",
        ),
        (var("zones").length().ge(1), "the length of zones is at least 1"),
        (var("zones").covers(var("cidrs").keys()), "zones hold all of the keys of cidrs"),
        (var("region").one_of(["a", "b"]), "region is one of 'a', 'b'"),
        (var("name").begins("{area}-"), "name begins with '<area>-'"),
    ],
)
def test_a_condition_is_a_clause(condition: Expression, words: str) -> None:
    assert explain(condition) == words


def test_every_rule_has_words() -> None:
    rules = [rule for contract in CONTRACTS.values() for rule in contract.rules if isinstance(rule, Rule)]
    assert all(explain(rule.condition) for rule in rules)


@settings(deadline=None, max_examples=50, suppress_health_check=list(HealthCheck))
@given(cases())
def test_every_tree_has_words(case: Case) -> None:
    assert explain(case.tree)
