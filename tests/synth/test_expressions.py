"""Templates are taken apart and written back without changing what they say."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hp_tf.synth.expressions import (
    escaped,
    expression,
    literals_in,
    names_in,
    parts,
    quoted,
    string,
)
from hp_tf.synth.problems import DefinitionError
from tests.synth.terraform import Terraform, write

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('\n\t\\"${}%$'), max_size=40)


def test_parts_follow_nested_strings_and_braces() -> None:
    found = parts('a${join("}", [for x in y : "${x}}"])}b%{ if z }c')
    assert [(part.kind, part.text) for part in found] == [
        ("text", "a"),
        ("expression", 'join("}", [for x in y : "${x}}"])'),
        ("text", "b"),
        ("directive", " if z "),
        ("text", "c"),
    ]


@pytest.mark.parametrize("template", ["${a", '${"a}', '${"${a"}', "${ {a = b }"])
def test_what_is_never_closed_is_an_error(template: str) -> None:
    with pytest.raises(DefinitionError, match="never closed"):
        parts(template)


def test_interpolation_inside_an_expression_is_an_error() -> None:
    with pytest.raises(DefinitionError, match="interpolation inside an expression"):
        parts("${[for x in ${aws_subnet.a} : x]}")


def test_string_forms() -> None:
    assert string("${var.a}") == "var.a"
    assert string("x-${var.a}") == '"x-${var.a}"'
    assert string('say "hi" \\d') == '"say \\"hi\\" \\\\d"'
    assert string("$${not}") == '"$${not}"'
    assert string("a\nb\n") == "<<EOT\na\nb\nEOT"
    assert string("a\nEOT\n") == "<<EOT_\na\nEOT\nEOT_"
    assert string("a\nb\n", heredoc=False) == '"a\\nb\\n"'
    assert string("a\nb") == '"a\\nb"'


def test_a_token_stays_a_reference_inside_a_string() -> None:
    assert quoted("x-${TfToken[TOKEN.1]}") == '"x-${${TfToken[TOKEN.1]}}"'
    assert string("${TfToken[TOKEN.1]}") == "${TfToken[TOKEN.1]}"


def test_expression_forms() -> None:
    assert expression({"a-b": 1, "c d": None, "${var.k}": True}) == '{\na-b = 1\n"c d" = null\n(var.k) = true\n}'
    assert expression([]) == "[]"
    assert expression({}) == "{}"
    assert expression({"a": {"b": "c"}}, flat=True) == '{ a = { b = "c" } }'


def test_strings_and_references_are_told_apart() -> None:
    text = 'lookup(var.a, "aws_vpc.this.id-${var.b}")'
    assert names_in(f"${{{text}}}") == ["lookup(", "var.a", "var.b"]
    assert literals_in(f"${{{text}}}") == ["aws_vpc.this.id-"]


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXT, min_size=30, max_size=40))
def test_any_text_means_the_same_in_hcl(
    texts: list[str], tmp_path_factory: pytest.TempPathFactory, terraform: Callable[[Path], Terraform]
) -> None:
    data = {f"k{index}": escaped(text) for index, text in enumerate(texts)}
    folder = write(
        tmp_path_factory.mktemp("texts"),
        {"main.tf": f'output "all" {{\nvalue = {expression({"object": data, "list": list(data.values())})}\n}}\n'},
    )
    value = terraform(folder).plan()["planned_values"]["outputs"]["all"]["value"]
    kept = [unicodedata.normalize("NFC", text) for text in texts]  # Terraform does so to every string
    assert value == {"object": {f"k{index}": text for index, text in enumerate(kept)}, "list": kept}
