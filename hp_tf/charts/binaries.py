"""The helm binary: from PATH, or out of a PyPI package that carries it."""

from __future__ import annotations

import importlib.util
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

_PACKAGE = "lambda_layer_kubectl_v31"
_LAYER = "package/lib/layer.zip"
_MEMBER = "helm/helm"


def helm_binary(environ: Mapping[str, str]) -> Path | None:
    """Return helm 3, or None if there is none. helm 2 and 4 on PATH are passed over: their command lines differ."""
    found = shutil.which("helm", path=environ.get("PATH"))
    if found is not None and _is_helm_3(Path(found)):
        return Path(found)
    unpacked = extracted(_MEMBER, environ)
    return unpacked if unpacked is not None and _is_helm_3(unpacked) else None


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of this user's where hptf keeps what can be had again."""
    base = environ.get("XDG_CACHE_HOME") or str(Path(environ.get("HOME") or Path.home()) / ".cache")
    return Path(base) / "hptf"


def _is_helm_3(path: Path) -> bool:
    try:
        done = subprocess.run(
            # No home: a plugin or a configuration of the user's has no say in what version this is.
            [str(path), "version", "--short"],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
            env={"HOME": "/nonexistent"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and re.search(r"\bv3\.", done.stdout) is not None


def extracted(member: str, environ: Mapping[str, str]) -> Path | None:
    """Return a program out of the package, extracted once per version; None without the package."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return None  # the package holds binaries for Linux on x86-64 only
    archive = _archive()
    if archive is None:
        return None
    # lambda-layer-kubectl-v31@2.1.0.jsii.tgz
    folder = cache_folder(environ) / "bin" / archive.name.removesuffix(".jsii.tgz").replace("@", "-")
    target = folder / Path(member).name
    if target.exists():
        return target
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        layer = Path(scratch) / "layer.zip"
        with tarfile.open(archive) as outer:
            packed = outer.extractfile(_LAYER)
            if packed is None:
                return None
            with layer.open("wb") as file:
                shutil.copyfileobj(packed, file)
        with zipfile.ZipFile(layer) as inner:
            unpacked = Path(scratch) / target.name
            with inner.open(member) as source, unpacked.open("wb") as file:
                shutil.copyfileobj(source, file)
            unpacked.chmod(0o755)
            # Whole or not at all: another process may be looking.
            unpacked.replace(target)
    return target


def _archive() -> Path | None:
    """The package's archive. Found without importing the package, which would start Node."""
    try:
        spec = importlib.util.find_spec("aws_cdk")
    except (ImportError, ValueError):
        return None
    for place in (spec.submodule_search_locations or ()) if spec else ():
        found = sorted(Path(place, _PACKAGE, "_jsii").glob("*.jsii.tgz"))
        if found:
            return found[-1]
    return None
