"""Plans that a provider shows as updates of groups and the service would refuse or understand otherwise."""

from __future__ import annotations

import json
from importlib.resources import files
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hp_tf.contracts.hyperpod import CONTRACT
from hp_tf.contracts.hyperpod_elements import CREATE_ONLY, INSTANCE_GROUPS, OPTIONAL
from hp_tf.environment.model import Environment
from hp_tf.orchestration.elements import notes, refusals
from hp_tf.orchestration.schemas import keyed
from tests.report.plans import change, loaded

ADDRESS = "module.hyperpod.awscc_sagemaker_cluster.this"
ROLE = "arn:aws:iam::123456789012:role/nodes"


def group(name: str, **attributes: Any) -> dict[str, Any]:
    return {
        "instance_group_name": name,
        "instance_type": "ml.g5.8xlarge",
        "instance_count": 1,
        "execution_role": ROLE,
        "threads_per_core": 2,
        "override_vpc_config": {"security_group_ids": ["sg-1", "sg-2"], "subnets": ["subnet-1"]},
        "image_id": None,
        **attributes,
    }


def found(
    before: list[dict[str, Any]],
    after: list[dict[str, Any]],
    *configured: dict[str, Any],
    actions: tuple[str, ...] = ("update",),
    unknown: Any = None,
) -> list[tuple[str, str | None]]:
    plan = loaded(
        change(ADDRESS, actions, {"instance_groups": before}, {"instance_groups": after}, unknown=unknown),
    )
    typed = [{"instance_type": "ml.g5.8xlarge", **item} for item in configured]
    config = SimpleNamespace(inputs={"instance_groups": typed})
    environment = cast(Environment, SimpleNamespace(layers={"hyperpod": config}))
    problems = refusals(plan, environment, {"hyperpod": CONTRACT})
    return [(problem.message.removeprefix(f"{ADDRESS} instance_groups"), problem.hint) for problem in problems]


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("instance_type", "ml.p5.48xlarge"),
        ("execution_role", "arn:aws:iam::123456789012:role/other"),
        ("threads_per_core", 1),
        ("override_vpc_config", {"security_group_ids": ["sg-1", "sg-2"], "subnets": ["subnet-2"]}),
    ],
)
def test_what_a_group_is_made_with_cannot_change(attribute: str, value: Any) -> None:
    ((message, hint),) = found([group("a"), group("b")], [group("a"), group("b", **{attribute: value})])
    assert message.startswith(f'["b"].{attribute} would change')
    assert hint is not None and "another name" in hint


def test_what_will_be_known_later_changes_too() -> None:
    after = group("a")
    del after["execution_role"]
    ((message, _),) = found([group("a")], [after], unknown={"instance_groups": [{"execution_role": True}]})
    assert message.startswith('["a"].execution_role')


def test_other_changes_are_free() -> None:
    turned = {"security_group_ids": ["sg-2", "sg-1"], "subnets": ["subnet-1"]}
    after = [group("a", instance_count=3, current_count=None, override_vpc_config=turned, image_id="ami-1")]
    assert found([group("a", current_count=1)], after, {"name": "a", "image_id": "ami-1"}) == []


def test_a_group_of_another_name_is_another_group() -> None:
    assert found([group("a")], [group("b", instance_type="ml.p5.48xlarge")], {"name": "b"}) == []


@pytest.mark.parametrize("actions", [("delete", "create"), ("create",), ("no-op",)])
def test_only_updates_are_judged(actions: tuple[str, ...]) -> None:
    assert found([group("a")], [group("a", instance_type="ml.p5.48xlarge")], actions=actions) == []


def test_a_group_put_in_the_middle_must_not_take_anothers_image() -> None:
    before = [group("a"), group("c", image_id="ami-1")]
    after = [group("a"), group("b", image_id="ami-1"), group("c", image_id="ami-1")]
    ((message, hint),) = found(before, after, {"name": "a"}, {"name": "b"}, {"name": "c", "image_id": "ami-1"})
    assert message.startswith('["b"].image_id would become that of "c"')
    assert hint is not None and "sorts last" in hint


def test_a_group_may_have_the_same_image_if_it_says_so() -> None:
    before = [group("c", image_id="ami-1")]
    after = [group("b", image_id="ami-1"), group("c", image_id="ami-1")]
    assert found(before, after, *({"name": name, "image_id": "ami-1"} for name in "bc")) == []


def test_a_group_that_goes_must_not_leave_its_plan_to_the_next() -> None:
    before = [group("a", training_plan_arn="arn:p"), group("b", training_plan_arn=None)]
    after = [group("b", training_plan_arn="arn:p")]
    ((message, hint),) = found(before, after, {"name": "b"})
    assert message.startswith('["b"].training_plan_arn')
    assert hint is not None and "count 0" in hint


def test_parts_of_objects_and_of_lists_are_looked_at() -> None:
    def storage(key: str | None) -> list[dict[str, Any]]:
        return [{"ebs_volume_config": {"volume_size_in_gb": 500, "volume_kms_key_id": key}}]

    spot = {"spot": "{}", "on_demand": None}
    before = [group("a", instance_storage_configs=storage("arn:k"), capacity_requirements=spot), group("b")]
    after = [
        group("b", instance_storage_configs=storage("arn:k"), capacity_requirements={"spot": "{}", "on_demand": "{}"})
    ]
    assert [message.split(" ")[0] for message, _ in found(before, after, {"name": "b"})] == [
        '["b"].instance_storage_configs.ebs_volume_config.volume_kms_key_id',
        '["b"].capacity_requirements.spot',
    ]


def test_a_whole_is_named_once() -> None:
    update = {"schedule_expression": "cron(0 3 ? * SUN *)", "deployment_config": {"wait_interval_in_seconds": 60}}
    after = [group("b", scheduled_update_config=update)]
    (one,) = found([group("a", scheduled_update_config=update)], after, {"name": "b"})
    assert one[0].startswith('["b"].scheduled_update_config would')


def test_appending_takes_nothing_over() -> None:
    before = [group("a", image_id="ami-1")]
    assert found(before, [*before, group("b")], {"name": "a", "image_id": "ami-1"}, {"name": "b"}) == []


def test_a_plan_says_it_as_a_note() -> None:
    plan = loaded(
        change(
            ADDRESS,
            ("update",),
            {"instance_groups": [group("a")]},
            {"instance_groups": [group("a", threads_per_core=1)]},
        )
    )
    environment = cast(Environment, SimpleNamespace(layers={}))
    (note,) = notes(refusals(plan, environment, {"hyperpod": CONTRACT}))
    assert note.startswith("apply will refuse this: ")
    assert "another name" in note


def test_groups_are_matched_by_name() -> None:
    assert keyed({"hyperpod": CONTRACT})("awscc_sagemaker_cluster", ("instance_groups",)) == "instance_group_name"


def schema() -> dict[str, Any]:
    text = files("hp_tf.standin").joinpath("schemas", "awscc_sagemaker_cluster.json").read_text()
    attributes: dict[str, Any] = json.loads(text)["attributes"]
    return attributes


@pytest.mark.parametrize("place", CREATE_ONLY)
def test_the_contract_names_what_the_schema_fixes(place: str) -> None:
    attributes = schema()[place.partition(".")[2]]["attributes"]
    fixed = {name for name, item in attributes.items() if item.get("create_only")}
    assert set(CREATE_ONLY[place]) == fixed - {"instance_group_name"}


def test_every_attribute_is_always_sent_or_watched() -> None:
    always = {"instance_group_name", "instance_count", "min_instance_count", *CREATE_ONLY[INSTANCE_GROUPS]}
    settable = {name for name, item in schema()["instance_groups"]["attributes"].items() if not item.get("read_only")}
    assert settable - always - {"slurm_config"} == {path.partition(".")[0] for path in OPTIONAL[INSTANCE_GROUPS]} - {
        "instance_type"
    }
