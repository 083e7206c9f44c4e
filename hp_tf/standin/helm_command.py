"""The helm command lines of a planned release, and running them."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from hp_tf.standin.backend import Failure
from hp_tf.standin.values import Object

Verb = Literal["install", "upgrade", "uninstall"]

BOTH, INSTALL, UPGRADE = ("install", "upgrade"), ("install",), ("upgrade",)

SWITCHES: dict[str, tuple[str, tuple[str, ...]]] = {
    "atomic": ("--atomic", BOTH),
    "cleanup_on_fail": ("--cleanup-on-fail", UPGRADE),
    "create_namespace": ("--create-namespace", INSTALL),
    "dependency_update": ("--dependency-update", BOTH),
    "devel": ("--devel", BOTH),
    "disable_openapi_validation": ("--disable-openapi-validation", BOTH),
    "disable_webhooks": ("--no-hooks", (*BOTH, "uninstall")),
    "force_update": ("--force", UPGRADE),
    "render_subchart_notes": ("--render-subchart-notes", BOTH),
    "replace": ("--replace", INSTALL),
    "reset_values": ("--reset-values", UPGRADE),
    "reuse_values": ("--reuse-values", UPGRADE),
    "skip_crds": ("--skip-crds", BOTH),
    "take_ownership": ("--take-ownership", BOTH),
    "verify": ("--verify", BOTH),
    "wait": ("--wait", (*BOTH, "uninstall")),
    "wait_for_jobs": ("--wait-for-jobs", BOTH),
}
"""Attribute -> helm's flag, and the commands that know it."""

SET_FLAGS = {"": "--set", "auto": "--set", "string": "--set-string", "literal": "--set-literal"}

GRACE = 60
"""Seconds helm may take beyond the release's own timeout."""


class Processes:
    """Runs processes as subprocess.run does, and kills those that run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._ended = False

    def run(
        self, command: list[str], *, env: Mapping[str, str], cwd: Path, timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, and return what it printed. Raises OSError or TimeoutExpired."""
        with self._lock:
            if self._ended:
                raise OSError("Terraform is gone")
            process = subprocess.Popen(
                command,
                text=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=env,
                cwd=cwd,
            )
            self._running.add(process)
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
        finally:
            with self._lock:
                self._running.discard(process)
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def kill(self) -> None:
        """Kill what runs, and start nothing more."""
        with self._lock:
            self._ended = True
            for process in self._running:
                process.kill()


class Helm:
    """Runs a helm 3 binary against one cluster.

    Attributes:
        binary: the executable; None makes every command fail with what to install.
    """

    def __init__(self, binary: Path | None) -> None:
        self._binary = binary
        self._processes = Processes()

    def kill(self) -> None:
        """End what helm does, at once: its release stays as it is."""
        self._processes.kill()

    def apply(
        self, verb: Verb, chart: Path, planned: Object, secrets: list[Object], kubeconfig: str, directory: Path
    ) -> None:
        """Install or upgrade a release.

        secrets: `set` items whose values must not show in a process list.
        directory: where relative paths of the configuration start.
        Raises Failure.
        """
        with _private_folder() as folder:
            arguments = [planned["name"], str(chart), *_flags(verb, planned), *_values(planned, secrets, folder)]
            if planned.get("upgrade_install") and verb == "install":
                verb, arguments = "upgrade", [*arguments, "--install"]
            self._command(verb, arguments, planned, kubeconfig, folder, directory)

    def uninstall(self, state: Object, kubeconfig: str, directory: Path) -> None:
        """Remove a release. Raises Failure."""
        with _private_folder() as folder:
            self._command(
                "uninstall", [state["name"], *_flags("uninstall", state)], state, kubeconfig, folder, directory
            )

    def _command(
        self, verb: Verb, arguments: list[str], planned: Object, kubeconfig: str, folder: Path, directory: Path
    ) -> None:
        if self._binary is None:
            detail = f"Helm is needed to {verb} a release and was not found. Run `pip install 'hp-tf[local]'`."
            raise Failure("helm not found", detail)
        config = _write(folder / "kubeconfig", kubeconfig)
        limit = int(planned.get("timeout") or 300)
        environment = {
            **{name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ},
            "HOME": str(folder),
            "KUBECONFIG": str(config),
            "HELM_CACHE_HOME": str(folder / "cache"),
            "HELM_CONFIG_HOME": str(folder / "config"),
            "HELM_DATA_HOME": str(folder / "data"),
        }
        command = [str(self._binary), verb, *arguments, "--namespace", planned["namespace"], "--timeout", f"{limit}s"]
        try:
            done = self._processes.run(command, env=environment, cwd=directory, timeout=limit + GRACE)
        except subprocess.TimeoutExpired as error:
            raise Failure(f"helm {verb} timed out", f"helm did not end within {limit + GRACE} seconds.") from error
        except OSError as error:
            raise Failure("helm cannot be started", f"{self._binary}: {error}") from error
        if done.returncode != 0:
            raise _failed(verb, planned["name"], done.stderr.strip() or done.stdout.strip())


def _failed(verb: Verb, name: str, said: str) -> Failure:
    """What helm said, under the real provider's summaries (helm/resource_helm_release.go, 3.1)."""
    detail = said[-2000:].removeprefix("Error: ").removeprefix("INSTALLATION FAILED: ").removeprefix("UPGRADE FAILED: ")
    match verb:
        case "install":
            return Failure("installation failed", detail)
        case "upgrade":
            return Failure("Error upgrading chart", f"Upgrade failed: {detail}")
        case _:
            return Failure("Error uninstalling release", f"Unable to uninstall Helm release {name}: {detail}")


@contextmanager
def _private_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hptf-helm-") as name:
        yield Path(name)


def _write(path: Path, text: str) -> Path:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    return path


def _flags(verb: Verb, planned: Object) -> list[str]:
    flags = [flag for name, (flag, verbs) in SWITCHES.items() if planned.get(name) and verb in verbs]
    if verb == "uninstall":
        return flags
    for name, flag in (("description", "--description"), ("keyring", "--keyring")):
        if planned.get(name):
            flags += [flag, str(planned[name])]
    if verb == "upgrade":
        flags += ["--history-max", str(planned.get("max_history") or 0)]
    render = planned.get("postrender")
    if render:
        flags += ["--post-renderer", render["binary_path"]]
        flags += [f"--post-renderer-args={argument}" for argument in render.get("args") or []]
    return flags


def _values(planned: Object, secrets: list[Object], folder: Path) -> list[str]:
    """Values files first, then single values, in the order the provider merges them."""
    arguments: list[str] = []
    for i, text in enumerate(planned.get("values") or []):
        if text:
            arguments += ["--values", str(_write(folder / f"values-{i}.yaml", text))]
    for item in planned.get("set") or []:
        arguments += [SET_FLAGS[item.get("type") or ""], f"{item['name']}={item.get('value') or ''}"]
    for item in planned.get("set_list") or []:
        arguments += ["--set", f"{item['name']}={{{','.join(item['value'])}}}"]
    for i, item in enumerate(secrets):
        arguments += ["--set-file", f"{item['name']}={_write(folder / f'secret-{i}', item['value'])}"]
    return arguments
