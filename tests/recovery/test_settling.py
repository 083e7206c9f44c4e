"""A creation that comes through late, or is not shown at once: looked for again, and named until its fate is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from hp_tf import codes
from hp_tf.commands import lost as losses
from hp_tf.contract.clients import Clients
from hp_tf.contract.resources.base import Attributes, ResourceType
from hp_tf.findings import Finding
from hp_tf.planning.selection import LayerOptions
from hp_tf.recovery import orphans, settling
from hp_tf.recovery.history import Orphan
from hp_tf.state import document
from tests.engine import commands
from tests.engine.harness import THREE, Workbench, yes
from tests.engine.losing import RUN, lost, note

ALL = LayerOptions()
ALPHA = "module.alpha.terraform_data.this"


@pytest.fixture
def account(bench: Workbench) -> set[str]:
    """What an account shows that fits alpha's resource; a run was cut off while it made that."""
    shown: set[str] = set()

    def candidates(planned: Attributes, clients: Clients) -> Iterator[str]:
        # A state keeps the type of such a value with it.
        if "test-1" in str(planned.get("input")):
            yield from shown

    bench.write(THREE)
    bench.with_contract("alpha", resources=(ResourceType("terraform_data", candidates=candidates),))
    note(bench, Orphan(ALPHA, "terraform_data", None))
    return shown


def named(bench: Workbench) -> list[Finding]:
    return [item for item in commands.plan(bench.open(), ALL).findings if item.code is codes.CREATION_LOST]


def held(bench: Workbench) -> list[str | None]:
    return [identity for _, _, identity in document.addresses(bench.open().store.read("alpha"))]


def apply(bench: Workbench) -> None:
    commands.apply(bench.open(), ALL, approve=yes)


def test_it_stays_open_until_the_user_says_that_it_is_gone(bench: Workbench, account: set[str]) -> None:
    for _ in range(2):
        (finding,) = named(bench)
        assert finding.subject == ALPHA
        assert f"by the run {RUN}" in finding.message
        assert finding.remedy is not None and finding.remedy.endswith(f"hptf lost test --gone {ALPHA}")
        apply(bench)
        assert lost(bench) == [ALPHA]
        assert any(line == str(finding) for line in bench.ui.lines)
    assert [item.address for item in losses.lost(bench.open())] == [ALPHA]
    losses.gone(bench.open(), [ALPHA])
    assert named(bench) == []


def test_what_comes_through_before_the_plan_is_taken_over(bench: Workbench, account: set[str]) -> None:
    account.add("late")
    assert named(bench) == []
    apply(bench)
    assert (held(bench), lost(bench)) == (["late"], [])


def test_what_comes_through_in_the_apply_is_found_after_it_and_closed_when_it_is_deleted(
    bench: Workbench, account: set[str]
) -> None:
    def late(planned: object) -> bool:
        account.add("late")
        return True

    commands.apply(bench.open(), ALL, approve=late)
    assert held(bench) != ["late"]
    assert "a second one by now that no state knows: late" in "\n".join(bench.ui.lines)
    (finding,) = named(bench)
    assert "late" in finding.message
    account.clear()
    # Found and gone again: of this one nothing more can come.
    assert named(bench) == []
    apply(bench)
    assert lost(bench) == []


def test_what_states_know_is_not_a_second_one(bench: Workbench, account: set[str]) -> None:
    apply(bench)
    account.update(str(identity) for identity in held(bench))
    (finding,) = named(bench)
    assert "has not been found" in finding.message


def test_several_that_fit_are_all_named_and_none_is_chosen(bench: Workbench, account: set[str]) -> None:
    account.update({"one", "two"})
    apply(bench)
    (finding,) = named(bench)
    assert "one, two" in finding.message
    assert [item.id for item in losses.lost(bench.open())] == [None]


def test_of_what_has_a_name_of_its_own_there_cannot_be_two(bench: Workbench) -> None:
    bench.write(THREE)
    unique = ResourceType("terraform_data", import_id="{input}", exists=lambda planned, account: False)
    bench.with_contract("alpha", resources=(unique,))
    note(bench, Orphan(ALPHA, "terraform_data", None))
    assert len(named(bench)) == 1
    apply(bench)
    assert (lost(bench), named(bench)) == ([], [])


def test_what_may_never_have_been_begun_is_looked_for_once_and_not_spoken_of(
    bench: Workbench, account: set[str]
) -> None:
    note(bench, Orphan(ALPHA, "terraform_data", None, certain=False))
    assert named(bench) == []
    assert losses.lost(bench.open()) == []

    def late(planned: object) -> bool:
        account.add("late")
        return True

    commands.apply(bench.open(), ALL, approve=late)
    assert [item.id for item in losses.lost(bench.open())] == ["late"]
    note(bench, Orphan(ALPHA, "terraform_data", None, certain=False))
    account.clear()
    apply(bench)
    assert lost(bench) == []


def test_a_destroy_looks_for_it_too(bench: Workbench, account: set[str]) -> None:
    apply(bench)
    account.add("late")
    commands.destroy(bench.open(), ALL, approve=yes)
    assert [item.id for item in losses.lost(bench.open())] == ["late"]
    # Its place is free: the next plan takes it over.
    apply(bench)
    assert (held(bench), lost(bench)) == (["late"], [])


def test_of_what_is_there_and_not_well_that_alone_is_said(bench: Workbench, account: set[str]) -> None:
    context = bench.open()
    planned = replace(commands.plan(context, ALL), findings=())
    open_items = orphans.recorded(context)
    assert [item.subject for item in settling.findings(context, open_items, planned)] == [ALPHA]
    said = codes.CREATION_FAILED.about(ALPHA, "it is there, and failed")
    assert settling.findings(context, open_items, replace(planned, findings=(said,))) == []
