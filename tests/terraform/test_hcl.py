from __future__ import annotations

import pytest

from hp_tf.terraform.hcl import Item, literal, top_level

TEXT = """
# a comment with { and "
// another } one
/* and a
   third { */
plugin_cache_dir = "/a \\" b{"
credentials "app.example.com" { token = "x" }
resource "aws_vpc" "this" {
  name = "a ${join("}", ["{"])} %{ if true }}%{ endif } $${not}"
  text = <<-EOT
    } unbalanced { " ${x}
    EOT
  nested { deep = { a = "}" } }
}
list = [
  1, # one
  2,
]
flag = true // said }
"""


def test_the_top_level_of_an_awkward_text() -> None:
    found = top_level(TEXT)
    assert [(item.kind, item.labels, item.is_block) for item in found] == [
        ("plugin_cache_dir", (), False),
        ("credentials", ("app.example.com",), True),
        ("resource", ("aws_vpc", "this"), True),
        ("list", (), False),
        ("flag", (), False),
    ]
    assert found[0].text == '"/a \\" b{"'
    assert found[4].text == "true"
    assert [item.kind for item in top_level(found[2].text)] == ["name", "text", "nested"]


def test_unquoted_labels_and_an_empty_text() -> None:
    assert top_level("") == []
    assert top_level("variable region {}") == [Item("variable", ("region",), "", True)]


@pytest.mark.parametrize("text", ["a {", 'a = "x', "}", "= 1", "a b", "x = <<EOT\nno end", "@", "/* x"])
def test_what_is_not_hcl(text: str) -> None:
    with pytest.raises(ValueError, match=r"not HCL|is not closed|has neither"):
        top_level(text)


@pytest.mark.parametrize(
    ("expression", "value"),
    [('"./m"', "./m"), ('"a${b}"', None), ("var.x", None), ('"a" + "b"', None), ("", None), ('"a\\n"', None)],
)
def test_plain_strings(expression: str, value: str | None) -> None:
    assert literal(expression) == value
