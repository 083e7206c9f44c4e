"""Only what somebody changed is called that, and it says what."""

from __future__ import annotations

from typing import Any

from hp_tf.layers.discovery import CONTRACTS
from hp_tf.report import document, plan_text
from hp_tf.report.outside import outside
from tests.engine.groups import group
from tests.report.plans import CONTEXT, change, loaded, planned

BUCKET = "module.storage.aws_s3_bucket.this[0]"
CLUSTER = "module.hyperpod.awscc_sagemaker_cluster.this"


def told(*entries: dict[str, Any], drift: list[dict[str, Any]], gone: list[str]) -> dict[str, list[str] | None]:
    """By address the attributes that somebody changed; None of what is gone."""
    found = outside(planned(loaded(*entries, drift=drift), gone=gone), CONTRACTS)
    return {item.address: None if item.changed is None else [one.path for one in item.changed] for item in found}


def test_what_the_plan_changes_back_was_changed_by_somebody() -> None:
    left = {"tags": {"team": "a", "owner": "x"}, "policy": ""}
    found = {"tags": {"team": "b", "owner": "x"}, "policy": "{}"}
    mended = change(BUCKET, ["update"], found, {**left, "policy": "{}"})
    assert told(mended, drift=[change(BUCKET, ["update"], left, found)], gone=[]) == {BUCKET: ["tags.team"]}


def test_what_a_service_filled_in_is_no_news() -> None:
    """A bucket that gets a new tag by the file: its policy, which another resource set, is not somebody's doing."""
    left, found = {"tags": {}, "policy": "", "arn": "a"}, {"tags": {}, "policy": "{}", "arn": "b"}
    ours = change(BUCKET, ["update"], found, {**found, "tags": {"team": "a"}}, unknown={"arn": True})
    assert told(ours, drift=[change(BUCKET, ["update"], left, found)], gone=[]) == {}


def test_what_nothing_acts_upon_is_no_news() -> None:
    drift = [change(BUCKET, ["update"], {"policy": ""}, {"policy": "{}"})]
    assert told(drift=drift, gone=[BUCKET]) == {}


def test_what_is_made_again_was_deleted() -> None:
    assert told(change(BUCKET, ["create"], None, {}), drift=[], gone=[BUCKET]) == {BUCKET: None}


def test_another_order_of_the_groups_is_nobodys_doing() -> None:
    one, other = group("a", instance_count=1), group("b", instance_count=2)
    left, found = {"instance_groups": [one, other]}, {"instance_groups": [other, one]}
    renamed = {"instance_groups": [other, {**one, "instance_group_name": "c"}]}
    ours = change(CLUSTER, ["update"], found, renamed)
    assert told(ours, drift=[change(CLUSTER, ["update"], left, found)], gone=[]) == {}


def test_it_is_said_with_both_values_and_in_the_document() -> None:
    left, found = {"tags": {"team": "a"}}, {"tags": {"team": "b"}}
    ours = planned(loaded(change(BUCKET, ["update"], found, left), drift=[change(BUCKET, ["update"], left, found)]))
    lines = plan_text.render(CONTEXT, ours, color=False, width=120).splitlines()
    assert lines[-2:] == ["changed outside Terraform, and taken back:", f'  {BUCKET}  tags.team: "a" -> "b"']
    assert document.plan(CONTEXT, ours)["outside"] == [{"address": BUCKET, "gone": False, "attributes": ["tags.team"]}]
