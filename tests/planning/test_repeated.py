from __future__ import annotations

import json
from typing import Any

from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.planning.repeated import hidden
from hp_tf.report.masking import masked_resource
from hp_tf.report.plan_text import render
from tests.report.plans import CONTEXT, change, loaded, planned

TYPES = ResourceTypes(CONTRACTS.values())
RELEASE = "module.helm.helm_release.this"


def _release(values: str, *, listed: bool = False) -> dict[str, Any]:
    metadata = {"name": "x", "revision": 1, "values": json.dumps({"key": values}), "notes": f"log in with {values}"}
    return {"values": [values], "metadata": [metadata] if listed else metadata, "manifest": f"key: {values}"}


def test_what_a_release_repeats_of_sensitive_values_is_hidden() -> None:
    for listed in (False, True):
        plan = loaded(
            change(
                RELEASE,
                ["update"],
                _release("plain", listed=listed),
                _release("canary", listed=listed),
                after_sensitive={"values": True},
            )
        )
        plan = hidden(plan, TYPES)
        (seen,) = plan.changes()
        document = json.dumps(masked_resource(seen))
        assert "canary" not in document and "plain" not in document
        assert '"revision": 1' in document
        text = render(CONTEXT, planned(plan, ["helm"]), color=False, width=200, values=True)
        assert "canary" not in text and "plain" not in text


def test_a_release_without_secrets_is_shown() -> None:
    plan = loaded(change(RELEASE, ["update"], _release("plain"), _release("other")))
    assert hidden(plan, TYPES).resource_changes == plan.resource_changes
    other = loaded(
        change("module.x.aws_x.this", ["update"], {"values": "a"}, {"values": "b"}, after_sensitive={"values": True})
    )
    assert hidden(other, TYPES).resource_changes == other.resource_changes
