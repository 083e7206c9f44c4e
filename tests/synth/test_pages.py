from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.errors import BadInput
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.synth.pages import actions, pages

REPOSITORY = Path(__file__).parents[2]


def test_the_committed_pages_are_what_the_layers_say() -> None:
    for path, text in pages(REPOSITORY, CONTRACTS).items():
        assert path.read_text() == text, f"{path}: run `hptf synth`"


def test_every_layer_has_a_row_on_each_page() -> None:
    for text in pages(REPOSITORY, CONTRACTS).values():
        for name in CONTRACTS:
            assert text.count(f"modules/{name}/README.md) |") == 1


@pytest.mark.parametrize("layer", CONTRACTS)
def test_a_layer_says_what_it_must_be_allowed(layer: str) -> None:
    assert actions(layer)


def test_a_page_without_marks_is_said_with_the_lines_it_needs(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# hp_tf\n")
    with pytest.raises(BadInput, match=r"README\.md has no lines '<!-- layers "):
        pages(tmp_path, CONTRACTS)
