"""The rules of add-ons and of the storage that pods mount."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hp_tf.contract.addons import POD_IDENTITY_AGENT, version_rules
from hp_tf.contract.role import configured
from hp_tf.contract.roles import KubernetesApi, RestrictedGroups
from hp_tf.contract.rules import Path, PythonRule, Rule, Scope, both, either, element, implies, item, negation, var
from hp_tf.contract.shared_rules import partition_of_region, tag_keys_distinct

# The add-ons the layer knows, by their inputs.
OWN: Mapping[str, str] = {
    "coredns": "coredns",
    "metrics_server": "metrics-server",
    "cert_manager": "cert-manager",
    "fsx_csi_driver": "aws-fsx-csi-driver",
    "s3_csi_driver": "aws-mountpoint-s3-csi-driver",
}
# MB/s per TiB that FSx has for a deployment type on SSD.
THROUGHPUTS: Mapping[str, tuple[int, ...]] = {"PERSISTENT_1": (50, 100, 200), "PERSISTENT_2": (125, 250, 500, 1000)}


def _addons(scope: Scope) -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
    """Yield the add-ons of a scope: where each stands, its name, and what the file says of it."""
    for name, addon in OWN.items():
        found = scope.get(name)
        if isinstance(found, Mapping) and found.get("enabled") is not False:
            yield (name,), addon, found
    further = scope.get("further_addons")
    for addon, found in further.items() if isinstance(further, Mapping) else ():
        if isinstance(found, Mapping):
            yield ("further_addons", addon), addon, found


def _versions(scope: Scope) -> Iterator[tuple[Path, str, Any]]:
    return (((*path, "addon_version"), name, found.get("addon_version")) for path, name, found in _addons(scope))


def _twice(scope: Scope) -> Iterator[tuple[Path, str]]:
    """Yield add-ons that the eks layer has as well: an EKS cluster has one of a name."""
    others = configured(scope, KubernetesApi).get("addons")
    for path, name, _ in _addons(scope):
        if isinstance(others, Mapping) and name in others:
            yield path, f"eks.addons has {name} already: an add-on belongs to one layer."


def _without_agent(scope: Scope) -> Iterator[tuple[Path, str]]:
    """Yield drivers whose roles nobody could hand to their pods."""
    others = configured(scope, KubernetesApi).get("addons")
    if not isinstance(others, Mapping) or POD_IDENTITY_AGENT in others:
        return
    for path, name, found in _addons(scope):
        by_pod_identity = path[0] in ("fsx_csi_driver", "s3_csi_driver") or bool(found.get("pod_identity_roles"))
        if by_pod_identity and found.get("service_account_role_arn") is None:
            yield path, f"{name} has its role by pod identity, so eks.addons must have {POD_IDENTITY_AGENT}."


def _restricted(scope: Scope) -> Iterator[tuple[Path, str]]:
    """Yield a layer whose add-ons would find no node that takes them."""
    if configured(scope, RestrictedGroups).get("restricted_instance_groups") and scope.get("restricted_nodes") is False:
        yield (
            ("restricted_nodes",),
            "The nodes are those of restricted groups, whose taint the add-ons do not tolerate by themselves: "
            "restricted_nodes must be true, or configuration_values of each must say so.",
        )


def _claims(scope: Scope) -> Iterator[tuple[Path, str]]:
    """Yield claims of one name in one namespace."""
    seen: dict[tuple[str, str], str] = {}
    for kind in ("lustre_volumes", "bucket_volumes"):
        volumes = scope.get(kind)
        for name, volume in volumes.items() if isinstance(volumes, Mapping) else ():
            spaces = volume.get("namespaces") if isinstance(volume, Mapping) else None
            for space in spaces if isinstance(spaces, list) else ():
                claim = (str(space), str(volume.get("claim_name") or name))
                if claim in seen:
                    yield (kind, name), f"{seen[claim]} has a claim {claim[1]} in namespace {claim[0]} already."
                seen.setdefault(claim, f"{kind}.{name}")


_LUSTRE = item()
_GIVEN = both(_LUSTRE.field("dns_name").given(), _LUSTRE.field("mount_name").given())
_NONE = both(_LUSTRE.field("dns_name").missing(), _LUSTRE.field("mount_name").missing())
_CLASS = item()

RULES: tuple[Rule | PythonRule, ...] = (
    *(
        Rule(
            f"addons-{name.replace('_', '-')}-configuration",
            on=name,
            check=implies(
                var(name).field("configuration_values").given(),
                var(name).field("configuration_values").is_mapping("json"),
            ),
            message="configuration_values of an add-on must be a JSON object.",
        )
        for name in OWN
    ),
    Rule(
        "addons-further-configuration",
        on="further_addons",
        check=implies(
            item().field("configuration_values").given(), item().field("configuration_values").is_mapping("json")
        ),
        message="configuration_values of an add-on must be a JSON object.",
        each=True,
        at="configuration_values",
    ),
    Rule(
        "addons-further-own",
        on="further_addons",
        check=var("further_addons").keys().common(tuple(OWN.values())).empty(),
        message="An add-on that has an input of its own must not be in further_addons.",
        culprits=var("further_addons").keys().common(tuple(OWN.values())),
    ),
    Rule(
        "addons-s3-pod-identity",
        on="s3_csi_driver",
        check=either(
            var("s3_csi_driver").field("addon_version").missing(),
            negation(var("s3_csi_driver").field("addon_version").matches(r"v1\..+")),
            var("s3_csi_driver").field("service_account_role_arn").given(),
        ),
        message="The S3 driver has its role by pod identity from v2.0 on only: before, service_account_role_arn must "
        "name one.",
    ),
    Rule(
        "addons-volume-file-system",
        on="lustre_volumes",
        check=implies(
            _LUSTRE.field("file_system_id").missing(),
            both(var("file_system_id").given(), var("file_system_dns_name").given()),
        ),
        message="A volume without file_system_id is the environment's file system, and there is none: file_system_id, "
        "dns_name and mount_name must name one.",
        each=True,
        at="file_system_id",
    ),
    Rule(
        "addons-volume-whole",
        on="lustre_volumes",
        check=either(
            both(_LUSTRE.field("file_system_id").given(), _GIVEN),
            both(_LUSTRE.field("file_system_id").missing(), _NONE),
        ),
        message="A volume must name file_system_id, dns_name and mount_name together, or none of them for the "
        "environment's file system.",
        each=True,
        at="dns_name",
    ),
    Rule(
        "addons-volume-namespaces",
        on="lustre_volumes",
        check=item().field("namespaces").distinct(),
        message="Every namespace of a volume must be named once.",
        each=True,
        at="namespaces",
    ),
    Rule(
        "addons-bucket-namespaces",
        on="bucket_volumes",
        check=item().field("namespaces").distinct(),
        message="Every namespace of a volume must be named once.",
        each=True,
        at="namespaces",
    ),
    *(
        Rule(
            f"addons-{kind.removesuffix('_volumes')}-driver",
            on=kind,
            check=implies(var(kind).length().ge(1), var(driver).field("enabled")),
            message=f"Pods mount {kind} by the driver of {driver}, which must be enabled.",
        )
        for kind, driver in (("lustre_volumes", "fsx_csi_driver"), ("bucket_volumes", "s3_csi_driver"))
    ),
    Rule(
        "addons-class-driver",
        on="storage_classes",
        check=implies(var("storage_classes").length().ge(1), var("fsx_csi_driver").field("enabled")),
        message="File systems of storage_classes are made by the driver of fsx_csi_driver, which must be enabled.",
    ),
    Rule(
        "addons-class-subnets",
        on="storage_classes",
        check=implies(
            var("storage_classes").length().ge(1),
            both(var("private_subnet_ids").given(), var("security_group_id").given()),
        ),
        message="File systems of storage_classes need private_subnet_ids and security_group_id.",
    ),
    Rule(
        "addons-class-zone",
        on="storage_classes",
        check=either(
            _CLASS.field("availability_zone_id").missing(),
            var("private_subnet_ids").missing(),
            _CLASS.field("availability_zone_id").within(var("private_subnet_ids").keys()),
        ),
        message="availability_zone_id of a storage class must be a zone of private_subnet_ids.",
        each=True,
        at="availability_zone_id",
    ),
    Rule(
        "addons-class-throughput",
        on="storage_classes",
        check=either(
            _CLASS.field("per_unit_storage_throughput").missing(),
            *(
                both(
                    _CLASS.field("deployment_type").eq(kind),
                    _CLASS.field("per_unit_storage_throughput").one_of(values),
                )
                for kind, values in THROUGHPUTS.items()
            ),
        ),
        message="per_unit_storage_throughput must be 125, 250, 500 or 1000 with PERSISTENT_2, 50, 100 or 200 with "
        "PERSISTENT_1, or null.",
        each=True,
        at="per_unit_storage_throughput",
    ),
    Rule(
        "addons-one-default-class",
        on="storage_classes",
        check=var("storage_classes")
        .values()
        .each("class", element("class").field("default"), element("class").field("default"))
        .length()
        .le(1),
        message="One storage class at most is the default.",
    ),
    PythonRule("addons-claims", _claims, "the module fails by itself, in a map with one key twice"),
    PythonRule("addons-restricted", _restricted, "the module does not know the cluster's groups", level="warning"),
    PythonRule("addons-twice", _twice, "the module does not know the eks layer's add-ons"),
    PythonRule(
        "addons-pod-identity-agent", _without_agent, "the module does not know the eks layer's add-ons", level="warning"
    ),
    *version_rules("addons", _versions),
    partition_of_region("addons"),
    tag_keys_distinct("addons"),
)
