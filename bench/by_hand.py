"""Plain Terraform over the hand-written roots: what hptf is compared with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench.timing import Done, run


class Way(Protocol):
    """A way to plan and apply the environment. Every method returns seconds of whole processes."""

    def warm(self) -> None:
        """Do what is done once and not measured."""

    def plan(self) -> float:
        """Plan into a file."""

    def apply(self) -> float:
        """Plan into a file and apply that."""


@dataclass(frozen=True)
class Root:
    """One folder in which Terraform is run."""

    terraform: Path
    folder: Path
    environ: Mapping[str, str]

    def run(self, *arguments: str, good: tuple[int, ...] = (0,)) -> Done:
        """Run one Terraform command."""
        return run([self.terraform, *arguments], cwd=self.folder, environ=self.environ, good=good)

    def init(self) -> None:
        """Initialise; the backend's bucket must be there."""
        self.run("init", "-input=false")

    def plan(self, *, unchanged: bool = False) -> float:
        """Plan into a file. With ``unchanged`` a plan that finds something to do is an error."""
        return self.run(
            "plan", "-input=false", "-out=plan", "-detailed-exitcode", good=(0,) if unchanged else (2,)
        ).seconds

    def apply(self) -> float:
        """Apply the file."""
        return self.run("apply", "-input=false", "plan").seconds

    def apply_at_once(self) -> float:
        """Plan and apply in one command, as a hand does what it is sure of."""
        return self.run("apply", "-input=false", "-auto-approve").seconds

    def resources(self) -> int:
        """Return how many managed resources the state holds."""
        lines = self.run("state", "list").output.splitlines()
        return sum(1 for line in lines if line.startswith("module.") and ".data." not in line)


class Single:
    """One root with every module."""

    def __init__(self, terraform: Path, folder: Path, environ: Mapping[str, str]) -> None:
        self.root = Root(terraform, folder, environ)

    def warm(self) -> None:
        """Initialise."""
        self.root.init()

    def plan(self) -> float:
        """Plan without changes."""
        return self.root.plan(unchanged=True)

    def apply(self) -> float:
        """Plan into a file and apply that, from nothing: what `hptf apply` does, and what its bar is set on."""
        return self.root.plan() + self.root.apply()


class Loop:
    """One root for each layer, one after the other, as a shell script over them would go."""

    def __init__(
        self,
        terraform: Path,
        folder: Path,
        environ: Mapping[str, str],
        needs: Mapping[str, Mapping[str, set[str]]],
    ) -> None:
        self._roots = {layer: Root(terraform, folder / layer, environ) for layer in needs}
        self._needs = needs

    def warm(self) -> None:
        """Initialise every root."""
        for root in self._roots.values():
            root.init()

    def plan(self) -> float:
        """Plan every layer without changes, with the outputs of those before it."""
        return self._each(apply=False)

    def apply(self) -> float:
        """Plan and apply every layer from nothing."""
        return self._each(apply=True)

    def _each(self, *, apply: bool) -> float:
        known: dict[str, dict[str, object]] = {}
        seconds = 0.0
        for layer, root in self._roots.items():
            self._pass_on(layer, known)
            seconds += root.plan(unchanged=not apply)
            if apply:
                seconds += root.apply()
            said = root.run("output", "-json")
            seconds += said.seconds
            known[layer] = {name: item["value"] for name, item in json.loads(said.output).items()}
        return seconds

    def _pass_on(self, layer: str, known: Mapping[str, Mapping[str, object]]) -> None:
        # Terraform leaves an output that is null out of its answer.
        values = {
            f"{producer}__{name}": known[producer].get(name)
            for producer, names in self._needs[layer].items()
            for name in names
        }
        (self._roots[layer].folder / "wired.auto.tfvars.json").write_text(json.dumps(values))
