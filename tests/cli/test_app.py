from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from hp_tf.cli import runs
from hp_tf.cli.app import app
from hp_tf.planning import saved_plan
from hp_tf.planning.saved_plan import SavedPlan
from hp_tf.state.snapshot import Snapshot
from tests.cli.commands import IMPORTS, ROOT, hptf, loaded
from tests.schemas import check

COMMANDS = [
    ["validate"],
    ["plan"],
    ["apply"],
    ["destroy"],
    ["output"],
    ["unlock"],
    ["synth"],
    ["lost"],
    ["state", "init"],
    ["state", "restore"],
    ["state", "accept"],
    ["state", "claim"],
    ["local", "up"],
    ["local", "down"],
    ["local", "list"],
    ["local", "status"],
    ["local", "reset"],
    ["local", "env"],
]
HEAVY = {"boto3", "botocore", "pydantic", "rich", "ruamel", "moto", "jsii", "cdktn", "grpc", "urllib3"}
runner = CliRunner()


def test_the_commands_are_these() -> None:
    group: Any = typer.main.get_command(app)
    groups = ("state", "local")
    found = [[name] for name in group.commands if name not in groups]
    found += [[name, command] for name in groups for command in group.commands[name].commands]
    assert found == COMMANDS


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_command_explains_itself(command: list[str], flag: str) -> None:
    done = runner.invoke(app, [*command, flag])
    assert done.exit_code == 0
    assert "Usage: " in done.output
    for line in done.output.splitlines():
        # An option without a word about it: two columns, and the second is empty.
        if line.strip().startswith("--"):
            assert len(line.split()) > 1, line


def test_help_says_what_is_meant() -> None:
    for command in COMMANDS:
        usage = runner.invoke(app, [*command, "--help"]).output.partition("\n\n")[0]
        assert "[[" not in usage, usage
    assert "every problem at once, with line and column" in runner.invoke(app, ["validate", "--help"]).output
    # It does not run what it stops.
    assert "The emulator of the environment's rehearsal" in runner.invoke(app, ["local", "down", "--help"]).output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["plan"], "Missing argument"),
        (["plan", "dev", "--nonsense"], "No such option"),
        (["paln", "dev"], "No such command"),
        (["apply", "dev", "--lock-timeout", "soon"], "--lock-timeout"),
        (["apply", "dev", "--lock-timeout", "-1"], "--lock-timeout"),
        (["local", "upp"], "No such command"),
    ],
)
def test_a_wrong_command_line_is_bad_input(arguments: list[str], said: str) -> None:
    done = runner.invoke(app, arguments)
    assert done.exit_code == 2
    assert said in done.output


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["plan", "prd"], 2),
        (["plan", "prd", "--detailed-exitcode"], 1),
        (["plan", "--detailed-exitcode"], 1),
        (["plan", "dev", "--nonsense", "--detailed-exitcode"], 1),
        (["plan", "dev", "--nonsense"], 2),
    ],
)
def test_changes_are_told_from_errors(arguments: list[str], code: int) -> None:
    assert runner.invoke(app, arguments).exit_code == code


def test_the_version() -> None:
    done = runner.invoke(app, ["--version"])
    assert (done.exit_code, done.output.split()[0]) == (0, "hptf")


def test_options_reach_the_function(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(runs, "apply", lambda *given, **named: seen.append((given, named)))
    line = "apply prod --layer fsx --layer helm --auto-approve --allow-destroy a.b --remove-layer x --lock-timeout 5"
    assert (
        runner.invoke(
            app, [*line.split(), "--keep", "c.d", "--allow", "update-refused=a.b", "--values", "--rehearse"]
        ).exit_code
        == 0
    )
    assert seen == [
        (
            ("prod", ["fsx", "helm"]),
            {
                "kept": None,
                "auto_approve": True,
                "allow_destroy": ["a.b"],
                "remove_layer": ["x"],
                "allow": ["update-refused=a.b"],
                "lock_wait": 5.0,
                "rehearse": True,
                "values": True,
                "keep": ["c.d"],
                "as_json": False,
            },
        )
    ]


def test_help_loads_nothing_heavy() -> None:
    done = hptf("--help", script=IMPORTS)
    assert done.returncode == 0
    assert "Show what would change" in done.stdout
    assert "typer" in loaded(done)
    assert loaded(done) & HEAVY == set()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_of_a_command_loads_nothing_heavy(command: list[str]) -> None:
    done = hptf(*command, "--help", script=IMPORTS)
    assert done.returncode == 0
    # typer checks arguments with pydantic where that is installed.
    assert loaded(done) & (HEAVY - {"pydantic"}) == set()


def test_checking_a_file_loads_no_aws() -> None:
    done = hptf("validate", "dev", script=IMPORTS)
    assert done.returncode == 0, done.stderr
    assert "envs/dev.yaml is valid" in done.stdout
    assert loaded(done) & {"boto3", "botocore", "moto", "grpc", "cdktn", "jsii"} == set()


def broken(tmp_path: Path, text: str) -> Path:
    envs = tmp_path / "envs"
    shutil.copytree(ROOT / "envs", envs)
    (envs / "dev.yaml").write_text(text)
    return tmp_path


def test_bad_input_names_file_and_line_and_every_problem(tmp_path: Path) -> None:
    text = (ROOT / "envs" / "dev.yaml").read_text()
    wrong = text.replace("orchestrator: eks", "orchestrator: ekz", 1) + "\nlayrs: {}\n"
    assert wrong.count("ekz") == 1
    done = hptf("validate", "dev", cwd=broken(tmp_path, wrong))
    assert done.returncode == 2
    assert done.stdout == ""
    assert "error: 2 problems, nothing was changed" in done.stderr
    assert f"envs/dev.yaml:{wrong.splitlines().index('layrs: {}') + 1}:1: " in done.stderr
    assert "ekz" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / ".hptf").exists()


@pytest.mark.parametrize("command", [["plan"], ["apply"], ["destroy"], ["output"], ["validate"], ["local", "status"]])
def test_an_environment_that_is_not_there_gets_a_suggestion(command: list[str], tmp_path: Path) -> None:
    done = hptf(*command, "prd", cwd=broken(tmp_path, ""))
    assert done.returncode == 2, done.stderr
    assert "there is no environment 'prd'" in done.stderr
    assert "prod" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / ".hptf").exists()


def test_a_bad_file_is_a_document_too_where_one_is_asked_for(tmp_path: Path) -> None:
    done = hptf("plan", "dev", "--json", cwd=broken(tmp_path, "orchestrator: ekz\n"))
    assert done.returncode == 2
    found = json.loads(done.stdout)
    assert (found["format_version"], found["environment"]) == ("1.0", "dev")
    places = {item["subject"]: (item["code"], item["location"]["line"]) for item in found["findings"]}
    assert places["orchestrator"] == ("wrong-value", 1)
    assert "ekz" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["plan", "dev", "--layer", "nope"], "there is no layer 'nope'"),
        (["plan", "dev", "--out", "envs"], "envs holds something else than a plan"),
        (["apply", "dev", "--layer", "fsx", "--remove-layer", "nope"], "there is no layer 'nope'"),
        (["apply", "dev", "--plan", "kept"], "the plan in kept is for environment prod, not for dev"),
        (["apply", "dev", "--plan", "envs"], "envs holds no plan"),
        (["destroy", "dev", "--layer", "fxs"], "there is no layer 'fxs' (unknown-layer)\n  did you mean 'fsx'?"),
        (["output", "dev", "nope"], "there is no layer 'nope'"),
    ],
)
def test_what_is_asked_for_wrongly_is_said_before_credentials_are_looked_for(
    arguments: list[str], said: str, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "envs", tmp_path / "envs")
    keep_plan(tmp_path / "kept", "prod")
    done = hptf(*arguments, cwd=tmp_path, environ={"AWS_EC2_METADATA_DISABLED": "true", "HOME": str(tmp_path)})
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith(f"error: {said}")
    assert not (tmp_path / ".hptf").exists()


def keep_plan(folder: Path, environment: str) -> None:
    """Keep a plan of an environment."""
    plan, lock = folder.with_name("plan"), folder.with_name("lock")
    plan.write_text("a plan")
    found = SavedPlan(
        environment=environment,
        target="account 123456789012 in us-west-2",
        kind="apply",
        present=("network",),
        leaving={},
        stages=(("network",),),
        root="",
        lock_file=saved_plan.file_digest(lock),
        plan=saved_plan.file_digest(plan),
        snapshot=Snapshot({}),
        terraform="Terraform 1.11.4",
    )
    saved_plan.write(found, plan, lock, folder)


def test_outputs_need_no_terraform_and_start_no_emulator(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "envs", tmp_path / "envs")
    for env, given in (("local", ["local"]), ("dev", ["envs/dev.yaml", "--rehearse"])):
        done = hptf("output", *given, cwd=tmp_path, environ={"HPTF_TERRAFORM": "/nowhere", "PATH": "/nowhere"})
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == (
            f"error: the embedded AWS of {env} does not run, so nothing is applied there\n"
            f"  hptf apply {' '.join(given)}\n"
        )
    assert not (tmp_path / ".hptf").exists()


@pytest.mark.parametrize("command", ["apply", "destroy"])
def test_json_asks_no_question(command: str) -> None:
    done = hptf(command, "local", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "add --auto-approve" in done.stderr


@pytest.mark.parametrize("command", ["apply", "destroy"])
def test_what_fails_is_a_document_too(command: str, tmp_path: Path) -> None:
    done = hptf(command, "nowhere", "--json", "--auto-approve", cwd=tmp_path)
    assert done.returncode == 2
    found = json.loads(done.stdout)
    check(found, "outcome")
    assert [item["code"] for item in found["findings"]] == ["unknown-environment"]


def test_a_plan_and_layers_exclude_each_other() -> None:
    done = hptf("apply", "dev", "--plan", "kept", "--layer", "fsx")
    assert done.returncode == 2
    assert "--plan and --layer exclude each other" in done.stderr


def test_the_embedded_aws_of_a_real_environment_needs_to_be_asked_for(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "envs", tmp_path / "envs")
    kept = tmp_path / ".hptf" / "dev" / "root-all" / "errored.tfstate"
    kept.parent.mkdir(parents=True)
    kept.write_text("what a run on the account left")
    for command in ("up", "status", "down", "reset", "env"):
        done = hptf("local", command, "dev", cwd=tmp_path)
        assert done.returncode == 1
        assert "environment dev is for a real account\n  add --rehearse" in done.stderr
    assert kept.exists()


def test_an_emulator_that_does_not_run_is_said_with_the_command(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "envs", tmp_path / "envs")
    done = hptf("local", "status", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "error: the embedded AWS of local does not run\n  hptf local up local\n"
    assert hptf("local", "down", cwd=tmp_path).stderr == "it does not run\n"


def test_the_emulator_that_an_account_never_had_takes_nothing_along(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "envs", tmp_path / "envs")
    left = tmp_path / ".hptf" / "dev" / "root-all" / "errored.tfstate"
    left.parent.mkdir(parents=True)
    left.write_text("{}")
    assert "dev is for a real account" in hptf("local", "down", "dev", cwd=tmp_path).stderr
    assert left.exists()


def test_the_emulator_of_a_file_is_found_from_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "envs", tmp_path / "envs")
    emulator = tmp_path / ".hptf" / "local" / "emulator"
    emulator.mkdir(parents=True)
    folders: list[Path] = []
    monkeypatch.setattr("hp_tf.emulator.daemon.stop", folders.append)
    for where in (tmp_path, tmp_path / "envs"):
        monkeypatch.chdir(where)
        assert runner.invoke(app, ["local", "down", str(tmp_path / "envs" / "local.yaml")]).exit_code == 0
    assert folders == [emulator] * 2
