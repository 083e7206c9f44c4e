"""Finds the Terraform (or OpenTofu) program and its version."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hp_tf.errors import HptfError
from hp_tf.files import write_private

Product = Literal["terraform", "tofu"]
Version = tuple[int, int, int]

REGISTRIES: dict[Product, str] = {"terraform": "registry.terraform.io", "tofu": "registry.opentofu.org"}

# Terraform 1.10 and OpenTofu 1.10 are the first with native S3 locking (`use_lockfile`), which the S3 store speaks.
MINIMUM: dict[Product, Version] = {"terraform": (1, 10, 0), "tofu": (1, 10, 0)}

_FIRST_LINE = re.compile(r"^(Terraform|OpenTofu) v(\d+)\.(\d+)\.(\d+)", re.MULTILINE)
_INSTALL = "install Terraform 1.10 or later (https://developer.hashicorp.com/terraform/install)"


@dataclass(frozen=True)
class Terraform:
    """The program to run: absolute path, which product it is, and its version as (major, minor, patch)."""

    path: Path
    product: Product
    version: Version

    def __str__(self) -> str:
        return f"{self.product} {'.'.join(map(str, self.version))}"


def ask_version(path: Path) -> str:
    """What `PATH version` prints. Raises OSError or subprocess.SubprocessError if it cannot be run."""
    environ = {**os.environ, "CHECKPOINT_DISABLE": "1"}
    for name in ("TF_CLI_ARGS", "TF_CLI_ARGS_version"):
        environ.pop(name, None)
    done = subprocess.run(
        [os.fspath(path), "version"], capture_output=True, env=environ, timeout=60, check=True, stdin=subprocess.DEVNULL
    )
    return done.stdout.decode(errors="replace")


def find(environ: Mapping[str, str], *, ask: Callable[[Path], str] = ask_version) -> Terraform:
    """The program named by `HPTF_TERRAFORM`, else `terraform`, else `tofu` on PATH.

    Args:
        environ: the user's environment; PATH, HPTF_TERRAFORM, XDG_CACHE_HOME and HOME are read.
        ask: runs `PATH version` and gives its output. It costs 0.1 to 0.2 s, so the answer is kept in the user's cache
            folder under the file's real path, modification time and size.

    Raises:
        HptfError: if there is none, it does not run, it is older than 1.10, or is an OpenTofu that encrypts states.
    """
    path = _locate(environ)
    cache = _cache_file(environ)
    key = _cache_key(path) if cache else None
    known = _read_cache(cache).get(key) if cache and key else None
    found = _parse(path, known) if known else None
    if found is None:
        found = _asked(path, ask)
        if cache and key:
            _remember(cache, key, found)
    if found.product == "tofu" and environ.get("TF_ENCRYPTION"):
        raise HptfError(
            "TF_ENCRYPTION is set: hptf joins and parts states, and can do so only with plain ones.",
            hint="unset TF_ENCRYPTION; let the bucket encrypt the states instead (state.s3.kms_key_arn)",
        )
    if found.version < MINIMUM[found.product]:
        least = ".".join(map(str, MINIMUM[found.product][:2]))
        raise HptfError(
            f"{found} at {path} is too old: hptf needs {found.product} {least} or later.",
            hint=f"{_INSTALL}, or set HPTF_TERRAFORM to a newer one",
        )
    return found


def _locate(environ: Mapping[str, str]) -> Path:
    search = environ.get("PATH", os.defpath)
    named = environ.get("HPTF_TERRAFORM")
    if named:
        where = shutil.which(named, path=search)
        if where is None:
            raise HptfError(
                f"HPTF_TERRAFORM is {named!r}, which is not a program that can be run.",
                hint="unset HPTF_TERRAFORM, or set it to the path of a terraform or tofu program",
            )
        return Path(where).absolute()
    for name in ("terraform", "tofu"):
        where = shutil.which(name, path=search)
        if where is not None:
            return Path(where).absolute()
    raise HptfError(
        "Neither terraform nor tofu is on PATH.", hint=f"{_INSTALL}, or set HPTF_TERRAFORM to the path of the program"
    )


def _asked(path: Path, ask: Callable[[Path], str]) -> Terraform:
    try:
        text = ask(path)
    except (OSError, subprocess.SubprocessError) as error:
        ended = str(error)
        if isinstance(error, subprocess.CalledProcessError):
            ended = f"it ended with exit code {error.returncode}"
        raise HptfError(
            f"{path} version did not run: {ended}", hint=f"{_INSTALL}, or set HPTF_TERRAFORM to a working one"
        ) from error
    found = _parse(path, text)
    if found is None:
        raise HptfError(
            f"{path} does not say a Terraform or OpenTofu version.",
            hint="set HPTF_TERRAFORM to the path of a terraform or tofu program",
        )
    return found


def _parse(path: Path, text: str) -> Terraform | None:
    match = _FIRST_LINE.search(text)
    if match is None:
        return None
    product: Product = "terraform" if match[1] == "Terraform" else "tofu"
    return Terraform(path, product, (int(match[2]), int(match[3]), int(match[4])))


def _cache_key(path: Path) -> str | None:
    """Identity of the program file; None for a version manager's shim, whose answer depends on the folder."""
    real = path.resolve()
    if not real.name.startswith(("terraform", "tofu")):
        return None
    try:
        with real.open("rb") as file:
            if file.read(2) == b"#!":
                return None
        status = real.stat()
    except OSError:
        return None
    return f"{real}|{status.st_mtime_ns}|{status.st_size}"


def _cache_file(environ: Mapping[str, str]) -> Path | None:
    base = environ.get("XDG_CACHE_HOME") or (f"{environ['HOME']}/.cache" if environ.get("HOME") else "")
    return Path(base) / "hptf" / "terraform-versions.json" if base.startswith("/") else None


def _read_cache(cache: Path) -> dict[str, str]:
    try:
        held = json.loads(cache.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {k: v for k, v in held.items() if isinstance(v, str)} if isinstance(held, dict) else {}


def _remember(cache: Path, key: str, found: Terraform) -> None:
    name = "Terraform" if found.product == "terraform" else "OpenTofu"
    held = {k: v for k, v in _read_cache(cache).items() if k.partition("|")[0] != key.partition("|")[0]}
    held[key] = f"{name} v{'.'.join(map(str, found.version))}"
    try:
        write_private(cache, json.dumps(held, indent=1, sort_keys=True).encode())
    except OSError:
        return  # a home that cannot be written to costs time, nothing else
