"""What interrupted runs lost: taken over by plans, asked about by a destroy, and dropped where it cannot be had."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from hp_tf.errors import HptfError
from hp_tf.orchestration import commands, journal, recovery
from hp_tf.orchestration.losses import Lost
from hp_tf.orchestration.planning import Planned
from hp_tf.orchestration.sets import Selection
from hp_tf.state import markers
from tests.orchestration.harness import THREE, Workbench, up, yes

ALL = Selection()
ALPHA, FIRST = "module.alpha.terraform_data.this", "module.beta.terraform_data.first"


def lose(bench: Workbench, *addresses: str) -> Path:
    """Note that a run lost these."""
    items = [asdict(Lost(address, "terraform_data", f"id-of-{address.split('.')[1]}")) for address in addresses]
    file = bench.open().work / "lost.json"
    file.write_text(json.dumps(items))
    return file


def test_what_has_left_the_file_stops_no_plan_and_is_named(bench: Workbench) -> None:
    up(bench)
    file = lose(bench, "module.beta.terraform_data.gone", 'module.gamma.terraform_data.this["7"]')
    planned = commands.plan(bench.open(), ALL)
    assert not planned.has_changes
    said = "\n".join(bench.ui.lines)
    for address, identity in (("beta.terraform_data.gone", "beta"), ('gamma.terraform_data.this["7"]', "gamma")):
        line = f"module.{address}, lost by an earlier run, is not taken over: id-of-{identity} has no place in"
        assert said.count(line) == 1
    assert file.exists()
    commands.apply(bench.open(), ALL, approve=yes)
    assert "look for terraform_data id-of-beta in account 123456789012" in "\n".join(bench.ui.lines)
    assert not file.exists()


def test_a_destroy_takes_over_only_once_it_is_approved(bench: Workbench) -> None:
    bench.write(THREE)
    file = lose(bench, ALPHA, FIRST)
    asked: list[Planned] = []

    def no(planned: Planned) -> bool:
        asked.append(planned)
        return False

    assert commands.destroy(bench.open(), ALL, approve=no).applied is None
    assert bench.open().store.layers() == []
    assert file.exists()
    assert commands.destroy(bench.open(), ALL, approve=yes).applied is not None
    (planned,) = asked
    assert sorted(note.split(",")[0] for note in planned.notes) == [f"{ALPHA} (id-of-alpha)", f"{FIRST} (id-of-beta)"]
    assert not file.exists()
    gone = [event.message for event in bench.ui.events if "Destruction complete" in event.message]
    assert len(gone) == 2


def test_a_destroy_takes_over_only_in_its_layers(bench: Workbench) -> None:
    up(bench, "  alpha: {}\n  beta: {}\n  gamma: {count_of: 2}\n")
    file = lose(bench, "module.beta.terraform_data.gone")
    commands.destroy(bench.open(), Selection(("gamma",)), approve=yes)
    assert "module.beta.terraform_data.gone" in file.read_text()
    assert bench.ui.lines == []


def test_a_destroy_makes_nothing_in_order_to_take_something_over(bench: Workbench) -> None:
    bench.write(THREE)
    file = lose(bench, FIRST)
    with pytest.raises(HptfError, match=f"would do more than that, to {ALPHA}"):
        commands.destroy(bench.open(), ALL, approve=yes)
    assert bench.open().store.layers() == []
    assert file.exists()


def test_taking_over_completes_no_layer(bench: Workbench) -> None:
    bench.write(THREE)
    lose(bench, ALPHA)
    module = bench.root / "modules" / "alpha" / "main.tf"
    stuck = 'provisioner "local-exec" {\nwhen = destroy\ncommand = "false"\n}\n'
    module.write_text(module.read_text().replace("  provisioner", f"{stuck}  provisioner"))
    with pytest.raises(HptfError):
        commands.destroy(bench.open(), ALL, approve=yes)
    store = bench.open().store
    assert store.read("alpha") is not None
    assert not markers.complete(store, "alpha", store.read("alpha"))


def test_an_emulator_that_is_gone_leaves_nothing_to_recover(bench: Workbench) -> None:
    file = lose(bench, ALPHA)
    work = bench.open().work
    journal.begin(work, "apply", ("alpha",)).update(status=journal.CUT_OFF)
    mine = journal.begin(work, "apply", ("beta",))
    left = work / "root-all" / "errored.tfstate"
    left.parent.mkdir()
    left.write_text("{}")
    recovery.abandon(work)
    assert [run.id for run in journal.unfinished(work)] == [mine.id]
    assert not file.exists()
    assert not left.exists()
