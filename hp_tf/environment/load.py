"""Load an environment by its name or path: read, inherit, check, wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path as FilePath

from hp_tf import codes
from hp_tf.contract.base import Contract
from hp_tf.environment.faults import in_order
from hp_tf.environment.inherit import read_inherited
from hp_tf.environment.model import REHEARSAL, STATE_FOLDER, Environment, home_of
from hp_tf.environment.structure import Draft, draft
from hp_tf.environment.validate import problems, warnings
from hp_tf.environment.wiring import Wiring, resolve
from hp_tf.environment.words import suggestion
from hp_tf.environment.yaml import is_file
from hp_tf.errors import BadInput

ENVIRONMENTS = FilePath("envs")
_ELSEWHERE = "Run hptf in the folder that holds envs/, or give the path of a file."
ENDINGS = (".yaml", ".yml")


def load(name_or_path: str, contracts: Mapping[str, Contract], envs_directory: FilePath = ENVIRONMENTS) -> Environment:
    """Return an environment whose structure is right: keys, types, required values. It is not wired yet.

    Args:
        name_or_path: a name under ``envs_directory`` (``dev``), or a path (``elsewhere/dev.yaml``).
        contracts: every layer, by name, in creation order.

    Raises:
        BadInput: with every structural problem of the file and those it extends.
    """
    found = _draft(name_or_path, contracts, envs_directory)
    if found.faults:
        raise BadInput(in_order(fault.finding() for fault in found.faults))
    return found.environment


def validated(
    name_or_path: str, contracts: Mapping[str, Contract], envs_directory: FilePath = ENVIRONMENTS
) -> tuple[Environment, Wiring]:
    """Return an environment that nothing is wrong with, and its wiring. Parameters as for :func:`load`.

    Raises:
        BadInput: with every problem: structure, types, rules, wiring and names, by file and line.
    """
    found = _draft(name_or_path, contracts, envs_directory)
    wiring = resolve(found.environment, contracts)
    wrong = problems(found, wiring, contracts)
    if wrong:
        raise BadInput(wrong)
    return replace(found.environment, warnings=tuple(warnings(found, wiring, contracts))), wiring


def path_of(name_or_path: str, envs_directory: FilePath = ENVIRONMENTS) -> FilePath:
    """Return the file of an environment.

    Raises:
        BadInput: there is none, and the hint names the one that was probably meant, or all there are; or its name is
            taken.
    """
    if "/" in name_or_path or name_or_path.endswith(ENDINGS):
        path = FilePath(name_or_path)
        if is_file(path):
            return _of_its_own(path, envs_directory)
        meant = f"{name_or_path}.yaml"
        hint = f"Did you mean {meant}?" if is_file(FilePath(meant)) else "Give a path, or a name under envs/."
        raise BadInput([codes.UNKNOWN_ENVIRONMENT.about(name_or_path, f"there is no file {name_or_path}", hint)])
    path = envs_directory / f"{name_or_path}.yaml"
    if name_or_path and is_file(path):
        return _of_its_own(path, envs_directory)
    known = sorted(file.stem for file in envs_directory.glob("*.yaml"))
    message = f"there is no environment '{name_or_path}': {path} does not exist"
    hint = suggestion(name_or_path, known, "environments") if known else _ELSEWHERE
    raise BadInput([codes.UNKNOWN_ENVIRONMENT.about(name_or_path, message, hint)])


def _of_its_own(path: FilePath, envs_directory: FilePath) -> FilePath:
    """Return a file whose name is no other's, here or where it is: by it runs, emulators and states are told apart."""
    text = f"an environment cannot be called '{path.stem}': hptf keeps other things under .hptf/{path.stem}"
    if path.stem == STATE_FOLDER or path.stem.endswith(REHEARSAL):
        raise BadInput([codes.ENVIRONMENT_NAME_TAKEN.about(path.stem, text, "Give the file another name.")])
    folders = (envs_directory, home_of(path) / ENVIRONMENTS)
    for other in (folder / f"{path.stem}{ending}" for folder in folders for ending in ENDINGS):
        if is_file(other) and not other.samefile(path):
            text = f"{path} has the name of {other}, and both would be told apart from others by it alone"
            raise BadInput([codes.ENVIRONMENT_NAME_TAKEN.about(path.stem, text, "Give one of them another name.")])
    return path


def _draft(name_or_path: str, contracts: Mapping[str, Contract], envs_directory: FilePath) -> Draft:
    return draft(read_inherited(path_of(name_or_path, envs_directory)), contracts)
