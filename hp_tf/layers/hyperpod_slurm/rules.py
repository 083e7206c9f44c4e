"""Rules between the parts of a HyperPod cluster with Slurm.

Sources: the schema of AWS::SageMaker::Cluster, and what AWS's lifecycle scripts take of provisioning_parameters.json.
"""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.rules import (
    Expression,
    PythonRule,
    Rule,
    both,
    choose,
    either,
    element,
    implies,
    item,
    negation,
    total,
    var,
)
from hp_tf.layers.endpoints.ways import rules_of_ways
from hp_tf.layers.hyperpod.group_rules import STORAGE, STORAGE_LIMIT, of_every_cluster, of_every_group

MOST_CONTROLLERS = 3
# Above this many nodes a small controller does not keep up.
FEW_NODES = 32

_GROUP = element("group")
_SCRIPTS = var("configuration").eq("scripts")


def _of_type(kind: str) -> Expression:
    """Return the names of the groups of a node type."""
    return var("instance_groups").each("group", _GROUP.field("name"), _GROUP.field("node_type").eq(kind))


def _needs(name: str, switch: str, *inputs: str) -> Iterator[Rule]:
    for one in inputs:
        yield Rule(
            f"hyperpod_slurm-{name}-{one.split('_')[1]}",
            on=one,
            check=implies(var(switch), var(one).given()),
            message=f"{switch} is true, so {one} must be given.",
        )


def _of_scripts(name: str) -> Rule:
    return Rule(
        f"hyperpod_slurm-scripts-{name.replace('_', '-')}",
        on=name,
        check=implies(var(name).given(), _SCRIPTS),
        message=f"AWS's lifecycle scripts set it up: {name} needs configuration scripts.",
    )


RULES: tuple[Rule | PythonRule, ...] = (
    *rules_of_ways("hyperpod_slurm", on_eks=False),
    *of_every_cluster("hyperpod_slurm", "instance_groups"),
    Rule(
        "hyperpod_slurm-controller",
        on="instance_groups",
        check=_of_type("Controller").length().eq(1),
        message="Exactly one group must have node_type Controller.",
        culprits=_of_type("Controller"),
    ),
    Rule(
        "hyperpod_slurm-login",
        on="instance_groups",
        check=_of_type("Login").length().le(1),
        message="At most one group may have node_type Login.",
        culprits=_of_type("Login"),
    ),
    Rule(
        "hyperpod_slurm-compute",
        on="instance_groups",
        check=_of_type("Compute").length().ge(1),
        message="At least one group must have node_type Compute.",
    ),
    Rule(
        "hyperpod_slurm-controllers",
        on="instance_groups",
        check=implies(
            item().field("node_type").eq("Controller"),
            both(item().field("count").ge(1), item().field("count").le(MOST_CONTROLLERS)),
        ),
        message=f"The Controller group must have count 1, or 2 to {MOST_CONTROLLERS} with accounting.",
        each=True,
        at="count",
    ),
    Rule(
        "hyperpod_slurm-several",
        on="instance_groups",
        check=implies(
            both(item().field("node_type").eq("Controller"), item().field("count").gt(1)),
            both(_SCRIPTS, var("accounting")),
        ),
        message="Several controllers share a database: they need configuration scripts and accounting.",
        each=True,
        at="count",
    ),
    Rule(
        "hyperpod_slurm-partition-of-compute",
        on="instance_groups",
        check=implies(item().field("partition").given(), item().field("node_type").eq("Compute")),
        message="Only a group of node_type Compute is in a partition.",
        each=True,
        at="partition",
    ),
    Rule(
        "hyperpod_slurm-small-controller",
        on="instance_groups",
        check=negation(
            both(
                item().field("node_type").eq("Controller"),
                item().field("instance_type").matches(r"ml\.t3\..*"),
                var("instance_groups").some(
                    "group", both(_GROUP.field("node_type").eq("Compute"), _GROUP.field("count").gt(FEW_NODES))
                ),
            )
        ),
        message=f"A controller of ml.t3 does not keep up with a group of more than {FEW_NODES} nodes.",
        each=True,
        at="instance_type",
        level="warning",
    ),
    *of_every_group("instance_groups", "hyperpod_slurm-group", several=False),
    Rule(
        "hyperpod_slurm-storage",
        on="instance_groups",
        check=implies(
            var("configuration").eq("api"),
            total(STORAGE, choose(var("mount_lustre"), 1, 0), choose(var("mount_openzfs"), 1, 0)).le(STORAGE_LIMIT),
        ),
        message=f"A group has at most {STORAGE_LIMIT} storage configurations, the file systems that every node mounts "
        "among them.",
        each=True,
        at="fsx_lustre",
    ),
    Rule(
        "hyperpod_slurm-scripts",
        on="lifecycle_scripts",
        check=implies(_SCRIPTS, var("lifecycle_scripts")),
        message="With configuration scripts, lifecycle_scripts must be true.",
    ),
    *_needs("scripts", "lifecycle_scripts", "lifecycle_script_uri", "lifecycle_on_create"),
    *_needs("lustre", "mount_lustre", "lustre_dns_name", "lustre_mount_name"),
    *_needs("openzfs", "mount_openzfs", "openzfs_dns_name"),
    Rule(
        "hyperpod_slurm-lustre-path",
        on="lustre_mount_path",
        check=implies(_SCRIPTS, var("lustre_mount_path").eq("/fsx")),
        message="AWS's lifecycle scripts mount Lustre at /fsx: with configuration scripts, lustre_mount_path must be "
        "that.",
    ),
    Rule(
        "hyperpod_slurm-openzfs-path",
        on="openzfs_mount_path",
        check=implies(_SCRIPTS, var("openzfs_mount_path").eq("/home")),
        message="AWS's lifecycle scripts mount OpenZFS at /home: with configuration scripts, openzfs_mount_path must "
        "be that.",
    ),
    Rule(
        "hyperpod_slurm-accounting",
        on="accounting",
        check=implies(both(var("accounting"), negation(_SCRIPTS)), var("node_provisioning_mode").given()),
        message="With configuration api, accounting needs node_provisioning_mode Continuous.",
    ),
    Rule(
        "hyperpod_slurm-continuous",
        on="node_provisioning_mode",
        check=implies(var("node_provisioning_mode").given(), negation(_SCRIPTS)),
        message="node_provisioning_mode is for clusters that the API configures: configuration must be api.",
    ),
    *_needs("accounting", "accounting", "database_endpoint", "database_secret_arn"),
    Rule(
        "hyperpod_slurm-accounting-username",
        on="database_username",
        check=implies(both(var("accounting"), _SCRIPTS), var("database_username").given()),
        message="accounting is true with configuration scripts, so database_username must be given.",
    ),
    Rule(
        "hyperpod_slurm-shared-directory",
        on="shared_directory",
        check=implies(
            both(var("accounting"), _SCRIPTS),
            either(
                both(var("mount_lustre"), var("shared_directory").matches("/fsx(/.*)?")),
                both(var("mount_openzfs"), var("shared_directory").matches("/home(/.*)?")),
            ),
        ),
        message="With accounting by scripts, controllers keep common state: shared_directory must be below /fsx with "
        "mount_lustre, or below /home with mount_openzfs.",
    ),
    *_needs("observability", "observability", "prometheus_endpoint"),
    *(_of_scripts(name) for name in ("mount_s3_bucket_name", "script_features", "sssd")),
    Rule(
        "hyperpod_slurm-observability",
        on="observability",
        check=implies(var("observability"), _SCRIPTS),
        message="AWS's lifecycle scripts set up what measures: observability needs configuration scripts.",
    ),
    Rule(
        "hyperpod_slurm-sssd-password",
        on="sssd_password",
        check=choose(var("sssd").given(), var("sssd_password").given(), var("sssd_password").missing()),
        message="sssd and sssd_password go together: give both or neither.",
    ),
)
