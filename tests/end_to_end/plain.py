"""A plain Terraform root of one layer, as a team without hptf would write it, over the state hptf left."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

from hp_tf.state import document
from tests.end_to_end.project import Project
from tests.providers import met

_REFERENCE = re.compile(r"module\.([a-z0-9_]+)\.([a-z0-9_]+)")


class PlainRoot:
    """One layer's module with literal inputs, and the S3 backend on the layer's own state.

    Attributes:
        project: applied; its root over all layers says what the module is given.
        layer: the layer.
    """

    def __init__(self, project: Project, layer: str) -> None:
        self.layer = layer
        self.folder = project.root / "plain" / layer
        self._whole = project.work / "root-all"
        running, _ = met(project.emulator, project.environ, project.root)
        self._environ = {**project.environ, **running.environment(), "TF_IN_AUTOMATION": "1"}
        # Where hptf's own Terraform has its providers from.
        self._environ["TF_CLI_CONFIG_FILE"] = str(project.work / "cli" / "hptf.tfrc")
        main = json.loads((self._whole / "main.tf.json").read_text())
        outputs = {name: document.outputs(state) for name, state in project.states().items()}
        self._write(self._root(main, project, outputs))

    def _root(self, main: Any, project: Project, outputs: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        module = main["module"][self.layer]
        providers = self._providers(main)
        literals = {
            f"{layer}__{output}": outputs[layer][output].value if output in outputs[layer] else None
            for layer, output in _REFERENCE.findall(json.dumps([module, main["provider"]]))
        }
        local = json.loads(_REFERENCE.sub(r"local.\1__\2", json.dumps({"module": module, "provider": providers})))
        return {
            "terraform": {
                "required_version": ">= 1.10.0",
                "required_providers": {name: main["terraform"]["required_providers"][name] for name in providers},
                "backend": {
                    "s3": {
                        "bucket": project.bucket,
                        "key": f"{project.prefix}/{self.layer}.tfstate",
                        "region": project.emulator.region,
                        "use_lockfile": True,
                        "use_path_style": True,
                    }
                },
            },
            "provider": local["provider"],
            "locals": literals,
            "module": {self.layer: local["module"]},
            "output": {
                name.removeprefix(f"{self.layer}__"): output
                for name, output in main["output"].items()
                if name.startswith(f"{self.layer}__")
            },
        }

    def _providers(self, main: Any) -> dict[str, Any]:
        versions = (self._whole / "modules" / self.layer / "versions.tf").read_text()
        return {name: block for name, block in main["provider"].items() if f'hashicorp/{name}"' in versions}

    def _write(self, root: dict[str, Any]) -> None:
        self.folder.mkdir(parents=True)
        (self.folder / "main.tf.json").write_text(json.dumps(root, indent=2))
        for name in ("modules", "charts"):
            shutil.copytree(self._whole / name, self.folder / name)
        shutil.copy(self._whole / ".terraform.lock.hcl", self.folder)

    def terraform(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run terraform here."""
        program = os.environ.get("HPTF_TERRAFORM", "terraform")
        return subprocess.run(
            [program, *arguments],
            cwd=self.folder,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    def init(self) -> None:
        """Initialise the root, and hold it to success."""
        done = self.terraform("init", "-input=false", "-no-color")
        assert done.returncode == 0, done.stdout + done.stderr

    def plan(self) -> subprocess.CompletedProcess[str]:
        """Plan; exit code 0 means no changes, 2 changes, 1 an error."""
        return self.terraform("plan", "-input=false", "-no-color", "-detailed-exitcode")
