"""The committed modules can be reviewed, and speak for themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

MODULES = Path(__file__).parents[2] / "modules"
FILES = sorted(MODULES.glob("*/*.tf"))
LONGEST_LINE = 160
# Lines of variables.tf; the groups of hyperpod were 1213.
LONGEST_VARIABLES = {"hyperpod": 510}
# Words of the project's own, which mean nothing to who takes one module.
OURS = re.compile(r"\b(hptf|this layer|that layer|other layers?|[a-z]+ layer's?)\b", re.IGNORECASE)
GENERATED = re.compile(r"^# Generated from .*$|^Generated from .*$", re.MULTILINE)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_line_is_longer_than_a_review_shows(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [number for number, line in enumerate(lines, 1) if len(line) > LONGEST_LINE] == []


@pytest.mark.parametrize(("module", "most"), LONGEST_VARIABLES.items())
def test_variables_are_read_in_one_sitting(module: str, most: int) -> None:
    assert len((MODULES / module / "variables.tf").read_text(encoding="utf-8").splitlines()) <= most


@pytest.mark.parametrize("path", [*FILES, *sorted(MODULES.glob("*/README.md"))], ids=str)
def test_a_module_speaks_for_itself(path: Path) -> None:
    text = GENERATED.sub("", path.read_text(encoding="utf-8"))
    assert OURS.findall(text) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_string_stands_inside_the_template_of_another(path: Path) -> None:
    """Terraform reads that; checkov and others do not always."""
    code = [line for line in path.read_text(encoding="utf-8").splitlines() if "error_message" in line]
    assert [line for line in code if re.search(r'\$\{[^}"]*"[^"]*\$\{', line)] == []
