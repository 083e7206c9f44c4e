"""What interrupted runs lost: taken over by plans, asked about by a destroy, and dropped where it cannot be had."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from hp_tf import codes
from hp_tf.commands import lost as losses
from hp_tf.contract.resources.base import ResourceType
from hp_tf.errors import BadInput, HptfError
from hp_tf.planning.planner import Planned
from hp_tf.planning.selection import LayerOptions
from hp_tf.recovery import ledger, orphans, recover, settling
from hp_tf.run import journal
from hp_tf.run.context import Context
from hp_tf.state import document, markers
from hp_tf.state.document import dumps
from hp_tf.state.local import LocalStore
from hp_tf.state.session import StateSession
from tests.engine import commands
from tests.engine.harness import THREE, Workbench, up, yes
from tests.engine.losing import lose, lost
from tests.state.samples import simple

ALL = LayerOptions()
ALPHA, FIRST = "module.alpha.terraform_data.this", "module.beta.terraform_data.first"


def test_what_has_left_the_file_stops_no_plan_and_is_named(bench: Workbench) -> None:
    up(bench)
    lose(bench, "module.beta.terraform_data.gone", 'module.gamma.terraform_data.this["7"]')
    planned = commands.plan(bench.open(), ALL)
    assert not planned.has_changes
    said = "\n".join(bench.ui.lines)
    for address, identity in (("beta.terraform_data.gone", "beta"), ('gamma.terraform_data.this["7"]', "gamma")):
        line = f"module.{address}, lost by an earlier run, is not taken over: id-of-{identity} has no place in"
        assert said.count(line) == 1
    commands.apply(bench.open(), ALL, approve=yes)
    found = [item for item in commands.plan(bench.open(), ALL).findings if item.code is codes.CREATION_LOST]
    # Until the user says that it is gone.
    assert [item.subject for item in found] == lost(bench)
    for item in found:
        assert item.remedy is not None
        assert "in account 123456789012" in item.remedy
        words = shlex.split(item.remedy.rpartition(": ")[2])
        assert words[:4] == ["hptf", "lost", "test", "--gone"]
        losses.gone(bench.open(), words[4:])
    assert lost(bench) == []
    with pytest.raises(BadInput):
        losses.gone(bench.open(), [ALPHA])


def test_a_destroy_takes_over_only_once_it_is_approved(bench: Workbench) -> None:
    bench.write(THREE)
    lose(bench, ALPHA, FIRST)
    asked: list[Planned] = []

    def no(planned: Planned) -> bool:
        asked.append(planned)
        return False

    assert commands.destroy(bench.open(), ALL, approve=no).applied is None
    assert bench.open().store.layers() == []
    assert lost(bench) == [ALPHA, FIRST]
    assert commands.destroy(bench.open(), ALL, approve=yes).applied is not None
    (planned,) = asked
    assert {item.code for item in planned.findings} == {codes.ORPHAN_ADOPTED}
    said = {item.subject: item.message.split(",")[0] for item in planned.findings}
    assert said == {ALPHA: f"{ALPHA} (id-of-alpha)", FIRST: f"{FIRST} (id-of-beta)"}
    assert lost(bench) == []
    gone = [event.message for event in bench.ui.events if "Destruction complete" in event.message]
    assert len(gone) == 2


def test_a_destroy_takes_over_only_in_its_layers(bench: Workbench) -> None:
    up(bench, "  alpha: {}\n  beta: {}\n  gamma: {count_of: 2}\n")
    lose(bench, "module.beta.terraform_data.gone")
    commands.destroy(bench.open(), LayerOptions(("gamma",)), approve=yes)
    assert lost(bench) == ["module.beta.terraform_data.gone"]
    assert bench.ui.lines == []


def test_a_destroy_makes_nothing_in_order_to_take_something_over(bench: Workbench) -> None:
    bench.write(THREE)
    lose(bench, FIRST)
    with pytest.raises(HptfError, match=f"would do more than that, to {ALPHA}"):
        commands.destroy(bench.open(), ALL, approve=yes)
    assert bench.open().store.layers() == []
    assert lost(bench) == [FIRST]


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


def test_a_kept_plan_that_did_not_know_of_a_loss_is_refused(bench: Workbench, tmp_path: Path) -> None:
    bench.write(THREE)
    commands.plan(bench.open(), ALL, out=tmp_path / "kept")
    # It was applied, and Terraform was killed before it wrote a state down.
    lose(bench, ALPHA)
    with pytest.raises(HptfError, match=f"an interrupted run made {ALPHA}, or was making it, after the plan in"):
        commands.apply(bench.open(), ALL, approve=yes, kept=tmp_path / "kept")
    assert bench.open().store.layers() == []
    commands.plan(bench.open(), ALL, out=tmp_path / "kept")
    assert commands.apply(bench.open(), ALL, approve=yes, kept=tmp_path / "kept").applied is not None
    state = bench.open().store.read("alpha")
    assert [identity for _, _, identity in document.addresses(state)] == ["id-of-alpha"]


def test_a_kept_plan_that_could_not_take_a_loss_over_is_applied_once(bench: Workbench, tmp_path: Path) -> None:
    bench.write(THREE)
    lose(bench, "module.beta.terraform_data.gone")
    commands.plan(bench.open(), ALL, out=tmp_path / "kept")
    # The same is lost again, by the run that applied the plan.
    known = orphans.recorded(bench.open())
    run = journal.begin(bench.open().work, HOME, "apply", ())
    orphans.record(bench.open(), [replace(known[0], id=None)], run)
    with pytest.raises(HptfError, match=r"an interrupted run made module\.beta\.terraform_data\.gone"):
        commands.apply(bench.open(), ALL, approve=yes, kept=tmp_path / "kept")
    ledger.save(bench.open().store, ledger.of_run(run))
    assert commands.apply(bench.open(), ALL, approve=yes, kept=tmp_path / "kept").applied is not None


HOME = journal.Home("a store", "a file")


def test_what_was_lost_from_other_states_is_not_taken_over(bench: Workbench) -> None:
    context = bench.open()
    lose(bench, ALPHA)
    elsewhere = replace(context, store=LocalStore(bench.root / "other"))
    assert orphans.recorded(elsewhere) == []
    context.store.write_object("runs/x.json", b"[]")
    with pytest.raises(HptfError, match=r"runs/x\.json in .*states, which says what a run lost, cannot be read"):
        orphans.recorded(context)


def killed(context: Context, home: journal.Home) -> journal.Run:
    """A run that was killed while it held alpha's lock, and left a state that the store does not have."""
    run = journal.begin(context.work, home, "apply", ("alpha",))
    session = StateSession("test", run.layers, context.store, run.path / "stage-1")
    session.merged()
    (run.path / "errored.tfstate").write_bytes(dumps(simple("alpha", "a")))
    part = journal.Part(str(session.run_directory), str(run.path), str(run.path / "apply.jsonl"))
    return run.update(status=journal.CUT_OFF, lock_id="an id", parts=(part,))


def test_a_run_is_not_finished_in_other_states_than_its_own(bench: Workbench) -> None:
    context = bench.open()
    run = killed(context, HOME)
    with pytest.raises(HptfError, match=f"the run {run.id}, which was cut off, belongs to the states in a store"):
        recover.recover(context)
    assert context.store.layers() == []
    assert [item.id for item in journal.unfinished(context.work)] == [run.id]
    run.update(home=context.home)
    recover.recover(context)
    assert context.store.layers() == ["alpha"]
    # One that only planned has nothing to finish anywhere.
    journal.begin(context.work, HOME, "plan", ("alpha",)).update(pid=0)
    recover.recover(context)


def test_a_run_on_an_emulator_that_is_gone_is_let_go(bench: Workbench) -> None:
    context = bench.open()
    context = replace(context, target=replace(context.target, emulator=bench.root, instance="the second"))
    home = replace(context.home, emulator="the first")
    run = killed(context, home)
    recover.recover(context)
    assert any("about an embedded AWS that is gone" in line for line in bench.ui.lines)
    assert context.store.layers() == []
    assert not (run.path / "errored.tfstate").exists()
    assert list(journal.unfinished(context.work)) == []
    assert orphans.recorded(context) == []


def test_an_emulator_that_is_gone_leaves_nothing_to_recover(bench: Workbench) -> None:
    context = bench.open()
    work, home = context.work, replace(context.home, emulator="one")
    journal.begin(work, home, "apply", ("alpha",)).update(status=journal.CUT_OFF)
    mine = journal.begin(work, home, "apply", ("beta",))
    left = work / "root-all" / "errored.tfstate"
    left.parent.mkdir()
    left.write_text("{}")
    with recover.abandoning(work):
        pass
    (left_over,) = journal.unfinished(work)
    assert left_over.id == mine.id
    assert left_over.home.vanished(replace(home, emulator="emptied, with the same name"))
    assert left_over.home.vanished(home)
    assert not left.exists()


@pytest.mark.parametrize("own_id", [True, False])
def test_what_was_imported_under_another_id_is_not_called_lost(bench: Workbench, own_id: bool) -> None:
    """The id of an attachment is the provider's own: drawn where it is made, the import id where it was imported."""
    up(bench)
    bench.with_contract("alpha", resources=(ResourceType("terraform_data", own_id=own_id),))
    lose(bench, ALPHA)
    settling.settle(bench.open(), ["alpha"], before={})
    assert lost(bench) == [ALPHA] * (not own_id)
    assert any("delete it if it is there" in line for line in bench.ui.lines) is not own_id
