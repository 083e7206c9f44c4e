"""What a provider does not record when it fails: a release whose installation failed is taken over by the next plan."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from hp_tf.orchestration import journal, losses
from hp_tf.orchestration.context import Context
from hp_tf.orchestration.journal import Part, Run
from hp_tf.orchestration.losses import Lost

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


@pytest.fixture
def context(tmp_path: Path) -> Context:
    home = journal.Home("store", "file")
    return cast("Context", SimpleNamespace(work=tmp_path, home=home, ui=SimpleNamespace(say=lambda line: None)))


def failed(context: Context, lines: list[str], status: str = journal.FAILED) -> Run:
    run = journal.begin(context.work, context.home, "apply", ("storage", "helm"))
    log = run.path / "apply.jsonl"
    log.write_text("\n".join(lines))
    return run.update(status=status, parts=(Part("", "", str(log)),))


STARTED = [event("apply_start", BUCKET), event("apply_start", RELEASE)]


def test_a_release_that_failed_is_looked_for(context: Context) -> None:
    run = failed(context, [*STARTED, event("apply_errored", BUCKET), event("apply_errored", RELEASE)])
    losses.keep_failed(context, run)
    losses.keep_failed(context, run)
    assert losses.noted(context) == [Lost(RELEASE, "helm_release", None)]


def test_one_that_was_installed_is_not(context: Context) -> None:
    done = event("apply_complete", RELEASE, id_key="id", id_value="deps")
    losses.keep_failed(context, failed(context, [*STARTED, done, event("apply_errored", BUCKET)]))
    assert losses.noted(context) == []


def test_a_run_that_was_cut_off_is_left_to_recovery(context: Context) -> None:
    losses.keep_failed(context, failed(context, STARTED, journal.CUT_OFF))
    assert losses.noted(context) == []
