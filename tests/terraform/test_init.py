from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from hp_tf.errors import HptfError, Interrupted
from hp_tf.terraform import commands, init
from hp_tf.terraform.commands import Invocation
from hp_tf.terraform.failures import TerraformFailed
from hp_tf.terraform.stop import StopRequest

from .conftest import MakeRoot

MAIN = """
terraform {
  backend "local" {}
}
module "m" {
  source = "./m"
  value  = 1
}
"""
MODULE = 'variable "value" {}\nresource "terraform_data" "x" {\n  input = var.value\n}\n'


@pytest.fixture
def invocation(make_root: MakeRoot) -> Invocation:
    made = make_root(MAIN, name="wurzel ü")
    (made.root / "m").mkdir()
    (made.root / "m" / "main.tf").write_text(MODULE)
    return made


def test_init_runs_once(invocation: Invocation, tmp_path: Path) -> None:
    assert init.ensure(invocation) is True
    assert init.ensure(invocation) is False
    assert commands.plan(invocation, out=tmp_path / "p").has_changes
    assert init.ensure(invocation) is False


def test_a_changed_value_needs_no_init(invocation: Invocation) -> None:
    init.ensure(invocation)
    (invocation.root / "main.tf").write_text(MAIN.replace("value  = 1", "value  = 2"))
    (invocation.root / "m" / "main.tf").write_text(MODULE.replace("var.value", '"x"'))
    assert init.ensure(invocation) is False


def change_module(invocation: Invocation) -> Invocation:
    (invocation.root / "main.tf").write_text(MAIN + 'module "n" {\n  source = "./m"\n  value = 1\n}\n')
    return invocation


def change_lock(invocation: Invocation) -> Invocation:
    (invocation.root / init.LOCK_FILE).write_text("# emptied\n")
    return invocation


def change_config(invocation: Invocation) -> Invocation:
    Path(invocation.environ["TF_CLI_CONFIG_FILE"]).write_text("disable_checkpoint = true\n")
    return invocation


def change_program(invocation: Invocation) -> Invocation:
    return replace(invocation, terraform=replace(invocation.terraform, version=(1, 99, 0)))


def damage_modules(invocation: Invocation) -> Invocation:
    (invocation.root / ".terraform" / "modules" / "modules.json").write_text("{}")
    return invocation


def damage_backend(invocation: Invocation) -> Invocation:
    (invocation.root / ".terraform" / "terraform.tfstate").unlink()
    return invocation


def lose_record(invocation: Invocation) -> Invocation:
    init.forget(invocation.root)
    return invocation


def break_record(invocation: Invocation) -> Invocation:
    (invocation.root / ".hptf-init.json").write_text("{half")
    return invocation


CHANGES = [change_module, change_lock, change_config, change_program, damage_modules]
CHANGES += [damage_backend, lose_record, break_record]


@pytest.mark.parametrize("change", CHANGES)
def test_init_runs_again_when_what_it_depends_on_changed(invocation: Invocation, change: object) -> None:
    init.ensure(invocation)
    assert callable(change)
    changed = change(invocation)
    assert init.ensure(changed) is True
    assert init.ensure(changed) is False


def test_the_backends_type_counts(make_root: MakeRoot) -> None:
    one = make_root('terraform {\n  backend "local" {}\n}\n')
    before = init.fingerprint(one.root, one.terraform, one.environ)
    make_root('terraform {\n  backend "http" {}\n}\n')
    assert init.fingerprint(one.root, one.terraform, one.environ) != before


def test_reattached_providers_count_by_address_alone(invocation: Invocation) -> None:
    def of(value: str) -> str:
        return init.fingerprint(invocation.root, invocation.terraform, {"TF_REATTACH_PROVIDERS": value})

    one = of(json.dumps({"registry.terraform.io/hashicorp/awscc": {"Pid": 1}}))
    assert one == of(json.dumps({"registry.terraform.io/hashicorp/awscc": {"Pid": 2}}))
    assert one != of(json.dumps({"registry.terraform.io/hashicorp/helm": {"Pid": 1}}))
    for bad in ("[1]", "{"):
        with pytest.raises(HptfError, match="TF_REATTACH_PROVIDERS"):
            of(bad)


def test_a_provider_behind_a_link_is_looked_at(invocation: Invocation, tmp_path: Path) -> None:
    """A mirror's providers are links; if the mirror is emptied the link is still there."""
    init.ensure(invocation)
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    (mirror / "terraform-provider-x").write_text("program")
    (invocation.root / ".terraform" / "linked").symlink_to(mirror)
    assert init.ensure(invocation) is True
    assert init.ensure(invocation) is False
    (mirror / "terraform-provider-x").unlink()
    assert init.ensure(invocation) is True
    mirror.rmdir()
    assert init.ensure(invocation) is True


def test_a_failed_init_is_tried_again(invocation: Invocation) -> None:
    init.ensure(invocation)
    (invocation.root / "main.tf").write_text(MAIN.replace("./m", "./missing"))
    for _ in range(2):
        with pytest.raises(TerraformFailed):
            init.ensure(invocation)
    (invocation.root / "main.tf").write_text(MAIN)
    assert init.ensure(invocation) is True


def test_a_second_process_waits_and_then_has_nothing_to_do(invocation: Invocation) -> None:
    results: list[bool] = []
    threads = [threading.Thread(target=lambda: results.append(init.ensure(invocation))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, False, True]


def test_waiting_ends_when_asked_to_stop(invocation: Invocation) -> None:
    stop = StopRequest()
    entered, interrupted = threading.Event(), threading.Event()

    def slow_runner(*args: object, **named: object) -> object:
        entered.set()
        interrupted.wait(120)
        raise HptfError("given up")

    def hold() -> None:
        with pytest.raises(HptfError, match="given up"):
            init.ensure(replace(invocation, runner=slow_runner))  # type: ignore[arg-type]  # only needs to be slow

    holder = threading.Thread(target=hold)
    holder.start()
    assert entered.wait(120)
    stop.request()
    try:
        with pytest.raises(Interrupted, match="waiting"):
            init.ensure(replace(invocation, stop=stop))
    finally:
        interrupted.set()
        holder.join()


def test_files_are_private(invocation: Invocation) -> None:
    init.ensure(invocation)
    for name in (".hptf-init.json", ".hptf-init.lock"):
        assert (invocation.root / name).stat().st_mode & 0o777 == 0o600
