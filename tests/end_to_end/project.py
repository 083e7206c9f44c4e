"""A project in a folder of its own, run with the real command against an emulator of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.emulator import clients, daemon, inventory
from hp_tf.emulator.daemon import Emulator
from hp_tf.environment.load import validated
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.recovery import ledger
from hp_tf.run import journal, stand_ins
from hp_tf.state import document
from hp_tf.state.s3 import S3Store
from hp_tf.terraform import process
from hp_tf.terraform.events import ResourceEvent, parse_line
from tests.schemas import check

BIN = Path(sys.executable).parent
# Every plan that hptf reads is compared there with what Terraform shows of it.
BESIDE = Path(__file__).parents[1] / "beside_in_children"
ENVIRONMENTS = Path(__file__).parents[2] / "envs"
# What the local environment creates.
LAYERS = validated("local", CONTRACTS, ENVIRONMENTS)[1].order
RUN_SECONDS = 420
HELD_SECONDS = 600.0


@dataclass(frozen=True)
class Ended:
    """A command of hptf that has ended: exit code, what it printed, and what it said on the side."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Everything it printed, with line ends and runs of blanks made one blank: messages wrap."""
        return " ".join((self.out + self.err).split())

    def document(self) -> dict[str, Any]:
        """What it printed, as JSON."""
        found: dict[str, Any] = json.loads(self.out)
        return found


@dataclass
class Project:
    """A project with copies of the repository's environments, for one environment of it.

    Attributes:
        root: an empty folder.
        environment: the one that is run.
        bucket, prefix: where its states rest in the emulator's S3.
        rehearsal: every command runs with --rehearse.
        variables: further variables of the user's environment.
    """

    root: Path
    environment: str
    bucket: str
    prefix: str
    rehearsal: bool = False
    variables: dict[str, str] = field(default_factory=dict)
    children: list[subprocess.Popen[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        shutil.copytree(ENVIRONMENTS, self.root / "envs")

    @property
    def work(self) -> Path:
        """Hptf's working folder of the environment."""
        return self.root / ".hptf" / f"{self.environment}{'.rehearsal' if self.rehearsal else ''}"

    # Commands

    @property
    def environ(self) -> dict[str, str]:
        """The user's environment: no variable of AWS or Terraform but those asked for."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "TF_", "HPTF_"))}
        for key in ("HPTF_PROVIDER_MIRROR", "HPTF_TERRAFORM"):
            if key in os.environ:
                kept[key] = os.environ[key]
        # The same providers on every machine, unless the real ones are asked for (`make test-real`).
        kept[stand_ins.VARIABLE] = os.environ.get(stand_ins.VARIABLE, stand_ins.ALWAYS)
        kept["PYTHONPATH"] = os.pathsep.join(map(str, (BESIDE, BESIDE.parents[1])))
        return {**kept, "PATH": f"{BIN}{os.pathsep}{kept.get('PATH', '')}", **self.variables}

    def _command(self, name: str, options: tuple[str, ...]) -> list[str]:
        words = [str(BIN / "hptf"), *name.split(), self.environment, *options]
        return [*words, "--rehearse"] if self.rehearsal and "--rehearse" not in words else words

    def run(self, name: str, *options: str, expect: int | None = 0) -> Ended:
        """Run `hptf NAME ENVIRONMENT OPTIONS` to its end, and hold it to an exit code (None: any)."""
        done = subprocess.run(
            self._command(name, options),
            cwd=self.root,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
            check=False,
        )
        ended = Ended(done.returncode, done.stdout, done.stderr)
        assert expect is None or ended.code == expect, f"{name} ended with {ended.code}:\n{ended.out}\n{ended.err}"
        return ended

    def plan(self, *options: str) -> dict[str, Any]:
        """Return the document of `plan --json`, which is as its schema says."""
        document = self.run("plan", "--json", *options).document()
        check(document, "plan")
        return document

    def apply(self, *options: str, expect: int | None = 0) -> Ended:
        """Run apply without being asked."""
        return self.run("apply", "--auto-approve", *options, expect=expect)

    def destroy(self) -> Ended:
        """Destroy everything."""
        return self.run("destroy", "--auto-approve")

    def start(self, name: str, *options: str) -> subprocess.Popen[str]:
        """Start a command, to be killed or waited for; its output goes to a file in the project."""
        log = self._log(len(self.children)).open("w")
        with log:
            child = subprocess.Popen(
                self._command(name, options),
                cwd=self.root,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
            )
        self.children.append(child)
        return child

    def said(self, child: subprocess.Popen[str]) -> str:
        """Return what a command that was started has said so far."""
        return self._log(self.children.index(child)).read_text()

    def _log(self, number: int) -> Path:
        return self.root / f"started-{number}.log"

    # The environment's file

    def edit(self, change: Callable[[Any], None], file: str | None = None) -> None:
        """Change an environment's file (by default the one that is run)."""
        yaml = YAML()
        path = self.root / "envs" / f"{file or self.environment}.yaml"
        content = yaml.load(path)
        change(content)
        yaml.dump(content, path)

    def restore(self) -> None:
        """Bring the environments' files back to what the repository has."""
        shutil.copytree(ENVIRONMENTS, self.root / "envs", dirs_exist_ok=True)

    # The emulator

    @property
    def emulator(self) -> Emulator:
        """The environment's emulator."""
        running = daemon.status(self.work / "emulator")
        assert running is not None, "the emulator does not run"
        return running

    @property
    def session(self) -> clients.EmulatorSession:
        """Makes boto3 clients of it."""
        return clients.session(self.emulator)

    def operations(self) -> list[dict[str, Any]]:
        """Return the calls it has answered."""
        calls: list[dict[str, Any]] = self.emulator.call("GET", "/_hptf/operations")["operations"]
        return calls

    def answered(self, service: str, operation: str) -> int:
        """Return how many calls of an operation it has answered well."""
        wanted = (service, operation)
        return sum(
            (call["service"], call["operation"]) == wanted and call["status"] < 300 for call in self.operations()
        )

    def fault(self, service: str, operation: str, **what: Any) -> None:
        """Make the next calls of an operation late, or fail."""
        self.emulator.call("POST", "/_hptf/faults", {"service": service, "operation": operation, **what})

    def settings(self, **what: float) -> None:
        """Change how long the emulator's changes last, or how far ahead its clock is."""
        self.emulator.call("POST", "/_hptf/settings", what)

    def hold(self, service: str, operation: str, times: int = 1) -> None:
        """Let the next calls of an operation wait for `let_go`."""
        self.fault(service, operation, times=times, delay=HELD_SECONDS)

    def holds(self, *operations: str) -> bool:
        """Whether all the calls that were to wait do so, of these operations."""
        faults = self.emulator.call("GET", "/_hptf/faults")["faults"]
        return not set(operations) & {fault["operation"] for fault in faults}

    def let_go(self) -> None:
        """Let the calls that wait go on, and no other wait."""
        self.emulator.call("DELETE", "/_hptf/faults")

    def reset(self) -> None:
        """Empty the emulator: no resource, no state, no call on record."""
        daemon.reset(self.work / "emulator")

    # States against resources

    @property
    def store(self) -> S3Store:
        """Where the states rest."""
        return S3Store(self.session.client("s3"), self.bucket, self.prefix)

    def lost(self) -> list[str]:
        """Return the addresses of what runs lost, and of what they are making, as the store has it."""
        return [item.address for entry in ledger.read_all(self.store) for item in entry.lost]

    def say_gone(self) -> None:
        """Say of everything lost that it is gone, as whoever has looked at the account does."""
        for address in dict.fromkeys(self.lost()):
            self.run("lost", "--gone", address)
        assert self.lost() == []

    def states(self) -> dict[str, document.State]:
        """Return the states there are."""
        store = self.store
        return {name: state for name, state in store.read_all(store.layers()).items() if state is not None}

    def known(self) -> dict[str, str | None]:
        """Return address and id of every resource in a state."""
        return {
            address: identity for state in self.states().values() for address, _, identity in document.addresses(state)
        }

    def resources(self) -> dict[str, set[str]]:
        """Return what is in the emulator, the bucket of the states left out, by Terraform type."""
        return {kind: identifiers for kind, identifiers in self._counted().items() if identifiers}

    def _counted(self) -> dict[str, set[str]]:
        """What is in the emulator of every type that an inventory counts."""
        found = inventory.resources(self.emulator, lambda: self.session, ResourceTypes(CONTRACTS.values()))
        return {kind: set(identifiers) - {self.bucket} for kind, identifiers in found.items()}

    def differences(self) -> dict[str, tuple[set[str], set[str]]]:
        """Return (only in the emulator, only in states) by type; types that an inventory does not list left out."""
        stated: dict[str, set[str]] = {}
        for state in self.states().values():
            for _, kind, identity in document.addresses(state):
                stated.setdefault(kind, set()).add(identity or "")
        held = {**self._counted(), **self._parts()}
        return {
            kind: (identifiers - stated.get(kind, set()), stated.get(kind, set()) - identifiers)
            for kind, identifiers in sorted(held.items())
            if identifiers != stated.get(kind, set())
        }

    def _parts(self) -> dict[str, set[str]]:
        """What has no id of its own in AWS, counted where states and account must agree in number."""
        iam = self.session.client("iam")
        attached = {
            f"{role['RoleName']} {policy['PolicyArn']}"
            for role in iam.list_roles()["Roles"]
            if not role["Path"].startswith("/aws-service-role/")
            for policy in iam.list_attached_role_policies(RoleName=role["RoleName"])["AttachedPolicies"]
        }
        stated = {
            f"{item['attributes']['role']} {item['attributes']['policy_arn']}": item["attributes"]["id"]
            for state in self.states().values()
            for resource in state["resources"]
            if resource["type"] == "aws_iam_role_policy_attachment"
            for item in resource["instances"]
        }
        return {"aws_iam_role_policy_attachment": {stated.get(item, item) for item in attached}}

    # Crashes

    def _at_work(self) -> tuple[Path, int] | None:
        """The event stream and the process of the apply or destroy that Terraform carries out now."""
        for log in (self.work / "runs").glob("*/apply*.jsonl"):
            pid = process.running_pid(log)
            if pid is not None:
                return log, pid
        return None

    def begun(self, *addresses: str) -> bool:
        """Whether Terraform is at work now, and has begun to make or destroy each of these."""
        found = self._at_work()
        if found is None:
            return False
        started = set()
        for line in found[0].read_bytes().splitlines():
            event = parse_line(line)
            if isinstance(event, ResourceEvent) and event.resource is not None and event.operation == "apply":
                started.add(event.resource.address)
        return set(addresses) <= started

    def at_work(self) -> bool:
        """Whether Terraform carries out an apply or destroy now."""
        return self._at_work() is not None

    def terraform_pid(self) -> int:
        """Return the process that carries out an apply or destroy now."""
        found = self._at_work()
        assert found is not None, "no apply is at work"
        return found[1]

    def unfinished(self) -> list[str]:
        """Return the runs that applied something, were killed and are not yet recovered."""
        return [run.id for run in journal.unfinished(self.work) if run.parts]

    def close(self) -> None:
        """End every process that was started for this project."""
        for child in self.children:
            if child.poll() is None:
                child.send_signal(signal.SIGKILL)
                child.wait(timeout=30)
        for log in self.root.glob(".hptf/*/runs/*/*.jsonl"):
            process.end(log)
        for folder in self.root.glob(".hptf/*/emulator"):
            daemon.stop(folder)


def changes(plan: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...], dict[str, Any]]]:
    """Yield (address, actions, change) of everything a plan's document would do."""
    for layer in plan["layers"].values():
        for change in layer["resource_changes"]:
            actions = tuple(change["change"]["actions"])
            if actions != ("no-op",):
                yield change["address"], actions, change["change"]


def differing(before: Any, after: Any, unknown: Any = None, path: str = "") -> Iterator[str]:
    """Yield the paths at which two values of a change differ; what is unknown after it counts as different."""
    if unknown is True:
        yield path
    elif isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            inner = unknown.get(key) if isinstance(unknown, dict) else None
            yield from differing(before.get(key), after.get(key), inner, f"{path}.{key}".lstrip("."))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            inner = unknown[number] if isinstance(unknown, list) and number < len(unknown) else None
            yield from differing(one, other, inner, f"{path}[{number}]")
    elif before != after:
        yield path
