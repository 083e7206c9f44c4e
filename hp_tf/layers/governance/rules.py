"""The rules of task governance: what SageMaker refuses, before it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hp_tf.contract.addons import of_input, version_rules
from hp_tf.contract.instance_types import ACCELERATED
from hp_tf.contract.mig_profiles import MIG_PROFILES
from hp_tf.contract.role import configured
from hp_tf.contract.roles import HyperPodCluster
from hp_tf.contract.rules import (
    Expression,
    Path,
    PythonRule,
    Rule,
    Scope,
    both,
    choose,
    either,
    element,
    implies,
    item,
    negation,
    text,
    var,
)
from hp_tf.contract.shared_rules import none_beside_restricted_groups

ADDON = "amazon-sagemaker-hyperpod-taskgovernance"
_SHARE = element("share")
_TYPE = _SHARE.field("instance_type")
_PARTITION = _SHARE.field("accelerator_partition")
_PROFILE = _PARTITION.field("profile")
_PARTS = ("accelerators", "accelerator_partition", "vcpu", "memory_gib")
LISTS = ("resources", "borrow_limits")


def _of_shares(kind: str) -> Iterator[Rule]:
    """Yield the rules of a list of shares of a team."""
    shares = item().field(kind)

    def rule(name: str, check: Expression, message: str) -> Rule:
        return Rule(
            f"governance-{kind.replace('_', '-')}-{name}",
            on="teams",
            check=shares.every("share", check, _SHARE.given()),
            message=message,
            each=True,
            at=kind,
        )

    named = text("{type} {profile}", type=_TYPE, profile=_PROFILE)
    keys = shares.each("share", choose(_PARTITION.missing(), _TYPE, named), _SHARE.given())
    yield Rule(
        f"governance-{kind.replace('_', '-')}-distinct",
        on="teams",
        check=keys.distinct(),
        message=f"Every instance type, or part of its GPUs, must stand once in {kind}.",
        each=True,
        at=kind,
        culprits=keys.doubled(),
    )
    parts = either(*(_SHARE.field(name).given() for name in _PARTS))
    yield rule(
        "count",
        both(
            either(_SHARE.field("count").given(), parts),
            negation(both(_SHARE.field("count").given(), parts)),
        ),
        f"An entry of {kind} must give count, or accelerators, accelerator_partition, vcpu and memory_gib, not both.",
    )
    yield rule(
        "partition",
        negation(both(_PARTITION.given(), _SHARE.field("accelerators").given())),
        f"An entry of {kind} must give accelerators or accelerator_partition, not both.",
    )
    yield rule(
        "accelerated",
        implies(
            either(_PARTITION.given(), both(_SHARE.field("accelerators").given(), _SHARE.field("accelerators").gt(0))),
            _TYPE.matches(ACCELERATED),
        ),
        f"An entry of {kind} with accelerators must be of an instance type that has some.",
    )
    yield rule(
        "profile",
        implies(
            _PARTITION.given(),
            either(
                *(both(_TYPE.eq(kind), _PROFILE.one_of(profiles)) for kind, profiles in MIG_PROFILES.items()),
            ),
        ),
        f"The profile of an accelerator_partition in {kind} must be one that the GPUs of its instance type have.",
    )
    yield Rule(
        f"governance-{kind.replace('_', '-')}-whole",
        on="teams",
        check=shares.every(
            "share",
            either(
                _SHARE.field("count").given(),
                both(
                    _SHARE.field("vcpu").given(),
                    _SHARE.field("memory_gib").given(),
                    either(
                        _SHARE.field("accelerators").given(), _PARTITION.given(), negation(_TYPE.matches(ACCELERATED))
                    ),
                ),
            ),
            _SHARE.given(),
        ),
        message=f"An entry of {kind} leaves out some of accelerators, vcpu and memory_gib. SageMaker fills that in by "
        "ratio when the quota is made, and keeps it when the rest is changed: give all of them before you change one.",
        each=True,
        at=kind,
        level="warning",
    )


def _unknown_types(scope: Scope) -> Iterable[tuple[Path, str]]:
    """Yield shares of instance types that the cluster has no group of."""
    cluster = configured(scope, HyperPodCluster)
    groups = cluster.get("instance_groups")
    if not isinstance(groups, list):
        return
    have: set[str] = set()
    for group in groups:
        if isinstance(group, Mapping):
            have |= {str(group.get("instance_type")), *map(str, group.get("instance_types") or ())}
    for path, share in _shares(scope):
        if share["instance_type"] not in have:
            yield (*path, "instance_type"), f"No group of the cluster has nodes of type {share['instance_type']}."


def _shares(scope: Scope) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    teams = scope.get("teams")
    for name, team in teams.items() if isinstance(teams, Mapping) else ():
        for kind in LISTS if isinstance(team, Mapping) else ():
            for index, share in enumerate(team.get(kind) or ()):
                if isinstance(share, Mapping):
                    yield ("teams", name, kind, index), share


RULES: tuple[Rule | PythonRule, ...] = (
    Rule(
        "governance-scheduler-name",
        on="scheduler_config_name",
        check=implies(var("scheduler_config_name").given(), var("create_scheduler_config")),
        message="scheduler_config_name is given, so create_scheduler_config must be true.",
    ),
    Rule(
        "governance-addon-there",
        on="addon_version",
        check=implies(either(var("addon_version").given(), var("addon_configuration").given()), var("create_addon")),
        message="addon_version and addon_configuration are of an add-on made here, so create_addon must be true.",
    ),
    Rule(
        "governance-addon-configuration",
        on="addon_configuration",
        check=implies(var("addon_configuration").given(), var("addon_configuration").is_mapping("json")),
        message="addon_configuration must be a JSON object.",
    ),
    Rule(
        "governance-borrow-limits",
        on="teams",
        check=implies(item().field("borrow_limits").length().ge(1), item().field("sharing").eq("LendAndBorrow")),
        message="borrow_limits limits what a team borrows, so sharing must be LendAndBorrow.",
        each=True,
        at="borrow_limits",
    ),
    *(rule for kind in LISTS for rule in _of_shares(kind)),
    *version_rules("governance", of_input("addon_version", ADDON)),
    PythonRule(
        "governance-types",
        _unknown_types,
        reason="the groups are another module's input",
        related=("teams",),
        level="warning",
    ),
    none_beside_restricted_groups("governance"),
)
