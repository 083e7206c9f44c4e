"""Rules between the settings of an OpenZFS file system, from the FSx API."""

from __future__ import annotations

from hp_tf.contract.rules import Rule, both, choose, either, implies, negation, var
from hp_tf.contract.shared_rules import backups_of_file_system

FIRST_GENERATION = (64, 128, 256, 512, 1024, 2048, 3072, 4096)
SECOND_GENERATION = (160, 320, 640, 1280, 2560, 3840, 5120, 7680, 10240)
MOST_IOPS = 400000
LEAST_IOPS_PER_GIB = 3

_TYPE = var("deployment_type")
_FIRST = _TYPE.one_of(["SINGLE_AZ_1", "SINGLE_AZ_HA_1"])
_MULTI = _TYPE.eq("MULTI_AZ_1")
_THROUGHPUT = var("throughput_capacity_mbps")
_STANDBY = var("standby_availability_zone_id")
_ZONE = choose(var("availability_zone_id").given(), var("availability_zone_id"), var("primary_availability_zone_id"))


def _numbers(values: tuple[int, ...]) -> str:
    return f"{', '.join(map(str, values[:-1]))} or {values[-1]}"


RULES = (
    Rule(
        "openzfs-throughput-first",
        on="throughput_capacity_mbps",
        check=implies(_FIRST, _THROUGHPUT.one_of(FIRST_GENERATION)),
        message=f"throughput_capacity_mbps of SINGLE_AZ_1 and SINGLE_AZ_HA_1 must be {_numbers(FIRST_GENERATION)}.",
    ),
    Rule(
        "openzfs-throughput-second",
        on="throughput_capacity_mbps",
        check=either(_FIRST, _THROUGHPUT.one_of(SECOND_GENERATION)),
        message="throughput_capacity_mbps of SINGLE_AZ_2, SINGLE_AZ_HA_2 and MULTI_AZ_1 must be "
        f"{_numbers(SECOND_GENERATION)}.",
    ),
    Rule(
        "openzfs-iops",
        on="disk_iops",
        check=implies(
            var("disk_iops").given(), var("disk_iops").ge(var("storage_capacity_gib").times(LEAST_IOPS_PER_GIB))
        ),
        message=f"disk_iops must be at least {LEAST_IOPS_PER_GIB} for every GiB of storage_capacity_gib.",
    ),
    Rule(
        "openzfs-zone",
        on="availability_zone_id",
        check=_ZONE.within(var("private_subnet_ids").keys()),
        message="The file system's zone must be one of those of private_subnet_ids.",
    ),
    Rule(
        "openzfs-standby",
        on="standby_availability_zone_id",
        check=either(both(_MULTI, _STANDBY.given()), both(negation(_MULTI), _STANDBY.missing())),
        message="standby_availability_zone_id must be given with deployment_type MULTI_AZ_1, and be null elsewhere.",
    ),
    Rule(
        "openzfs-standby-zone",
        on="standby_availability_zone_id",
        check=implies(
            _STANDBY.given(),
            both(_STANDBY.within(var("private_subnet_ids").keys()), _STANDBY.ne(_ZONE)),
        ),
        message="standby_availability_zone_id must be another zone of private_subnet_ids than the file system's.",
    ),
    Rule(
        "openzfs-address-range",
        on="endpoint_ip_address_range",
        check=implies(var("endpoint_ip_address_range").given(), _MULTI),
        message="endpoint_ip_address_range goes with deployment_type MULTI_AZ_1 only.",
    ),
    *backups_of_file_system("openzfs"),
)
