"""Which providers a test's own Terraform meets: the same choice as hptf makes for an emulated target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hp_tf.contract.providers import PROVIDERS
from hp_tf.emulator.daemon import Emulator
from hp_tf.run import stand_ins


def met(running: Emulator, environ: Mapping[str, str], cwd: Path) -> tuple[Emulator, frozenset[str]]:
    """Return the emulator with those of its stand-ins that serve, and what comes from the user's plugin cache.

    Args:
        environ: the user's environment: HPTF_STAND_INS in it decides.
    """
    ranges = {item.source: item.version for item in PROVIDERS}
    chosen = stand_ins.choose(running.reattach, ranges, environ, cwd=cwd)
    served = {key: value for key, value in running.reattach.items() if key in chosen.served}
    return replace(running, reattach=served), chosen.cached
