"""A Terraform root of one provider, run against a world with whatever providers are there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hp_tf.contract.providers import AWSCC, HELM
from hp_tf.emulator.daemon import Emulator
from hp_tf.run.target import NO_PROFILES
from hp_tf.terraform import mirrors
from hp_tf.terraform.binary import find
from hp_tf.terraform.environment import terraform_environment
from hp_tf.terraform.init import LOCK_FILE
from tests.providers import met

Json = dict[str, Any]
PROVIDERS = {"awscc": AWSCC, "helm": HELM}
_SECONDS = 600


@dataclass(frozen=True)
class Ended:
    """A command of Terraform that has ended: exit code, and its errors and warnings as (summary, detail)."""

    code: int
    errors: tuple[tuple[str, str], ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()


class Root:
    """A folder with a root, initialised once for many scenarios.

    Attributes:
        name: of the provider it is for.
        source: where that comes from.
    """

    def __init__(self, folder: Path, name: str, running: Emulator, environ: Mapping[str, str]) -> None:
        folder.mkdir(parents=True)
        self.folder, self.name = folder, name
        provider = PROVIDERS[name]
        served, cached = met(running, environ, folder)
        installation = mirrors.prepare(folder.parent / f"{name}-cli", environ, cwd=folder, cached=cached)
        variables = {**installation.environ, **served.environment(), **NO_PROFILES}
        self._environ = terraform_environment(environ, variables)
        self._terraform = str(find(environ).path)
        self.declare({})
        ended = self.run("init")
        assert ended.code == 0, ended
        addresses = [key for key in served.reattach if key.endswith(f"/{provider.source}")]
        (self.source,) = mirrors.provider_sources(folder / LOCK_FILE, installation, addresses)

    def begin(self) -> None:
        """Forget the state."""
        for path in self.folder.glob("terraform.tfstate*"):
            path.unlink()

    def declare(self, body: Json, settings: Json | None = None) -> None:
        """Write the root: the provider's settings and the resources."""
        provider = PROVIDERS[self.name]
        required = {self.name: {"source": provider.source, "version": provider.version}}
        document: Json = {"terraform": {"required_providers": required}, **body}
        if settings is not None:
            document["provider"] = {self.name: settings}
        (self.folder / "main.tf.json").write_text(json.dumps(document, indent=1))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command of Terraform in a process group of its own: the providers are in it."""
        return subprocess.Popen(
            [self._terraform, *arguments],
            cwd=self.folder,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, command: str, *options: str) -> Ended:
        """Run a command of Terraform to its end."""
        plain = {"init": ("-input=false",), "import": ("-input=false",)}.get(command, ())
        machine = ("-json", "-input=false") if command in ("plan", "apply", "destroy") else ()
        return self.ended(self.start(command, *plain, *machine, *options))

    def ended(self, process: subprocess.Popen[str]) -> Ended:
        """Wait for a command that was started."""
        text, _ = process.communicate(timeout=_SECONDS)
        found: dict[str, list[tuple[str, str]]] = {"error": [], "warning": []}
        for line in text.splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict) and entry.get("type") == "diagnostic":
                said = entry["diagnostic"]
                found.setdefault(said["severity"], []).append((said["summary"], said.get("detail", "")))
        if process.returncode and not found["error"]:
            found["error"].append((text.strip()[-2000:], ""))
        return Ended(process.returncode, tuple(found["error"]), tuple(found["warning"]))

    def plan(self, *options: str) -> tuple[Ended, Json]:
        """Plan, and return the plan's document."""
        ended = self.run("plan", "-out=plan.bin", *options)
        return (ended, self.shown("plan.bin")) if ended.code == 0 else (ended, {})

    def shown(self, *arguments: str) -> Json:
        """Return `show -json`."""
        process = self.start("show", "-json", *arguments)
        text, _ = process.communicate(timeout=_SECONDS)
        found: Json = json.loads(text)
        return found

    def state(self) -> list[str]:
        """Return the addresses in the state, with a word behind those that are tainted."""
        root = self.shown().get("values", {}).get("root_module", {})
        held = [item for item in root.get("resources", []) if item["type"] != "terraform_data"]
        return sorted(f"{item['address']}{' (tainted)' if item.get('tainted') else ''}" for item in held)

    def values(self, address: str) -> Json:
        """Return the state's values of a resource."""
        root = self.shown().get("values", {}).get("root_module", {})
        found: Json = next((item["values"] for item in root.get("resources", []) if item["address"] == address), {})
        return found

    def cut_off(self, number: signal.Signals, reached: Callable[[], object]) -> Ended:
        """Apply, and end it by a signal once a condition holds."""
        process = self.start("apply", "-json", "-input=false", "-auto-approve")
        deadline = time.monotonic() + _SECONDS
        while not reached():
            assert process.poll() is None and time.monotonic() < deadline, self.ended(process)
            time.sleep(0.05)
        if number == signal.SIGKILL:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        return self.ended(process)
