"""What is allowed, by whom, and what of that nothing asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hp_tf import codes
from hp_tf.errors import BadInput
from hp_tf.findings import Allowance, Code, Finding, Severity
from hp_tf.planning.consent import idle, is_allowed, of_options, unsettled, unused
from tests.report.plans import change, loaded, planned

ADDRESS = "module.storage.aws_s3_bucket.this"
LEAVES = codes.LAYER_LEAVES.about("fsx", "layer 'fsx' leaves")
DESTROYED = codes.PROTECTED_DESTROYED.about(ADDRESS, "it goes")
CUT_OFF = codes.CREATION_CUT_OFF.about(ADDRESS, "it was cut off")
REFUSED = codes.UPDATE_REFUSED.about("workers.instance_type", "it changes")
MOVED = codes.VALUE_TAKEN_OVER.about("workers.image_id", "it moves")
NOTE = codes.PLAN_CUT.about("eks", "it is cut")
EVERYTHING = (LEAVES, DESTROYED, CUT_OFF, REFUSED, MOVED, NOTE)


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (of_options([], [], []), [LEAVES, DESTROYED, CUT_OFF, REFUSED, MOVED]),
        (of_options([ADDRESS], ["fsx"], []), [REFUSED, MOVED]),
        (of_options([], [], ["layer-leaves=fsx", f"protected-destroyed={ADDRESS}"]), [CUT_OFF, REFUSED, MOVED]),
        (of_options([ADDRESS], ["fsx"], ["update-refused=workers.instance_type"]), [MOVED]),
        (of_options([ADDRESS], ["fsx"], ["update-refused=others.instance_type"]), [REFUSED, MOVED]),
    ],
)
def test_a_plan_is_settled_by_code_and_subject(options: tuple[Allowance, ...], left: list[Finding]) -> None:
    assert unsettled(planned(None, findings=EVERYTHING, allowances=options)) == left


def test_what_cannot_be_allowed_is_not_whatever_a_file_says() -> None:
    wanted = Allowance(("value-taken-over",), "workers.image_id", "allow[0]")
    assert not is_allowed(MOVED, planned(None, allowances=[wanted]))


def test_an_option_that_nothing_asks_for_is_refused() -> None:
    options = of_options([ADDRESS, "module.x.y.z"], ["fsx", "helm"], ["group-deleted=workers"])
    found = idle(planned(None, findings=[LEAVES, DESTROYED]), options)
    assert {item.code for item in found} == {codes.ALLOWANCE_IDLE}
    assert [item.message.partition(":")[0] for item in found] == [
        "--remove-layer helm",
        "--allow-destroy module.x.y.z",
        "--allow group-deleted=workers",
    ]
    # What comes after a barrier is not known yet.
    assert idle(replace(planned(None), later=("helm",)), options) == []


def test_what_is_destroyed_without_being_protected_may_be_allowed_too() -> None:
    plan = loaded(change(ADDRESS, ["delete"], {"bucket": "x"}, None))
    assert idle(planned(plan), of_options([ADDRESS], [], [])) == []


def test_a_line_of_the_file_that_nothing_asks_for_is_a_note() -> None:
    line = Allowance(("group-deleted",), "workers", "allow[0]")
    (note,) = unused(planned(None, allowances=[line]))
    assert (note.code, note.severity, note.subject) == (codes.ALLOWANCE_UNUSED, Severity.NOTE, "workers")
    gone = codes.GROUP_DELETED.about("workers", "it goes")
    assert unused(planned(None, findings=[gone], allowances=[line])) == []


@pytest.mark.parametrize(
    ("text", "code", "remedy"),
    [
        ("group-deletd=workers", codes.ALLOWANCE_UNKNOWN, "did you mean 'group-deleted'?"),
        ("value-taken-over=x", codes.ALLOWANCE_IMPOSSIBLE, "do what the finding advises"),
        ("layer-leaves", codes.ALLOWANCE_UNKNOWN, "apply with --allow layer-leaves=SUBJECT, where SUBJECT is a layer"),
    ],
)
def test_an_option_that_can_allow_nothing_is_refused_at_once(text: str, code: Code, remedy: str) -> None:
    with pytest.raises(BadInput) as raised:
        of_options([], [], [text])
    assert [(item.code, item.remedy) for item in raised.value.problems] == [(code, remedy)]


def test_a_subject_may_hold_what_parts_it_from_its_code() -> None:
    (allowance,) = of_options([], [], ['protected-destroyed=module.a.b["x=y"]'])
    assert allowance.subject == 'module.a.b["x=y"]'
