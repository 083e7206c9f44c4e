"""Every scenario against its record: with the stand-ins in the suite, with what is there in `make conformance`."""

from __future__ import annotations

import json
import os

import pytest

from tests.conformance.record import read, write
from tests.conformance.scenario import Player, load, names

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("conformance")]


@pytest.mark.parametrize("name", names())
def test_a_scenario_goes_as_its_record_says(name: str, players: dict[str, Player]) -> None:
    scenario = load(name)
    said = players[scenario.provider].play(scenario)
    # What is recorded is a real provider's: its name, its version and where it is from are given.
    if os.environ.get("HPTF_RECORD"):
        write(name, said, os.environ["HPTF_RECORD"])
    assert json.dumps(said, indent=1) == json.dumps(read(name)["steps"], indent=1)
