from __future__ import annotations

import pytest

from hp_tf.terraform import commands
from hp_tf.terraform.schema import attributes, unordered

from .conftest import MakeRoot

DOCUMENT = {
    "provider_schemas": {
        "registry.terraform.io/hashicorp/aws": {
            "resource_schemas": {
                "aws_security_group": {
                    "block": {
                        "attributes": {
                            "name": {"type": "string"},
                            "ids": {"type": ["set", "string"]},
                            "zones": {"type": ["list", "string"]},
                            "by_name": {"type": ["map", ["set", "string"]]},
                            "rules": {"type": ["list", ["object", {"ports": ["set", "number"], "to": "string"}]]},
                        },
                        "block_types": {
                            "ingress": {
                                "nesting_mode": "set",
                                "block": {"attributes": {"cidrs": {"type": ["set", "string"]}}},
                            },
                            "timeouts": {"nesting_mode": "single", "block": {}},
                        },
                    }
                }
            }
        },
        "registry.terraform.io/hashicorp/awscc": {
            "resource_schemas": {
                "awscc_sagemaker_cluster": {
                    "block": {
                        "attributes": {
                            "tags": {
                                "nested_type": {"nesting_mode": "set", "attributes": {"key": {"type": "string"}}},
                            },
                            "groups": {
                                "nested_type": {
                                    "nesting_mode": "list",
                                    "attributes": {"subnets": {"type": ["set", "string"]}},
                                }
                            },
                        }
                    }
                }
            }
        },
    }
}


@pytest.mark.parametrize(
    ("kind", "path", "is_set"),
    [
        ("aws_security_group", ("ids",), True),
        ("aws_security_group", ("zones",), False),
        ("aws_security_group", ("by_name",), False),
        ("aws_security_group", ("rules",), False),
        ("aws_security_group", ("rules", "ports"), True),
        ("aws_security_group", ("ingress",), True),
        ("aws_security_group", ("ingress", "cidrs"), True),
        ("aws_security_group", ("timeouts",), False),
        ("awscc_sagemaker_cluster", ("tags",), True),
        ("awscc_sagemaker_cluster", ("groups",), False),
        ("awscc_sagemaker_cluster", ("groups", "subnets"), True),
        ("no_such_type", ("ids",), False),
    ],
)
def test_sets_are_told_from_lists(kind: str, path: tuple[str, ...], is_set: bool) -> None:
    assert unordered(DOCUMENT)(kind, path) is is_set


def test_the_real_documents_shape(make_root: MakeRoot) -> None:
    invocation = make_root('resource "terraform_data" "x" {}\n')
    document = commands.providers_schema(invocation)
    attributes = document["provider_schemas"]["terraform.io/builtin/terraform"]["resource_schemas"]["terraform_data"]
    assert "input" in attributes["block"]["attributes"]
    assert unordered(document)("terraform_data", ("input",)) is False


def test_paths_of_attributes() -> None:
    found = attributes(DOCUMENT, "aws_security_group")
    assert {("rules", "ports"), ("rules", "to"), ("ingress", "cidrs"), ("timeouts",), ("name",)} <= found
    assert ("rules", "from") not in found
    assert attributes(DOCUMENT, "aws_nothing") == frozenset()
