from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import TypeAdapter, ValidationError

from hp_tf.contract import types_cluster as types
from hp_tf.contract.types import PolicyArn


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (types.EksClusterName, "a_B-1", "-a"),
        (types.EksClusterArn, "arn:aws-us-gov:eks:us-gov-west-1:123456789012:cluster/a", "arn:aws:eks:r:1:cluster/a"),
        (types.HyperPodName, "a--b", "a-"),
        (PolicyArn, "arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:role/x"),
        (types.PrincipalArn, "arn:aws:iam::123456789012:user/a", "arn:aws:sts::123456789012:assumed-role/a/b"),
        (
            types.TrainingPlanArn,
            "arn:aws:sagemaker:us-west-2:123456789012:training-plan/p",
            "arn:aws:sagemaker:us-west-2:123456789012:cluster/p",
        ),
        (
            types.LogDestinationArn,
            "arn:aws:logs:us-west-2:123456789012:log-group:/aws/fsx/x",
            "arn:aws:logs:us-west-2:123456789012:log-group:/x",
        ),
        (types.ImageId, "ami-0123456789abcdef0", "latest"),
        (types.FileSystemId, "fs-0123456789abcdef0", "fs-x"),
        (types.FileSystemDnsName, "fs-0123456789abcdef0.fsx.us-west-2.amazonaws.com", "nfs.example.com.example"),
        (types.MountName, "abcdefg4", "nine_long"),
        (types.MountPath, "/fsx/data", "/fsx/"),
        (types.ScriptName, "on_create.sh", "/on_create.sh"),
        (types.TaintKey, "example.com/dedicated", "/dedicated"),
        (types.LabelValue, "a.b", ".b"),
    ],
)
def test_texts(kind: Any, good: str, bad: str) -> None:
    adapter = TypeAdapter[Any](kind)
    assert adapter.validate_python(good) == good
    with pytest.raises(ValidationError):
        adapter.validate_python(bad)


def test_a_mistaken_value_is_answered_by_its_own_sentence() -> None:
    adapter = TypeAdapter[Any](Annotated[Literal["a"] | None, types.Mistaken("b", "There is no b: write a.")])
    assert adapter.validate_python("a") == "a"
    assert adapter.validate_python(None) is None
    with pytest.raises(ValidationError, match=r"There is no b: write a\."):
        adapter.validate_python("b")
    with pytest.raises(ValidationError, match="Input should be 'a'"):
        adapter.validate_python("c")
