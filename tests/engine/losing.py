"""What a run of a workbench lost."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from hp_tf.recovery.history import Orphan
from tests.engine.harness import Workbench


def lose(bench: Workbench, *addresses: str) -> Path:
    """Note that a run lost these."""
    items = [asdict(Orphan(address, "terraform_data", f"id-of-{address.split('.')[1]}")) for address in addresses]
    context = bench.open()
    file = context.work / "lost.json"
    file.write_text(json.dumps({"home": asdict(context.home), "lost": items}))
    return file
