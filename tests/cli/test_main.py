"""Whatever happens inside, a user sees a sentence and an exit code."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import MAIN, ROOT, hptf

RAISING = """
import sys
from hp_tf.cli import checking
from hp_tf.errors import BadInput, HptfError, Interrupted
def raising(*given, **named):
    raise {error}
checking.validate = raising
from hp_tf.cli import main
main()
"""


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        ("HptfError('it broke', hint='mend it')", 1, "error: it broke\n  mend it\n"),
        ("BadInput('wrong', hint='do this')", 2, "error: wrong\n  do this\n"),
        ("Interrupted('stopped')", 130, "error: stopped\n"),
        ("PermissionError(13, 'Permission denied', '/x/.hptf')", 1, "error: /x/.hptf: Permission denied\n  make it"),
        ("OSError(28, 'No space left on device')", 1, "error: No space left on device\n  make room where hptf writes"),
        ("KeyboardInterrupt()", 130, "\ninterrupted\n"),
        ("ModuleNotFoundError('x', name='moto.server')", 1, "error: moto.server is not installed\n"),
        ("ModuleNotFoundError('x', name='cdktn')", 1, "error: cdktn is not installed\n  pip install 'hp-tf[synth]'\n"),
    ],
)
def test_an_error_is_a_sentence_and_a_code(tmp_path: Path, error: str, code: int, said: str) -> None:
    done = hptf("validate", "dev", cwd=tmp_path, script=RAISING.format(error=error))
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / ".hptf").exists()


@pytest.mark.parametrize("error", ["RuntimeError('inside')", "KeyError('x')", "ModuleNotFoundError('y', name='y')"])
def test_a_fault_of_hptfs_own_is_kept_in_a_file(tmp_path: Path, error: str) -> None:
    done = hptf("validate", "dev", cwd=tmp_path, script=RAISING.format(error=error))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"error: hptf itself failed: {error.partition('(')[0]}" in done.stderr
    log = tmp_path / ".hptf" / "fault.log"
    assert str(log) in done.stderr
    assert "Traceback" in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700


def test_a_token_that_is_interrupted_leaves_no_traceback(tmp_path: Path) -> None:
    script = """
import sys
sys.argv[1:] = ["token", "--cluster-name", "x", "--region", "us-west-2"]
import hp_tf.aws.token
def interrupted(*given): raise KeyboardInterrupt
hp_tf.aws.token.keys_for = interrupted
from hp_tf.cli import main
main()
"""
    done = hptf(cwd=tmp_path, script=script)
    assert (done.returncode, done.stderr) == (130, "interrupted\n")


def test_an_interrupt_at_the_very_end_leaves_the_commands_code(tmp_path: Path) -> None:
    script = "import atexit, os, signal\natexit.register(os.kill, os.getpid(), signal.SIGINT)\n"
    done = hptf("validate", "dev", cwd=tmp_path, script=script + RAISING.format(error="HptfError('it broke')"))
    assert (done.returncode, done.stderr) == (1, "error: it broke\n")


def test_a_fault_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / ".hptf").write_text("in the way")
    done = hptf("validate", "dev", cwd=tmp_path, script=RAISING.format(error="RuntimeError('inside')"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "cannot be written" in done.stderr


def test_a_reader_that_stops_reading_is_no_fault(tmp_path: Path) -> None:
    long = RAISING.replace("raise {error}", "[sys.stdout.write('x' * 70000) for _ in range(50)]")
    process = subprocess.Popen(
        [sys.executable, "-c", long, "validate", "dev"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    said = process.stderr.read()
    assert process.wait(60) == 1
    assert said == ""
    assert not (tmp_path / ".hptf").exists()


@pytest.mark.parametrize(
    ("closed", "environment", "code", "out", "err"),
    [
        (">&-", "local", 0, "", ""),
        (">&-", "typ1", 2, "", "error: there is no environment 'typ1'"),
        ("2>&-", "typ1", 2, "", ""),
        ("2>&-", "local", 0, "is valid", ""),
        ("<&- >&- 2>&-", "typ1", 2, "", ""),
    ],
)
def test_a_closed_descriptor_leads_nowhere(closed: str, environment: str, code: int, out: str, err: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-c", MAIN, "validate", environment],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == code
    assert out in done.stdout
    assert bool(done.stdout) == bool(out)
    assert err in done.stderr
    assert bool(done.stderr) == bool(err)


def test_what_is_started_finds_the_closed_descriptors_open(tmp_path: Path) -> None:
    asking = RAISING.replace(
        "raise {error}", "import subprocess; sys.exit(subprocess.run(['sh', '-c', 'echo >&2']).returncode)"
    )
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" 2>&-', "sh", sys.executable, "-c", asking, "validate", "dev"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        timeout=120,
        check=False,
    )
    assert done.returncode == 0


def test_no_command_is_help() -> None:
    done = hptf(script=MAIN)
    assert done.returncode == 2
    assert "Commands:" in done.stdout + done.stderr
