"""Plans that a provider shows as updates of groups and the service would refuse or understand otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest

from hp_tf import codes
from hp_tf.findings import Severity
from hp_tf.layers.hyperpod.contract import CONTRACT
from hp_tf.planning.keyed import keyed
from hp_tf.planning.list_elements import losses, refusals
from hp_tf.terraform.plan import Action, Plan
from hp_tf.terraform.values import PlanValue
from hp_tf.wire import UNKNOWN
from tests.engine.groups import ADDRESS, KEY, LUSTRE, OPENZFS, ROOT, SECOND, Group, group, planned

CONTRACTS = {"hyperpod": CONTRACT}
KEYED_LISTS = CONTRACT.keyed_lists


def refused(plan: Plan) -> list[tuple[str, str | None]]:
    found = refusals(plan, CONTRACTS)
    return [(item.message.removeprefix(f"{ADDRESS} instance_groups"), item.remedy) for item in found]


def taken(before: list[Group], sent: list[Group]) -> list[str]:
    """What is named by the refusals of a plan."""
    return [message.split(" ")[0] for message, _ in refused(planned(before, sent))]


def storage(name: str, *configs: dict[str, Any]) -> Group:
    return group(name, instance_storage_configs=list(configs) or None)


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("instance_type", "ml.p5.48xlarge"),
        ("execution_role", "arn:aws:iam::123456789012:role/other"),
        ("execution_role", UNKNOWN),
        ("threads_per_core", 1),
        ("override_vpc_config", {"security_group_ids": ["sg-1", "sg-2"], "subnets": ["subnet-2"]}),
        ("override_vpc_config", {"security_group_ids": ["sg-1", "sg-2"], "subnets": [UNKNOWN]}),
    ],
)
def test_what_a_group_is_made_with_cannot_change(attribute: str, value: Any) -> None:
    plan = planned([group("a"), group("b")], [group("a"), group("b", **{attribute: value})])
    ((message, hint),) = refused(plan)
    assert message.startswith(f'["b"].{attribute} would change')
    assert hint is not None and "another name" in hint


def test_what_a_group_leaves_out_does_not_change_where_positions_shift() -> None:
    """At a position that is new it is unknown, and is not sent."""
    several = {"instance_type": None, "instance_requirements": {"instance_types": ["ml.m5.large", "ml.m5.xlarge"]}}
    after = [group("a", **several), group("b", **several)]
    assert taken(after[1:], after) == []


def test_other_changes_are_free() -> None:
    turned = {"security_group_ids": ["sg-2", "sg-1"], "subnets": ["subnet-1"]}
    after = group("a", instance_count=3, override_vpc_config=turned, image_id="ami-1")
    assert taken([group("a")], [after]) == []


def test_a_group_of_another_name_is_another_group() -> None:
    assert taken([group("a")], [group("b", instance_type="ml.p5.48xlarge")]) == []


@pytest.mark.parametrize("action", [Action.REPLACE_DELETE_FIRST, Action.CREATE])
def test_what_is_made_anew_is_not_judged(action: Action) -> None:
    plan = planned([group("a")], [group("a", instance_type="ml.p5.48xlarge")])
    changes = tuple(replace(change, action=action) for change in plan.resource_changes)
    assert refused(replace(plan, resource_changes=changes)) == []


def test_a_group_put_in_the_middle_must_not_take_anothers_image() -> None:
    other = group("c", image_id="ami-1")
    ((message, hint),) = refused(planned([group("a"), other], [group("a"), group("b"), other]))
    assert message.startswith('["b"].image_id would become that of "c"')
    assert hint == "give it a value"


def test_a_group_may_have_the_same_image_if_it_says_so() -> None:
    both = [group(name, image_id="ami-1") for name in "bc"]
    assert taken(both[1:], both) == []


def test_a_group_keeps_what_its_file_no_longer_says() -> None:
    assert taken([group("a", image_id="ami-1")], [group("a", instance_count=2)]) == []


def test_a_group_that_goes_must_not_leave_its_plan_to_the_next() -> None:
    about = {"cluster_arn": "arn:aws:sagemaker:us-west-2:123456789012:cluster/abc"}
    before = [group("a", training_plan_arn="arn:p"), group("b")]
    ((message, hint),) = refused(planned(before, [group("b")], about=about))
    assert message.startswith('["b"].training_plan_arn would become that of "a", which stands at its position')
    command = "aws sagemaker update-cluster --region us-west-2 --cluster-name c --instance-groups-to-delete a"
    assert hint == f"delete a by itself, then plan again: {command}"


def test_what_a_group_is_rid_of_and_nothing_takes_away_is_said() -> None:
    with_plan = group("a", training_plan_arn="arn:p")
    plan = planned([with_plan], [group("a")], last=[with_plan])
    assert [change.action for change in plan.resource_changes] == [Action.NO_OP]
    ((message, hint),) = refused(plan)
    assert message.startswith('["a"].training_plan_arn would become what stands there now')
    assert hint is not None and "another name" in hint
    assert refused(planned([with_plan], [group("a")], last=[group("a")])) == [], "what the service set stays"
    image = group("a", image_id="ami-1")
    assert refused(planned([image], [group("a")], last=[image])) == [], "an image is kept, as the input says"


def test_a_script_and_its_successor_do_not_change_places() -> None:
    first = {"source_s3_uri": "s3://b", "on_create": "on_create.sh", "on_init_complete": None}
    then = {"source_s3_uri": "s3://b", "on_create": None, "on_init_complete": "on_create.sh"}
    before = [group("a", life_cycle_config=first)]
    ((message, _),) = refused(planned(before, [group("a", life_cycle_config=then)], last=before))
    assert message.startswith('["a"].life_cycle_config.on_create would become what stands there now')


def test_several_types_do_not_take_the_place_of_one() -> None:
    several = {"instance_type": None, "instance_requirements": {"instance_types": ["ml.g5.8xlarge", "ml.g6.8xlarge"]}}
    (finding,) = refusals(planned([group("a")], [group("a", **several)], last=[group("a")]), CONTRACTS)
    assert (finding.code, finding.subject) == (codes.VALUE_TAKEN_OVER, "a.instance_type")
    assert finding.remedy is not None and "another name" in finding.remedy


def test_the_last_group_of_a_kind_cannot_be_taken_away() -> None:
    plan = planned([group("a")], [], config=None)
    (finding,) = refusals(plan, CONTRACTS)
    assert (finding.code, finding.subject) == (codes.UPDATE_REFUSED, "a")
    assert "would stay" in finding.message


def test_appending_takes_nothing_over() -> None:
    before = [group("a", image_id="ami-1", min_instance_count=3)]
    assert taken(before, [*before, group("b")]) == []


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        ({"min_instance_count": 3}, ["min_instance_count"]),
        ({"capacity_requirements": {"spot": "{}"}}, ["capacity_requirements"]),
        ({"auto_patch_config": {"patching_strategy": "WhenIdle"}}, ["auto_patch_config"]),
        ({"on_start_deep_health_checks": ["InstanceStress"]}, ["on_start_deep_health_checks"]),
    ],
)
def test_a_new_group_that_sorts_first_takes_nothing_over(attributes: dict[str, Any], found: list[str]) -> None:
    after = [group("a"), group("b", **attributes)]
    assert taken(after[1:], after) == [f'["a"].{path}' for path in found]


def test_parts_of_what_is_sent_are_looked_at() -> None:
    batch = {"type": "INSTANCE_COUNT", "value": 1}
    rolling = {"maximum_batch_size": batch, "rollback_maximum_batch_size": batch}
    deployment = {
        "auto_rollback_configuration": [{"alarm_name": "errors"}],
        "rolling_update_policy": rolling,
        "wait_interval_in_seconds": 60,
    }
    old = group("b", scheduled_update_config={"schedule_expression": "cron", "deployment_config": deployment})
    sparse: dict[str, Any] = {
        "auto_rollback_configuration": None,
        "rolling_update_policy": {"maximum_batch_size": batch, "rollback_maximum_batch_size": None},
        "wait_interval_in_seconds": None,
    }
    new = group("a", scheduled_update_config={"schedule_expression": "cron", "deployment_config": sparse})
    inside = '["a"].scheduled_update_config.deployment_config'
    assert sorted(taken([old], [new, old])) == [
        f"{inside}.auto_rollback_configuration",
        f"{inside}.rolling_update_policy.rollback_maximum_batch_size",
        f"{inside}.wait_interval_in_seconds",
    ]


@pytest.mark.parametrize(
    ("before", "sent", "found"),
    [
        pytest.param([SECOND], [SECOND, ROOT], [], id="a root key is appended"),
        pytest.param([SECOND], [SECOND, LUSTRE], [], id="a mount is appended"),
        pytest.param([SECOND, ROOT], [SECOND], [], id="the root key was the last"),
        pytest.param(
            [SECOND], [ROOT, SECOND], ["ebs_volume_config.volume_size_in_gb"], id="a root volume would have a size"
        ),
        pytest.param(
            [ROOT, SECOND], [SECOND], ["ebs_volume_config.volume_kms_key_id"], id="the key would go to the second"
        ),
        pytest.param([SECOND, OPENZFS], [SECOND, LUSTRE, OPENZFS], ["fsx_open_zfs_config"], id="two file systems"),
        pytest.param([SECOND, LUSTRE], [LUSTRE], ["ebs_volume_config"], id="no second volume any more"),
        pytest.param([SECOND], [], [], id="no storage any more keeps the group's own"),
    ],
)
def test_storage_takes_nothing_over_from_its_position(
    before: list[dict[str, Any]], sent: list[dict[str, Any]], found: list[str]
) -> None:
    paths = taken([storage("a", *before)], [storage("a", *sent)])
    assert paths == [f'["a"].instance_storage_configs.{path}' for path in found]


def test_a_new_group_with_a_root_key_takes_no_size_from_the_next() -> None:
    after = [storage("a", ROOT), storage("b", SECOND)]
    assert taken(after[1:], after) == ['["a"].instance_storage_configs.ebs_volume_config.volume_size_in_gb']
    none = [storage("a"), storage("b", SECOND)]
    assert taken(none[1:], none) == ['["a"].instance_storage_configs']


def test_a_volume_keeps_its_key_when_it_grows() -> None:
    with_key = {"ebs_volume_config": {**SECOND["ebs_volume_config"], "volume_kms_key_id": KEY}}
    larger = {"ebs_volume_config": {**SECOND["ebs_volume_config"], "volume_size_in_gb": 600}}
    assert taken([storage("a", with_key)], [storage("a", larger)]) == []


def tainted(*taints: tuple[str, str | None]) -> list[Group]:
    items = [{"key": key, "value": value, "effect": "NoSchedule"} for key, value in taints]
    return [group("a", kubernetes_config={"labels": None, "taints": items})]


def test_a_taint_without_a_value_takes_no_other_taints() -> None:
    dedicated = ("dedicated", "training")
    plan = planned(tainted(dedicated), tainted(("accelerated", None), dedicated))
    ((message, hint),) = refused(plan)
    assert message.startswith('["a"].kubernetes_config.taints.value would become what stands there now')
    assert hint is not None and "another name" in hint
    assert taken(tainted(dedicated), tainted(dedicated, ("accelerated", None))) == []
    assert taken(tainted(dedicated), tainted(("dedicated", None))) == [], "it keeps its own"


def test_what_is_known_only_later_is_judged_by_what_is_known() -> None:
    network = {"security_group_ids": ["sg-1"], "subnets": [UNKNOWN]}
    other = group("b", image_id="ami-1")
    new = group("a", override_vpc_config=network, execution_role=UNKNOWN)
    assert taken([other], [new, other]) == ['["a"].image_id']


def test_a_plan_that_does_not_say_what_is_sent_is_judged_by_what_is_fixed() -> None:
    plan = planned([group("b", image_id="ami-1")], [group("a"), group("b", image_id="ami-1", threads_per_core=1)])
    (only,) = refused(replace(plan, outputs={}))
    assert only[0].startswith('["b"].threads_per_core')


def test_what_the_service_may_take_by_now_can_be_allowed_and_what_moves_by_position_cannot() -> None:
    (fixed,) = refusals(planned([group("a")], [group("a", threads_per_core=1)]), CONTRACTS)
    assert (fixed.code, fixed.subject) == (codes.UPDATE_REFUSED, "a.threads_per_core")
    assert fixed.code.can_be_allowed
    assert fixed.remedy is not None and fixed.remedy.endswith("--allow update-refused=a.threads_per_core")
    (moved, *_) = refusals(planned([group("b", image_id="ami-1")], [group("a"), group("b")]), CONTRACTS)
    assert (moved.code, moved.subject) == (codes.VALUE_TAKEN_OVER, "a.image_id")
    assert not moved.code.can_be_allowed


def test_a_group_that_is_deleted_or_shrinks_needs_consent_by_its_name() -> None:
    several = {"instance_type": None, "instance_requirements": {"instance_types": ["ml.m5.large", "ml.m5.xlarge"]}}
    gone = group("training", instance_count=16, instance_type="ml.p5.48xlarge")
    before = [group("a", instance_count=4), gone, group("several", **several), group("empty", instance_count=0)]
    other = group("other", instance_count=16, instance_type="ml.p5.48xlarge")
    found = losses(planned(before, [group("a", instance_count=3), other]), CONTRACTS)
    assert {item.severity for item in found} == {Severity.CONSENT}
    assert {(item.code.name, item.subject): (item.message, item.remedy) for item in found} == {
        ("group-shrunk", "a"): (
            "group a (4 × ml.g5.8xlarge) shrinks to 3: 1 of its nodes are deleted",
            "if that is meant, apply with --allow group-shrunk=a",
        ),
        ("group-deleted", "training"): (
            "group training (16 × ml.p5.48xlarge) is deleted with its nodes",
            "if that is meant, apply with --allow group-deleted=training",
        ),
        ("group-deleted", "several"): (
            "group several (1 × ml.m5.large or ml.m5.xlarge) is deleted with its nodes",
            "if that is meant, apply with --allow group-deleted=several",
        ),
        ("group-deleted", "empty"): (
            "group empty (0 × ml.g5.8xlarge) is deleted",
            "if that is meant, apply with --allow group-deleted=empty",
        ),
    }
    assert losses(planned(before, [*before[::-1], group("z")]), CONTRACTS) == []
    assert losses(planned([group("a")], [group("a", instance_count=2)]), CONTRACTS) == []
    assert losses(None, CONTRACTS) == []


def test_of_a_list_that_is_known_only_later_no_element_is_said_to_be_deleted() -> None:
    plan = planned([group("a")], [group("b")])
    (change,) = plan.resource_changes
    later = replace(change, after=PlanValue({**change.after.value, "instance_groups": None}, {"instance_groups": True}))
    assert losses(replace(plan, resource_changes=(later,)), CONTRACTS) == []
    none = replace(later, after=PlanValue(later.after.value))
    assert len(losses(replace(plan, resource_changes=(none,)), CONTRACTS)) == 1


def test_groups_are_matched_by_name() -> None:
    assert keyed(CONTRACTS)("awscc_sagemaker_cluster", ("instance_groups",)) == "instance_group_name"


def schema() -> dict[str, Any]:
    text = files("hp_tf.standin").joinpath("schemas", "awscc_sagemaker_cluster.json").read_text()
    attributes: dict[str, Any] = json.loads(text)["attributes"]
    return attributes


def marked(attributes: Mapping[str, Any], mark: str, prefix: str = "") -> Iterator[str]:
    for name, item in attributes.items():
        if item.get(mark):
            yield f"{prefix}{name}"
        yield from marked(item.get("attributes", {}), mark, f"{prefix}{name}.")


@pytest.mark.parametrize("place", KEYED_LISTS)
def test_the_contract_names_what_the_schema_says(place: str) -> None:
    known, attributes = KEYED_LISTS[place], schema()
    inner = attributes[place.partition(".")[2]]["attributes"]
    assert set(known.create_only) == {name for name in marked(inner, "create_only") if "." not in name} - {known.key}
    assert set(known.computed) == set(marked(inner, "read_only"))
    outputs = set(CONTRACT.outputs.model_fields)
    assert place.partition(".")[2] in outputs, "the layer says what it sends"


@pytest.mark.parametrize("place", KEYED_LISTS)
def test_what_is_told_first_is_there(place: str) -> None:
    known = KEYED_LISTS[place]
    assert set(known.telling) <= set(_leaves(schema()[place.partition(".")[2]]["attributes"]))
    assert {"instance_type", "instance_count"} <= set(known.telling)


@pytest.mark.parametrize("place", KEYED_LISTS)
def test_lists_inside_elements_are_told_apart_by_attributes_there_are(place: str) -> None:
    for path, attributes in KEYED_LISTS[place].told_apart.items():
        node = {"attributes": schema()[place.partition(".")[2]]["attributes"]}
        for name in path.split("."):
            node = node["attributes"][name]
        assert set(attributes) <= set(_leaves(node["attributes"]))


def _leaves(attributes: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, item in attributes.items():
        yield f"{prefix}{name}"
        yield from _leaves(item.get("attributes", {}), f"{prefix}{name}.")
