"""Blocks and attributes stand where a person would write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hp_tf.synth.blocks import nested_blocks
from hp_tf.synth.format import formatted
from hp_tf.synth.hcl import block, main_tf, outputs_tf, variables_tf, versions_tf
from hp_tf.synth.problems import DefinitionError


def rendered(body: dict[str, Any], kind: str) -> str:
    return block(f'resource "{kind}" "this"', body, nested_blocks(kind), f"{kind}.this")


def test_blocks_and_attributes_of_the_aws_provider() -> None:
    text = rendered(
        {
            "vpc_config": {"subnet_ids": "${var.ids}"},
            "access_config": [{"authentication_mode": "API"}],
            "name": "x",
            "tags": {"a": "b"},
        },
        "aws_eks_cluster",
    )
    assert "vpc_config {\nsubnet_ids = var.ids\n}" in text
    assert "access_config {" in text
    assert "tags = {" in text


def test_attribute_that_takes_objects_is_no_block() -> None:
    assert "ingress = [{" in rendered({"ingress": [{"from_port": 1}]}, "aws_security_group")


def test_providers_with_nested_attributes_have_no_blocks() -> None:
    text = rendered({"orchestrator": {"eks": {"cluster_arn": "x"}}}, "awscc_sagemaker_cluster")
    assert "orchestrator = {\neks = {" in text
    assert "set = [" in rendered({"set": [{"name": "a", "value": "b"}]}, "helm_release")


def test_dynamic_block() -> None:
    text = rendered(
        {"dynamic": {"rule": [{"for_each": "${var.rules}", "iterator": "each_rule", "content": {"id": "x"}}]}},
        "aws_s3_bucket_lifecycle_configuration",
    )
    assert 'dynamic "rule" {\nfor_each = var.rules\niterator = each_rule\n\ncontent {\nid = "x"\n}\n}' in text


def test_dynamic_on_an_attribute_is_refused() -> None:
    body = {"dynamic": {"ingress": [{"for_each": "${var.rules}", "content": {}}]}}
    with pytest.raises(DefinitionError, match="is an attribute, not a block"):
        rendered(body, "aws_security_group")


def test_block_given_as_an_expression_is_refused() -> None:
    with pytest.raises(DefinitionError, match="gives the block 'rule' as an expression"):
        rendered({"rule": "${[for r in var.rules : r]}"}, "aws_s3_bucket_lifecycle_configuration")


def test_unknown_type_is_refused() -> None:
    with pytest.raises(DefinitionError, match="does not know 'aws_not_a_thing'"):
        nested_blocks("aws_not_a_thing")


def test_falsy_defaults_and_null_stay() -> None:
    variables: dict[str, Any] = {
        name: {"description": "d", "type": "any", "default": default, "nullable": False}
        for name, default in (("a", False), ("b", 0), ("c", ""), ("d", None), ("e", []), ("f", {}))
    }
    text = variables_tf(variables, header="h")
    for written in ("false", "0", '""', "null", "[]", "{}"):
        assert f"default = {written}\n" in text
    assert text.count("nullable = false") == 6


def test_variables_without_default_are_required() -> None:
    assert "default" not in variables_tf({"a": {"description": "d", "type": "string"}}, header="h")


def test_outputs_keep_preconditions_and_order() -> None:
    text = outputs_tf(
        {
            "a": {
                "description": "d",
                "value": "${x.y}",
                "depends_on": ["x.z"],
                "precondition": [{"condition": "${true}", "error_message": "No."}],
            }
        },
        header="h",
    )
    assert 'precondition {\ncondition = true\nerror_message = "No."\n}' in text
    assert "depends_on = [x.z]" in text


def test_sections_are_readable(program: Path) -> None:
    text = main_tf(
        {
            "locals": {"a": "${1}", "b": "${2}"},
            "data": {"aws_vpc": {"given": {"count": 1, "id": "x"}}},
            "resource": {"aws_subnet": {"this": {"for_each": "${local.a}", "tags": {"k": "v"}, "vpc_id": "x"}}},
        },
        header="From here.",
        order=["data.aws_vpc.given", "aws_subnet.this"],
        local_comments={"b": "Why b."},
        resource_comments={"aws_subnet.this": "Why so."},
        accepted={"data.aws_vpc.given": ["checkov:skip=X: it is given", "checkov:skip=Y: it is so"]},
    )
    assert formatted({"main.tf": text}, program)["main.tf"] == (
        "# From here.\n\n"
        "locals {\n  a = 1\n\n  # Why b.\n  b = 2\n}\n\n"
        'data "aws_vpc" "given" {\n  # checkov:skip=X: it is given\n  # checkov:skip=Y: it is so\n\n'
        '  count = 1\n\n  id = "x"\n}\n\n'
        "# Why so.\n"
        'resource "aws_subnet" "this" {\n  for_each = local.a\n\n  vpc_id = "x"\n\n  tags = {\n    k = "v"\n  }\n}\n'
    )


def test_checks_and_moves_are_in_main(program: Path) -> None:
    document = {
        "check": {
            "pods": {
                "data": {"aws_vpc": {"it": {"id": "x"}}},
                "assert": [{"condition": "${var.a > 0}", "error_message": "Only ${var.a}."}],
            }
        },
        "moved": [{"from": "aws_vpc.a", "to": "aws_vpc.b[0]"}],
        "removed": {"from": "aws_vpc.c", "lifecycle": {"destroy": False}},
    }
    text = main_tf(document, header="h", order=[], local_comments={}, resource_comments={})
    assert formatted({"main.tf": text}, program)["main.tf"] == (
        "# h\n\n"
        'check "pods" {\n  data "aws_vpc" "it" {\n    id = "x"\n  }\n\n'
        '  assert {\n    condition     = var.a > 0\n    error_message = "Only ${var.a}."\n  }\n}\n\n'
        "moved {\n  from = aws_vpc.a\n  to   = aws_vpc.b[0]\n}\n\n"
        "removed {\n  from = aws_vpc.c\n\n  lifecycle {\n    destroy = false\n  }\n}\n"
    )


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"import": [{"to": "aws_vpc.a"}]}, "holds 'import', which no file of it would have"),
        ({"check": {"a": {"asserts": []}}}, "check.a holds 'asserts'"),
        ({"removed": {"from": "aws_vpc.a", "provisioner": {}}}, "removed holds 'provisioner'"),
    ],
)
def test_what_would_be_left_out_is_an_error(document: dict[str, Any], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        main_tf(document, header="h", order=[], local_comments={}, resource_comments={})


def test_versions_have_ranges_and_no_backend() -> None:
    terraform = {"required_version": ">= 1.10.0", "required_providers": {"aws": {"source": "s", "version": ">= 5"}}}
    text = versions_tf(terraform, header="h")
    assert 'required_version = ">= 1.10.0"' in text
    assert "backend" not in text


def test_text_that_is_no_hcl_is_an_error(program: Path) -> None:
    with pytest.raises(DefinitionError, match="does not parse"):
        formatted({"main.tf": "resource {{"}, program)
