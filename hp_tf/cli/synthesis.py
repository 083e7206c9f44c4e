"""`hptf synth`: the modules, schemas and pages from the layers' folders."""

from __future__ import annotations

import os
from pathlib import Path

from hp_tf.environment import schema
from hp_tf.environment.messages.words import no_layer
from hp_tf.errors import BadInput, HptfError
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.report import schemas
from hp_tf.report.console import Console
from hp_tf.synth import check as checking
from hp_tf.synth import coverage, findings
from hp_tf.synth import write as writing
from hp_tf.synth.pages import pages
from hp_tf.synth.single_root import example
from hp_tf.terraform.binary import find


def synth(layers: list[str], *, check: bool) -> None:
    """Write, or compare with, modules/, schema/ and the pages that are made, of the checkout in the current folder."""
    unknown = [no_layer(name, CONTRACTS) for name in layers if name not in CONTRACTS]
    if unknown:
        raise BadInput(unknown)
    ui = Console()
    root = Path.cwd()
    terraform = find(os.environ).path
    chosen = layers or list(CONTRACTS)
    documents = {
        root / "schema" / "environment.json": schema.render(CONTRACTS),
        root / "schema" / "plan.json": schemas.plan(),
        root / "schema" / "outcome.json": schemas.outcome(),
        root / "schema" / "validate.json": schemas.validation(),
        root / "docs" / "findings.md": findings.render(CONTRACTS),
        root / "docs" / "coverage.md": coverage.render(CONTRACTS),
        **pages(root, CONTRACTS),
        **example(root, CONTRACTS, terraform),
    }
    if check:
        found = checking.check(chosen, CONTRACTS, root / "modules", terraform, documents=documents)
        if found:
            raise HptfError(
                "these files are not what the definitions give:\n" + "\n".join(f"  {item}" for item in found),
                hint="run `hptf synth` and commit what it writes",
            )
        ui.say("modules, schemas and pages are what the definitions give")
        return
    changed = writing.synth(chosen, CONTRACTS, root / "modules", terraform, documents=documents)
    for path in changed:
        ui.out(str(path.relative_to(root)))
    if not changed:
        ui.say("modules, schemas and pages were up to date")
