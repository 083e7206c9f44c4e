"""Findings: what hptf has to say of a file, a plan or a command line, as data.

Everything is decided by a finding's code and subject, and nothing by its text. `hp_tf.codes` declares the codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, TypedDict


class Severity(StrEnum):
    """What follows from a finding."""

    BLOCKS = "blocks"
    CONSENT = "needs consent"
    NOTE = "note"


@dataclass(frozen=True)
class Location:
    """A place in a file the user wrote. Lines and columns count from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Place(TypedDict):
    """A place in a file, lines and columns from 1."""

    file: str
    line: int
    column: int


class FindingDocument(TypedDict):
    """A finding in JSON.

    Attributes:
        code: one of docs/findings.md, or the id of a layer's rule.
    """

    code: str
    severity: Literal["blocks", "needs consent", "note"]
    subject: str
    message: str
    remedy: str | None
    location: Place | None


@dataclass(frozen=True)
class Code:
    """A kind of finding.

    Attributes:
        name: stable, in kebab-case; people write it after ``--allow`` and in files.
        severity: of all such findings.
        subject: what such a finding is about, as a noun: an address, a layer.
        explanation: one sentence: when there is such a finding.
        allowable: whether it can be allowed although it blocks. What needs consent always can.
    """

    name: str
    severity: Severity
    subject: str
    explanation: str
    allowable: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def can_be_allowed(self) -> bool:
        """Whether an allowance can name it."""
        return self.allowable or self.severity is Severity.CONSENT

    def about(self, subject: str, message: str, remedy: str | None = None) -> Finding:
        """Return a finding of this code."""
        return Finding(message, remedy=remedy, code=self, subject=subject)


BAD_INPUT = Code(
    "bad-input",
    Severity.BLOCKS,
    "nothing",
    "What was asked for cannot be used; the message says what is wrong with it.",
)


@dataclass(frozen=True)
class Finding:
    """One thing that blocks, needs consent, or is worth knowing.

    Attributes:
        message: what is so, in lower case and without a full stop.
        location: where it stands, of what a file says.
        remedy: what to do about it, if that is known.
        subject: what it is about, which an allowance names: an address, a layer, a group, a place in a file.
    """

    message: str
    location: Location | None = None
    remedy: str | None = None
    code: Code = BAD_INPUT
    subject: str = ""

    @property
    def severity(self) -> Severity:
        """What follows from it."""
        return self.code.severity

    def __str__(self) -> str:
        head = f"{self.location}: {self.message}" if self.location else self.message
        return f"{head}\n  {self.remedy}" if self.remedy else head

    def to_json(self) -> FindingDocument:
        """Return it as plain data."""
        place = self.location
        return {
            "code": self.code.name,
            "severity": self.severity.value,
            "subject": self.subject,
            "message": self.message,
            "remedy": self.remedy,
            "location": {"file": place.file, "line": place.line, "column": place.column} if place else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any], codes: Mapping[str, Code]) -> Finding:
        """Return the finding that some plain data describes.

        Args:
            codes: by name.

        Raises:
            KeyError, TypeError: if it describes none.
        """
        place = data["location"]
        return cls(
            data["message"],
            Location(**place) if place is not None else None,
            data["remedy"],
            codes[data["code"]],
            data["subject"],
        )


@dataclass(frozen=True)
class Allowance:
    """That somebody wants what a finding is about.

    Attributes:
        codes: names of codes, of which any is meant.
        said: the option that says so, or the place in the file.
    """

    codes: tuple[str, ...]
    subject: str
    said: str

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is one of those meant."""
        return finding.code.name in self.codes and finding.subject == self.subject
