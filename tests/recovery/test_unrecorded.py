"""What a provider does not record when it fails: a release whose installation failed is taken over by the next plan."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hp_tf.contract.resources import helm
from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.planning.selection import LayerOptions
from hp_tf.recovery import orphans, recover
from hp_tf.recovery.history import Orphan
from hp_tf.run import journal
from hp_tf.run.journal import Part
from hp_tf.run.state_lock import CutOff
from hp_tf.terraform.commands import ApplyResult, Invocation
from hp_tf.terraform.failures import TerraformFailed
from hp_tf.terraform.process import Finished
from tests.engine import commands
from tests.engine.harness import THREE, Workbench, yes

TYPES = ResourceTypes(CONTRACTS.values())
RELEASE = "module.helm.helm_release.this"
BUCKET = "module.storage.aws_s3_bucket.this"


def event(kind: str, address: str, **more: str) -> str:
    module, name = address.split(".")[:2], address.split(".")[2:]
    resource = {
        "addr": address,
        "module": ".".join(module),
        "resource": ".".join(name),
        "resource_type": name[0],
        "resource_name": name[1],
        "resource_key": None,
    }
    return json.dumps({"type": kind, "@message": "", "hook": {"resource": resource, "action": "create", **more}})


EXPLAINED = json.dumps(
    {"type": "diagnostic", "diagnostic": {"severity": "error", "summary": "context deadline exceeded"}}
)
STARTED = [event("apply_start", BUCKET), event("apply_start", RELEASE)]
FAILED = [*STARTED, event("apply_errored", BUCKET), event("apply_errored", RELEASE), EXPLAINED]
ENDED = Finished(1, Path(), Path(), 0, (), 1.0, 0)


def left(tmp_path: Path, *lines: str) -> list[Orphan]:
    log = tmp_path / "apply.jsonl"
    log.write_text("\n".join(lines))
    return orphans.of_failed_run([Part("", "", str(log))], {}, TYPES)


def test_a_release_that_failed_may_be_there(tmp_path: Path) -> None:
    assert left(tmp_path, *FAILED) == [Orphan(RELEASE, "helm_release", None)]
    unexplained = FAILED[:-1]
    assert [item.address for item in left(tmp_path, *unexplained)] == [BUCKET, RELEASE]


def test_one_that_was_installed_and_is_recorded_is_not_looked_for(tmp_path: Path) -> None:
    log = tmp_path / "apply.jsonl"
    done = event("apply_complete", RELEASE, id_key="id", id_value="deps")
    log.write_text("\n".join([*STARTED, done, event("apply_errored", BUCKET), EXPLAINED]))
    resource = {"module": "module.helm", "mode": "managed", "type": "helm_release", "name": "this"}
    state = {"resources": [{**resource, "instances": [{"attributes": {"id": "deps"}}]}]}
    assert orphans.of_failed_run([Part("", "", str(log))], {"helm": state}, TYPES) == []


def failing(monkeypatch: pytest.MonkeyPatch, lines: list[str], error: BaseException) -> None:
    """Let Terraform's apply say these lines, and end so."""

    def apply(invocation: Invocation, plan_file: Path, *, name: str, **more: object) -> ApplyResult:
        invocation.log(name).write_text("\n".join(lines))
        raise error

    monkeypatch.setattr("hp_tf.terraform.commands.apply", apply)


@pytest.mark.parametrize("error", [TerraformFailed("apply", ENDED), OSError(5, "the terminal went away")], ids=type)
def test_it_is_noted_before_the_run_is_on_record_as_over(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    bench.write(THREE)
    bench.with_contract("alpha", resources=(helm.RELEASE,))
    context = bench.open()
    unlock = context.store.unlock
    noted: list[list[Orphan]] = []

    def freed(layer: str, lock_id: str) -> None:
        noted.append(orphans.recorded(context))
        unlock(layer, lock_id)

    monkeypatch.setattr(context.store, "unlock", freed)
    failing(monkeypatch, FAILED, error)
    with pytest.raises(type(error)):
        commands.apply(context, LayerOptions(), approve=yes)
    assert noted[0] == [Orphan(RELEASE, "helm_release", None)]
    assert [line for line in bench.ui.lines if "next plan takes over" in line and RELEASE in line]
    assert list(journal.unfinished(context.work)) == []


def test_a_run_that_was_cut_off_besides_leaves_it_to_recovery(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.write(THREE)
    bench.with_contract("alpha", resources=(helm.RELEASE,))
    context = bench.open()
    failing(monkeypatch, [*STARTED, event("apply_errored", RELEASE), EXPLAINED], TerraformFailed("apply", ENDED))
    with pytest.raises(CutOff):
        commands.apply(context, LayerOptions(), approve=yes)
    assert orphans.recorded(context) == []
    recover.recover(context)
    assert {item.address for item in orphans.recorded(context)} == {BUCKET, RELEASE}
