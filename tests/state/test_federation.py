"""The rules of one environment in many states, with real Terraform."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from hp_tf.errors import HptfError
from hp_tf.state.backend import Backend
from hp_tf.state.document import State, has_resources, outputs
from hp_tf.state.local import LocalStore
from hp_tf.state.lock_set import LockSet
from hp_tf.state.locks import LockInfo
from hp_tf.state.session import StateSession
from tests.waiting import until_there, wait_for

from .stub import objects
from .terraform import Terraform

pytestmark = pytest.mark.slow
_numbers = itertools.count()

ORDER = [("LOCK", 200), ("GET", 200), ("POST", 200), ("UNLOCK", 200)]


def _run(
    terraform: Terraform,
    store: LocalStore,
    root: Path,
    *arguments: str,
    layers: tuple[str, ...] = ("network", "eks", "helm"),
    read_only: bool = False,
    expect: int = 0,
) -> tuple[StateSession, list[tuple[str, int]], str]:
    """One Terraform command behind a server of its own."""
    session = StateSession("dev", layers, store, terraform.directory / f"run-{next(_numbers)}", read_only)
    with Backend(session) as backend:
        terraform.run(root, "init", environ=backend.environ())
        backend.calls.clear()
        result = terraform.run(root, *arguments, environ=backend.environ(), expect=expect)
    return session, backend.calls, result.stdout


def _apply(terraform: Terraform, store: LocalStore, root: Path, **options: Any) -> StateSession:
    return _run(terraform, store, root, "apply", "-auto-approve", **options)[0]


def _states(store: LocalStore) -> dict[str, State]:
    return {layer: store.read(layer) or {} for layer in store.layers()}


def _serials(store: LocalStore) -> dict[str, int]:
    return {layer: state["serial"] for layer, state in _states(store).items()}


def test_a_plan_made_behind_one_server_is_applied_behind_another(terraform: Terraform, store: LocalStore) -> None:
    root = terraform.root("set", "network", "eks", "helm")
    session, calls, _ = _run(terraform, store, root, "plan", "-out=plan", read_only=True)
    assert calls == [("LOCK", 200), ("GET", 404), ("UNLOCK", 200)]
    assert session.snapshot.versions == {"network": None, "eks": None, "helm": None}
    assert store.layers() == []

    session, calls, _ = _run(terraform, store, root, "apply", "plan")
    assert calls[0] == ("LOCK", 200)
    assert calls[-2:] == [("POST", 200), ("UNLOCK", 200)]
    assert store.layers() == ["eks", "helm", "network"]
    assert not session.stray
    assert not session.failed
    lineages = {state["lineage"] for state in _states(store).values()}
    assert len(lineages) == 3

    assert _run(terraform, store, root, "plan", "-detailed-exitcode", read_only=True)[1][1] == ("GET", 200)
    before = _serials(store)
    _apply(terraform, store, root)
    assert _serials(store) == before


def test_a_layers_state_opens_in_a_root_of_its_own(terraform: Terraform, store: LocalStore) -> None:
    _apply(terraform, store, terraform.root("set", "network", "eks", "helm"))
    vpc_id = outputs(store.read("network"))["vpc_id"].value
    path = store.directory / "eks.tfstate"
    alone = terraform.root(
        "alone", "eks", backend=f'backend "local" {{ path = "{path}" }}', plain=True, literals={"vpc_id": vpc_id}
    )
    terraform.run(alone, "init")
    terraform.run(alone, "plan", "-detailed-exitcode")
    listed = terraform.run(alone, "state", "list").stdout.split()
    assert listed == ["module.eks.terraform_data.cluster", "module.eks.terraform_data.role"]
    # An apply there is a change of that layer alone, and the set goes on from it.
    terraform.root(
        "alone",
        "eks",
        backend=f'backend "local" {{ path = "{path}" }}',
        plain=True,
        literals={"vpc_id": vpc_id},
        eks__size=4,
    )
    before = _serials(store)
    terraform.run(alone, "apply", "-auto-approve")
    after = _serials(store)
    assert after["eks"] > before["eks"]
    assert {**after, "eks": 0} == {**before, "eks": 0}
    root = terraform.root("set", "network", "eks", "helm", eks__size=4)
    _run(terraform, store, root, "plan", "-detailed-exitcode", read_only=True)


def test_one_layer_alone_keeps_its_dependencies_on_the_others(terraform: Terraform, store: LocalStore) -> None:
    _apply(terraform, store, terraform.root("set", "network", "eks", "helm"))

    def dependencies() -> Any:
        return {
            resource["name"]: resource["instances"][0].get("dependencies")
            for resource in _states(store)["eks"]["resources"]
        }

    before, serials = dependencies(), _serials(store)
    assert "module.network.terraform_data.vpc" in before["cluster"]
    vpc_id = outputs(store.read("network"))["vpc_id"].value
    alone = terraform.root("one", "eks", literals={"vpc_id": vpc_id})
    _apply(terraform, store, alone, layers=("eks",))
    assert _serials(store) == serials
    _apply(terraform, store, terraform.root("one", "eks", literals={"vpc_id": vpc_id}, eks__size=5), layers=("eks",))
    assert _serials(store) == {**serials, "eks": serials["eks"] + 1}
    assert dependencies() == before


def test_destroy_leaves_empty_states_and_their_serials_go_on(terraform: Terraform, store: LocalStore) -> None:
    root = terraform.root("set", "network", "eks", "helm")
    _apply(terraform, store, root)
    before = _states(store)
    _run(terraform, store, root, "destroy", "-auto-approve")
    empty = _states(store)
    assert set(empty) == set(before)
    for layer, state in empty.items():
        assert not has_resources(state)
        assert state["outputs"] == {}
        assert state["lineage"] == before[layer]["lineage"]
        assert state["serial"] > before[layer]["serial"]
    _apply(terraform, store, root)
    assert all(state["serial"] > empty[layer]["serial"] for layer, state in _states(store).items())


def test_a_plan_is_refused_after_any_layer_changed(terraform: Terraform, store: LocalStore) -> None:
    root = terraform.root("set", "network", "eks", "helm")
    _run(terraform, store, root, "plan", "-out=first", read_only=True)
    _apply(terraform, store, root)
    assert "stale" in _run(terraform, store, root, "apply", "first", expect=1)[2]

    changed = terraform.root("set", "network", "eks", "helm", eks__size=7)
    session, _, _ = _run(terraform, store, changed, "plan", "-out=second", read_only=True)
    one = terraform.root("one", "network", network__zones=["a"])
    _apply(terraform, store, one, layers=("network",))
    assert "stale" in _run(terraform, store, changed, "apply", "second", expect=1)[2]
    try:
        session.snapshot.verify(store)
    except HptfError as error:
        assert "network went from serial" in str(error)
    else:
        raise AssertionError("the snapshot was taken for fresh")


def test_a_second_state_in_one_run_and_a_later_plan_agree_on_serials(terraform: Terraform, store: LocalStore) -> None:
    # Terraform counts on from the serial it was given; what the layers' serials sum up to is what later plans compare.
    root = terraform.root("set", "network", "eks")
    layers = ("network", "eks")
    _apply(terraform, store, root, layers=layers)
    changed = terraform.root("set", "network", "eks", eks__size=7, network__zones=["a"])
    _run(terraform, store, changed, "plan", "-out=plan", layers=layers, read_only=True)
    before = _serials(store)
    _, calls, _ = _run(terraform, store, changed, "apply", "plan", layers=layers)
    assert calls == ORDER
    assert _serials(store) == {layer: serial + 1 for layer, serial in before.items()}
    _run(terraform, store, changed, "plan", "-detailed-exitcode", layers=layers, read_only=True)


def test_a_failed_apply_keeps_what_was_made(terraform: Terraform, store: LocalStore) -> None:
    root = terraform.root("set", "network", "eks", "helm", helm__command="false")
    _run(terraform, store, root, "apply", "-auto-approve", expect=1)
    states = _states(store)
    assert has_resources(states["network"])
    assert states["helm"]["resources"][0]["instances"][0]["status"] == "tainted"
    assert "release" not in states["helm"]["outputs"]
    _apply(terraform, store, terraform.root("set", "network", "eks", "helm"))
    assert "release" in _states(store)["helm"]["outputs"]


def test_a_layer_that_leaves_goes_without_a_module_block(terraform: Terraform, store: LocalStore) -> None:
    _apply(terraform, store, terraform.root("set", "network", "eks", "helm"))
    remaining = terraform.root("set", "network", "eks")
    _apply(terraform, store, remaining)
    assert not has_resources(store.read("helm"))
    forget = "removed {\n  from = module.eks\n  lifecycle {\n    destroy = false\n  }\n}"
    _, _, output = _run(terraform, store, terraform.root("set", "network", extra=forget), "apply", "-auto-approve")
    assert "0 destroyed" in output
    assert not has_resources(store.read("eks"))
    assert has_resources(store.read("network"))


def test_a_resource_of_the_root_is_set_apart(terraform: Terraform, store: LocalStore) -> None:
    root = terraform.root("set", "network", extra='resource "terraform_data" "loose" {}')
    session = _apply(terraform, store, root, layers=("network",))
    assert [resource["name"] for resource in session.stray] == ["loose"]
    (name,) = objects(store)
    assert json.loads(store.read_object(name) or b"")["addresses"] == ["terraform_data.loose"]
    assert has_resources(store.read("network"))


def test_plain_terraform_and_a_set_shut_each_other_out(terraform: Terraform, store: LocalStore) -> None:
    _apply(terraform, store, terraform.root("set", "network", "eks", "helm", helm__command="sleep 2"))
    path = store.directory / "network.tfstate"
    alone = terraform.root("alone", "network", backend=f'backend "local" {{ path = "{path}" }}', plain=True)
    terraform.run(alone, "init")

    info = LockInfo.new("OperationTypeApply", version="hptf")
    locks = LockSet(store, ["network", "eks"])
    locks.acquire(info)
    with locks:
        result = terraform.run(alone, "plan", expect=1)
        assert "Error acquiring the state lock" in result.stdout
        assert info.id in result.stdout
        # Reading and writing while it is locked does not free it.
        store.read_all(["network", "eks"])
        store.write("network", {**(store.read("network") or {}), "serial": 50})
        assert "Error acquiring the state lock" in terraform.run(alone, "plan", expect=1).stdout
    terraform.run(alone, "plan", "-detailed-exitcode")


def test_a_run_of_plain_terraform_is_waited_for(terraform: Terraform, store: LocalStore, tmp_path: Path) -> None:
    path = store.directory / "helm.tfstate"
    store.directory.mkdir(mode=0o700)
    alone = terraform.root(
        "alone",
        "helm",
        backend=f'backend "local" {{ path = "{path}" }}',
        plain=True,
        literals={"cluster": "c"},
        helm__command=until_there(tmp_path / "waited"),
    )
    terraform.run(alone, "init")
    process = terraform.start(alone, "apply", "-auto-approve")
    waited: list[tuple[str, LockInfo | None]] = []

    def on_wait(layer: str, holder: LockInfo | None) -> None:
        waited.append((layer, holder))
        (tmp_path / "waited").touch()

    try:
        # It locks first, and says then who it is.
        wait_for(lambda: (store.holder("helm") or LockInfo("")).id or process.poll() is not None, "Terraform's lock")
        locks = LockSet(store, ["eks", "helm"])
        locks.acquire(LockInfo.new("apply"), 120, on_wait=on_wait)
        with locks:
            assert {layer for layer in ("eks", "helm") if store.holder(layer) is not None} == {"eks", "helm"}
        assert process.wait(timeout=120) == 0
        ((layer, holder),) = waited
        assert layer == "helm"
        assert holder is not None
        assert holder.operation == "OperationTypeApply"
    finally:
        process.kill()
        process.communicate()
    assert has_resources(store.read("helm"))
