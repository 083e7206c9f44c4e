"""Findings as JSON: of an error, and of an environment's file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypedDict

from hp_tf import codes
from hp_tf.errors import BadInput, HptfError
from hp_tf.findings import Finding, FindingDocument, Severity

FORMAT: Literal["1.0"] = "1.0"


class ValidationDocument(TypedDict):
    """What `hptf validate ENV --json` prints."""

    format_version: Literal["1.0"]
    environment: str
    valid: bool
    findings: list[FindingDocument]


def validation(environment: str, findings: Iterable[Finding]) -> ValidationDocument:
    """Return ``validate --json``: everything that is wrong with a file, and what it should be thought over for."""
    found = list(findings)
    return {
        "format_version": FORMAT,
        "environment": environment,
        "valid": all(item.severity is not Severity.BLOCKS for item in found),
        "findings": [item.to_json() for item in found],
    }


def findings_of(error: HptfError) -> list[Finding]:
    """Return what an error says, as findings."""
    if isinstance(error, BadInput):
        return [*error.problems, *error.warnings]
    return [codes.FAILED.about("", error.message, error.hint)]
