"""Runs that are cut off at the worst moments, with real Terraform: the next command finds everything."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hp_tf.state.backend import Backend
from hp_tf.state.document import dumps, has_resources, loads
from hp_tf.state.local import LocalStore
from hp_tf.state.lock_set import LockSet
from hp_tf.state.locks import LockInfo
from hp_tf.state.recovery import finish, pending
from hp_tf.state.session import StateSession
from hp_tf.state.set_back import written_last
from tests.waiting import until_there, wait_for

from .samples import simple
from .stub import FailingStore
from .terraform import Terraform

pytestmark = pytest.mark.slow
LAYERS = ("network", "eks", "helm")


def _no_changes(terraform: Terraform, store: LocalStore, root: Path) -> None:
    session = StateSession("dev", LAYERS, store, terraform.directory / "afterwards", True)
    with Backend(session) as backend:
        terraform.run(root, "plan", "-detailed-exitcode", environ=backend.environ())


def test_a_store_that_fails_at_the_end_of_an_apply(terraform: Terraform, tmp_path: Path) -> None:
    store = FailingStore(tmp_path / "states")
    root = terraform.root("set", *LAYERS)
    run = tmp_path / "run"
    session = StateSession("dev", LAYERS, store, run)
    with Backend(session) as backend:
        environ = {**backend.environ(), "TF_HTTP_RETRY_MAX": "1"}
        terraform.run(root, "init", environ=environ)
        backend.calls.clear()
        store.broken = {"eks", "helm"}
        output = terraform.run(root, "apply", "-auto-approve", environ=environ, expect=1).stdout
        # Terraform tries again, gives up, and unlocks all the same: the locks of the store are the caller's to keep.
        assert backend.calls[-3:] == [("POST", 500), ("POST", 500), ("UNLOCK", 200)]
    assert "No writing of eks today" in output or "errored.tfstate" in output
    assert session.failed
    assert store.layers() == ["network"]

    store.broken = set()
    left = pending(run, root / "errored.tfstate")
    assert left is not None
    assert finish(store, left).written == {"eks", "helm"}
    assert pending(run, root / "errored.tfstate") is None
    _no_changes(terraform, store, root)


def test_a_server_that_dies_under_terraform(terraform: Terraform, store: LocalStore, tmp_path: Path) -> None:
    command = f"touch '{tmp_path}/begun'; {until_there(tmp_path / 'gone')}"
    root = terraform.root("set", *LAYERS, helm__command=command)
    run = tmp_path / "run"
    with Backend(StateSession("dev", LAYERS, store, run)) as backend:
        environ = {**backend.environ(), "TF_HTTP_RETRY_MAX": "0"}
        terraform.run(root, "init", environ=environ)
        process = terraform.start(root, "apply", "-auto-approve", environ=environ)
        wait_for(lambda: (tmp_path / "begun").exists() or process.poll() is not None, "Terraform at work")
    (tmp_path / "gone").touch()
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 1, output
    left = pending(run, root / "errored.tfstate")
    assert left is not None
    assert left.path == root / "errored.tfstate"
    assert finish(store, left).written == set(LAYERS)
    assert has_resources(store.read("helm"))
    _no_changes(terraform, store, root)


def test_a_terraform_that_is_killed_leaves_its_lock(terraform: Terraform, store: LocalStore, tmp_path: Path) -> None:
    root = terraform.root("set", *LAYERS, helm__command=until_there(tmp_path / "killed"))
    with Backend(StateSession("dev", LAYERS, store, tmp_path / "run")) as backend:
        terraform.run(root, "init", environ=backend.environ())
        process = terraform.start(root, "apply", "-auto-approve", environ=backend.environ())
        wait_for(lambda: backend.locked or process.poll() is not None, "Terraform's lock")
        process.kill()
        process.wait()
        assert backend.locked
    (tmp_path / "killed").touch()
    process.communicate()
    assert pending(tmp_path / "run", root / "errored.tfstate") is None


KILLED_BETWEEN_WRITES = """
import os, signal, sys
from pathlib import Path
from hp_tf.state.local import LocalStore
from hp_tf.state.lock_set import LockSet
from hp_tf.state.locks import LockInfo
from hp_tf.state.session import StateSession

class Dying(LocalStore):
    def write(self, layer, state):
        if layer == sys.argv[3]:
            os.kill(os.getpid(), signal.SIGKILL)
        super().write(layer, state)

store = Dying(Path(sys.argv[1]))
layers = ["eks", "helm", "network"]
LockSet(store, layers).acquire(LockInfo.new("apply"))
session = StateSession("dev", layers, store, Path(sys.argv[2]))
session.merged()
session.accept(sys.stdin.buffer.read())
"""


@pytest.mark.parametrize(("last", "missing"), [("eks", {"eks", "helm", "network"}), ("network", {"network"})])
def test_a_kill_between_two_writes(store: LocalStore, tmp_path: Path, last: str, missing: set[str]) -> None:
    body = {**simple("any"), "resources": [simple(layer, layer)["resources"][0] for layer in LAYERS]}
    run = tmp_path / "run"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_BETWEEN_WRITES, str(store.directory), str(run), last],
        input=dumps(body),
        timeout=30,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert set(LAYERS) - set(store.layers()) == missing
    # The dead process holds no lock.
    locks = LockSet(store, LAYERS)
    locks.acquire(LockInfo.new("apply"))
    with locks:
        left = pending(run)
        assert left is not None
        assert loads(left.path.read_bytes()) == body
        assert finish(store, left).written == missing
        assert all((store.read(layer) or {})["serial"] == 1 for layer in LAYERS)
        StateSession("dev", LAYERS, store, run)


KILLED_IN_A_WRITE = """
import os, signal, sys
from pathlib import Path
from hp_tf.state.document import loads
from hp_tf.state.local import LocalStore

calls = 0

def pwrite(handle, data, position):
    global calls
    calls += 1
    if calls == int(sys.argv[2]):
        real(handle, data[:len(data) // 2], position)
        os.kill(os.getpid(), signal.SIGKILL)
    return real(handle, data, position)

real, os.pwrite = os.pwrite, pwrite
LocalStore(Path(sys.argv[1])).write("network", loads(sys.stdin.buffer.read()))
"""


@pytest.mark.parametrize(("write", "after"), [(1, 1), (2, 2), (3, 2)])
def test_a_kill_in_the_middle_of_a_write(store: LocalStore, write: int, after: int) -> None:
    old, new = simple("network", *map(str, range(40))), simple("network", *map(str, range(30)), serial=2)
    store.write("network", old)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_IN_A_WRITE, str(store.directory), str(write)],
        input=dumps(new),
        timeout=30,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    torn = (store.directory / "network.tfstate").read_bytes()
    if after == 2:
        # Neither Terraform nor anybody else takes what is there for a state.
        with pytest.raises(ValueError):
            loads(torn)
    else:
        assert torn == dumps(old)
    assert store.read("network") == (new if after == 2 else old)
    locks = LockSet(store, ["network"])
    locks.acquire(LockInfo.new("apply"))
    locks.release()
    # The note of what was written last is the old state's: one that is newer than it is right.
    assert sorted(path.name for path in store.directory.iterdir()) == [".hptf", "network.tfstate"]
    assert written_last(store, ["network"])["network"].set_back(store.read("network")) is None
    assert store.read("network") == (new if after == 2 else old)
