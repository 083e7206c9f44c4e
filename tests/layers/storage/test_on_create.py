"""The lifecycle script, run in a folder that stands for a node's file system."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import pytest

SCRIPT = Path(str(files("hp_tf.layers.storage") / "on_create.sh"))
AL2 = 'NAME="Amazon Linux"\nVERSION="2"\nID="amzn"\nVERSION_ID="2"\n'
AL2023 = 'NAME="Amazon Linux"\nID="amzn"\nVERSION_ID="2023"\n'
DROP_IN = "etc/systemd/system/containerd.service.d/90-data-disk.conf"


@dataclass
class Node:
    """A folder with a node's files, and programs that stand for those of the system.

    ``mounted``: the folders that count as mounted. ``calls`` holds what the stand-ins were called with.
    """

    root: Path
    programs: Path
    mounted: list[str] = field(default_factory=lambda: ["/opt/sagemaker"])

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def program(self, name: str, body: str) -> None:
        file = self.programs / name
        file.write_text(f'#!/bin/bash\necho "{name} $*" >>"{self.calls_file}"\n{body}\n')
        file.chmod(0o755)

    @property
    def calls_file(self) -> Path:
        return self.programs / "calls"

    @property
    def calls(self) -> list[str]:
        return self.calls_file.read_text().splitlines() if self.calls_file.exists() else []

    @property
    def log(self) -> str:
        return (self.root / "var/log/provision/provisioning.log").read_text()

    def run(self, script: Path = SCRIPT) -> subprocess.CompletedProcess[str]:
        known = " | ".join(f'"{self.root}{folder}"' for folder in self.mounted) or '"none"'
        self.program("mountpoint", f'case "$2" in {known}) exit 0 ;; esac\nexit 32')
        return subprocess.run(
            ["bash", str(script)],
            env={"PATH": f"{self.programs}:{os.environ['PATH']}", "ON_CREATE_ROOT": str(self.root)},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def files(self) -> dict[str, str]:
        """Every file and link below the root but the log, with its content or target."""
        found = {}
        for path in sorted(self.root.rglob("*")):
            name = str(path.relative_to(self.root))
            if path.is_symlink():
                found[name] = f"-> {path.readlink()}"
            elif path.is_file() and path.name != "provisioning.log":
                found[name] = path.read_text()
        return found


@pytest.fixture
def node(tmp_path: Path) -> Node:
    """A node of Amazon Linux 2023 with a mounted data disk, before its first start."""
    made = Node(tmp_path / "root", tmp_path / "programs")
    made.programs.mkdir()
    made.write("etc/os-release", AL2023)
    made.write("opt/sagemaker/.keep", "")
    made.write("var/lib/containerd/io.containerd.content/pause", "image")
    made.write("var/lib/kubelet/config.yaml", "kubelet")
    for name in ("sleep", "sync"):
        made.program(name, "exit 0")
    made.program("systemctl", "exit 0")
    return made


def test_the_script_is_correct_bash() -> None:
    bash = shutil.which("bash")
    assert bash is not None
    done = subprocess.run([bash, "-n", str(SCRIPT)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    content = SCRIPT.read_bytes()
    assert content.startswith(b"#!/bin/bash\n")
    assert b"\r" not in content


def test_amazon_linux_2023(node: Node) -> None:
    done = node.run()
    assert done.returncode == 0, done.stdout + done.stderr

    disk = node.root / "opt/sagemaker"
    config = tomllib.loads((disk / "containerd/config.toml").read_text())
    assert config["root"] == "/opt/sagemaker/containerd/data-root"
    cri = config["plugins"]["io.containerd.grpc.v1.cri"]
    assert cri["sandbox_image"] == "localhost/kubernetes/pause"
    assert cri["enable_cdi"] is True
    assert cri["containerd"]["default_runtime_name"] == "runc"
    assert list(cri["containerd"]["runtimes"]) == ["runc"]
    assert (
        "ExecStart=\nExecStart=/usr/bin/containerd --config /opt/sagemaker/containerd/config.toml"
        in (node.root / DROP_IN).read_text()
    )
    assert (disk / "containerd/data-root/io.containerd.content/pause").read_text() == "image"
    assert "systemctl daemon-reload" in node.calls
    assert "systemctl restart containerd" in node.calls

    kubelet = node.root / "var/lib/kubelet"
    assert kubelet.is_symlink() and kubelet.readlink() == disk / "kubelet"
    assert (kubelet / "config.yaml").read_text() == "kubelet"
    assert not (node.root / "var/lib/kubelet.moved").exists()
    assert "Provisioning is done." in node.log
    assert done.stdout == node.log


LUSTRE = "usr/local/sbin/lustre-over-efa"
UNIT = "etc/systemd/system/lustre-over-efa.service"


def test_lustre_goes_over_efa_where_the_file_system_has_it(node: Node, tmp_path: Path) -> None:
    assert node.run().returncode == 0
    assert not (node.root / LUSTRE).exists()
    beside = tmp_path / "scripts"
    beside.mkdir()
    shutil.copy(SCRIPT, beside)
    (beside / "lustre_over_efa").touch()
    done = node.run(beside / SCRIPT.name)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "systemctl enable --now lustre-over-efa.service" in node.calls
    assert "ExecStart=/usr/local/sbin/lustre-over-efa" in (node.root / UNIT).read_text()
    assert "Lustre goes over EFA" in node.log
    # A client that cannot have it does not keep a node from coming up.
    node.program("systemctl", '[ "$1" != enable ]')
    assert node.run(beside / SCRIPT.name).returncode == 0
    assert "it goes over TCP" in node.log


@pytest.mark.parametrize(
    ("count", "chosen"),
    [(0, []), (1, ["rdmap00"]), (4, ["rdmap00", "rdmap03"]), (32, [f"rdmap{at:02}" for at in range(0, 32, 4)])],
)
def test_some_of_the_devices_are_lustres(count: int, chosen: list[str], node: Node, tmp_path: Path) -> None:
    beside, devices = tmp_path / "scripts", tmp_path / "infiniband"
    beside.mkdir()
    devices.mkdir()
    shutil.copy(SCRIPT, beside)
    (beside / "lustre_over_efa").touch()
    assert node.run(beside / SCRIPT.name).returncode == 0
    for at in range(count):
        (devices / f"rdmap{at:02}").touch()
    node.program("ip", "echo 'default via 10.0.0.1 dev ens5 proto dhcp'")
    for name in ("modprobe", "lnetctl"):
        node.program(name, "exit 0")
    node.calls_file.write_text("")
    environ = {"PATH": f"{node.programs}:{os.environ['PATH']}", "EFA_DEVICES": str(devices)}
    done = subprocess.run(
        [str(node.root / LUSTRE)], env=environ, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    added = [call.split()[6] for call in node.calls if call.startswith("lnetctl net add --net efa")]
    assert added == chosen
    assert ("modprobe kefalnd ipif_name=ens5" in node.calls) is bool(chosen)
    assert ("lnetctl udsp add --src efa --priority 0" in node.calls) is bool(chosen)


def test_gpu_node_uses_the_nvidia_runtime(node: Node) -> None:
    node.write("usr/bin/nvidia-container-runtime", "").chmod(0o755)
    node.write("etc/containerd/base-runtime-spec.json", "{}")
    assert node.run().returncode == 0
    config = tomllib.loads((node.root / "opt/sagemaker/containerd/config.toml").read_text())
    containerd = config["plugins"]["io.containerd.grpc.v1.cri"]["containerd"]
    assert containerd["default_runtime_name"] == "nvidia"
    assert containerd["runtimes"]["nvidia"]["options"] == {
        "SystemdCgroup": True,
        "BinaryName": "/usr/bin/nvidia-container-runtime",
    }
    assert containerd["runtimes"]["runc"]["base_runtime_spec"] == "/etc/containerd/base-runtime-spec.json"


def test_amazon_linux_2(node: Node) -> None:
    node.write("etc/os-release", AL2)
    template = node.write(
        "etc/eks/containerd/containerd-config.toml", 'version = 2\nroot = "/var/lib/containerd"\nstate = "/run"\n'
    )
    assert node.run().returncode == 0
    expected = 'version = 2\nroot = "/opt/sagemaker/containerd/data-root"\nstate = "/run"\n'
    assert template.read_text() == expected
    assert node.run().returncode == 0
    assert template.read_text() == expected
    assert not (node.root / DROP_IN).exists()


def test_a_second_run_changes_nothing(node: Node) -> None:
    assert node.run().returncode == 0
    # By now the node has worked.
    node.write("opt/sagemaker/containerd/data-root/new", "layer")
    node.write("opt/sagemaker/kubelet/pods/one", "pod")
    before = node.files()
    node.calls_file.unlink()
    assert node.run().returncode == 0
    assert node.files() == before
    assert not [call for call in node.calls if "restart" in call]
    assert "is on /opt/sagemaker already" in node.log


@pytest.mark.parametrize("half", ["copying", "moved"])
def test_a_run_that_was_cut_off_is_finished(node: Node, half: str) -> None:
    if half == "copying":
        node.write("opt/sagemaker/kubelet.partial/half", "")
        node.write("opt/sagemaker/containerd/data-root.partial/half", "")
    else:
        (node.root / "var/lib/kubelet").rename(node.root / "var/lib/kubelet.moved")
    assert node.run().returncode == 0
    assert (node.root / "var/lib/kubelet/config.yaml").read_text() == "kubelet"
    assert not [name for name in node.files() if "half" in name or "moved" in name or "partial" in name]


@pytest.mark.parametrize("system", [AL2, AL2023], ids=["al2", "al2023"])
def test_what_an_earlier_life_left_on_the_disk_goes(node: Node, system: str) -> None:
    """UpdateClusterSoftware replaces the root volume and runs the script again; the disk keeps what it had."""
    node.write("etc/os-release", system)
    template = "etc/eks/containerd/containerd-config.toml"
    node.write(template, 'root = "/var/lib/containerd"\n')
    assert node.run().returncode == 0
    node.write("opt/sagemaker/containerd/data-root/old", "layer")
    node.write("opt/sagemaker/kubelet/old", "pod")
    shutil.rmtree(node.root / "etc/systemd", ignore_errors=True)
    node.write(template, 'root = "/var/lib/containerd"\n')
    (node.root / "var/lib/kubelet").unlink()
    node.write("var/lib/kubelet/config.yaml", "new")
    node.write("var/lib/containerd/io.containerd.content/pause", "new image")

    assert node.run().returncode == 0
    found = node.files()
    assert not [name for name in found if name.endswith("/old")]
    assert found["opt/sagemaker/kubelet/config.yaml"] == "new"
    if system == AL2023:
        assert found["opt/sagemaker/containerd/data-root/io.containerd.content/pause"] == "new image"


def test_without_a_second_volume_the_local_disk_is_taken(node: Node) -> None:
    node.mounted = ["/opt/dlami/nvme"]
    node.write("opt/dlami/nvme/.keep", "")
    assert node.run().returncode == 0
    assert (node.root / "var/lib/kubelet").readlink() == node.root / "opt/dlami/nvme/kubelet"
    assert node.calls.count("sleep 5") == 12


def test_without_any_disk_the_node_comes_up_as_it_is(node: Node) -> None:
    node.mounted = []
    before = node.files()
    assert node.run().returncode == 0
    assert node.files() == before
    assert "No data disk is mounted" in node.log


def test_another_system_keeps_containerd_where_it_is(node: Node) -> None:
    node.write("etc/os-release", 'ID=ubuntu\nVERSION_ID="22.04"\n')
    assert node.run().returncode == 0
    assert "This is not Amazon Linux" in node.log
    assert (node.root / "var/lib/kubelet").is_symlink()


def test_a_failure_is_logged_and_waits_for_the_log_to_leave(node: Node) -> None:
    node.program("systemctl", "echo broken >&2\nexit 3")
    done = node.run()
    assert done.returncode == 1
    assert "broken" in node.log
    assert "Provisioning failed with status 3." in node.log
    assert "Provisioning is done." not in node.log
    assert node.calls[-2:] == ["sync ", "sleep 60"]
