"""AWS's rules between the parameters of an FSx for Lustre file system."""

from __future__ import annotations

from hp_tf.contract.rules import Expression, Rule, both, either, element, implies, negation, var
from hp_tf.contract.shared_rules import arn_here, backups_of_file_system, key_in_region
from hp_tf.layers.fsx.throughput import PERSISTENT_2

_TYPE = var("deployment_type")
_STORAGE = var("storage_type")
_CAPACITY = var("storage_capacity_gib")
_THROUGHPUT = var("per_unit_storage_throughput")
_PERSISTENT_2 = _TYPE.eq("PERSISTENT_2")
_PERSISTENT_1 = _TYPE.eq("PERSISTENT_1")
_SCRATCH = _TYPE.one_of(["SCRATCH_1", "SCRATCH_2"])
_SSD = _STORAGE.eq("SSD")
_HDD = _STORAGE.eq("HDD")
_TIERED = _STORAGE.eq("INTELLIGENT_TIERING")
_EFA_STEPS = {125: 38400, 250: 19200, 500: 9600, 1000: 4800}
"""GiB by MB/s per TiB: with EFA, capacity comes in these steps on SSD."""


_CACHE = var("data_read_cache").optional_field("size_gib")
_MBPS = var("throughput_capacity_mbps")
# GiB of read cache for every 4000 MB/s of throughput.
_UNIT, _LEAST_CACHE, _MOST_CACHE = 4000, 32, 131072


_LARGEST_ID = 4294967294


def _one_of_or_null(value: Expression, *allowed: int) -> Expression:
    return either(value.missing(), value.one_of(allowed))


def _efa_step(throughput: int, step: int) -> Rule:
    chosen = _THROUGHPUT.eq(throughput)
    if throughput == PERSISTENT_2:
        chosen = either(_THROUGHPUT.missing(), chosen)
    return Rule(
        f"fsx-efa-capacity-{throughput}",
        on="storage_capacity_gib",
        check=implies(
            both(var("efa_enabled"), _SSD, chosen, _CAPACITY.given()),
            _CAPACITY.modulo(step).eq(0),
        ),
        message=f"With EFA and {throughput} MB/s per TiB, storage_capacity_gib must be a multiple of {step}.",
    )


def _steps(rule: str, applies: Expression, step: int, first: tuple[int, ...], what: str) -> Rule:
    right = _CAPACITY.modulo(step).eq(0)
    named = f"{' or '.join(str(size) for size in first)} or a multiple of {step}" if first else f"a multiple of {step}"
    return Rule(
        f"fsx-capacity-{rule}",
        on="storage_capacity_gib",
        check=implies(both(applies, _CAPACITY.given()), either(_CAPACITY.one_of(first), right) if first else right),
        message=f"storage_capacity_gib of {what} must be {named}.",
    )


# Source: the Lustre user guide, "File system metadata performance"; `included_iops` says the same of a change.
_IOPS = var("metadata_configuration").optional_field("iops")
_ENOUGH_IOPS = (
    _CAPACITY.le(1200),
    both(_CAPACITY.le(2400), _IOPS.ge(3000)),
    both(_CAPACITY.le(9600), _IOPS.ge(6000)),
    both(_IOPS.ge(12000), _CAPACITY.lt(_IOPS.times(2).plus(24000))),
)

RULES = (
    Rule(
        "fsx-zone-has-subnet",
        on="availability_zone_id",
        check=implies(
            var("availability_zone_id").given(),
            var("availability_zone_id").within(var("private_subnet_ids").keys()),
        ),
        message="availability_zone_id must be one of the zones of private_subnet_ids.",
    ),
    Rule(
        "fsx-primary-has-subnet",
        on="primary_availability_zone_id",
        check=either(
            var("availability_zone_id").given(),
            var("primary_availability_zone_id").within(var("private_subnet_ids").keys()),
        ),
        message="primary_availability_zone_id must be one of the zones of private_subnet_ids, or "
        "availability_zone_id name one.",
    ),
    key_in_region("fsx", "kms_key_arn"),
    arn_here("fsx", "log_destination_arn"),
    Rule(
        "fsx-hdd",
        on="storage_type",
        check=implies(_HDD, _PERSISTENT_1),
        message="storage_type HDD goes with deployment_type PERSISTENT_1 only.",
    ),
    Rule(
        "fsx-tiering",
        on="storage_type",
        check=implies(_TIERED, _PERSISTENT_2),
        message="storage_type INTELLIGENT_TIERING goes with deployment_type PERSISTENT_2 only.",
    ),
    Rule(
        "fsx-capacity-given",
        on="storage_capacity_gib",
        check=either(_TIERED, var("backup_id").given(), _CAPACITY.given()),
        message="storage_capacity_gib must be given, except with INTELLIGENT_TIERING or a backup.",
    ),
    Rule(
        "fsx-capacity-tiering",
        on="storage_capacity_gib",
        check=implies(_TIERED, _CAPACITY.missing()),
        message="storage_type INTELLIGENT_TIERING grows with the data: storage_capacity_gib must be null.",
    ),
    _steps(
        "ssd",
        both(_SSD, _TYPE.one_of(["PERSISTENT_1", "PERSISTENT_2", "SCRATCH_2"])),
        2400,
        (1200,),
        "a PERSISTENT or SCRATCH_2 file system on SSD",
    ),
    _steps("scratch-1", _TYPE.eq("SCRATCH_1"), 3600, (1200, 2400), "a SCRATCH_1 file system"),
    _steps(
        "hdd-12",
        both(_HDD, either(_THROUGHPUT.missing(), _THROUGHPUT.eq(12))),
        6000,
        (),
        "a file system on HDD with 12 MB/s per TiB",
    ),
    _steps("hdd-40", both(_HDD, _THROUGHPUT.eq(40)), 1800, (), "a file system on HDD with 40 MB/s per TiB"),
    Rule(
        "fsx-throughput-persistent-2",
        on="per_unit_storage_throughput",
        check=implies(both(_PERSISTENT_2, _SSD), _one_of_or_null(_THROUGHPUT, 125, 250, 500, 1000)),
        message="per_unit_storage_throughput of a PERSISTENT_2 file system must be 125, 250, 500 or 1000.",
    ),
    Rule(
        "fsx-throughput-persistent-1",
        on="per_unit_storage_throughput",
        check=implies(both(_PERSISTENT_1, _SSD), _one_of_or_null(_THROUGHPUT, 50, 100, 200)),
        message="per_unit_storage_throughput of a PERSISTENT_1 file system on SSD must be 50, 100 or 200.",
    ),
    Rule(
        "fsx-throughput-hdd",
        on="per_unit_storage_throughput",
        check=implies(_HDD, _one_of_or_null(_THROUGHPUT, 12, 40)),
        message="per_unit_storage_throughput of a file system on HDD must be 12 or 40.",
    ),
    Rule(
        "fsx-throughput-none",
        on="per_unit_storage_throughput",
        check=implies(either(_SCRATCH, _TIERED), _THROUGHPUT.missing()),
        message="per_unit_storage_throughput must be null for SCRATCH file systems and with INTELLIGENT_TIERING.",
    ),
    Rule(
        "fsx-tiering-throughput",
        on="throughput_capacity_mbps",
        check=implies(
            _TIERED, both(var("throughput_capacity_mbps").given(), var("throughput_capacity_mbps").modulo(4000).eq(0))
        ),
        message="storage_type INTELLIGENT_TIERING needs throughput_capacity_mbps, a multiple of 4000.",
    ),
    Rule(
        "fsx-throughput-capacity-tiering",
        on="throughput_capacity_mbps",
        check=implies(var("throughput_capacity_mbps").given(), _TIERED),
        message="throughput_capacity_mbps goes with storage_type INTELLIGENT_TIERING only.",
    ),
    Rule(
        "fsx-read-cache",
        on="data_read_cache",
        check=either(
            both(_TIERED, var("data_read_cache").given()), both(negation(_TIERED), var("data_read_cache").missing())
        ),
        message="data_read_cache must be given with storage_type INTELLIGENT_TIERING, and must be null elsewhere.",
    ),
    Rule(
        "fsx-read-cache-size",
        on="data_read_cache",
        check=implies(
            var("data_read_cache").given(),
            either(
                both(
                    var("data_read_cache").optional_field("sizing_mode").eq("USER_PROVISIONED"),
                    var("data_read_cache").optional_field("size_gib").given(),
                ),
                both(
                    var("data_read_cache").optional_field("sizing_mode").ne("USER_PROVISIONED"),
                    var("data_read_cache").optional_field("size_gib").missing(),
                ),
            ),
        ),
        message="data_read_cache.size_gib must be given when sizing_mode is USER_PROVISIONED, and only then.",
    ),
    Rule(
        "fsx-read-cache-throughput",
        on="data_read_cache",
        check=implies(
            both(_CACHE.given(), _MBPS.given()),
            both(
                _CACHE.times(_UNIT).ge(_MBPS.times(_LEAST_CACHE)),
                _CACHE.times(_UNIT).le(_MBPS.times(_MOST_CACHE)),
            ),
        ),
        message=f"data_read_cache.size_gib must be from {_LEAST_CACHE} to {_MOST_CACHE} for every {_UNIT} of "
        "throughput_capacity_mbps.",
    ),
    Rule(
        "fsx-version-metadata",
        on="file_system_type_version",
        check=implies(var("metadata_configuration").given(), var("file_system_type_version").eq("2.15")),
        message="metadata_configuration needs file_system_type_version 2.15.",
    ),
    Rule(
        "fsx-metadata-tiering",
        on="metadata_configuration",
        check=implies(
            both(_TIERED, var("metadata_configuration").given()),
            both(
                var("metadata_configuration").optional_field("mode").eq("USER_PROVISIONED"),
                var("metadata_configuration").optional_field("iops").given(),
                var("metadata_configuration").optional_field("iops").one_of([6000, 12000]),
            ),
        ),
        message="With INTELLIGENT_TIERING, metadata_configuration must have mode USER_PROVISIONED and 6000 or 12000 "
        "iops.",
    ),
    Rule(
        "fsx-version",
        on="file_system_type_version",
        check=implies(_PERSISTENT_2, var("file_system_type_version").one_of(["2.12", "2.15"])),
        message="file_system_type_version of a PERSISTENT_2 file system must be 2.12 or 2.15.",
    ),
    Rule(
        "fsx-metadata-type",
        on="metadata_configuration",
        check=implies(var("metadata_configuration").given(), _PERSISTENT_2),
        message="metadata_configuration goes with deployment_type PERSISTENT_2 only.",
    ),
    Rule(
        "fsx-metadata-iops",
        on="metadata_configuration",
        check=implies(
            var("metadata_configuration").given(),
            either(
                both(
                    var("metadata_configuration").optional_field("mode").eq("AUTOMATIC"),
                    var("metadata_configuration").optional_field("iops").missing(),
                ),
                both(
                    var("metadata_configuration").optional_field("mode").eq("USER_PROVISIONED"),
                    var("metadata_configuration").optional_field("iops").given(),
                    either(
                        var("metadata_configuration").optional_field("iops").one_of([1500, 3000, 6000]),
                        var("metadata_configuration").optional_field("iops").modulo(12000).eq(0),
                    ),
                ),
            ),
        ),
        message="metadata_configuration.iops must be 1500, 3000, 6000 or a multiple of 12000 when mode is "
        "USER_PROVISIONED, and null when it is AUTOMATIC.",
    ),
    Rule(
        "fsx-metadata-iops-capacity",
        on="metadata_configuration",
        check=implies(both(_SSD, _IOPS.given(), _CAPACITY.given()), either(*_ENOUGH_IOPS)),
        message="metadata_configuration.iops must be at least what the capacity comes with: 1500 up to 1200 GiB, 3000 "
        "up to 2400, 6000 up to 9600, and beyond that 12000 for every 24000.",
    ),
    Rule(
        "fsx-efa",
        on="efa_enabled",
        check=implies(var("efa_enabled"), both(_PERSISTENT_2, var("metadata_configuration").given())),
        message="efa_enabled needs deployment_type PERSISTENT_2 and a metadata_configuration.",
    ),
    *(_efa_step(throughput, step) for throughput, step in _EFA_STEPS.items()),
    Rule(
        "fsx-drive-cache",
        on="drive_cache_type",
        check=either(
            both(_HDD, var("drive_cache_type").given()), both(negation(_HDD), var("drive_cache_type").missing())
        ),
        message="drive_cache_type must be given with storage_type HDD, and must be null elsewhere.",
    ),
    Rule(
        "fsx-backups-scratch",
        on="automatic_backup_retention_days",
        check=implies(_SCRATCH, var("automatic_backup_retention_days").eq(0)),
        message="SCRATCH file systems have no backups: automatic_backup_retention_days must be 0.",
    ),
    Rule(
        "fsx-scratch-extras",
        on="deployment_type",
        check=implies(
            _SCRATCH,
            both(
                var("kms_key_arn").missing(),
                var("backup_id").missing(),
                negation(var("copy_tags_to_backups")),
                var("skip_final_backup").ne(False),
            ),
        ),
        message="SCRATCH file systems have neither a key nor backups: kms_key_arn and backup_id must be null, "
        "copy_tags_to_backups false and skip_final_backup null or true.",
    ),
    *backups_of_file_system("fsx"),
    Rule(
        "fsx-log-destination",
        on="log_destination_arn",
        check=implies(var("log_destination_arn").given(), var("log_level").ne("DISABLED")),
        message="log_destination_arn is given, so log_level must say what goes there.",
    ),
    Rule(
        "fsx-import-type",
        on="import_path",
        check=implies(var("import_path").given(), negation(_PERSISTENT_2)),
        message="import_path goes with SCRATCH and PERSISTENT_1; PERSISTENT_2 has data repository associations.",
    ),
    Rule(
        "fsx-import-backups",
        on="import_path",
        check=implies(
            var("import_path").given(),
            both(
                var("automatic_backup_retention_days").eq(0),
                negation(var("copy_tags_to_backups")),
                var("skip_final_backup").ne(False),
            ),
        ),
        message="A file system with an import_path has no backups: automatic_backup_retention_days must be 0, "
        "copy_tags_to_backups false and skip_final_backup null or true.",
    ),
    Rule(
        "fsx-export-bucket",
        on="export_path",
        check=implies(
            both(var("export_path").given(), var("import_path").given()),
            var("export_path").part("/", 2).eq(var("import_path").part("/", 2)),
        ),
        message="FSx exports to the bucket it imports from: export_path must be in the bucket of import_path.",
    ),
    Rule(
        "fsx-squash-ids",
        on="root_squash_configuration",
        check=implies(
            var("root_squash_configuration").given(),
            var("root_squash_configuration")
            .field("root_squash")
            .split(":")
            .every("id", element("id").number().le(_LARGEST_ID), element("id").matches("[0-9]+")),
        ),
        message=f"The ids of root_squash must be at most {_LARGEST_ID}.",
    ),
    Rule(
        "fsx-import-extras",
        on="import_path",
        check=implies(
            either(
                var("export_path").given(),
                var("imported_file_chunk_size_mib").given(),
                var("auto_import_policy").given(),
            ),
            var("import_path").given(),
        ),
        message="export_path, imported_file_chunk_size_mib and auto_import_policy need an import_path.",
    ),
)
