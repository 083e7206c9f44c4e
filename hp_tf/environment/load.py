"""Load an environment by its name or path: the steps in a row, and every mistake they found at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path as FilePath

from hp_tf import codes
from hp_tf.contract.base import Contract
from hp_tf.environment.inherit import read_inherited
from hp_tf.environment.messages.words import suggestion
from hp_tf.environment.model import REHEARSAL, STATE_FOLDER, Environment, home_of
from hp_tf.environment.rules import judged
from hp_tf.environment.shapes import draft
from hp_tf.environment.text import is_file
from hp_tf.environment.wiring import Wiring, resolve
from hp_tf.errors import BadInput
from hp_tf.findings import Severity

ENVIRONMENTS = FilePath("envs")
ENDINGS = (".yaml", ".yml")


def validated(
    name_or_path: str, contracts: Mapping[str, Contract], envs_directory: FilePath = ENVIRONMENTS
) -> tuple[Environment, Wiring]:
    """Return an environment that nothing is wrong with, and its wiring.

    Args:
        name_or_path: a name under ``envs_directory`` (``dev``), or a path (``elsewhere/dev.yaml``).
        contracts: every layer, by name, in creation order.

    Raises:
        BadInput: with every mistake: structure, types, rules, wiring and names, by file and line.
    """
    found = draft(read_inherited(path_of(name_or_path, envs_directory)), contracts)
    wiring = resolve(found.environment, contracts)
    said = judged(found, wiring, contracts)
    if wrong := [one for one in said if one.severity is Severity.BLOCKS]:
        raise BadInput(wrong, warnings=[one for one in said if one.severity is not Severity.BLOCKS])
    return replace(found.environment, warnings=tuple(said)), wiring


def root_here() -> FilePath:
    """Return the nearest folder from here upwards that holds ``envs/``, this one if none does; as a path from here."""
    here = FilePath.cwd()
    found = next((folder for folder in (here, *here.parents) if (folder / ENVIRONMENTS).is_dir()), here)
    return FilePath(os.path.relpath(found, here))


def path_of(name_or_path: str, envs_directory: FilePath = ENVIRONMENTS) -> FilePath:
    """Return the file of an environment.

    Raises:
        BadInput: there is none, and the hint names the one that was probably meant, or all there are; something else
            is in its place; or its name is taken.
    """
    if "/" in name_or_path or name_or_path.endswith(ENDINGS):
        path, meant = FilePath(name_or_path), FilePath(f"{name_or_path}.yaml")
        text = f"there is no file {name_or_path}"
        remedy = f"did you mean {meant}?" if is_file(meant) else "give a path, or a name under envs/"
    else:
        path = envs_directory / f"{name_or_path}.yaml"
        known = sorted(file.stem for file in envs_directory.glob("*.yaml"))
        text = f"there is no environment '{name_or_path}': {path} does not exist"
        elsewhere = "run hptf in the folder that holds envs/, or give the path of a file"
        remedy = suggestion(name_or_path, known, "environments") if known else elsewhere
    if name_or_path and not is_file(path) and os.path.lexists(path):
        remedy = "Put a file in its place, or give the path of another."
        raise BadInput([codes.FILE_UNREADABLE.about(name_or_path, f"{path} {_no_file(path)}", remedy)])
    if not name_or_path or not is_file(path):
        raise BadInput([codes.UNKNOWN_ENVIRONMENT.about(name_or_path, text, remedy)])
    return _of_its_own(path, envs_directory)


def _no_file(path: FilePath) -> str:
    """What is where a file should be, as the end of a sentence."""
    if path.is_symlink() and not path.exists():
        return f"is a link to {path.readlink()}, which does not exist"
    return "is a folder, not a file" if path.is_dir() else "is a pipe, a socket or a device, not a file"


def _of_its_own(path: FilePath, envs_directory: FilePath) -> FilePath:
    """Return a file whose name is no other's, here or where it is: by it runs, emulators and states are told apart."""
    if path.stem == STATE_FOLDER or path.stem.endswith(REHEARSAL):
        text = f"an environment cannot be called '{path.stem}': hptf keeps other things under .hptf/{path.stem}"
        raise BadInput([codes.ENVIRONMENT_NAME_TAKEN.about(path.stem, text, "give the file another name")])
    folders = (envs_directory, home_of(path) / ENVIRONMENTS)
    for other in (folder / f"{path.stem}{ending}" for folder in folders for ending in ENDINGS):
        if is_file(other) and not other.samefile(path):
            text = f"{path} has the name of {other}, and both would be told apart from others by it alone"
            raise BadInput([codes.ENVIRONMENT_NAME_TAKEN.about(path.stem, text, "give one of them another name")])
    return path
