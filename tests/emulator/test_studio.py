from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from hp_tf.emulator.clients import EmulatorSession
from tests.emulator.conftest import ACCOUNT, REGION, Base


def domain(aws: EmulatorSession, base: Base, **more: Any) -> str:
    values: dict[str, Any] = {
        "DomainName": "dev",
        "AuthMode": "IAM",
        "VpcId": base.vpc,
        "SubnetIds": base.subnets,
        "DefaultUserSettings": {"ExecutionRole": base.role},
        **more,
    }
    return str(aws.client("sagemaker").create_domain(**values)["DomainId"])


def refused(caught: pytest.ExceptionInfo[ClientError]) -> tuple[str, str]:
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


def test_a_domain_goes_after_all_that_is_in_it(aws: EmulatorSession, base: Base) -> None:
    sagemaker = aws.client("sagemaker")
    identity = domain(aws, base, Tags=[{"Key": "a", "Value": "b"}])
    found = sagemaker.describe_domain(DomainId=identity)
    assert found["DomainArn"] == f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:domain/{identity}"
    assert (found["Status"], found["VpcId"]) == ("InService", base.vpc)
    assert sagemaker.list_tags(ResourceArn=found["DomainArn"])["Tags"] == [{"Key": "a", "Value": "b"}]
    script = sagemaker.create_studio_lifecycle_config(
        StudioLifecycleConfigName="start",
        StudioLifecycleConfigAppType="CodeEditor",
        StudioLifecycleConfigContent=base64.b64encode(b"exit 0").decode(),
    )["StudioLifecycleConfigArn"]
    sagemaker.create_user_profile(DomainId=identity, UserProfileName="ada")
    sagemaker.create_space(
        DomainId=identity,
        SpaceName="ada-editor",
        OwnershipSettings={"OwnerUserProfileName": "ada"},
        SpaceSharingSettings={"SharingType": "Private"},
        SpaceSettings={"CodeEditorAppSettings": {"DefaultResourceSpec": {"LifecycleConfigArn": script}}},
    )
    waiting: list[tuple[Callable[[], object], str]] = [
        (lambda: sagemaker.delete_domain(DomainId=identity), "UserProfile"),
        (lambda: sagemaker.delete_user_profile(DomainId=identity, UserProfileName="ada"), "owns the space ada-editor"),
        (lambda: sagemaker.delete_studio_lifecycle_config(StudioLifecycleConfigName="start"), "attached to a Space"),
    ]
    for attempt, why in waiting:
        with pytest.raises(ClientError) as caught:
            attempt()
        assert refused(caught)[0] == "ResourceInUse" and why in refused(caught)[1]
    sagemaker.update_space(DomainId=identity, SpaceName="ada-editor", SpaceDisplayName="Ada's")
    assert sagemaker.describe_space(DomainId=identity, SpaceName="ada-editor")["SpaceDisplayName"] == "Ada's"
    assert [item["SpaceName"] for item in sagemaker.list_spaces(DomainIdEquals=identity)["Spaces"]] == ["ada-editor"]
    sagemaker.delete_space(DomainId=identity, SpaceName="ada-editor")
    for attempt, _ in reversed(waiting):
        attempt()
    assert sagemaker.list_domains()["Domains"] == []
    assert sagemaker.list_studio_lifecycle_configs()["StudioLifecycleConfigs"] == []


def test_what_a_domain_cannot_be_made_of(aws: EmulatorSession, base: Base) -> None:
    for change, why in (
        ({"DefaultUserSettings": {"ExecutionRole": f"{base.role}-not"}}, "does not exist"),
        ({"DefaultUserSettings": {}}, "ExecutionRole is required"),
        ({"SubnetIds": ["subnet-0123456789abcdef0"]}, "does not exist in"),
    ):
        with pytest.raises(ClientError, match=why):
            domain(aws, base, **change)


def test_a_space_and_its_owner_are_there(aws: EmulatorSession, base: Base) -> None:
    sagemaker, identity = aws.client("sagemaker"), domain(aws, base)
    private = {"SpaceSharingSettings": {"SharingType": "Private"}}
    for more, why in (
        ({**private, "OwnershipSettings": {"OwnerUserProfileName": "nobody"}}, "nobody"),
        (private, "go together"),
        ({"SpaceSettings": {"JupyterLabAppSettings": {"DefaultResourceSpec": {"LifecycleConfigArn": SCRIPT}}}}, SCRIPT),
    ):
        with pytest.raises(ClientError, match=why):
            sagemaker.create_space(DomainId=identity, SpaceName="s", **more)
    with pytest.raises(ClientError) as caught:
        sagemaker.create_user_profile(DomainId="d-0123456789ab", UserProfileName="ada")
    assert refused(caught)[0] == "ResourceNotFound"


SCRIPT = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:studio-lifecycle-config/none"
