from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hp_tf.environment.text import MAX_NODES, read_file, read_text
from hp_tf.environment.tree import Node, dotted
from hp_tf.errors import BadInput
from hp_tf.findings import Location

PIECES = [
    *"abc:-?[]{},&*!|>'\"%@`#~\t\n 01.x\\U",
    "\n  ",
    ": ",
    "- ",
    "&a ",
    "*a",
    "<<: ",
    "%YAML 1.2\n",
    "---\n",
    "? ",
]


def places(tree: Node) -> dict[str, tuple[int, int]]:
    """Return the line and column to name for every value, by its path."""
    return {dotted(path): (node.place.line, node.place.column) for path, node in tree.walk() if path}


def problem(text: str) -> tuple[str, int, int]:
    with pytest.raises(BadInput) as caught:
        read_text(text, "f.yaml")
    (found,) = caught.value.problems
    assert found.location is not None
    return found.message, found.location.line, found.location.column


def test_every_value_knows_where_it_stands() -> None:
    tree = read_text('a:\n  b: 1\n  c: [x, "y"]\nd:\n  - e: true\n', "f.yaml")
    assert tree.plain() == {"a": {"b": 1, "c": ["x", "y"]}, "d": [{"e": True}]}
    assert places(tree) == {
        "a": (1, 1),
        "a.b": (2, 6),
        "a.c": (3, 3),
        "a.c[0]": (3, 7),
        "a.c[1]": (3, 10),
        "d": (4, 1),
        "d[0]": (5, 5),
        "d[0].e": (5, 8),
    }


def test_what_is_not_written_stands_where_its_key_does() -> None:
    tree = read_text("a:\n\n# a comment\nb: {c: , d: 1}\ne:\n  - f: # later\n  -\ng: &x\nh: ''\n", "f.yaml")
    found = places(tree)
    assert {key: found[key] for key in ("a", "b.c", "e[0].f", "g", "h")} == {
        "a": (1, 1),
        "b.c": (4, 5),
        "e[0].f": (6, 5),
        "g": (8, 1),
        "h": (9, 4),
    }
    assert found["e[1]"][0] == 7


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("2024-01-01", "2024-01-01"),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("010", 10),
        ("0x1F", 31),
        ("0o17", 15),
        ("1e3", 1000.0),
        ("-1.5", -1.5),
        ("~", None),
        ("", None),
        ("True", True),
        ('"1"', "1"),
        ("|\n  two\n  lines\n", "two\nlines\n"),
    ],
)
def test_scalars_follow_yaml_1_2(text: str, value: object) -> None:
    found = read_text(f"a: {text}\n", "f.yaml").plain()["a"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("a: 1\nb: 2\na: 3\n", "the key 'a' stands here twice, first on line 1", 3, 1),
        ("a:\n\tb: 1\n", "a tab indents this line", 2, 1),
        ("a: [1, 2\nb: 3\n", "',' or ']' is missing here: on line 1, column 4, a list is opened with '['", 2, 2),
        ("a: [1, 2", "',' or ']' is missing here: on line 1, column 4, a list is opened with '['", 1, 9),
        ("a: {b: 1 c: 2}\n", "',' or '}' is missing here: on line 1, column 4, a mapping is opened with '{'", 1, 11),
        ("a:\n  b: 1\n   c: 2\n", "this line is indented more than the one above", 3, 5),
        ("a:\n  b: 1\n c: 2\n", "this line is indented unlike those around it: the keys on line 1", 3, 2),
        ("a:\n  b:1\n  c: 2\n", "the ':' behind 'b' has no space after it", 2, 1),
        ("name: ml: dev\n", "a second ': ' stands in this line", 1, 9),
        ("a: 'x\nb: 2\n", "a quote is opened here and never closed", 1, 4),
        ('a: "x" y\n', "something stands behind a value that has ended already", 1, 8),
        ('a: "\\d"\n', "'\\d' means nothing in double quotes", 1, 6),
        ("a: @x\n", "a value cannot begin with '@'", 1, 4),
        ("a: x\nb: 1\t2\n", "a tab stands here", 2, 5),
        ("a:\n  - x\n  b: 1\n", "a key stands among the elements of the list that begins on line 2", 3, 3),
        ("a:\n - x\n- y\n", "a list's element stands among the keys that begin on line 1", 3, 1),
        ("a: - x\n", "a list cannot begin behind its key", 1, 4),
        ("a: 1\nb\nc: 2\n", "this is neither a key nor part of the value above", 2, 1),
        ("a: ]\n", "']' stands here without what it closes", 1, 4),
        ("a: *\n", "a name must follow '*' and '&'", 1, 4),
        ('a: "b\\0"\n', "a character that no text can hold", 1, 4),
        ('"\\ud800": 1\n', "a character that no text can hold", 1, 1),
        ("? [a]\n: b\n", "a key must be a text, and this is none", 1, 3),
        ("- a\n- b\n", "an environment's file is a mapping", 1, 1),
        ("", "the file is empty", 1, 1),
        ("# only a comment\n", "the file is empty", 1, 1),
        ("a: 1\n---\nb: 2\n", "more than one YAML document", 3, 1),
        ("a: 1\n2: b\n", "a key must be a text, and 2 is none", 2, 1),
        ("a: !!python/object:os.system x\n", "tags such as", 1, 4),
        ("a:\n  b: !x\n  c: 1\n", "tags such as", 2, 3),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", "merge keys (<<) are not YAML 1.2", 3, 3),
        ("a: *nowhere\n", "names no anchor above it", 1, 4),
        ("a: &x [*x]\n", "stands inside its own anchor", 1, 8),
        ("a: .inf\n", "is not a number that can be used here", 1, 4),
        ("a: " + "9" * 400 + "\n", "more than 300 digits", 1, 4),
        ("a: 1e999\n", "is too large", 1, 4),
        ("a: \x07\n", "may not stand in YAML", 1, 4),
        ("a: " + "[" * 100 + "\n", "nested more than", 1, 44),
    ],
)
def test_what_is_refused_is_named_with_its_place(text: str, message: str, line: int, column: int) -> None:
    found = problem(text)
    assert message in found[0]
    assert found[1:] == (line, column)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a:\tx\n", {"a": "x"}),
        ("a: x \t \nb:\t # c\n  c: 'y\tz'\t# c\n", {"a": "x", "b": {"c": "y\tz"}}),
        ("a:\n  - b:\t1\n    c: 2\t\n", {"a": [{"b": 1, "c": 2}]}),
        ("a: 1\n\t\nb: 2", {"a": 1, "b": 2}),
        ("a: |\n  x\t\n  \ty\n", {"a": "x\t\n\ty\n"}),
    ],
)
def test_tabs_may_stand_behind_colons_and_at_the_ends_of_lines(text: str, value: object) -> None:
    assert read_text(text, "f.yaml").plain() == value


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a:\n\u00a0 b: 1\n  c: 2\n", "on line 2, column 1, stands no space but U+00A0, no-break space"),
        ("a:\u00a0b\nc: 1\n", "on line 1, column 3, stands no space but U+00A0, no-break space"),
    ],
)
def test_what_only_looks_like_a_space_is_named(text: str, hint: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_text(text, "f.yaml")
    assert [problem.remedy for problem in caught.value.problems] == [hint]


def test_every_key_that_stands_twice_is_named() -> None:
    with pytest.raises(BadInput) as caught:
        read_text("a: 1\nb: {c: 1, c: 2}\na: 3\nd: [\n", "f.yaml")
    assert [(found.message.partition(" stands")[0], found.location) for found in caught.value.problems[:2]] == [
        ("the key 'c'", Location("f.yaml", 2, 11)),
        ("the key 'a'", Location("f.yaml", 3, 1)),
    ]
    assert len(caught.value.problems) == 3


def test_an_alias_repeats_a_value() -> None:
    tree = read_text("a: &x [1, 2]\nb: *x\n", "f.yaml")
    assert tree.plain() == {"a": [1, 2], "b": [1, 2]}
    assert tree.mapping["b"].key == Location("f.yaml", 2, 1)


def test_a_bomb_of_aliases_is_refused_quickly() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert f"more than {MAX_NODES} values" in problem("\n".join(rows))[0]


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"a: 1\nb: \xff\xfe\n")
    with pytest.raises(BadInput) as caught:
        read_file(path)
    assert caught.value.problems[0].location == Location(str(path), 2, 4)
    assert caught.value.problems[0].remedy == "it seems to be in another encoding: save it as UTF-8"
    path.write_bytes("a: 1\n".encode("utf-16"))
    with pytest.raises(BadInput, match="it seems to be UTF-16"):
        read_file(path)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_file(path).plain() == {"a": 1}


def test_a_missing_file_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_file(tmp_path / "x.yaml")


@settings(max_examples=400)
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)))
@example('a: "\\UFFFFFFFF"')
@example("%YAML 99999999999999999999.1\n---\na: 1")
def test_any_text_is_read_or_is_bad_input_with_a_place(text: str) -> None:
    try:
        tree = read_text(text, "f.yaml")
    except BadInput as error:
        assert all(found.location is not None for found in error.problems)
    else:
        assert isinstance(tree.plain(), dict)
