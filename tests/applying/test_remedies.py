"""What helps against a provider's error, by the layer it is of: in the words of Helm 3.17 and 3.18."""

from __future__ import annotations

import pytest

from hp_tf.applying.remedies import advice
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.terraform.events import Diagnostic

OWNERSHIP = (
    'Unable to continue with install: Namespace "aws-hyperpod" in namespace "" exists and cannot be imported into the '
    "current release: invalid ownership metadata; label validation error: missing key "
    '"app.kubernetes.io/managed-by": must be set to "Helm"'
)


def error(layer: str, summary: str, detail: str = "") -> Diagnostic:
    return Diagnostic(severity="error", summary=summary, detail=detail, address=f"module.{layer}.helm_release.this")


@pytest.mark.parametrize(
    ("summary", "detail", "words"),
    [
        (
            "installation failed",
            'create: failed to create: namespaces "ml" not found',
            "layers.helm.create_namespace: true",
        ),
        ("installation failed", OWNERSHIP, "layers.helm.take_ownership: true"),
        ("installation failed", "cannot re-use a name that is still in use", "repeat the command"),
        (
            "Error upgrading chart",
            "Upgrade failed: another operation (install/upgrade/rollback) is in progress",
            "repeat the command",
        ),
        ("Helm release error", "context deadline exceeded", "layers.helm.timeout_seconds"),
    ],
)
def test_an_error_of_helm_names_the_input_that_helps(summary: str, detail: str, words: str) -> None:
    said = advice(CONTRACTS, [error("helm", summary, detail)])
    assert said is not None and words in said


def test_every_input_that_an_advice_names_is_one() -> None:
    for contract in CONTRACTS.values():
        for remedy in contract.remedies:
            named = [part.split(":")[0].split(" ")[0] for part in remedy.advice.split("{layer}.")[1:]]
            assert set(named) <= set(contract.inputs.model_fields), remedy


def test_errors_of_others_and_unknown_ones_get_none() -> None:
    assert advice(CONTRACTS, [error("eks", "context deadline exceeded"), error("helm", "no idea")]) is None
    twice = [error("helm", "cannot re-use a name that is still in use")] * 2
    assert "\n" not in (advice(CONTRACTS, twice) or "\n")
