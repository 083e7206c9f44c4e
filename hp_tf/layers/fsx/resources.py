"""The resource types of the shared file system."""

from __future__ import annotations

from hp_tf.contract.resources.base import ResourceType
from hp_tf.contract.resources.fsx import CREATION, file_systems
from hp_tf.layers.fsx.changes import JUDGEMENT

RESOURCES = (
    ResourceType(
        "aws_fsx_lustre_file_system",
        candidates=file_systems,
        creation=CREATION,
        protected=True,
        judgement=JUDGEMENT,
    ),
)
