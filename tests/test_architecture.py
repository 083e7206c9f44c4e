"""docs/architecture.md names only what there is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
CODE = REPOSITORY / "hp_tf"
TEXT = (REPOSITORY / "docs" / "architecture.md").read_text()
# `planning/planner.py` or `planning/planner.py: plan`. Every layer has a `rules.py`.
MODULES = sorted(set(re.findall(r"`([\w/]+\.py)(?:: (\w+))?`", TEXT)) - {("rules.py", "")})
ROOMS = re.findall(r"^\| `(\w+)/` \|", TEXT, re.MULTILINE)


@pytest.mark.parametrize(("path", "name"), MODULES)
def test_a_module_it_names_exists_with_what_it_names_in_it(path: str, name: str) -> None:
    assert (CODE / path).is_file()
    if name:
        nodes = ast.parse((CODE / path).read_text()).body
        kinds = (ast.FunctionDef, ast.ClassDef)
        assert name in {node.name for node in nodes if isinstance(node, kinds)}


def test_every_package_is_one_of_its_rooms() -> None:
    assert sorted(ROOMS) == sorted(path.parent.name for path in CODE.glob("*/__init__.py"))


def test_readme_leads_to_it() -> None:
    assert "docs/architecture.md" in (REPOSITORY / "README.md").read_text()
