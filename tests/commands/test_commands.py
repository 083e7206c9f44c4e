"""The engine on small layers: every rule of running that needs no AWS."""

from __future__ import annotations

import json
import shutil
import signal
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field

from hp_tf import codes
from hp_tf.contract.base import Inputs, Outputs, Wired
from hp_tf.contract.resources.base import ResourceType
from hp_tf.contract.roles import Nodes
from hp_tf.errors import BadInput, HptfError, Interrupted
from hp_tf.findings import Severity
from hp_tf.planning import saved_plan
from hp_tf.planning.planner import Planned
from hp_tf.planning.selection import LayerOptions
from hp_tf.run.command_line import CommandLine
from hp_tf.state import markers
from hp_tf.state.locks import LockHeld, LockInfo
from hp_tf.state.snapshot import StaleSnapshot
from hp_tf.terraform.failures import TerraformFailed
from hp_tf.terraform.init import LOCK_FILE
from hp_tf.terraform.stop import StopRequest
from tests.engine import commands
from tests.engine.harness import ALPHA, BETA, THREE, Recorder, Workbench, up, yes

ALL = LayerOptions()


def test_a_fresh_environment_is_one_plan_with_unknown_values(bench: Workbench) -> None:
    bench.write(THREE)
    planned = commands.plan(bench.open(), ALL)
    assert planned.plan is not None
    assert {change.layer for change in planned.plan.changes()} == {"alpha", "beta", "gamma"}
    beta = next(change for change in planned.plan.changes() if change.address == "module.beta.terraform_data.first")
    assert beta.after.member("input").is_unknown
    assert planned.stages.layers == (("alpha", "beta", "gamma"),)


def test_every_plan_and_apply_is_a_phase_that_knows_how_much_is_due(bench: Workbench, tmp_path: Path) -> None:
    bench.write("  alpha: {}\n  beta: {enabled: false}\n  gamma: {enabled: false}\n")
    due = {"module.alpha.terraform_data.this": 1}
    commands.apply(bench.open(), ALL, approve=yes)
    assert bench.ui.phases == [("planning", {}), ("applying", due)]
    bench.write("  alpha: {size: 2}\n  beta: {enabled: false}\n  gamma: {enabled: false}\n")
    commands.plan(bench.open(), ALL, out=tmp_path / "kept")
    commands.apply(bench.open(), ALL, approve=yes, kept=tmp_path / "kept")
    assert bench.ui.phases[2:] == [("planning", {}), ("applying", due)]


def test_apply_then_nothing_to_do_then_destroy(bench: Workbench) -> None:
    up(bench)
    context = bench.open()
    states = context.store.read_all(["alpha", "beta", "gamma"])
    assert all(state is not None and len(state["resources"]) > 0 for state in states.values())
    again = commands.apply(context, ALL, approve=yes)
    assert not again.planned.has_changes
    assert again.planned.plan is None
    assert commands.outputs(context)["alpha"]["size"] == "1"
    gone = commands.destroy(bench.open(), ALL, approve=yes)
    assert gone.applied is not None
    after = bench.open().store.read_all(["alpha", "beta", "gamma"])
    assert [state["resources"] for state in after.values() if state] == [[], [], []]
    assert commands.destroy(bench.open(), ALL, approve=yes).applied is None


def test_a_layers_state_opens_in_a_plain_root_of_that_layer(bench: Workbench, tmp_path: Path) -> None:
    up(bench)
    plain = tmp_path / "plain"
    plain.mkdir()
    shutil.copytree(bench.root / "modules" / "beta", plain / "module")
    alpha = commands.outputs(bench.open())["alpha"]
    (plain / "main.tf").write_text(
        f'''
        terraform {{
          backend "local" {{ path = "{bench.root}/states/beta.tfstate" }}
        }}
        module "beta" {{
          source     = "./module"
          alpha_id   = "{alpha["id"]}"
          alpha_size = "1"
        }}
        output "id" {{ value = module.beta.id }}
        '''
    )
    terraform = str(bench.open().terraform.path)
    subprocess.run([terraform, "init"], cwd=plain, env=bench.environ, check=True, capture_output=True)
    done = subprocess.run([terraform, "plan", "-detailed-exitcode"], cwd=plain, env=bench.environ, capture_output=True)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


def test_the_outputs_of_a_layer_that_is_not_applied_are_refused_with_the_command(bench: Workbench) -> None:
    commands.apply(bench.open(), LayerOptions(("alpha",)), approve=yes)
    bench.write("  beta: {enabled: false}\n  gamma: {existing: {ids: {a: b}}}\n")
    assert list(commands.outputs(bench.open(), "alpha")["alpha"]) == ["id", "size"]
    commands.destroy(bench.open(), LayerOptions(("alpha",)), approve=yes)
    for layer, said in (
        ("alpha", "layer 'alpha' of test is not applied, so it has no outputs\n  hptf apply test --layer alpha"),
        ("beta", "layer 'beta' is disabled in test: hptf keeps no outputs of it"),
        ("gamma", "existing in test: hptf keeps no outputs of it\n  its outputs are those under layers.gamma.existing"),
    ):
        with pytest.raises(HptfError) as raised:
            commands.outputs(bench.open(), layer)
        assert str(raised.value).endswith(said)


def test_hints_name_the_environment_as_it_was_named_and_stay_in_a_rehearsal(bench: Workbench) -> None:
    context = bench.open(command_line=CommandLine("other/test.yaml", rehearse=True))
    with pytest.raises(HptfError) as raised:
        commands.outputs(context, "alpha")
    assert raised.value.hint == "hptf apply other/test.yaml --layer alpha --rehearse"
    with pytest.raises(BadInput) as refused:
        commands.apply(context, ALL, approve=yes, keep=["module.alpha.terraform_data.this"])
    assert "`hptf plan other/test.yaml --rehearse`" in str(refused.value)


def test_a_layer_that_is_mistyped_is_guessed(bench: Workbench) -> None:
    for command in (
        lambda: commands.plan(bench.open(), LayerOptions(("gama",))),
        lambda: commands.outputs(bench.open(), "gama"),
    ):
        with pytest.raises(BadInput, match=r"there is no layer 'gama'\n  did you mean 'gamma'\?"):
            command()


def test_a_state_that_cannot_be_joined_is_said_with_its_layer(bench: Workbench) -> None:
    up(bench)
    context = bench.open()
    state = context.store.read("alpha")
    assert state is not None
    moved = [{key: value for key, value in item.items() if key != "module"} for item in state["resources"]]
    context.store.write("alpha", {**state, "resources": moved, "serial": state["serial"] + 1})
    with pytest.raises(HptfError, match=r"state of layer alpha holds terraform_data\.this, which is not part of"):
        commands.plan(bench.open(), ALL)


def test_only_the_layers_named_are_planned_and_take_the_rest_from_state(bench: Workbench) -> None:
    up(bench)
    bench.write("  alpha: {}\n  beta: {}\n  gamma: {count_of: 2}\n")
    planned = commands.plan(bench.open(), LayerOptions(("gamma",)))
    assert planned.prepared.members.present == ("gamma",)
    assert planned.plan is not None
    assert [change.address for change in planned.plan.changes()] == ['module.gamma.terraform_data.this["1"]']
    assert planned.prepared.root.variables == {"beta__id": commands.outputs(bench.open())["beta"]["id"]}
    tfvars = planned.prepared.folder / "hptf.auto.tfvars.json"
    assert stat.S_IMODE(tfvars.stat().st_mode) == 0o600
    assert commands.outputs(bench.open())["beta"]["id"] not in (planned.prepared.folder / "main.tf.json").read_text()


def test_a_layer_whose_producer_never_completed_is_refused_by_name(bench: Workbench) -> None:
    bench.write(THREE)
    with pytest.raises(BadInput, match="layer 'beta' is not applied completely, and gamma needs its outputs"):
        commands.plan(bench.open(), LayerOptions(("gamma",)))
    bench.write("  alpha: {}\n  beta: {fail: true}\n  gamma: {}\n")
    with pytest.raises(TerraformFailed):
        commands.apply(bench.open(), ALL, approve=yes)
    with pytest.raises(BadInput, match="not applied completely") as raised:
        commands.plan(bench.open(), LayerOptions(("gamma",)))
    (problem,) = raised.value.problems
    assert "(what failed last: local-exec provisioner error (module.beta.terraform_data.this, " in problem.message
    assert problem.remedy is not None and problem.remedy.startswith(
        "put right what failed, in the file or in AWS; then "
    )
    assert markers.failed(bench.open().store, "alpha") == ()
    bench.write(THREE)
    assert commands.apply(bench.open(), ALL, approve=yes).applied is not None
    assert markers.failed(bench.open().store, "beta") == ()


def test_a_failure_that_leaves_its_layer_complete_shuts_nobody_out_and_is_not_kept(bench: Workbench) -> None:
    alpha, beta = (bench.root / "modules" / name / "main.tf" for name in ("alpha", "beta"))
    alpha.write_text(ALPHA.replace("terraform_data.this.id", "terraform_data.this.output"))
    condition = 'precondition {\n condition = var.alpha_id == "test-1"\n error_message = "No."\n }'
    beta.write_text(BETA.replace("input = var.alpha_id", f"input = var.alpha_id\n lifecycle {{\n {condition}\n }}"))
    up(bench)
    bench.write(THREE.replace("alpha: {}", "alpha: {size: 2}"))
    # Of beta nothing is changed before that is known.
    with pytest.raises(TerraformFailed, match=r"(terraform|tofu) apply"):
        commands.apply(bench.open(), ALL, approve=yes)
    commands.plan(bench.open(), LayerOptions(("gamma",)))
    assert markers.failed(bench.open().store, "beta") == ()


def test_a_layer_with_nothing_to_do_in_a_run_that_failed_elsewhere_stays_complete(bench: Workbench) -> None:
    other = bench.root / "other.tfstate"
    read = f'config = {{ path = "{other}" }}'
    alpha, beta = (bench.root / "modules" / name / "main.tf" for name in ("alpha", "beta"))
    alpha.write_text(f'{ALPHA}data "terraform_remote_state" "other" {{\n backend = "local"\n {read}\n}}\n')

    def say(value: str) -> None:
        outputs = {"x": {"value": value, "type": "string"}}
        other.write_text(json.dumps({"version": 4, "serial": 1, "lineage": "a", "outputs": outputs, "resources": []}))

    say("one")
    up(bench)
    store = bench.open().store
    state = store.read("alpha")
    # What alpha reads is written down whenever Terraform writes; to do there is nothing.
    say("two")
    beta.write_text(
        f'{BETA}resource "terraform_data" "more" {{\n provisioner "local-exec" {{ command = "false" }}\n}}\n'
    )
    with pytest.raises(TerraformFailed, match=r"(terraform|tofu) apply"):
        commands.apply(bench.open(), ALL, approve=yes)
    now = store.read("alpha")
    assert state is not None and now is not None and now["serial"] > state["serial"]
    assert commands.plan(bench.open(), LayerOptions(("beta",))).has_changes
    with pytest.raises(
        BadInput, match=r"'beta' is not applied completely, and gamma .*module\.beta\.terraform_data\.more"
    ):
        commands.plan(bench.open(), LayerOptions(("gamma",)))


def test_a_failed_apply_keeps_what_was_made_and_frees_the_locks(bench: Workbench) -> None:
    bench.write("  alpha: {}\n  beta: {fail: true}\n  gamma: {}\n")
    with pytest.raises(TerraformFailed) as raised:
        commands.apply(bench.open(), ALL, approve=yes)
    assert any("local-exec" in item.summary for item in raised.value.diagnostics)
    context = bench.open()
    state = context.store.read("alpha")
    assert state is not None
    assert len(state["resources"]) == 1
    assert context.store.holder("alpha") is None


def test_a_changed_output_with_a_consumer_left_out_is_refused(bench: Workbench) -> None:
    up(bench)
    bench.write("  alpha: {size: 2}\n  beta: {}\n  gamma: {}\n")
    with pytest.raises(BadInput, match=r"output alpha\.size changes, and layer 'beta'"):
        commands.apply(bench.open(), LayerOptions(("alpha",)), approve=yes)
    assert commands.outputs(bench.open())["alpha"]["size"] == "1"


def test_destroying_under_a_live_consumer_is_refused(bench: Workbench) -> None:
    up(bench)
    with pytest.raises(BadInput, match="layer 'alpha' is used by beta, gamma, which would stay"):
        commands.destroy(bench.open(), LayerOptions(("alpha",)), approve=yes)
    assert commands.destroy(bench.open(), LayerOptions(("gamma",)), approve=yes).applied is not None


def test_a_layer_leaves_only_when_asked_and_then_goes(bench: Workbench) -> None:
    up(bench)
    bench.write("  alpha: {}\n  beta: {}\n  gamma: {enabled: false}\n")
    with pytest.raises(BadInput, match="--remove-layer gamma"):
        commands.apply(bench.open(), ALL, approve=yes)
    outcome = commands.apply(bench.open(), LayerOptions((), frozenset({"gamma"})), approve=yes)
    assert outcome.applied is not None
    state = bench.open().store.read("gamma")
    assert state is not None
    assert state["resources"] == []


def test_a_layer_leaves_by_a_line_of_the_file_too_which_is_noted_once_it_is_idle(bench: Workbench) -> None:
    up(bench)
    allow = "allow:\n- {finding: layer-leaves, subject: gamma}\n"
    bench.write("  alpha: {}\n  beta: {}\n  gamma: {enabled: false}\n" + allow)
    assert commands.apply(bench.open(), ALL, approve=yes).applied is not None
    (note,) = commands.plan(bench.open(), ALL).findings
    assert (note.code, note.severity, note.subject) == (codes.ALLOWANCE_UNUSED, Severity.NOTE, "gamma")
    assert commands.plan(bench.open(), LayerOptions(("alpha",))).findings == (), "of a part it cannot be said"
    assert commands.apply(bench.open(), ALL, approve=yes).approved


def test_permissions_that_nothing_asks_for_are_refused(bench: Workbench) -> None:
    bench.with_contract("alpha", resources=(ResourceType("terraform_data", protected=True),))
    address = "module.alpha.terraform_data.this"
    chosen = LayerOptions((), frozenset({"gamma"}))
    for _ in ("new", "applied"):
        with pytest.raises(BadInput) as raised:
            commands.apply(bench.open(), chosen, approve=yes, allow_destroy=[address])
        assert {item.code for item in raised.value.problems} == {codes.ALLOWANCE_IDLE}
        assert [item.message for item in raised.value.problems] == [
            "--remove-layer gamma: no layer of this name leaves the environment in this run",
            f"--allow-destroy {address}: the plan neither deletes nor replaces it",
        ]
        commands.apply(bench.open(), ALL, approve=yes)


def test_a_plan_says_which_options_apply_will_want(bench: Workbench) -> None:
    bench.with_contract("beta", resources=(ResourceType("terraform_data", protected=True),))
    up(bench)
    bench.write("  alpha: {}\n  beta: {enabled: false}\n  gamma: {enabled: false}\n")
    planned = commands.review(bench.open(), ALL)
    assert {item.severity for item in planned.findings} == {Severity.CONSENT}
    assert [(item.code.name, item.subject) for item in planned.findings] == [
        ("layer-leaves", "gamma"),
        ("layer-leaves", "beta"),
        ("protected-destroyed", "module.beta.terraform_data.first"),
        ("protected-destroyed", "module.beta.terraform_data.this"),
        ("protected-destroyed", 'module.gamma.terraform_data.this["0"]'),
    ]
    assert [item.remedy.rpartition("apply with ")[2] for item in planned.findings if item.remedy] == [
        "--remove-layer gamma",
        "--remove-layer beta",
        "--allow-destroy 'module.beta.terraform_data.first'",
        "--allow-destroy 'module.beta.terraform_data.this'",
        "--allow-destroy 'module.gamma.terraform_data.this[\"0\"]'",
    ]
    with pytest.raises(BadInput) as raised:
        commands.apply(bench.open(), ALL, approve=yes)
    assert raised.value.problems == list(planned.findings)
    # Addresses as the plan's table has them, under their layer; the shell took the quotes.
    shown = ["terraform_data.first", "terraform_data.this", "module.gamma.terraform_data.this[0]"]
    leaving = LayerOptions((), frozenset({"beta", "gamma"}))
    assert commands.apply(bench.open(), leaving, approve=yes, allow_destroy=shown).applied is not None


def test_becoming_existing_forgets_and_destroys_nothing(bench: Workbench) -> None:
    up(bench)
    alpha = commands.outputs(bench.open())["alpha"]
    existing = f"  alpha: {{existing: {{id: {alpha['id']}, size: '1'}}}}\n  beta: {{}}\n  gamma: {{}}\n"
    bench.write(existing)
    planned = commands.plan(bench.open(), ALL)
    assert planned.plan is not None
    assert [(change.address, change.action.value) for change in planned.plan.changes()] == [
        ("module.alpha.terraform_data.this", "forget")
    ]
    (found,) = commands.review(bench.open(), ALL).findings
    assert (found.code, found.subject) == (codes.LAYER_LEAVES, "alpha")
    with pytest.raises(BadInput, match="would be forgotten"):
        commands.apply(bench.open(), ALL, approve=yes)
    commands.apply(bench.open(), LayerOptions((), frozenset({"alpha"})), approve=yes)
    assert not commands.plan(bench.open(), ALL).has_changes


def test_a_kept_plan_is_applied_once_and_only_while_nothing_moved(bench: Workbench, tmp_path: Path) -> None:
    bench.write(THREE)
    kept = tmp_path / "kept"
    commands.plan(bench.open(), ALL, out=kept)
    assert stat.S_IMODE((kept / "plan.tfplan").stat().st_mode) == 0o600
    bench.write("  alpha: {size: 3}\n  beta: {}\n  gamma: {}\n")
    with pytest.raises(HptfError, match="the environment, a module or a chart changed"):
        commands.apply(bench.open(), ALL, approve=yes, kept=kept)
    bench.write(THREE)
    assert commands.apply(bench.open(), ALL, approve=yes, kept=kept).applied is not None
    with pytest.raises(BadInput, match="holds no plan"):
        commands.apply(bench.open(), ALL, approve=yes, kept=kept)
    second = tmp_path / "second"
    bench.write("  alpha: {size: 2}\n  beta: {}\n  gamma: {}\n")
    commands.plan(bench.open(), ALL, out=second)
    bench.write("  alpha: {}\n  beta: {}\n  gamma: {count_of: 2}\n")
    commands.apply(bench.open(), ALL, approve=yes)
    bench.write("  alpha: {size: 2}\n  beta: {}\n  gamma: {}\n")
    with pytest.raises(HptfError, match="gamma went from serial"):
        commands.apply(bench.open(), ALL, approve=yes, kept=second)


LOCKED = "# the versions that were chosen\n"


def test_all_sets_of_an_environment_use_the_newest_lock_file(bench: Workbench) -> None:
    root = commands.plan(bench.open(), ALL).prepared.folder
    (root / LOCK_FILE).write_text(LOCKED)
    other = commands.plan(bench.open(), LayerOptions(("alpha",))).prepared.folder
    assert other != root
    assert (other / LOCK_FILE).read_text() == LOCKED
    (root / LOCK_FILE).write_text("# others\n")
    commands.plan(bench.open(), LayerOptions(("alpha",)))
    assert (other / LOCK_FILE).read_text() == LOCKED


def test_a_kept_plan_brings_its_lock_file(bench: Workbench, tmp_path: Path) -> None:
    root = commands.plan(bench.open(), ALL).prepared.folder
    (root / LOCK_FILE).write_text(LOCKED)
    kept = tmp_path / "kept"
    commands.plan(bench.open(), ALL, out=kept)
    (root / LOCK_FILE).write_text("# others\n")
    (kept / saved_plan.LOCK).write_text("# others\n")
    with pytest.raises(HptfError, match="is not the one that was reviewed"):
        commands.apply(bench.open(), ALL, approve=yes, kept=kept)
    (kept / saved_plan.LOCK).write_text(LOCKED)
    assert commands.apply(bench.open(), ALL, approve=yes, kept=kept).applied is not None
    assert (root / LOCK_FILE).read_text() == LOCKED


def test_a_module_that_changes_between_stages_stops_the_apply(bench: Workbench) -> None:
    bench.with_contract("gamma", requires=frozenset({Nodes}))
    bench.write(THREE)
    module = bench.root / "modules" / "beta" / "main.tf"

    def running() -> bool:
        asked.append(True)
        if len(asked) == 2:
            module.write_text(module.read_text() + "# changed\n")
        return len(asked) > 1

    asked: list[bool] = []
    with pytest.raises(HptfError, match="the modules of beta changed since the plan was reviewed"):
        commands.apply(bench.open(nodes_running=running), ALL, approve=yes)


def test_a_tampered_plan_is_refused(bench: Workbench, tmp_path: Path) -> None:
    commands.plan(bench.open(), ALL, out=tmp_path / "kept")
    with (tmp_path / "kept" / "plan.tfplan").open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(HptfError, match="is not the one that was reviewed"):
        commands.apply(bench.open(), ALL, approve=yes, kept=tmp_path / "kept")


@pytest.mark.parametrize(
    "content", ["{", "[]", "{}", '{"format_version": "1.2"}', '{"format_version": "1.2", "snapshot": 1}']
)
def test_a_damaged_bundle_is_one_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / saved_plan.PLAN).write_bytes(b"")
    (tmp_path / saved_plan.RECORD).write_text(content)
    with pytest.raises(HptfError, match=r"is damaged|another version"):
        saved_plan.read(tmp_path)


def test_a_folder_that_cannot_take_the_plan_is_said_before_planning(bench: Workbench, tmp_path: Path) -> None:
    used = tmp_path / "used"
    used.mkdir()
    (used / "mine").touch()
    for out, said in ((used, "holds something else"), (used / "mine", "is a file"), (used / "mine" / "x", "is a file")):
        with pytest.raises(BadInput, match=said):
            commands.plan(bench.open(), ALL, out=out)
    assert not (bench.open().work / "runs").exists()


def test_a_state_that_moves_between_plan_and_approval_stops_the_apply(bench: Workbench) -> None:
    up(bench)
    bench.write("  alpha: {size: 2}\n  beta: {}\n  gamma: {}\n")
    context = bench.open()

    def meanwhile(planned: Planned) -> bool:
        state = context.store.read("gamma")
        assert state is not None
        context.store.write("gamma", {**state, "serial": state["serial"] + 1})
        return True

    with pytest.raises(StaleSnapshot, match="gamma"):
        commands.apply(context, ALL, approve=meanwhile)
    assert context.store.holder("alpha") is None


def test_a_held_lock_keeps_planner_and_applier_out(bench: Workbench) -> None:
    up(bench)
    context = bench.open()
    info = LockInfo.new("OperationTypeApply", info="somebody else")
    context.store.lock("beta", info)
    bench.write("  alpha: {size: 2}\n  beta: {}\n  gamma: {}\n")
    with pytest.raises(LockHeld, match="somebody else"):
        commands.plan(bench.open(), ALL)
    context.store.unlock("beta", info.id)
    assert commands.plan(bench.open(), ALL).has_changes


class Waited(Recorder):
    """Frees the lock, or stops the command, when it is told that a lock is waited for."""

    def __init__(self, then: Callable[[], None]) -> None:
        super().__init__()
        self.then = then

    def say(self, line: str) -> None:
        super().say(line)
        if line.startswith("waiting"):
            self.then()


@pytest.mark.parametrize("keep", [False, True], ids=["plan", "kept plan"])
def test_an_apply_waits_for_locks_as_long_as_it_was_told_to(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: bool
) -> None:
    monkeypatch.setattr("hp_tf.state.locks._POLL_SECONDS", 0.0)
    up(bench)
    bench.write("  alpha: {size: 2}\n  beta: {}\n  gamma: {}\n")
    kept = tmp_path / "kept" if keep else None
    if kept is not None:
        commands.plan(bench.open(), ALL, out=kept)
    other = bench.open().store
    info = LockInfo.new("OperationTypeApply", info="somebody else")
    other.lock("beta", info)
    bench.ui = Waited(lambda: other.unlock("beta", info.id))
    with pytest.raises(LockHeld):
        commands.apply(bench.open(), ALL, approve=yes, kept=kept)
    assert bench.ui.lines == []
    assert commands.apply(bench.open(lock_wait=60), ALL, approve=yes, kept=kept).applied is not None
    assert bench.ui.lines[0].startswith("waiting for the lock of beta, held by ")
    assert "somebody else" in bench.ui.lines[0]


def test_a_wait_for_a_lock_can_be_stopped(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    up(bench)
    stop = StopRequest()
    store = bench.open().store
    info = LockInfo.new("OperationTypeApply")
    store.lock("beta", info)
    bench.ui = Waited(lambda: signal.raise_signal(signal.SIGINT))
    with stop.listening(), pytest.raises(KeyboardInterrupt):
        commands.apply(bench.open(lock_wait=60, stop=stop), ALL, approve=yes)
    store.unlock("beta", info.id)

    monkeypatch.setattr("hp_tf.state.locks._POLL_SECONDS", 0.0)
    stop = StopRequest()
    bench.ui = Waited(stop.request)
    bench.write("  alpha: {size: 2}\n  beta: {}\n  gamma: {}\n")

    def meanwhile(planned: Planned) -> bool:
        store.lock("beta", info)
        return True

    with pytest.raises(Interrupted, match="stopped while waiting for the lock of beta"):
        commands.apply(bench.open(lock_wait=60, stop=stop), ALL, approve=meanwhile)


def test_nothing_is_begun_after_a_request_to_stop(bench: Workbench) -> None:
    stop = StopRequest()
    stop.request()
    with pytest.raises(KeyboardInterrupt):
        commands.plan(bench.open(stop=stop), ALL)


def test_what_happens_to_other_layers_concerns_nobody(bench: Workbench, tmp_path: Path) -> None:
    up(bench)
    kept = tmp_path / "kept"
    bench.write("  alpha: {}\n  beta: {}\n  gamma: {count_of: 2}\n")
    commands.plan(bench.open(), LayerOptions(("gamma",)), out=kept)
    context = bench.open()
    state = context.store.read("alpha")
    assert state is not None
    context.store.write("alpha", {**state, "serial": state["serial"] + 1})
    context.store.lock("alpha", LockInfo.new("OperationTypeApply"))
    assert commands.apply(bench.open(), ALL, approve=yes, kept=kept).applied is not None
    assert not commands.plan(bench.open(), LayerOptions(("gamma",))).has_changes
    with pytest.raises(LockHeld, match="layer alpha"):
        commands.plan(bench.open(), LayerOptions(("beta",)))


def test_a_layer_that_gave_values_and_has_changed_makes_a_kept_plan_stale(bench: Workbench, tmp_path: Path) -> None:
    up(bench)
    bench.write("  alpha: {}\n  beta: {}\n  gamma: {count_of: 2}\n")
    commands.plan(bench.open(), LayerOptions(("gamma",)), out=tmp_path / "kept")
    store = bench.open().store
    state = store.read("beta")
    assert state is not None
    store.write("beta", {**state, "serial": state["serial"] + 1})
    with pytest.raises(HptfError, match=r"states changed since the plan in .* was made: beta went from serial"):
        commands.apply(bench.open(), ALL, approve=yes, kept=tmp_path / "kept")


def test_a_layer_that_comes_to_life_meanwhile_makes_a_kept_plan_stale(bench: Workbench, tmp_path: Path) -> None:
    commands.apply(bench.open(), LayerOptions(("alpha",)), approve=yes)
    bench.write("  alpha: {size: 2}\n")
    commands.plan(bench.open(), LayerOptions(("alpha",)), out=tmp_path / "kept")
    bench.write("  {}\n")
    commands.apply(bench.open(), ALL, approve=yes)
    bench.write("  alpha: {size: 2}\n")
    with pytest.raises(HptfError, match="beta has resources now"):
        commands.apply(bench.open(), ALL, approve=yes, kept=tmp_path / "kept")


def test_stages_are_cut_where_nodes_are_missing_and_held_to_the_review(bench: Workbench) -> None:
    bench.with_contract("gamma", requires=frozenset({Nodes}))
    bench.write(THREE)
    asked = iter([False, True, True, True])
    context = bench.open(nodes_running=lambda: next(asked))
    outcome = commands.apply(context, ALL, approve=yes)
    assert outcome.planned.stages.layers == (("alpha", "beta"), ("gamma",))
    assert outcome.applied is not None
    assert outcome.applied.stages == 2
    assert not commands.plan(bench.open(nodes_running=lambda: True), ALL).has_changes


def test_a_declined_plan_changes_nothing(bench: Workbench) -> None:
    outcome = commands.apply(bench.open(), ALL, approve=lambda planned: False)
    assert outcome.applied is None
    assert bench.open().store.layers() == []


def test_a_layer_with_nothing_but_null_outputs_can_be_complete(bench: Workbench) -> None:
    class Nothing(Outputs):
        """Outputs."""

        id: str | None = Field(description="Null.")
        size: str | None = Field(description="Null.")

    class Optional(Inputs):
        """Inputs."""

        alpha_id: Annotated[str | None, Wired("alpha.id")] = Field(default=None, description="From alpha.")
        alpha_size: Annotated[str | None, Wired("alpha.size")] = Field(default=None, description="From alpha.")
        seconds: int = Field(default=0, description="How long creating takes.")
        fail: bool = Field(default=False, description="Fail while creating.")

    nothing = 'variable "name" { type = string }\n' + "".join(
        f'output "{key}" {{ value = null }}\n' for key in ("id", "size")
    )
    (bench.root / "modules" / "alpha" / "main.tf").write_text(nothing)
    (bench.root / "modules" / "beta" / "main.tf").write_text(BETA.replace("-${var.alpha_size}", ""))
    bench.with_contract("alpha", outputs=Nothing)
    bench.with_contract("beta", inputs=Optional)
    bench.write("  alpha: {}\n  beta: {}\n  gamma: {}\n")
    assert commands.apply(bench.open(), LayerOptions(("alpha",)), approve=yes).applied is None
    assert commands.plan(bench.open(), LayerOptions(("beta",))).prepared.root.variables == {
        "alpha__id": None,
        "alpha__size": None,
    }


def test_stages_use_the_lock_file_of_the_review(bench: Workbench, tmp_path: Path) -> None:
    bench.with_contract("gamma", requires=frozenset({Nodes}))
    bench.write(THREE)
    context = bench.open(nodes_running=lambda: bool(bench.ui.lines) and bench.ui.lines[-1].startswith("waiting"))
    planned = commands.plan(context, ALL)
    (planned.prepared.folder / LOCK_FILE).write_text(LOCKED)
    stage = commands.plan(context, LayerOptions(("alpha", "beta"))).prepared.folder
    (stage / LOCK_FILE).write_text("# others\n")

    def meddle(planned: Planned) -> bool:
        (planned.prepared.folder / LOCK_FILE).write_text("# meddled with\n")
        return True

    with pytest.raises(HptfError, match="the versions of providers changed since the plan was reviewed"):
        commands.apply(context, ALL, approve=meddle)
    assert context.store.layers() == []
    (planned.prepared.folder / LOCK_FILE).write_text(LOCKED)
    commands.plan(context, ALL, out=tmp_path / "kept")
    outcome = commands.apply(context, ALL, approve=yes, kept=tmp_path / "kept")
    assert outcome.applied is not None
    assert outcome.planned.stages == planned.stages
    assert planned.stages.reason == "gamma waits for nodes, and none runs yet"
    assert (stage / LOCK_FILE).read_text() == LOCKED


def test_a_second_command_does_not_initialise_the_root_again(bench: Workbench) -> None:
    up(bench)
    record = bench.open().work / "root-all" / ".hptf-init.json"
    before = record.stat().st_mtime_ns
    commands.plan(bench.open(), ALL)
    assert record.stat().st_mtime_ns == before
    assert json.loads(record.read_text())["fingerprint"]
