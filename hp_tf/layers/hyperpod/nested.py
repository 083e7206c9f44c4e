"""What the module sends inside attributes of ``awscc_sagemaker_cluster``, and since which awscc release there is such.

Source: the schemas of AWS::SageMaker::Cluster in the history of terraform-provider-awscc, by release up to 1.96; what
came after that was met in 1.101. What is inside one of these came with it, unless it is listed itself.
"""

from __future__ import annotations

from collections.abc import Mapping

_FIRST = "1.14"
_MET = "1.101"
_OF_EVERY_GROUP = {
    "instance_storage_configs.ebs_volume_config.root_volume": "1.56",
    "instance_storage_configs.ebs_volume_config.volume_kms_key_id": "1.56",
    "instance_storage_configs.fsx_lustre_config": _MET,
    "instance_storage_configs.fsx_open_zfs_config": _MET,
}
_OF_A_GROUP = {
    **_OF_EVERY_GROUP,
    "instance_storage_configs.ebs_volume_config.volume_size_in_gb": _FIRST,
    "life_cycle_config.on_create": _FIRST,
    "life_cycle_config.source_s3_uri": _FIRST,
    "on_start_deep_health_checks": _FIRST,
    "threads_per_core": _FIRST,
    "override_vpc_config": "1.23",
    "image_id": "1.52",
    "training_plan_arn": "1.52",
    "scheduled_update_config": "1.53",
    "capacity_requirements": "1.65",
    "kubernetes_config": "1.65",
    "min_instance_count": "1.67",
    "auto_patch_config": _MET,
    "instance_requirements": _MET,
    "life_cycle_config.on_init_complete": _MET,
    "network_interface": _MET,
}
_OF_A_RESTRICTED_GROUP = {
    **_OF_EVERY_GROUP,
    "environment_config": "1.52",
    "override_vpc_config": "1.52",
    "training_plan_arn": "1.52",
}
NESTED: Mapping[str, str] = {
    **{f"instance_groups.{name}": version for name, version in _OF_A_GROUP.items()},
    **{f"restricted_instance_groups.{name}": version for name, version in _OF_A_RESTRICTED_GROUP.items()},
    "instance_groups.slurm_config": _MET,
    "orchestrator.slurm": _MET,
    "auto_scaling.mode": "1.56",
    "tiered_storage_config.mode": "1.61",
    "tiered_storage_config.instance_memory_allocation_percentage": "1.61",
    "restricted_instance_groups_config.shared_environment_config": _MET,
}
