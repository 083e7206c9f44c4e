from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hp_tf.terraform.provider_processes import REATTACH, ProviderProcesses
from tests.waiting import wait_for

ADDRESS = "registry.terraform.io/hashicorp/fake"

# What a provider does as far as its start and its end go: a listener, and a line that says where.
PROVIDER = f"""#!{sys.executable}
import os, pathlib, signal, socket, subprocess, sys, time
folder = pathlib.Path(os.environ["PLUGIN_UNIX_SOCKET_DIR"])
assert os.environ["TF_PLUGIN_MAGIC_COOKIE"]
pathlib.Path("cwd").touch()
signal.signal(signal.SIGTERM, signal.SIG_IGN)
helper = subprocess.Popen(["sleep", "1000"])
listener = socket.socket(socket.AF_UNIX)
listener.bind(str(folder / "it"))
listener.listen()
pathlib.Path("pids").write_text(f"{{os.getpid()}} {{helper.pid}}")
print(f"1|6|unix|{{folder / 'it'}}|grpc|", flush=True)
while True:
    listener.accept()
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "terraform-provider-fake"
    path.write_text(PROVIDER)
    path.chmod(0o755)
    return path


@pytest.fixture
def served(program: Path, tmp_path: Path) -> Iterator[ProviderProcesses]:
    providers = ProviderProcesses({ADDRESS: program}, cwd=tmp_path, environ=dict(os.environ), logs=tmp_path / "logs")
    yield providers
    providers.close()


def reattached(environ: dict[str, str]) -> dict[str, Any]:
    held: dict[str, Any] = json.loads(environ.get(REATTACH, "{}"))
    return held


def pids(folder: Path) -> list[int]:
    return [int(item) for item in (folder / "pids").read_text().split()]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_provider_serves_command_after_command_beside_others(served: ProviderProcesses, tmp_path: Path) -> None:
    other = {"registry.terraform.io/hashicorp/other": {"Pid": 1}}
    first, held = served.serving({"A": "b", REATTACH: json.dumps(other)})
    again, _ = served.serving({"A": "b"})
    assert first["A"] == "b"
    assert set(reattached(first)) == {*other, ADDRESS}
    assert reattached(again) == {ADDRESS: reattached(first)[ADDRESS]}
    assert reattached(again)[ADDRESS]["ProtocolVersion"] == 6
    assert len(held) == 1
    assert (tmp_path / "cwd").exists()


def test_nobody_else_can_connect(served: ProviderProcesses) -> None:
    environ, _ = served.serving({})
    path = Path(reattached(environ)[ADDRESS]["Addr"]["String"])
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o077 == 0


def test_it_ends_with_the_run_and_all_that_it_started(served: ProviderProcesses, tmp_path: Path) -> None:
    environ, _ = served.serving({})
    found = pids(tmp_path)
    folder = Path(reattached(environ)[ADDRESS]["Addr"]["String"]).parent
    assert all(map(alive, found))
    served.close()
    # A killed process is there for another moment.
    wait_for(lambda: not any(map(alive, found)), "their end", seconds=10)
    assert not folder.exists()
    assert served.serving({"A": "b"}) == ({"A": "b"}, ())


def test_it_outlives_a_killed_hptf_as_long_as_a_terraform_needs_it(program: Path, tmp_path: Path) -> None:
    hptf = tmp_path / "hptf.py"
    hptf.write_text(f"""
import os, subprocess, sys, time
from pathlib import Path
from hp_tf.terraform.provider_processes import ProviderProcesses
served = ProviderProcesses({{{ADDRESS!r}: Path({str(program)!r})}}, cwd=Path({str(tmp_path)!r}),
    environ=dict(os.environ), logs=Path({str(tmp_path)!r}))
environ, held = served.serving({{}})
terraform = subprocess.Popen(["sleep", "1000"], pass_fds=held, start_new_session=True)
print(terraform.pid, flush=True)
time.sleep(1000)
""")
    with subprocess.Popen([sys.executable, str(hptf)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        terraform = int(child.stdout.readline())
        child.send_signal(signal.SIGKILL)
    found = pids(tmp_path)
    time.sleep(0.3)
    assert all(map(alive, found))
    os.kill(terraform, signal.SIGKILL)
    wait_for(lambda: not any(map(alive, found)), "the provider's end")


def test_one_that_dies_or_never_listens_is_left_to_terraform(
    served: ProviderProcesses, program: Path, tmp_path: Path
) -> None:
    served.serving({})
    os.kill(pids(tmp_path)[0], signal.SIGKILL)
    wait_for(lambda: served.serving({}) == ({}, ()), "the end of the provider")
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    other = ProviderProcesses({ADDRESS: broken}, cwd=tmp_path, environ=dict(os.environ), logs=tmp_path)
    begun = time.monotonic()
    assert other.serving({"A": "b"}) == ({"A": "b"}, ())
    assert time.monotonic() - begun < 10
    other.close()
