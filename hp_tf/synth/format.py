"""`terraform fmt` over many texts in one run."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from hp_tf.synth.problems import DefinitionError


def formatted(texts: Mapping[str, str], terraform: Path) -> dict[str, str]:
    """Return HCL texts as `terraform fmt` writes them.

    Args:
        texts: by relative path, ``network/main.tf``.
        terraform: the program (`tofu` does as well).

    Raises:
        DefinitionError: a text is no HCL; the message is Terraform's.
    """
    with tempfile.TemporaryDirectory(prefix="hptf-synth-") as name:
        folder = Path(name)
        for path, text in texts.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        # The user's CLI configuration has no say here, and a missing one would be warned about.
        config = folder / "empty.tfrc"
        config.touch()
        done = subprocess.run(
            [terraform, "fmt", "-recursive", "-list=false", "-no-color"],
            cwd=folder,
            env={**os.environ, "TF_CLI_CONFIG_FILE": str(config), "TF_CLI_ARGS": "", "TF_CLI_ARGS_fmt": ""},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode != 0:
            raise DefinitionError(f"The rendered HCL does not parse: {done.stderr.strip()}")
        return {path: (folder / path).read_text(encoding="utf-8") for path in texts}
