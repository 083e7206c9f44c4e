"""Which of AWS's answers mean that a thing is not there."""

from __future__ import annotations

from botocore.exceptions import ClientError


def code_of(error: ClientError) -> str:
    """Return the code of an error AWS answered with."""
    return str(error.response.get("Error", {}).get("Code", ""))


def says_absent(error: ClientError) -> bool:
    """Whether AWS says that what was asked for does not exist: services word it in many ways."""
    code = code_of(error)
    return "NotFound" in code or code.startswith("NoSuch") or code == "404"
