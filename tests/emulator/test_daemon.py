from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from moto.server import ThreadedMotoServer

from hp_tf.emulator import __main__ as process
from hp_tf.emulator import daemon, processes
from hp_tf.emulator.clients import EmulatorSession, session
from hp_tf.emulator.files import STATE, names_instance
from hp_tf.errors import BadInput, HptfError
from tests.emulator.conftest import ACCOUNT, REGION, get


def _start(folder: Path, **more: object) -> daemon.Emulator:
    arguments = {"account_id": ACCOUNT, "region": REGION, "environ": os.environ, **more}
    return daemon.start(folder, **arguments)  # type: ignore[arg-type]  # tests pass wrong values too


def test_two_starts_at_once_make_one_emulator(empty_folder: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: _start(empty_folder), range(2))
    assert first == second
    assert daemon.status(empty_folder) == first
    assert daemon.stop(empty_folder)
    assert daemon.status(empty_folder) is None
    assert not daemon.stop(empty_folder)


def test_files_are_for_the_owner_alone(running: daemon.Emulator) -> None:
    assert stat.S_IMODE(running.directory.stat().st_mode) == 0o700
    files = [path for path in running.directory.iterdir() if path.is_file()]
    assert {path.name for path in files} >= {"emulator.json", "emulator.log", "tls.pem"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_a_second_start_returns_the_running_emulator(running: daemon.Emulator) -> None:
    assert _start(running.directory) == running


@pytest.mark.slow
def test_after_a_kill_the_next_start_makes_a_new_one(empty_folder: Path) -> None:
    first = _start(empty_folder)
    os.kill(first.pid, signal.SIGKILL)
    until = time.monotonic() + 10
    while daemon.status(empty_folder) is not None and time.monotonic() < until:
        time.sleep(0.05)
    assert daemon.status(empty_folder) is None
    assert (empty_folder / STATE).exists()
    second = _start(empty_folder)
    assert second.pid != first.pid
    assert daemon.status(empty_folder) == second


@pytest.mark.parametrize("change", [{"account_id": "999999999999"}, {"region": "eu-west-1"}])
def test_another_account_or_region_in_the_same_folder_is_refused(
    running: daemon.Emulator, change: dict[str, str]
) -> None:
    with pytest.raises(HptfError, match=f"account {ACCOUNT} in {REGION} runs"):
        _start(running.directory, **change)


@pytest.mark.parametrize("wrong", [{"account_id": "123"}, {"upstream": "ftp://x"}, {"upstream": "https://x:1"}])
def test_impossible_parameters_are_bad_input(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        _start(tmp_path, **wrong)


def test_a_file_left_by_a_dead_emulator_is_not_believed(running: daemon.Emulator, tmp_path: Path) -> None:
    document = json.loads((running.directory / STATE).read_text())
    (tmp_path / STATE).write_text(json.dumps({**document, "endpoint": "http://127.0.0.1:9", "pid": os.getpid()}))
    assert daemon.status(tmp_path) is None


def test_another_emulator_on_the_same_port_is_not_taken_for_ours(running: daemon.Emulator, tmp_path: Path) -> None:
    document = json.loads((running.directory / STATE).read_text())
    (tmp_path / STATE).write_text(json.dumps({**document, "instance": "of an earlier start"}))
    assert daemon.status(tmp_path) is None
    assert not daemon.stop(tmp_path)
    assert daemon.status(running.directory) is not None


@pytest.fixture
def silent(running: daemon.Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A process that passes for an emulator and whose port never answers; its id."""
    monkeypatch.setattr(daemon, "HEALTH_SECONDS", (0.05, 0.05))
    command = [sys.executable, "-c", "import sys; sys.stdin.read()", "-m", "hp_tf.emulator"]
    with socket.socket() as port, subprocess.Popen(command, stdin=subprocess.PIPE) as child:
        port.bind(("127.0.0.1", 0))
        port.listen()
        document = json.loads((running.directory / STATE).read_text())
        endpoint = f"http://127.0.0.1:{port.getsockname()[1]}"
        (tmp_path / STATE).write_text(json.dumps({**document, "endpoint": endpoint, "pid": child.pid}))
        yield child.pid
        child.kill()


def test_slow_is_not_dead(silent: int, tmp_path: Path) -> None:
    calls: tuple[Callable[[], object], ...] = (lambda: daemon.status(tmp_path), lambda: _start(tmp_path))
    for call in calls:
        with pytest.raises(HptfError, match=f"process {silent}\\) runs and does not answer"):
            call()
    assert json.loads((tmp_path / STATE).read_text())["pid"] == silent


def test_one_that_does_not_answer_is_stopped(silent: int, tmp_path: Path) -> None:
    assert daemon.stop(tmp_path)
    # Its parent, this test, has not asked for its end: it is a zombie now.
    assert not processes.alive(silent) and not (tmp_path / STATE).exists()


def test_the_process_of_another_program_is_not_taken_for_ours(silent: int, tmp_path: Path) -> None:
    document = json.loads((tmp_path / STATE).read_text())
    (tmp_path / STATE).write_text(json.dumps({**document, "pid": os.getpid()}))
    assert daemon.status(tmp_path) is None
    assert not daemon.stop(tmp_path)


def test_an_emulator_of_another_version_is_named(running: daemon.Emulator, tmp_path: Path) -> None:
    document = json.loads((running.directory / STATE).read_text())
    (tmp_path / STATE).write_text(json.dumps({**document, "code": "0.0.9-abc"}))
    with pytest.raises(HptfError, match=r"another version of hptf \(0.0.9-abc") as caught:
        _start(tmp_path)
    assert "hptf local down" in (caught.value.hint or "")


def test_a_start_that_takes_too_long_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(command: list[str], **options: Any) -> None:
        raise subprocess.TimeoutExpired(command, 60)

    monkeypatch.setattr(subprocess, "run", late)
    with pytest.raises(HptfError, match="did not start within 60 s"):
        _start(tmp_path)


def test_a_folder_names_one_emulator(tmp_path: Path) -> None:
    assert not names_instance(tmp_path / STATE, "a")
    (tmp_path / STATE).write_text('{"instance": "a"}')
    assert names_instance(tmp_path / STATE, "a")
    assert not names_instance(tmp_path / STATE, "b")
    assert not names_instance(tmp_path / STATE / "below", "a")


@pytest.mark.slow
def test_an_emulator_ends_with_its_folder(empty_folder: Path) -> None:
    running = _start(empty_folder)
    shutil.rmtree(empty_folder)
    until = time.monotonic() + 20
    while processes.alive(running.pid) and time.monotonic() < until:
        time.sleep(0.1)
    assert not processes.alive(running.pid)


def test_a_port_that_is_taken_is_named(empty_folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(HptfError, match=rf"port {port} on 127.0.0.1 cannot be used"):
            _start(empty_folder, port=port)
    assert daemon.status(empty_folder) is None


def test_a_missing_extra_is_one_sentence_with_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("hp_tf.emulator.build")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "hp_tf.emulator.moto_app", None)
    monkeypatch.setattr(sys, "argv", ["x", "--directory", str(tmp_path), "--account-id", ACCOUNT, "--region", REGION])
    monkeypatch.setattr(process, "_moto_environment", lambda account: None)
    with pytest.raises(process.CannotStart, match="extra `local`") as caught:
        process._serve(process._arguments(), threading.Event())
    assert caught.value.hint == "pip install 'hp-tf[local]'"


def test_the_environment_reaches_only_the_emulator(running: daemon.Emulator) -> None:
    variables = running.environment()
    assert variables["AWS_ENDPOINT_URL"] == running.endpoint
    assert variables["AWS_EC2_METADATA_DISABLED"] == "true"
    assert variables["AWS_REGION"] == variables["AWS_DEFAULT_REGION"] == REGION
    providers = json.loads(variables["TF_REATTACH_PROVIDERS"])
    for registry in ("registry.terraform.io", "registry.opentofu.org"):
        assert f"{registry}/hashicorp/awscc" in providers


def test_a_fresh_emulator_stays_small(running: daemon.Emulator) -> None:
    assert get(running, "/_hptf/health")["rss_mb"] < 400


@pytest.mark.slow
def test_what_is_not_ours_goes_to_the_emulator_behind(empty_folder: Path) -> None:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        _use_the_emulator_behind(empty_folder, f"http://127.0.0.1:{server.get_host_and_port()[1]}")
    finally:
        server.stop()


def _use_the_emulator_behind(folder: Path, endpoint: str) -> None:
    front = _start(folder, upstream=endpoint)
    ours, behind = session(front), EmulatorSession(endpoint, REGION, "any")
    vpc = ours.client("ec2").create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ours.client("ec2").create_subnet(VpcId=vpc, CidrBlock=f"10.1.{zone}.0/24", AvailabilityZoneId=f"usw2-az{zone}")[
            "Subnet"
        ]["SubnetId"]
        for zone in (1, 2)
    ]
    role = ours.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    ours.client("eks").create_cluster(name="k", roleArn=role, resourcesVpcConfig={"subnetIds": subnets})
    assert [found["VpcId"] for found in behind.client("ec2").describe_vpcs(VpcIds=[vpc])["Vpcs"]] == [vpc]
    assert ours.client("eks").list_clusters()["clusters"] == ["k"]
    assert behind.client("eks").list_clusters()["clusters"] == []
    group = ours.client("eks").describe_cluster(name="k")["cluster"]["resourcesVpcConfig"]["clusterSecurityGroupId"]
    assert behind.client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"]
    ours.client("eks").delete_cluster(name="k")
    names = [found["GroupName"] for found in behind.client("ec2").describe_security_groups()["SecurityGroups"]]
    assert not [name for name in names if name.startswith("eks-cluster-sg")]
    assert daemon.reset(folder)
    assert vpc not in {found["VpcId"] for found in behind.client("ec2").describe_vpcs()["Vpcs"]}
