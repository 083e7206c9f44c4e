"""`hptf validate`: a file, its rules and its wiring, without AWS or Terraform."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

from hp_tf.environment.load import ENVIRONMENTS, root_here, validated
from hp_tf.environment.neighbours import refuse_shared
from hp_tf.errors import HptfError
from hp_tf.findings import Finding
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.report import summary
from hp_tf.report.console import Console
from hp_tf.report.findings import findings_of, validation


def validate(env: str, *, as_json: bool) -> None:
    """Check a file and say what it describes."""
    try:
        environment, wiring = validated(env, CONTRACTS, root_here() / ENVIRONMENTS)
        refuse_shared(environment, CONTRACTS)
    except HptfError as error:
        if as_json:
            _print(env, findings_of(error))
        raise
    if as_json:
        _print(env, environment.warnings)
    else:
        Console().out(summary.environment(environment, wiring))


def _print(env: str, findings: Iterable[Finding]) -> None:
    sys.stdout.write(json.dumps(validation(env, findings), indent=2) + "\n")
