from __future__ import annotations

import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hp_tf.terraform import commands, mirrors, plan_file
from hp_tf.terraform.commands import Invocation
from hp_tf.terraform.plan import Action, Plan
from hp_tf.terraform.plan_values import may_be_number
from hp_tf.terraform.values import MASK

from .conftest import MakeRoot

# What `tests.beside` compares with Terraform's own, for every plan of the suite, is not asserted here again.

BEFORE = """
resource "terraform_data" "kept" {
  for_each = toset(["a \\"quoted\\" $${key}\\n%%{é", "1.3"])
  input    = { number = 0.1, text = "0.1", whole = 12345678901234567890123, exact = 1.5, items = toset(["b", "a"]) }
}
resource "terraform_data" "replaced" {
  count            = 2
  triggers_replace = [1]
}
resource "terraform_data" "deleted" {}
resource "terraform_data" "forgotten" {
  input = sensitive("hunter2")
}
resource "terraform_data" "old" {}
output "gone" {
  value = 1
}
"""
AFTER = """
variable "secret" {
  default   = "hunter2"
  sensitive = true
}
resource "terraform_data" "kept" {
  for_each = toset(["a \\"quoted\\" $${key}\\n%%{é", "1.3"])
  input    = [var.secret, { secret = var.secret, of = terraform_data.replaced[0].id }, [], {}, null, true]
}
resource "terraform_data" "replaced" {
  count            = 2
  triggers_replace = [2, count.index]
}
moved {
  from = terraform_data.old
  to   = terraform_data.new
}
resource "terraform_data" "new" {}
resource "terraform_data" "imported" {}
import {
  to = terraform_data.imported
  id = "it"
}
removed {
  from = terraform_data.forgotten
  lifecycle {
    destroy = false
  }
}
output "made" {
  value     = { known = 0.1, later = terraform_data.replaced[0].id, secret = var.secret }
  sensitive = true
}
output "unknown" {
  value = terraform_data.replaced[0].id
}
"""
REAL = """
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
provider "aws" {
  region                      = "us-west-2"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
  tags       = { release = "1.31" }
}
resource "aws_cloudwatch_metric_alarm" "this" {
  alarm_name          = "1.1"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  threshold           = 0.1
  metric_name         = "m"
  namespace           = "n"
  period              = 60
  statistic           = "Average"
  dimensions          = { vpc = aws_vpc.this.id }
}
resource "aws_db_instance" "this" {
  instance_class         = "db.t3.micro"
  engine                 = "mysql"
  allocated_storage      = 10
  username               = "u"
  password               = "hunter2"
  vpc_security_group_ids = [aws_security_group.this.id, "sg-1"]
}
resource "aws_security_group" "this" {
  vpc_id = aws_vpc.this.id
  ingress {
    from_port   = 1
    to_port     = 2
    protocol    = "tcp"
    cidr_blocks = ["1.1.1.1/32", aws_vpc.this.default_network_acl_id]
  }
  ingress {
    from_port       = 3
    to_port         = 4
    protocol        = "tcp"
    security_groups = [aws_vpc.this.default_security_group_id]
  }
}
data "aws_vpc" "this" {
  id = aws_vpc.this.id
}
"""


@pytest.fixture
def no_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """Terraform shows nothing to hptf itself."""
    real = commands.show_document

    def only_beside(invocation: Invocation, file: Path, *, name: str = "show") -> dict[str, Any]:
        assert name != "show", "terraform show was run"
        return real(invocation, file, name=name)

    monkeypatch.setattr(commands, "show_document", only_beside)


def planned(invocation: Invocation, main: str, folder: Path, name: str = "plan") -> Path:
    (invocation.root / "main.tf").write_text(main, encoding="utf-8")
    return commands.plan(invocation, out=folder / name, name=name).plan_file


@pytest.mark.usefixtures("no_show")
def test_a_plan_is_read_without_terraform(make_root: MakeRoot, tmp_path: Path) -> None:
    invocation = make_root(BEFORE)
    commands.init(invocation)
    file = planned(invocation, BEFORE, tmp_path, "first")
    first = commands.show(invocation, file)
    assert [change.index for change in first.resource_changes if change.name == "kept"] == [
        "1.3",
        'a "quoted" ${key}\n%{é',
    ]
    commands.apply(invocation, file)
    plan = commands.show(invocation, planned(invocation, AFTER, tmp_path, "second"))
    actions = {change.name: (change.action, change.importing, change.moved) for change in plan.resource_changes}
    assert actions == {
        "kept": (Action.UPDATE, None, False),
        "replaced": (Action.REPLACE_DELETE_FIRST, None, False),
        "deleted": (Action.DELETE, None, False),
        "forgotten": (Action.FORGET, None, False),
        "imported": (Action.NO_OP, "it", False),
        "new": (Action.NO_OP, None, True),
    }
    masked = [change.after.masked()["input"] for change in plan.resource_changes if change.name == "kept"]
    assert masked == [[MASK, {"secret": MASK}, [], {}, None, True]] * 2


@pytest.mark.slow
def test_a_text_that_reads_like_a_number_is_asked_of_terraform_once(
    make_root: MakeRoot, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    invocation = make_root(REAL)
    installed = mirrors.prepare(tmp_path / "cli", os.environ, cwd=tmp_path).environ
    invocation = replace(invocation, environ={**invocation.environ, **installed})
    commands.init(invocation)
    file = planned(invocation, REAL, tmp_path)
    first = commands.show(invocation, file)
    request.getfixturevalue("no_show")
    again = commands.show(invocation, file)
    assert again.resource_changes == first.resource_changes
    values = {change.type: change.after.value for change in again.resource_changes}
    assert values["aws_vpc"]["tags"] == {"release": "1.31"}
    assert values["aws_cloudwatch_metric_alarm"]["threshold"] == 0.1
    assert values["aws_cloudwatch_metric_alarm"]["alarm_name"] == "1.1"
    # Of another release nothing is known.
    (invocation.root / ".hptf-numerals.json").write_text(json.dumps({"providers": 1, "places": []}))
    with pytest.raises(AssertionError, match="terraform show was run"):
        commands.show(invocation, file)


@pytest.mark.parametrize("change", ["another engine", "another release", "a newer one", "a new field", "a new format"])
def test_what_is_not_known_is_left_to_terraform(make_root: MakeRoot, tmp_path: Path, change: str) -> None:
    invocation = make_root('resource "terraform_data" "x" {}\n')
    commands.init(invocation)
    file = planned(invocation, 'resource "terraform_data" "x" {}\n', tmp_path)
    terraform = invocation.terraform
    assert Plan.load(plan_file.read(file, terraform, {})).counts().add == 1
    with zipfile.ZipFile(file) as held:
        content = held.read("tfplan")
    if change == "another engine":
        terraform = replace(terraform, product="tofu")
    elif change == "another release":
        terraform = replace(terraform, version=(1, 12, 99))
    elif change == "a newer one":
        terraform = replace(terraform, version=(1, 99, 0))
    else:
        # Protobuf takes the last of two values of a field.
        more = b"\xc8\x06\x01" if change == "a new field" else b"\x08\x04"
        with zipfile.ZipFile(file, "w") as written:
            written.writestr("tfplan", content + more)
    with pytest.raises(plan_file.Unreadable):
        plan_file.read(file, terraform, {})


@pytest.mark.parametrize("content", [b"", b"\x08", b"\x1a\x7f", b"\x1b", b"\x1a\x02\x4a\x00"])
def test_a_broken_plan_is_left_to_terraform(tmp_path: Path, make_root: MakeRoot, content: bytes) -> None:
    file = tmp_path / "plan"
    with zipfile.ZipFile(file, "w") as written:
        written.writestr("tfplan", content)
    with pytest.raises(plan_file.Unreadable):
        plan_file.read(file, make_root("").terraform, {})


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("0.1", True),
        ("-1.30000001", True),
        ("9223372036854775808", True),
        ("1.5", False),  # exact as a float
        ("1.30", False),  # Go writes no zero at the end
        ("01.3", False),
        ("123456789012", False),
        ("1e3", False),
        ("-0", False),
        ("", False),
        ("1.31-eks", False),
    ],
)
def test_terraform_writes_as_text_only_what_fits_no_machine_type(text: str, may: bool) -> None:
    assert may_be_number(text) is may
