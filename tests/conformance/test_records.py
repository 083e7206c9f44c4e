"""Scenarios, records and README.md name each other."""

from __future__ import annotations

import re

import pytest

from tests.conformance.record import SOURCES, read
from tests.conformance.scenario import HERE, RECORDS, load, names


def test_every_scenario_has_a_record_and_every_record_a_scenario() -> None:
    assert sorted(path.stem for path in RECORDS.glob("*.json")) == names()


@pytest.mark.parametrize("name", names())
def test_a_record_says_where_it_comes_from_and_has_every_step(name: str) -> None:
    record, scenario = read(name), load(name)
    assert record["source"]["kind"] in SOURCES and scenario.facts
    assert len(record["steps"]) == len(scenario.steps)


def test_the_table_of_facts_names_every_scenario_and_no_other() -> None:
    facts = (HERE / "README.md").read_text().partition("## Facts")[2]
    rows = [row for row in facts.splitlines() if row.startswith("|")]
    named = {name for row in rows for name in re.findall(r"`([a-z0-9-]+)`", row.rstrip("|").rpartition("|")[2])}
    assert named == set(names())
