"""In which order Terraform would carry a change of an applied environment out: its own graph of the apply."""

from __future__ import annotations

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hp_tf.state.merge import merge
from hp_tf.terraform.plan import Plan
from tests.end_to_end.project import Project
from tests.providers import met
from tests.synth.terraform import Terraform

_EDGE = re.compile(r'^\s*"\[root\] (.+)" -> "\[root\] (.+)"$', re.MULTILINE)


class Ordered:
    """A plan of other inputs, and what Terraform does after what.

    Attributes:
        plan: the plan.
    """

    def __init__(self, plan: Plan, graph: str) -> None:
        self.plan = plan
        self._after: dict[str, set[str]] = defaultdict(set)
        for later, earlier in _EDGE.findall(graph.replace('\\"', "'")):
            self._after[later].add(earlier)

    def action(self, address: str) -> str:
        """Return what is done to a resource, in Terraform's words."""
        return next((change.action.value for change in self.plan.resource_changes if change.address == address), "none")

    def goes_after(self, gone: str, others: Iterable[str]) -> list[str]:
        """Return those of some resources that the deletion of another does not wait for, be it through others."""
        gone = gone.replace('"', "'")
        steps = [step for step in self._after if step.startswith(f"{gone} (destroy")]
        assert steps, f"{gone} is not deleted"
        seen, open_ = set[str](), steps
        while open_:
            step = open_.pop()
            if step not in seen:
                seen.add(step)
                open_ += self._after.get(step, ())
        return [
            other
            for other in others
            if other.replace('"', "'") not in {step.removesuffix(" (expand)") for step in seen}
        ]


class WholeRoot:
    """All layers of an applied environment in one root with its state in a folder, to be planned with other inputs."""

    def __init__(self, project: Project, folder: Path) -> None:
        self._whole = project.work / "root-all"
        self._main = json.loads((self._whole / "main.tf.json").read_text())
        running, _ = met(project.emulator, project.environ, project.root)
        environ = {**project.environ, **running.environment(), "TF_IN_AUTOMATION": "1"}
        environ["TF_CLI_CONFIG_FILE"] = str(project.work / "cli" / "hptf.tfrc")
        program = shutil.which("terraform")
        assert program is not None
        folder.mkdir()
        self._terraform = Terraform(Path(program), folder, environ)
        self._folder = folder
        for name in ("modules", "charts"):
            shutil.copytree(self._whole / name, folder / name)
        shutil.copy(self._whole / ".terraform.lock.hcl", folder)
        (folder / "terraform.tfstate").write_text(json.dumps(merge(project.environment, project.states())))
        self._write({})
        self._terraform.init()

    def _write(self, changes: Mapping[str, Mapping[str, Any]]) -> None:
        main = json.loads(json.dumps(self._main))
        del main["terraform"]["backend"]
        for layer, inputs in changes.items():
            main["module"][layer].update(inputs)
        (self._folder / "main.tf.json").write_text(json.dumps(main))

    def ordered(self, changes: Mapping[str, Mapping[str, Any]]) -> Ordered:
        """Plan other inputs, by layer. Nothing is refreshed: the state is what was applied."""
        self._write(changes)
        self._terraform.ok("plan", "-no-color", "-input=false", "-refresh=false", "-out=plan.bin")
        shown = json.loads(self._terraform.ok("show", "-json", "plan.bin"))
        return Ordered(Plan.load(shown), self._terraform.ok("graph", "-plan=plan.bin"))
