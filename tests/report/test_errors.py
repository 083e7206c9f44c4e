from __future__ import annotations

import io

from hp_tf.errors import BadInput, HptfError, Interrupted
from hp_tf.findings import Finding, Location
from hp_tf.report.errors import print_error, render
from hp_tf.terraform.events import Diagnostic
from hp_tf.terraform.failures import TerraformFailed, TerraformInterrupted
from hp_tf.terraform.process import Finished


def failed(*diagnostics: Diagnostic) -> TerraformFailed:
    finished = object.__new__(Finished)
    values = {"returncode": 1, "diagnostics": diagnostics, "product": "terraform"}
    for name in Finished.__dataclass_fields__:
        object.__setattr__(finished, name, values.get(name))
    return TerraformFailed("apply", finished)


def test_one_problem_is_one_error() -> None:
    error = BadInput([Finding("'fro' is no layer", Location("envs/none.yaml", 3, 5), "did you mean 'fsx'?")])
    assert render(error) == "error: envs/none.yaml:3:5: 'fro' is no layer\n  did you mean 'fsx'?\n"


def test_several_problems_are_all_there_at_once() -> None:
    problems = [Finding(f"problem {line}", Location("envs/none.yaml", line), f"hint {line}") for line in (1, 2, 3)]
    assert render(BadInput(problems)) == (
        "error: 3 problems, nothing was changed\n"
        "envs/none.yaml:1:1: problem 1\n  hint 1\n"
        "envs/none.yaml:2:1: problem 2\n  hint 2\n"
        "envs/none.yaml:3:1: problem 3\n  hint 3\n"
    )


def test_an_error_with_its_hint() -> None:
    assert render(HptfError("terraform is not installed", hint="install it")) == (
        "error: terraform is not installed\n  install it\n"
    )
    stream = io.StringIO()
    print_error(Interrupted("stopped"), stream)
    assert stream.getvalue() == "error: stopped\n"


def test_terraforms_diagnostics_come_with_their_layer_place_and_snippet() -> None:
    found = render(
        failed(
            Diagnostic("warning", "Deprecated"),
            Diagnostic(
                "error",
                "creating EC2 VPC: quota",
                "The quota is five.\nAsk for more.",
                'module.network.aws_vpc.this["a"]',
                "modules/network/main.tf",
                12,
                '  resource "aws_vpc" "this" {',
            ),
            Diagnostic("error", "Without a place"),
        )
    )
    assert found.splitlines() == [
        "error: terraform apply failed with 2 errors",
        '  layer network: creating EC2 VPC: quota (module.network.aws_vpc.this["a"])',
        "    The quota is five.",
        "    Ask for more.",
        '    at main.tf:12: resource "aws_vpc" "this" {',
        "  Without a place",
        "  mend the cause and repeat the command",
    ]


def test_one_error_of_terraforms_is_said_once_and_its_layer_also_without_an_address() -> None:
    quota = Diagnostic("error", "quota", filename="modules/network/sub/main.tf", line=3)
    assert render(failed(quota, quota)).splitlines() == [
        "error: terraform apply failed",
        "  layer network: quota",
        "    at sub/main.tf:3",
        "  mend the cause and repeat the command",
    ]
    assert "    at main.tf.json:1" in render(failed(Diagnostic("error", "x", filename="main.tf.json", line=1)))


def test_a_message_cannot_steer_the_terminal() -> None:
    evil = "\x1b[2Jgone\r"
    for error in (
        HptfError(evil, hint=evil),
        BadInput(evil),
        failed(Diagnostic("error", evil, evil, evil, evil, 1, evil)),
    ):
        assert render(error).replace("\n", "").isprintable()


def test_a_line_break_in_a_value_breaks_no_line() -> None:
    problem = Finding("name: 'a\nb' is no name", Location("envs/none.yaml", 2), "did you mean 'a\nc'?")
    lines = ["envs/none.yaml:2:1: name: 'a\\nb' is no name", "  did you mean 'a\\nc'?"]
    assert render(BadInput([problem])).splitlines() == [f"error: {lines[0]}", lines[1]]
    assert render(BadInput([problem, problem])).splitlines()[1:] == lines * 2


def test_an_interrupted_run_is_to_be_repeated_and_what_is_said_twice_is_said_once() -> None:
    halted = failed(Diagnostic("error", "execution halted"), Diagnostic("error", "execution halted")).finished
    assert render(TerraformInterrupted("apply", halted)).splitlines() == [
        "error: terraform apply was interrupted.",
        "  execution halted",
        "  repeat the command",
    ]
