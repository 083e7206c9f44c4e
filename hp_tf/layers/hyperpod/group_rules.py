"""Rules of every HyperPod cluster and of every kind of its groups, whatever schedules its work."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.expressions.nodes import Listed
from hp_tf.contract.instance_types import INSTANCE_TYPES, SINGLE_THREADED, ULTRASERVER
from hp_tf.contract.regions import HYPERPOD_REGIONS, NEARBY
from hp_tf.contract.rules import (
    Expression,
    Rule,
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
    total,
    var,
)
from hp_tf.contract.shared_rules import key_here, partition_of_region, role_here
from hp_tf.layers.hyperpod.types import TYPE, no_type, types_of

STORAGE_LIMIT = 4
_KNOWN = Listed("instance_types", INSTANCE_TYPES)
_MOUNTS = concat(item().field("fsx_lustre"), item().field("fsx_openzfs"))
_MOUNT_PATHS = _MOUNTS.each("mount", element("mount").field("mount_path"), element("mount").given())
STORAGE = total(
    choose(item().field("volume_size_gb").gt(0), 1, 0),
    choose(item().field("root_volume_kms_key_arn").missing(), 0, 1),
    item().field("fsx_lustre").length(),
    item().field("fsx_openzfs").length(),
)


def of_every_cluster(prefix: str, *kinds: str) -> Iterator[Rule]:
    """Yield the rules of a cluster as a whole.

    Args:
        prefix: of the rules' ids.
        kinds: the inputs that list its groups.
    """
    group = element("group")
    names = concat(*(var(kind).each("group", group.field("name"), group.given()) for kind in kinds))
    yield Rule(
        f"{prefix}-region",
        on="region",
        check=either(var("partition").ne("aws"), var("region").one_of(HYPERPOD_REGIONS)),
        message="region is not among those that are known to offer HyperPod.",
        level="warning",
        culprits=listed(var("region")),
        known=NEARBY,
    )
    yield partition_of_region(prefix)
    yield Rule(
        f"{prefix}-role-here",
        on="execution_role_arn",
        check=role_here(var("execution_role_arn")),
        message="execution_role_arn must be a role of this account and partition.",
    )
    yield Rule(
        f"{prefix}-group-names",
        on=kinds[0],
        check=names.distinct(),
        message="Every group of the cluster must have a name of its own.",
        culprits=names.doubled(),
    )
    yield Rule(
        f"{prefix}-primary-subnet",
        on="primary_availability_zone_id",
        check=var("primary_availability_zone_id").within(var("private_subnet_ids").keys()),
        message="primary_availability_zone_id must be one of the zones of private_subnet_ids.",
    )
    zones, given = var("cluster_availability_zone_ids"), var("cluster_subnet_ids")
    yield Rule(
        f"{prefix}-cluster-subnets",
        on="cluster_subnet_ids",
        check=both(given.distinct(), either(given.length().eq(0), zones.length().eq(0))),
        message="cluster_subnet_ids must name every subnet once, and cluster_availability_zone_ids be left out beside.",
        culprits=given.doubled(),
    )
    yield Rule(
        f"{prefix}-cluster-zones",
        on="cluster_availability_zone_ids",
        check=both(zones.distinct(), var("private_subnet_ids").keys().covers(zones)),
        message="cluster_availability_zone_ids must be zones of private_subnet_ids, each named once.",
        culprits=concat(zones.doubled(), zones.without(var("private_subnet_ids").keys())),
    )
    yield Rule(
        f"{prefix}-security-groups-distinct",
        on="additional_security_group_ids",
        check=var("additional_security_group_ids").distinct(),
        message="Every security group of additional_security_group_ids must be named once.",
        culprits=var("additional_security_group_ids").doubled(),
    )
    yield Rule(
        f"{prefix}-live-cluster",
        on="live_cluster",
        check=implies(var("live_cluster").given(), var("live_cluster").is_mapping("json")),
        message="live_cluster must be an object as JSON.",
    )
    yield Rule(
        f"{prefix}-tag-own",
        on="tags",
        check=negation(literal("SageMaker").within(var("tags").keys())),
        message="The tag SageMaker is set by the module: the console goes by it.",
    )


def of_every_group(kind: str, prefix: str, *, several: bool) -> Iterator[Rule]:
    """Yield the rules that hold for every kind of group.

    Args:
        kind: the input that lists the groups.
        prefix: of the rules' ids.
        several: a group may try several instance types.
    """
    types = types_of(several=several)

    def rule(name: str, at: str, check: Expression, message: str, culprits: Expression | None = None) -> Rule:
        return Rule(f"{prefix}-{name}", on=kind, check=check, message=message, each=True, at=at, culprits=culprits)

    yield Rule(
        f"{prefix}-known-types",
        on=kind,
        check=types.every("type", TYPE.within(_KNOWN), TYPE.given()),
        message="This instance type is not among those that HyperPod is known to offer.",
        each=True,
        at="instance_type",
        level="warning",
        culprits=types.each("type", TYPE, both(TYPE.given(), negation(TYPE.within(_KNOWN)))),
        known=_KNOWN,
    )
    yield rule(
        "zone",
        "availability_zone_id",
        implies(
            item().field("availability_zone_id").given(),
            item().field("availability_zone_id").within(var("private_subnet_ids").keys()),
        ),
        "A group's availability_zone_id must be one of the zones of private_subnet_ids.",
        listed(
            text(
                "{zone} instead of {zones}",
                zone=item().field("availability_zone_id"),
                zones=var("private_subnet_ids").keys().joined(" or "),
            )
        ),
    )
    several_zones, subnets = item().field("availability_zone_ids"), item().field("subnet_ids")
    own = total(
        choose(item().field("availability_zone_id").given(), 1, 0),
        choose(several_zones.length().ge(1), 1, 0),
        choose(subnets.length().ge(1), 1, 0),
    )
    yield rule(
        "zones",
        "availability_zone_ids",
        both(several_zones.distinct(), var("private_subnet_ids").keys().covers(several_zones)),
        "The availability_zone_ids of a group must be zones of private_subnet_ids, each named once.",
        concat(several_zones.doubled(), several_zones.without(var("private_subnet_ids").keys())),
    )
    yield rule(
        "subnets-distinct",
        "subnet_ids",
        subnets.distinct(),
        "Every subnet of a group must be named once.",
        subnets.doubled(),
    )
    yield rule(
        "subnets",
        "subnet_ids",
        own.le(1),
        "A group says where it is by one of availability_zone_id, availability_zone_ids and subnet_ids.",
    )
    yield rule(
        "own-network",
        "own_network",
        either(item().field("own_network"), both(own.eq(0), item().field("security_group_ids").length().eq(0))),
        "With own_network false a group has the cluster's subnets and security groups: it must name none.",
    )
    yield rule(
        "threads",
        "threads_per_core",
        implies(item().field("threads_per_core").eq(2), no_type(SINGLE_THREADED, several=several)),
        "The cores of this instance type run one thread: threads_per_core must be 1 or null.",
    )
    yield rule(
        "security-groups-distinct",
        "security_group_ids",
        item().field("security_group_ids").distinct(),
        "Every security group of a group must be named once.",
    )
    yield rule(
        "ultraserver",
        "training_plan_arn",
        either(no_type(ULTRASERVER, several=several), item().field("training_plan_arn").given()),
        "ml.p6e-gb200 instances come in UltraServers through training plans: training_plan_arn must be given.",
    )
    yield rule(
        "plan-here",
        "training_plan_arn",
        implies(
            item().field("training_plan_arn").given(),
            item().field("training_plan_arn").begins("arn:{partition}:sagemaker:{region}:{account_id}:training-plan/"),
        ),
        "training_plan_arn must be a plan of this account and region.",
    )
    yield rule(
        "role-here",
        "execution_role_arn",
        implies(item().field("execution_role_arn").given(), role_here(item().field("execution_role_arn"))),
        "execution_role_arn of a group must be a role of this account and partition.",
    )
    for key in ("volume_kms_key_arn", "root_volume_kms_key_arn"):
        yield rule(
            f"{key.removesuffix('_kms_key_arn').replace('_', '-')}-key-here",
            key,
            implies(item().field(key).given(), key_here(item().field(key))),
            f"{key} must be a key of this region and partition.",
        )
    yield rule(
        "volume-key",
        "volume_kms_key_arn",
        implies(item().field("volume_kms_key_arn").given(), item().field("volume_size_gb").ge(1)),
        "volume_kms_key_arn is given, so volume_size_gb must be at least 1.",
    )
    yield rule(
        "storage",
        "fsx_lustre",
        STORAGE.le(STORAGE_LIMIT),
        f"A group has at most {STORAGE_LIMIT} storage configurations: its second volume, a root volume with a key of "
        "yours, and file systems.",
    )
    mount = element("mount")
    missing = mount.field("dns_name").missing()
    yield rule(
        "mount-whole",
        "fsx_lustre",
        item().field("fsx_lustre").every("mount", missing.eq(mount.field("mount_name").missing()), mount.given()),
        "A mount of fsx_lustre must name dns_name and mount_name together, or neither for the environment's file "
        "system.",
    )
    yield rule(
        "mount-shared",
        "fsx_lustre",
        implies(
            item().field("fsx_lustre").some("mount", missing, mount.given()),
            both(var("lustre_dns_name").given(), var("lustre_mount_name").given()),
        ),
        "A mount of fsx_lustre without dns_name is the environment's file system, and there is none: dns_name and "
        "mount_name must name one.",
    )
    yield rule(
        "mount-paths",
        "fsx_lustre",
        _MOUNT_PATHS.distinct(),
        "Every file system of a group must have a mount_path of its own.",
    )
