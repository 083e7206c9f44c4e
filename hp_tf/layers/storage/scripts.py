"""Lifecycle scripts in a folder: where AWS has its own, and what speaks against a folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from hp_tf.contract.rules import Path, Scope

# AWS's scripts for Slurm, of February 2026.
REPOSITORY = "https://github.com/aws-samples/awsome-distributed-training.git"
REVISION = "7217859f67bc693c52ff175ccc6082c41dbd7a1b"
# Where AWS's documentation puts them in a bucket.
SLURM_PREFIX = "LifecycleScripts/base-config"
FOLDER = "1.architectures/5.sagemaker-hyperpod/LifecycleScripts/base-config"


def problems(scope: Scope) -> Iterator[tuple[Path, str]]:
    """Yield what is wrong with a user's folder of lifecycle scripts.

    A node runs the script as a Linux program: carriage returns or a missing first line fail it minutes into the
    creation of the cluster, with a message that names neither.
    """
    given = scope.get("lifecycle_directory")
    if not isinstance(given, str) or scope.get("upload_lifecycle_scripts") is not True:
        return
    place = ("lifecycle_directory",)
    directory = FilePath(given)
    try:
        if not directory.is_dir():
            yield place, f"'{given}' is not a folder; give the one that holds the lifecycle scripts."
            return
        yield from ((place, text) for text in _unusable(directory, scope.get("lifecycle_on_create")))
    except OSError as error:
        yield place, f"'{given}' cannot be read: {error.strerror}."


def fetched_problems(directory: FilePath, inputs: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a folder that was fetched."""
    yield from _unusable(directory, inputs["lifecycle_on_create"])


def sources(scope: Scope) -> Iterator[tuple[Path, str]]:
    """Yield what is wrong with where the scripts come from."""
    git, directory, uploaded = (
        scope.get(name) for name in ("lifecycle_git", "lifecycle_directory", "upload_lifecycle_scripts")
    )
    if isinstance(git, Mapping):
        place = ("lifecycle_git",)
        if directory is not None:
            yield place, "lifecycle_directory names the scripts already; keep one of the two."
        if uploaded is False:
            yield place, "With upload_lifecycle_scripts false nothing is uploaded, so lifecycle_git must be left out."
        if git.get("repository") is not None and git.get("revision") == REVISION:
            yield (*place, "revision"), "repository names another repository: revision must be a commit of it."
    elif git is None and directory is None and uploaded is True and scope.get("slurm_configuration") == "scripts":
        yield (
            ("lifecycle_directory",),
            "With Slurm's configuration scripts, lifecycle_git or lifecycle_directory must say where AWS's scripts "
            "come from: 'lifecycle_git: {}' takes a revision of AWS's repository that hptf was tried with.",
        )


def _unusable(directory: FilePath, on_create: Any) -> Iterator[str]:
    if isinstance(on_create, str) and not (directory / on_create).is_file():
        yield f"'{directory}' holds no file '{on_create}'; add it, or name the script in lifecycle_on_create."
    for file in sorted(path for path in directory.rglob("*") if path.is_file()):
        name = file.relative_to(directory).as_posix()
        content = file.read_bytes()
        starts = content.startswith(b"#!")
        if name == on_create and not starts:
            yield f"'{name}' does not begin with a line such as '#!/bin/bash', so a node cannot run it."
        if b"\r\n" in content and (starts or file.suffix in (".sh", ".py")):
            yield f"'{name}' has Windows line endings, which Linux cannot run; save it with LF endings."
