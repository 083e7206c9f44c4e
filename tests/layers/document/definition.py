"""The document module: one SSM document."""

from __future__ import annotations

from cdktn_provider_aws.ssm_document import SsmDocument

from hp_tf.synth.module import Module
from hp_tf.synth.snippets import tags


def define(module: Module) -> None:
    """Write the module."""
    name = module.name("document")
    steps = {
        "schemaVersion": "2.2",
        "mainSteps": [
            {
                "action": "aws:runShellScript",
                "name": "greet",
                "inputs": {"runCommand": [f"echo {module.ref('greeting')}"]},
            }
        ],
    }
    document = SsmDocument(
        module,
        "document.this",
        name=name,
        document_type="Command",
        content=module.json(steps),
        tags=tags(module, name),
    )
    module.output("document_name", document.name)
