"""The helm and kubectl binaries: from PATH, or out of a PyPI package that carries them."""

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
_MEMBERS = {"helm": "helm/helm", "kubectl": "kubectl/kubectl"}
_VERSIONS = {"helm": ("version", "--short"), "kubectl": ("version", "--client")}


def helm_binary(environ: Mapping[str, str]) -> Path | None:
    """Return helm 3, or None if there is none. helm 2 and 4 on PATH are passed over: their command lines differ."""
    return _binary("helm", r"\bv3\.", environ)


def kubectl_binary(environ: Mapping[str, str]) -> Path | None:
    """Return kubectl 1.x, or None if there is none."""
    return _binary("kubectl", r"\bv1\.", environ)


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of this user's where hptf keeps what can be had again."""
    base = environ.get("XDG_CACHE_HOME") or str(Path(environ.get("HOME") or Path.home()) / ".cache")
    return Path(base) / "hptf"


def _binary(name: str, version: str, environ: Mapping[str, str]) -> Path | None:
    found = shutil.which(name, path=environ.get("PATH"))
    if found is not None and _fits(Path(found), name, version):
        return Path(found)
    extracted = _extracted(name, environ)
    return extracted if extracted is not None and _fits(extracted, name, version) else None


def _fits(path: Path, name: str, version: str) -> bool:
    command = [str(path), *_VERSIONS[name]]
    try:
        done = subprocess.run(
            # No home: a plugin or a configuration of the user's has no say in what version this is.
            command,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
            env={"HOME": "/nonexistent"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and re.search(version, done.stdout) is not None


def _extracted(name: str, environ: Mapping[str, str]) -> Path | None:
    """The binary out of the package, extracted once per version; None without the package."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return None  # the package holds binaries for Linux on x86-64 only
    archive = _archive()
    if archive is None:
        return None
    # lambda-layer-kubectl-v31@2.1.0.jsii.tgz
    folder = cache_folder(environ) / "bin" / archive.name.removesuffix(".jsii.tgz").replace("@", "-")
    target = folder / name
    if target.exists():
        return target
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        layer = Path(scratch) / "layer.zip"
        with tarfile.open(archive) as outer:
            member = outer.extractfile(_LAYER)
            if member is None:
                return None
            with layer.open("wb") as file:
                shutil.copyfileobj(member, file)
        with zipfile.ZipFile(layer) as inner:
            for binary, path in _MEMBERS.items():
                unpacked = Path(scratch) / binary
                with inner.open(path) as source, unpacked.open("wb") as file:
                    shutil.copyfileobj(source, file)
                unpacked.chmod(0o755)
                # Whole or not at all: another process may be looking.
                unpacked.replace(folder / binary)
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
