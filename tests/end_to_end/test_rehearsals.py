"""The rehearsal of `prod` as it is in the repository: it goes through, and no account is touched.

`dev` goes through in test_local.py: the local environment is dev's file, on an emulator of its own.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.project import LAYERS, Project

pytestmark = [pytest.mark.slow]

CANARY = "AKIACANARYCANARY0000"
PROFILE = "canary-profile"
# `terraform version` reads no root and starts no provider.
WRAPPER = """#!/bin/sh
test "$1" = version || env >> "{seen}"
exec "{terraform}" "$@"
"""


def rehearsal(root: Path, environment: str) -> Project:
    """Return a project whose user has credentials, a profile, an endpoint and proxies that no rehearsal may use."""
    seen, used, wrapper, config = root / "seen", root / "used", root / "terraform", root / "aws-config"
    terraform = os.environ.get("HPTF_TERRAFORM") or shutil.which("terraform")
    assert terraform is not None
    wrapper.write_text(WRAPPER.format(seen=seen, terraform=terraform))
    wrapper.chmod(0o755)
    config.write_text(
        f"[profile {PROFILE}]\nregion = eu-west-1\ncredential_process = /bin/sh -c 'touch {used}; exit 1'\n"
    )
    project = root / "project"
    project.mkdir()
    return Project(
        project,
        environment,
        "hptf-state",
        f"{environment}/rehearsal",
        rehearsal=True,
        variables={
            "HPTF_TERRAFORM": str(wrapper),
            "AWS_PROFILE": PROFILE,
            "AWS_CONFIG_FILE": str(config),
            "AWS_ACCESS_KEY_ID": CANARY,
            "AWS_SECRET_ACCESS_KEY": CANARY,
            "AWS_SESSION_TOKEN": CANARY,
            # Nothing listens there: what would leave this machine fails.
            "HTTPS_PROXY": "http://127.0.0.1:9",
            "HTTP_PROXY": "http://127.0.0.1:9",
        },
    )


@pytest.fixture
def prod(tmp_path: Path) -> Iterator[Project]:
    """The rehearsal of prod."""
    made = rehearsal(tmp_path, "prod")
    try:
        yield made
    finally:
        made.close()


def untouched(project: Project) -> None:
    """Hold a rehearsal to having used nothing of the user's account."""
    seen = (project.root.parent / "seen").read_text()
    assert CANARY not in seen and PROFILE not in seen
    endpoints = {line for line in seen.splitlines() if line.startswith("AWS_ENDPOINT_URL=")}
    assert endpoints == {f"AWS_ENDPOINT_URL={project.emulator.endpoint}"}
    assert not (project.root.parent / "used").exists()


def test_a_rehearsal_applies_plans_empty_and_is_destroyed(prod: Project) -> None:
    applied = prod.apply()
    assert "rehearsal on embedded AWS" in applied.text
    assert set(prod.states()) == set(LAYERS)
    assert prod.differences() == {}
    described = prod.session.client("sagemaker").describe_cluster(ClusterName="ml-prod")
    groups = {item["InstanceGroupName"]: item["CurrentCount"] for item in described["InstanceGroups"]}
    assert groups == {"training": 16, "general": 3}
    again = prod.run("plan", "--detailed-exitcode", expect=None)
    assert again.code == 0, again.text
    prod.destroy()
    assert prod.resources() == {}
    assert prod.known() == {}
    untouched(prod)
    assert not (prod.root / ".hptf" / "prod").exists(), "a rehearsal leaves no trace in the real folder"
