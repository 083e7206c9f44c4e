from __future__ import annotations

import json
from pathlib import Path

import pytest

from hp_tf.terraform.requirements import digest

ROOT = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
variable "x" { default = 1 }
module "net" {
  source = "../modules/net"
  cidr   = "10.0.0.0/16"
}
"""
MODULE = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 5" }
  }
}
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder, text in (("root", ROOT), ("modules/net", MODULE)):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "main.tf").write_text(text)
    return tmp_path / "root"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("root/main.tf", '"10.0.0.0/16"', '"10.1.0.0/16"'),
        ("root/main.tf", "default = 1", "default = 2"),
        ("root/main.tf", 'variable "x"', "# said\nvariable x"),
        ("modules/net/main.tf", '"10.0.0.0/16"', "var.cidr"),
    ],
)
def test_values_do_not_count(root: Path, file: str, old: str, new: str) -> None:
    before = digest(root)
    edit(root.parent / file, old, new)
    assert digest(root) == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("root/main.tf", "hashicorp/aws", "hashicorp/awscc"),
        ("root/main.tf", 'module "net"', 'module "network"'),
        ("root/main.tf", "../modules/net", "../modules/other"),
        ("root/main.tf", "terraform {", 'terraform {\n  backend "http" {}'),
        ("root/main.tf", "variable", 'provider "helm" {}\nvariable'),
        ("modules/net/main.tf", ">= 5", ">= 5.100"),
        ("modules/net/main.tf", '"aws_vpc"', '"google_vpc"'),
        ("modules/net/main.tf", "resource", 'module "inner" {\n  source = "./inner"\n}\nresource'),
        ("modules/net/main.tf", "resource", "resource broken {"),
    ],
)
def test_requirements_and_calls_count(root: Path, file: str, old: str, new: str) -> None:
    before = digest(root)
    edit(root.parent / file, old, new)
    assert digest(root) != before


def test_a_broken_file_counts_with_all_it_says(root: Path) -> None:
    edit(root / "main.tf", "terraform {", "terraform {{")
    before = digest(root)
    edit(root / "main.tf", "10.0.0.0", "10.1.0.0")
    assert digest(root) != before


def test_a_source_that_is_computed_counts_with_its_file(root: Path) -> None:
    edit(root / "main.tf", '"../modules/net"', "var.x")
    before = digest(root)
    edit(root / "main.tf", "default = 1", "default = 2")
    assert digest(root) != before


def document(**more: object) -> str:
    return json.dumps(
        {
            "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}},
            "module": {"net": {"source": "../modules/net", "cidr": "10.0.0.0/16"}},
            "provider": {"aws": {"region": "us-west-2"}},
            **more,
        }
    )


def test_json_roots_are_read_the_same_way(root: Path) -> None:
    (root / "main.tf").unlink()
    file = root / "main.tf.json"
    file.write_text(document())
    before = digest(root)
    file.write_text(document(locals={"a": 1}, provider=[{"aws": {"region": "eu-west-1"}}]))
    assert digest(root) == before
    edit(root.parent / "modules/net/main.tf", ">= 5", ">= 6")
    deeper = digest(root)
    assert deeper != before
    file.write_text(document(module=[{"net": [{"source": "../modules/net"}]}, {"b": {"source": "x/y/z"}}]))
    assert digest(root) != deeper
    file.write_text(document(module=3))
    assert digest(root) != before


def test_modules_that_call_each_other_end(root: Path) -> None:
    edit(root.parent / "modules/net/main.tf", "resource", 'module "up" {\n  source = "../../root"\n}\nresource')
    assert digest(root) == digest(root)
