"""The resource types of the home directories' file system."""

from __future__ import annotations

from hp_tf.contract.resources.base import ResourceType
from hp_tf.contract.resources.fsx import CREATION, file_systems

RESOURCES = (ResourceType("aws_fsx_openzfs_file_system", candidates=file_systems, creation=CREATION, protected=True),)
