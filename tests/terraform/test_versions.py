"""Ranges of provider versions, as Terraform reads them."""

from __future__ import annotations

import pytest

from hp_tf.terraform.versions import allows, newest, order


@pytest.mark.parametrize(
    ("constraint", "inside", "outside"),
    [
        (">= 1.106.0, < 2.0.0", ["1.106.0", "1.999.0", "v1.107.1"], ["1.105.9", "2.0.0", "2.0.0-rc1", "1.107.0-beta1"]),
        ("~> 3.1", ["3.1.0", "3.9.2"], ["3.0.9", "4.0.0"]),
        ("~> 3.1.2", ["3.1.2", "3.1.9"], ["3.1.1", "3.2.0"]),
        ("3.1.2", ["3.1.2", "3.1.2+build"], ["3.1.3"]),
        ("= 2.0.0-rc1", ["2.0.0-rc1"], ["2.0.0", "2.0.0-rc2"]),
        ("> 1, != 1.2.0, <= 1.3", ["1.1.0", "1.3.0"], ["1.0.0", "1.2.0", "1.3.1"]),
        ("", ["0.0.1"], ["not-a-version"]),
    ],
)
def test_allows_versions_by_range_as_terraform_does(constraint: str, inside: list[str], outside: list[str]) -> None:
    assert [version for version in [*inside, *outside] if allows(constraint, version)] == inside


def test_a_constraint_that_cannot_be_read_allows_nothing() -> None:
    assert not allows(">= x", "1.0.0")
    assert not allows("one two three", "1.0.0")


def test_newest_goes_by_number_and_not_by_text() -> None:
    versions = ["1.9.0", "1.106.0", "1.20.0", "2.0.0"]
    assert newest(versions, "< 2.0.0") == "1.106.0"
    assert newest(versions, ">= 3.0.0") is None
    assert sorted(["1.10.0", "1.10.0-rc1", "1.9.0"], key=order) == ["1.9.0", "1.10.0-rc1", "1.10.0"]
