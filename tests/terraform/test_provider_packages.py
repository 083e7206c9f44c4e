"""The real provider, held to a lock file that the real Terraform wrote, and served from one process."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from hp_tf.terraform import commands, mirrors
from hp_tf.terraform.failures import TerraformFailed
from hp_tf.terraform.provider_packages import programs
from hp_tf.terraform.provider_processes import ProviderProcesses

from .conftest import MakeRoot
from .test_plan_file import REAL

AWS = "registry.terraform.io/hashicorp/aws"


@pytest.mark.slow
def test_a_checked_provider_serves_what_terraform_could_not_start(make_root: MakeRoot, tmp_path: Path) -> None:
    invocation = make_root(REAL)
    installed = mirrors.prepare(tmp_path / "cli", os.environ, cwd=tmp_path).environ
    invocation = replace(invocation, environ={**invocation.environ, **installed})
    commands.init(invocation)
    root = invocation.root
    found = programs(root, root / ".terraform.lock.hcl", tmp_path / "record.json")
    assert set(found) == {AWS}
    # Of Terraform's own there is nothing to start any more.
    shutil.rmtree(root / ".terraform" / "providers")
    assert programs(root, root / ".terraform.lock.hcl", tmp_path / "record.json") == {}
    providers = ProviderProcesses(found, cwd=root, environ=invocation.environ, logs=tmp_path / "logs")
    invocation = replace(invocation, providers=providers)
    for name in ("first", "second"):
        result = commands.plan(invocation, out=tmp_path / name, name=name)
        document = commands.show_document(invocation, result.plan_file)
        assert {change["type"] for change in document["resource_changes"]} >= {"aws_vpc", "aws_db_instance"}
    providers.close()
    # What it logs, requests with their secrets among it, is not kept.
    assert '@level":"trace' not in (tmp_path / "logs" / "aws.log").read_text()
    with pytest.raises(TerraformFailed):
        commands.plan(invocation, out=tmp_path / "third", name="third")
