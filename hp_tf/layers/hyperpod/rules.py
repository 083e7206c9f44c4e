"""Rules between the parts of a HyperPod cluster, from its API and from what was seen to fail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hp_tf.contract.instance_types import (
    ACCELERATED,
    INSTANCE_TYPE,
    POD_LIMITS,
)
from hp_tf.contract.role import configured
from hp_tf.contract.roles import DependencyChart
from hp_tf.contract.rules import (
    Expression,
    Path,
    PythonRule,
    Rule,
    Scope,
    both,
    choose,
    concat,
    either,
    element,
    implies,
    item,
    listed,
    literal,
    negation,
    text,
    var,
)
from hp_tf.contract.shared_rules import role_here
from hp_tf.layers.endpoints.ways import rules_of_ways
from hp_tf.layers.hyperpod.group_rules import of_every_cluster, of_every_group
from hp_tf.layers.hyperpod.restricted import RULES as RESTRICTED_RULES
from hp_tf.layers.hyperpod.types import TYPE, all_types, types_of
from hp_tf.layers.hyperpod.unchecked import SCHEDULE

_CONTINUOUS = var("node_provisioning_mode").eq("Continuous")


_BATCHES = listed(
    *(
        item().field(update).optional_field("deployment").optional_field("rolling_update").optional_field(size)
        for update in ("scheduled_update", "auto_patch")
        for size in ("maximum_batch_size", "rollback_maximum_batch_size")
    )
)
_LATER = "lifecycle_on_init_complete"
_BATCH = element("batch")
_TYPES = types_of(several=True)


def _deep_checks(kind: str, prefix: str, *, several: bool) -> Iterator[Rule]:
    """Yield the rules of deep health checks. Arguments as for `of_every_group`."""
    checks = item().field("deep_health_checks")
    yield Rule(
        f"{prefix}-deep-checks",
        on=kind,
        check=implies(checks.length().ge(1), all_types(ACCELERATED, several=several)),
        message="deep_health_checks need an instance type with GPUs or Trainium chips.",
        each=True,
        at="deep_health_checks",
    )
    yield Rule(
        f"{prefix}-deep-checks-distinct",
        on=kind,
        check=checks.distinct(),
        message="Every check of deep_health_checks must be named once.",
        each=True,
        at="deep_health_checks",
    )


# What a group has only with Continuous provisioning, and when it has it.
_NEEDS_CONTINUOUS: Mapping[str, Expression] = {
    "min_count": item().field("min_count").ge(1),
    "spot": item().field("spot"),
    "labels": item().field("labels").length().ge(1),
    "taints": item().field("taints").length().ge(1),
    "image_id": both(item().field("image_id").given(), item().field("image_id").ne("default")),
    "instance_types": item().field("instance_types").length().ge(1),
}


def _groups() -> Iterable[Rule]:
    yield Rule(
        "hyperpod-group-type",
        on="instance_groups",
        check=either(item().field("instance_type").given(), item().field("instance_types").length().ge(1)),
        message="A group needs an instance_type, or several instance_types to try one after the other.",
        each=True,
        at="instance_type",
    )
    yield Rule(
        "hyperpod-group-types",
        on="instance_groups",
        check=either(item().field("instance_type").missing(), item().field("instance_types").length().eq(0)),
        message="A group has either instance_type or instance_types, not both.",
        each=True,
        at="instance_types",
    )
    yield Rule(
        "hyperpod-group-types-distinct",
        on="instance_groups",
        check=item().field("instance_types").distinct(),
        message="Every type of instance_types must be named once.",
        each=True,
        at="instance_types",
        culprits=item().field("instance_types").doubled(),
    )
    yield Rule(
        "hyperpod-group-types-form",
        on="instance_groups",
        check=item().field("instance_types").every("type", TYPE.matches(INSTANCE_TYPE.pattern)),
        message=f"Every element of instance_types must be {INSTANCE_TYPE.what}.",
        each=True,
        at="instance_types",
    )
    scripts = item().field("lifecycle_scripts")
    said = {name: item().field(name) for name in ("lifecycle_script_uri", "lifecycle_on_create", _LATER)}
    yield Rule(
        "hyperpod-group-scripts",
        on="instance_groups",
        check=implies(
            scripts,
            both(
                either(said["lifecycle_script_uri"].given(), var("lifecycle_script_uri").given()),
                either(said["lifecycle_on_create"].given(), said[_LATER].given(), var("lifecycle_on_create").given()),
            ),
        ),
        message="A group that runs lifecycle scripts needs their location and the name of one: lifecycle_script_uri "
        "and lifecycle_on_create, of its own or of all groups. Without any, lifecycle_scripts is false.",
        each=True,
        at="lifecycle_scripts",
    )
    yield Rule(
        "hyperpod-group-scripts-unused",
        on="instance_groups",
        check=either(scripts, negation(either(*(name.given() for name in said.values())))),
        message="With lifecycle_scripts false a group runs none, so it must name none.",
        each=True,
        at="lifecycle_scripts",
    )
    yield Rule(
        "hyperpod-group-batches",
        on="instance_groups",
        check=_BATCHES.every(
            "batch", _BATCH.field("value").le(100), _BATCH.optional_field("type").eq("CAPACITY_PERCENTAGE")
        ),
        message="A batch of type CAPACITY_PERCENTAGE must have a value of at most 100.",
        each=True,
    )
    yield Rule(
        "hyperpod-group-schedule",
        on="instance_groups",
        check=implies(
            item().field("scheduled_update").given(),
            item().field("scheduled_update").optional_field("schedule").matches(SCHEDULE.pattern),
        ),
        message=f"schedule must be {SCHEDULE.what}.",
        each=True,
        at="scheduled_update",
    )
    yield Rule(
        "hyperpod-group-pods",
        on="instance_groups",
        check=negation(_TYPES.some("type", TYPE.one_of(POD_LIMITS), TYPE.given())),
        message="A node of this type takes very few pods, fewer than the add-ons need.",
        each=True,
        at="instance_type",
        level="warning",
        culprits=_TYPES.each(
            "type",
            text("{type} {pods}", type=TYPE, pods=literal(POD_LIMITS).at(TYPE)),
            both(TYPE.given(), TYPE.one_of(POD_LIMITS)),
        ),
    )
    yield Rule(
        "hyperpod-group-min-count",
        on="instance_groups",
        check=item().field("min_count").le(item().field("count")),
        message="min_count must not be greater than count.",
        each=True,
        at="min_count",
        culprits=listed(text("{least} > {count}", least=item().field("min_count"), count=item().field("count"))),
    )
    yield Rule(
        "hyperpod-group-spot-plan",
        on="instance_groups",
        check=negation(both(item().field("spot"), item().field("training_plan_arn").given())),
        message="A group uses either Spot capacity or a training plan, not both.",
        each=True,
        at="spot",
    )
    yield Rule(
        "hyperpod-group-spot-lost",
        on="instance_groups",
        check=negation(both(item().field("spot"), item().field("min_count").ge(1))),
        message="AWS takes Spot capacity back when it needs it: min_count counts only until the group is first there.",
        each=True,
        at="min_count",
        level="warning",
    )
    yield Rule(
        "hyperpod-group-continuous",
        on="instance_groups",
        check=either(_CONTINUOUS, negation(either(*_NEEDS_CONTINUOUS.values()))),
        message="A group has min_count, spot, labels, taints, an image_id of its own or instance_types only with "
        "node_provisioning_mode Continuous.",
        each=True,
        culprits=concat(*(choose(used, (name,), ()) for name, used in _NEEDS_CONTINUOUS.items())),
    )


def _chart_problems(scope: Scope) -> Iterator[tuple[Path, str]]:
    """Yield what the cluster is to do and the chart, as it is configured, does not let it."""
    chart = configured(scope, DependencyChart)
    if not chart.get("health_monitoring_agent", True) and scope["node_recovery"] == "Automatic":
        yield (
            ("node_recovery",),
            "node_recovery Automatic needs the agent that finds faulty nodes: helm.health_monitoring_agent must be "
            "true, or node_recovery 'None'.",
        )
    if chart.get("deep_health_check", True):
        return
    for kind in ("instance_groups", "restricted_instance_groups"):
        for index, group in enumerate(scope[kind]):
            if group["deep_health_checks"]:
                yield (kind, index, "deep_health_checks"), "deep_health_checks need helm.deep_health_check true."


RULES: tuple[Rule | PythonRule, ...] = (
    *of_every_cluster("hyperpod", "instance_groups", "restricted_instance_groups"),
    *rules_of_ways("hyperpod", on_eks=True),
    PythonRule("hyperpod-chart", check=_chart_problems, reason="the chart is another module's"),
    Rule(
        "hyperpod-autoscaling-counts",
        on="auto_scaling",
        check=negation(var("auto_scaling")),
        message="With auto_scaling counts belong to Karpenter: a group's count is its first size only, 0 for those "
        "that Karpenter uses, and a later one is not taken back. Without live_cluster every apply sends the file's "
        "counts.",
        level="warning",
    ),
    Rule(
        "hyperpod-autoscaling-recovery",
        on="node_recovery",
        check=implies(var("auto_scaling"), var("node_recovery").eq("Automatic")),
        message="Karpenter relies on faulty nodes being replaced: with auto_scaling, node_recovery must be Automatic.",
    ),
    Rule(
        "hyperpod-groups",
        on="instance_groups",
        check=either(
            both(var("instance_groups").length().ge(1), var("restricted_instance_groups").length().eq(0)),
            both(var("instance_groups").length().eq(0), var("restricted_instance_groups").length().ge(1)),
        ),
        message="A cluster needs at least one group, of instance_groups or of restricted_instance_groups, not of both.",
    ),
    *_groups(),
    *of_every_group("instance_groups", "hyperpod-group", several=True),
    *_deep_checks("instance_groups", "hyperpod-group", several=True),
    *of_every_group("restricted_instance_groups", "hyperpod-restricted-group", several=False),
    *_deep_checks("restricted_instance_groups", "hyperpod-restricted-group", several=False),
    *RESTRICTED_RULES,
    Rule(
        "hyperpod-autoscaling-mode",
        on="auto_scaling",
        check=implies(var("auto_scaling"), _CONTINUOUS),
        message="auto_scaling needs node_provisioning_mode Continuous.",
    ),
    Rule(
        "hyperpod-autoscaling-role-here",
        on="karpenter_role_arn",
        check=implies(var("karpenter_role_arn").given(), role_here(var("karpenter_role_arn"))),
        message="karpenter_role_arn must be a role of this account and partition.",
    ),
    Rule(
        "hyperpod-autoscaling-role",
        on="karpenter_role_arn",
        check=implies(var("auto_scaling"), var("karpenter_role_arn").given()),
        message="auto_scaling is on, so karpenter_role_arn must name the role of Karpenter.",
    ),
)
