"""What an event stream says was made, against what the states hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.planning.imports import Adoption
from hp_tf.recovery.history import Orphan
from hp_tf.recovery.orphans import adoptions, impossible, of_failed_run, of_run
from hp_tf.run.journal import Part
from hp_tf.state.document import State
from hp_tf.terraform.events import Diagnostic

VPC = "module.network.aws_vpc.this"


def hook(phase: str, action: str, identity: str = "", address: str = VPC) -> dict[str, Any]:
    """An event about work on a resource."""
    kind = address.split(".")[2]
    resource = {"addr": address, "module": "module.network", "resource_type": kind}
    return {"type": f"apply_{phase}", "hook": {"resource": resource, "action": action, "id_value": identity}}


def error(summary: str, detail: str = "", address: str | None = None) -> dict[str, Any]:
    """A diagnostic."""
    said = {"severity": "error", "summary": summary, "detail": detail, **({"address": address} if address else {})}
    return {"type": "diagnostic", "diagnostic": said}


def lost(tmp_path: Path, events: list[dict[str, Any]], **held: str | None) -> list[str | None]:
    """The ids of what the stream knows and the state does not; `held` are the state's objects, by deposed key."""
    log = tmp_path / "apply.jsonl"
    log.write_text("".join(json.dumps(event) + "\n" for event in events))
    instances = [
        {"attributes": {"id": identity}} | ({} if key == "current" else {"deposed": key})
        for key, identity in held.items()
    ]
    resource = {"module": "module.network", "mode": "managed", "type": "aws_vpc", "name": "this"}
    state: State = {"resources": [{**resource, "instances": instances}] if instances else []}
    return [item.id for item in of_run([Part("", "", str(log))], {"network": state})]


MADE = [hook("start", "create"), hook("complete", "create", "new")]
DELETED = [hook("start", "delete", "old"), hook("complete", "delete")]


def test_what_was_made_is_lost_unless_a_state_holds_it(tmp_path: Path) -> None:
    assert lost(tmp_path, MADE) == ["new"]
    assert lost(tmp_path, MADE, current="new") == []
    assert lost(tmp_path, MADE[:1]) == [None]
    assert lost(tmp_path, MADE[:1], current="new") == []


def test_a_replacement_in_either_order_does_not_hide_the_new_one(tmp_path: Path) -> None:
    assert lost(tmp_path, DELETED + MADE, current="old") == ["new"]
    assert lost(tmp_path, MADE + DELETED, current="old") == ["new"]
    assert lost(tmp_path, MADE + DELETED, current="new", abcd="old") == []
    assert lost(tmp_path, DELETED + MADE[:1], current="old") == [None]
    gone = [hook("start", "delete", "new"), hook("complete", "delete")]
    assert lost(tmp_path, MADE + gone) == []


def test_a_creation_that_failed_is_lost_only_if_its_provider_gave_no_answer(tmp_path: Path) -> None:
    failed = [hook("start", "create"), hook("errored", "create")]
    assert lost(tmp_path, failed) == [None]
    assert lost(tmp_path, [*failed, error("operation canceled")]) == [None]
    assert lost(tmp_path, [*failed, error("creating EC2 VPC: VpcLimitExceeded")]) == []
    assert lost(tmp_path, [*failed, error("Plugin did not respond", address=VPC)]) == [None]
    assert lost(tmp_path, [*failed, error("creating EC2 VPC", "request canceled, context canceled")]) == [None]
    assert lost(tmp_path, [*failed, error("Plugin did not respond")], current="tainted") == []


@pytest.mark.parametrize(
    ("kind", "said", "foreign"),
    [
        ("aws_iam_role", "EntityAlreadyExists: Role with name dev-a already exists.", True),
        ("aws_s3_bucket", "BucketAlreadyOwnedByYou: Your previous request succeeded", True),
        ("aws_security_group", "InvalidGroup.Duplicate: The security group 'a' already exists", True),
        ("aws_iam_role", "LimitExceeded: Cannot exceed quota for RolesPerAccount: 1000", False),
        # The service knows it by no name: there may be others like it.
        ("aws_vpc", "a VPC already exists", False),
        # What is in the release may be there already; the release is what is looked for.
        ("helm_release", "rendered manifests contain a resource that already exists", None),
    ],
)
def test_what_is_there_already_is_not_taken_for_ours(
    tmp_path: Path, kind: str, said: str, foreign: bool | None
) -> None:
    address = f"module.x.{kind}.this"
    log = tmp_path / "apply.jsonl"
    lines = [hook("start", "create", address=address), hook("errored", "create", address=address)]
    lines.append(error(f"creating {kind}", said, address=address))
    log.write_text("\n".join(json.dumps(line) for line in lines))
    found = of_failed_run([Part("", "", str(log))], {}, ResourceTypes(CONTRACTS.values()))
    assert [item.foreign for item in found] == ([] if foreign is False else [bool(foreign)])


def test_one_import_for_each_address(tmp_path: Path) -> None:
    found = adoptions(
        [Orphan(VPC, "aws_vpc", "a"), Orphan(VPC, "aws_vpc", None), Orphan(VPC, "aws_vpc", "b")], ResourceTypes([])
    )
    assert found == [Adoption(VPC, "b")]


def test_imports_that_can_never_succeed_are_told_from_each_other() -> None:
    keyed = Adoption('module.network.aws_subnet.this["a"]', "subnet-1")
    wanted = [Adoption(VPC, "vpc-1"), Adoption(f"{VPC}_too", "vpc-2"), keyed]
    quoted = f'"to": {json.dumps(keyed.address)}'
    said = [
        Diagnostic("error", "Cannot import non-existent remote object", f'an existing object to "{VPC}", the provider'),
        Diagnostic("error", "Invalid import 'to' expression", "does not use for_each.", snippet=quoted),
        Diagnostic("error", "creating EC2 VPC", f"{VPC}_too"),
    ]
    assert impossible(said, wanted) == {
        wanted[0]: "does not exist any more",
        keyed: "has no place in the environment's file any more",
    }
