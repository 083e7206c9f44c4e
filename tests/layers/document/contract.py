"""The document layer: an SSM document that says hello on a node."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hp_tf.contract.base import Contract, FromEnvironment, Inputs, Name, Outputs
from hp_tf.contract.types import EnvironmentName, Tags

from .resources import RESOURCES


class DocumentInputs(Inputs):
    """Inputs of the document layer."""

    name: Annotated[EnvironmentName, FromEnvironment("name")] = Field(
        description="Name of the environment; every name in this layer begins with it."
    )
    tags: Annotated[Tags, FromEnvironment("tags")] = Field(
        default_factory=dict, description="Tags of every resource that can carry them."
    )
    greeting: str = Field(default="hello", description="What a node says.")


class DocumentOutputs(Outputs):
    """Outputs of the document layer."""

    document_name: str = Field(description="Name of the document.")


CONTRACT = Contract(
    name="document",
    summary="An SSM document that says hello on a node.",
    inputs=DocumentInputs,
    outputs=DocumentOutputs,
    resources=RESOURCES,
    names={"document": Name("{name}-hello", 128, "SSM document")},
    enabled=False,
)
