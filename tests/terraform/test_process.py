from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from hp_tf.errors import HptfError, Interrupted
from hp_tf.terraform import process
from hp_tf.terraform.binary import Terraform
from hp_tf.terraform.commands import Invocation
from hp_tf.terraform.events import Event, ResourceEvent
from hp_tf.terraform.process import Finished, is_running, pid_file_of, run, running_pid
from hp_tf.terraform.stop import StopRequest
from tests.waiting import until_there, wait_for

from .conftest import MakeRoot

SLOW = """
resource "terraform_data" "first" {
  input = "a"
}
resource "terraform_data" "slow" {
  input = terraform_data.first.id
  provisioner "local-exec" {
    command = "%s"
  }
}
resource "terraform_data" "last" {
  input = terraform_data.slow.id
}
"""


def start_apply(invocation: Invocation, stop: StopRequest, on_event: process.OnEvent | None = None) -> Finished:
    return run(
        invocation.terraform,
        ["apply", "-json", "-auto-approve", "-input=false"],
        cwd=invocation.root,
        environ=invocation.environ,
        log=invocation.log("apply"),
        on_event=on_event,
        stop=stop,
    )


def state_addresses(root: Path) -> set[str]:
    return {resource["name"] for resource in json.loads((root / "terraform.tfstate").read_text())["resources"]}


def script(tmp_path: Path, text: str) -> Terraform:
    """A program in Terraform's place, for what the real one does rarely."""
    path = tmp_path / "pretender"
    path.write_text(f"#!{sys.executable}\n{text}")
    path.chmod(0o755)
    return Terraform(path, "terraform", (1, 11, 4))


def run_script(tmp_path: Path, text: str, stop: StopRequest, events: list[Event]) -> Finished:
    return run(
        script(tmp_path, text),
        [],
        cwd=tmp_path,
        environ={"PATH": os.environ["PATH"]},
        log=tmp_path / "logs" / "x.jsonl",
        on_event=events.append,
        stop=stop,
    )


def test_events_arrive_while_terraform_works(make_root: MakeRoot) -> None:
    # Terraform cannot end before its event has arrived.
    invocation = make_root(SLOW % until_there("seen"), name="a folder with ünicode and spaces")
    seen: list[str] = []

    def on_event(event: Event) -> None:
        seen.append(event.type)
        if isinstance(event, ResourceEvent) and event.operation == "provision" and event.phase == "start":
            assert is_running(invocation.log("apply"))
            (invocation.root / "seen").touch()

    finished = start_apply(invocation, StopRequest(), on_event)
    assert finished.returncode == 0
    assert seen.count("apply_complete") == 3
    lines = finished.stdout.read_bytes().splitlines()
    assert len(lines) == len(seen)
    assert b"\x1b" not in finished.stdout.read_bytes()
    for path in (finished.stdout, finished.stderr):
        assert path.stat().st_mode & 0o777 == 0o600
    assert finished.stdout.parent.stat().st_mode & 0o777 == 0o700
    assert (invocation.root / "terraform.tfstate").stat().st_mode & 0o077 == 0


def test_one_interrupt_stops_cleanly_and_the_state_is_written(make_root: MakeRoot) -> None:
    invocation = make_root(SLOW % "exec sleep 300")
    stop = StopRequest()

    def on_event(event: Event) -> None:
        if isinstance(event, ResourceEvent) and event.operation == "provision" and not stop.requested:
            stop.request()

    finished = start_apply(invocation, stop, on_event)
    assert (finished.returncode, finished.stops) == (1, 1)
    assert finished.seconds < 300
    assert state_addresses(invocation.root) == {"first", "slow"}
    assert any("local-exec" in diagnostic.summary for diagnostic in finished.diagnostics)
    assert not is_running(finished.stdout)


def test_the_first_two_requests_interrupt_and_the_third_kills(tmp_path: Path) -> None:
    stubborn = """
import signal, sys, time
def told(number, frame):
    print('{"type":"log","@message":"told"}', flush=True)
signal.signal(signal.SIGINT, told)
print('{"type":"log","@message":"ready"}', flush=True)
while True:
    time.sleep(0.01)
"""
    stop = StopRequest()
    said: list[str] = []

    class Listener(list[Event]):
        def append(self, event: Event) -> None:
            said.append(event.message)
            stop.request()

    finished = run_script(tmp_path, stubborn, stop, Listener())
    assert said == ["ready", "told", "told"]
    assert (finished.returncode, finished.stops) == (-signal.SIGKILL, 3)


def test_nothing_starts_once_stopping_was_asked_for(tmp_path: Path) -> None:
    stop = StopRequest()
    stop.request()
    with pytest.raises(Interrupted):
        run_script(tmp_path, "open('ran', 'w')", stop, [])
    assert not (tmp_path / "ran").exists()


def test_terraform_is_killed_from_outside(make_root: MakeRoot) -> None:
    invocation = make_root(SLOW % "exec sleep 300")

    def on_event(event: Event) -> None:
        if isinstance(event, ResourceEvent) and (event.operation, event.phase) == ("provision", "start"):
            pid = running_pid(invocation.log("apply"))
            assert pid is not None
            os.killpg(pid, signal.SIGKILL)

    finished = start_apply(invocation, StopRequest(), on_event)
    assert finished.returncode == -signal.SIGKILL
    text = finished.stdout.read_text()
    assert '"apply_complete"' in text  # the journal knows of the first resource, which no state does


def test_a_last_line_without_end_and_lines_that_are_no_json(tmp_path: Path) -> None:
    events: list[Event] = []
    text = r"""
import sys
sys.stdout.buffer.write(b'\xff\xfe not utf-8\n\n{"type":"log","@message":"one"}\n{"type":"log","@message":"t')
sys.stderr.write("trouble")
sys.exit(7)
"""
    finished = run_script(tmp_path, text, StopRequest(), events)
    assert finished.returncode == 7
    assert [event.type for event in events] == ["text", "log", "text"]
    assert finished.stderr.read_text() == "trouble"


def test_a_second_run_appends_and_reads_only_its_own(tmp_path: Path) -> None:
    first: list[Event] = []
    second: list[Event] = []
    run_script(tmp_path, "print('one')", StopRequest(), first)
    finished = run_script(tmp_path, "print('two')", StopRequest(), second)
    assert ([e.message for e in first], [e.message for e in second]) == (["one"], ["two"])
    assert (finished.stdout.read_text(), finished.offset) == ("one\ntwo\n", 4)


def test_a_callback_that_fails_does_not_abandon_terraform(tmp_path: Path) -> None:
    class Broken(list[Event]):
        def append(self, event: Event) -> None:
            raise BrokenPipeError

    text = "import time\nprint('x', flush=True)\ntime.sleep(0.5)\nopen('done', 'w')"
    with pytest.raises(BrokenPipeError):
        run_script(tmp_path, text, StopRequest(), Broken())
    assert (tmp_path / "done").exists()


def test_a_fault_while_waiting_does_not_abandon_terraform_either(tmp_path: Path) -> None:
    def broken(count: int) -> None:
        raise BrokenPipeError

    stop = StopRequest(broken)

    def sleep(seconds: float) -> None:
        time.sleep(0.02)
        if (tmp_path / "ready").exists():
            # Twice: in the loop, and while it is waited for.
            if stop.requested < 2:
                stop.request()
            (tmp_path / "go").touch()

    text = "import os, signal, time\nsignal.signal(signal.SIGINT, lambda *_: None)\nopen('ready', 'w')\n"
    text += "while not os.path.exists('go'): time.sleep(0.02)\nopen('done', 'w')"
    with pytest.raises(BrokenPipeError):
        run(
            script(tmp_path, text),
            [],
            cwd=tmp_path,
            environ={},
            log=tmp_path / "logs" / "x",
            on_event=None,
            stop=stop,
            sleep=sleep,
        )
    assert stop.requested == 2
    assert (tmp_path / "done").exists()


def test_a_process_id_that_cannot_be_written_down_does_not_matter(tmp_path: Path) -> None:
    pid_file_of(tmp_path / "logs" / "x.jsonl").mkdir(parents=True)
    events: list[Event] = []
    finished = run_script(tmp_path, "open('done', 'w')", StopRequest(), events)
    assert finished.returncode == 0
    assert (tmp_path / "done").exists()


def test_what_is_no_event_stream_is_under_no_name_while_it_is_written(tmp_path: Path) -> None:
    """Nothing is left of it, then, when hptf and Terraform are killed in the middle."""
    text = "import os\nprint('secret', flush=True)\nprint(sorted(os.listdir('logs')))"
    finished = run(
        script(tmp_path, text),
        [],
        cwd=tmp_path,
        environ={"PATH": os.environ["PATH"]},
        log=tmp_path / "logs" / "x.jsonl",
        on_event=None,
        stop=StopRequest(),
        follow=False,
    )
    secret, listed = finished.printed.decode().splitlines()
    assert secret == "secret" and "'x.jsonl'" not in listed
    assert not (tmp_path / "logs" / "x.jsonl").exists()


def test_a_program_that_cannot_start(tmp_path: Path) -> None:
    with pytest.raises(HptfError, match="could not be started"):
        run(
            Terraform(tmp_path / "nosuch", "terraform", (1, 11, 4)),
            [],
            cwd=tmp_path,
            environ={},
            log=tmp_path / "logs" / "x",
            on_event=None,
            stop=StopRequest(),
        )


PARENT = """
import os, sys
from pathlib import Path
from hp_tf.terraform import binary, process
from hp_tf.terraform.stop import StopRequest
from hp_tf.errors import Interrupted
root, log = Path(sys.argv[1]), Path(sys.argv[2])
stop = StopRequest()
with stop.listening():
    done = process.run(
        binary.find(os.environ), ["apply", "-json", "-auto-approve", "-input=false"],
        cwd=root, environ=dict(os.environ), log=log, on_event=None, stop=stop,
    )
sys.exit(100 + done.stops)
"""


def start_parent(invocation: Invocation, log: Path) -> subprocess.Popen[bytes]:
    environ = {**os.environ, **invocation.environ, "XDG_CACHE_HOME": str(invocation.root.parent / "cache")}
    # A session of its own, so that the test can signal its whole group as a terminal does.
    return subprocess.Popen(
        [sys.executable, "-c", PARENT, str(invocation.root), str(log)], env=environ, start_new_session=True
    )


def wait_for_provisioner(log: Path) -> None:
    wait_for(lambda: log.exists() and b"provision_start" in log.read_bytes(), "the provisioner begun")


def test_terraform_outlives_a_killed_hptf_and_its_journal_is_whole(make_root: MakeRoot) -> None:
    invocation = make_root(SLOW % until_there("killed"))
    log = invocation.logs / "apply.jsonl"
    parent = start_parent(invocation, log)
    wait_for_provisioner(log)
    parent.kill()
    parent.wait(timeout=10)
    assert is_running(log)
    pid = running_pid(log)
    assert pid is not None
    os.kill(pid, 0)
    (invocation.root / "killed").touch()
    wait_for(lambda: not is_running(log), "the end of Terraform")
    assert running_pid(log) is None
    kinds = [json.loads(line)["type"] for line in log.read_text().splitlines()]
    assert kinds.count("apply_complete") == 3
    assert kinds[-1] == "outputs" or "change_summary" in kinds[-3:]
    assert state_addresses(invocation.root) == {"first", "slow", "last"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_group_reaches_terraform_once(make_root: MakeRoot, number: signal.Signals) -> None:
    """A terminal's Ctrl-C goes to the whole group; Terraform must get one interrupt from hptf, not two."""
    invocation = make_root(SLOW % "exec sleep 300")
    log = invocation.logs / "apply.jsonl"
    parent = start_parent(invocation, log)
    wait_for_provisioner(log)
    os.killpg(parent.pid, number)
    assert parent.wait(timeout=120) == 101
    text = log.read_text()
    assert text.count("Interrupt received") == 1
    assert "Two interrupts" not in text
    assert state_addresses(invocation.root) == {"first", "slow"}


def test_a_keyboard_interrupt_without_handlers_counts_as_a_request(tmp_path: Path) -> None:
    text = """
import signal, sys, time
signal.signal(signal.SIGINT, lambda *_: sys.exit(5))
print('{"type":"log","@message":"ready"}', flush=True)
while True:
    time.sleep(0.01)
"""
    stop = StopRequest()

    class Listener(list[Event]):
        def append(self, event: Event) -> None:
            threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        finished = run_script(tmp_path, text, stop, Listener())
    finally:
        signal.signal(signal.SIGINT, before)
    assert (finished.returncode, finished.stops, stop.requested) == (5, 1, 1)
