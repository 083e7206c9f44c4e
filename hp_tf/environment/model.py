"""An environment as the rest of hptf sees it: plain, frozen values, with positions for messages."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Literal

from hp_tf.contract.base import ORCHESTRATORS, Contract, Orchestrator
from hp_tf.environment.sections import AssumeRole
from hp_tf.environment.sections import Aws as Aws
from hp_tf.environment.tree import Node, Path
from hp_tf.errors import Location
from hp_tf.findings import Finding

Mode = Literal["created", "existing", "disabled"]
# Where an environment value stands in the file.
PLACES: Mapping[str, Path] = {
    "name": ("name",),
    "region": ("aws", "region"),
    "account_id": ("aws", "account_id"),
    "partition": ("aws", "region"),
    "tags": ("aws", "tags"),
    "orchestrator": ("orchestrator",),
}

# Under .hptf/, beside a working folder for each environment: the states at rest where a file names no other place, and
# working folders of rehearsals. No environment has such a name.
STATE_FOLDER = "state"
REHEARSAL = ".rehearsal"


def home_of(path: FilePath) -> FilePath:
    """Return the folder that holds ``.hptf/`` for an environment's file, wherever the user is.

    Beside envs/, where .gitignore expects it; beside the file where there is no such folder.
    """
    # By its name as it is written: a link called envs is one too.
    folder = FilePath(os.path.normpath(path.absolute().parent))
    return (folder.parent if folder.name == "envs" else folder).resolve()


@dataclass(frozen=True)
class LayerConfig:
    """One layer of an environment.

    Attributes:
        mode: ``created`` here, ``existing`` (its outputs are given by value), or ``disabled``.
        inputs: what the file says, as plain data under the contract's names; no defaults.
        existing: the outputs given under ``existing:``, as plain data.
    """

    name: str
    contract: Contract
    mode: Mode
    inputs: Mapping[str, Any] = field(default_factory=dict)
    existing: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LocalState:
    """States in a directory: ``<directory>/<layer>.tfstate``."""

    directory: FilePath


@dataclass(frozen=True)
class S3State:
    """States in a bucket of the environment's region: ``<prefix>/<layer>.tfstate``."""

    bucket: str
    prefix: str
    kms_key_arn: str | None = None


@dataclass(frozen=True)
class Environment:
    """One environment's file with all it inherits.

    Attributes:
        id: the file's name without ``.yaml``.
        path: the file.
        files: every file that went in, oldest ancestor first, ``path`` last.
        name: the prefix of every name.
        emulator: None for a real account, ``embedded``, or the URL of a running emulator.
        layers: every layer of the orchestrator, in the contracts' order.
        tree: everything the files say, merged, with its places.
        warnings: what is right and should be thought over.
    """

    id: str
    path: FilePath
    files: tuple[FilePath, ...]
    name: str
    orchestrator: Orchestrator
    aws: Aws
    state: LocalState | S3State
    emulator: str | None
    layers: Mapping[str, LayerConfig]
    tree: Node = field(repr=False)
    warnings: tuple[Finding, ...] = ()

    @classmethod
    def of(
        cls, files: tuple[FilePath, ...], tree: Node, header: Mapping[str, Any], layers: Mapping[str, LayerConfig]
    ) -> Environment:
        """Return what a document describes.

        Args:
            header: the top of the file as plain data, without what is wrong; what it lacks is empty here.
        """
        path, emulator = files[-1], header.get("emulator")
        aws, state = dict(header.get("aws") or {}), header.get("state") or {}
        role = aws.pop("assume_role", None) or {}
        return cls(
            id=path.stem,
            path=path,
            files=files,
            name=header.get("name", ""),
            orchestrator=header.get("orchestrator", ORCHESTRATORS[0]),
            aws=Aws.model_construct(
                **{"region": "", "account_id": "", **aws},
                assume_role=AssumeRole.model_construct(**role) if "role_arn" in role else None,
            ),
            state=_state(path, state.get("s3") or {}, state.get("local") or {}),
            emulator=emulator.rstrip("/") if emulator is not None else None,
            layers=layers,
            tree=tree,
        )

    @property
    def directory(self) -> FilePath:
        """The folder relative paths in the file start from."""
        return self.path.parent

    def place(self, path: Path) -> Location:
        """Return where a value stands, or the nearest thing around it that the file says."""
        return self.tree.nearest(path).place

    def environment_value(self, value: str) -> Any:
        """Return one of ``contracts.base.ENVIRONMENT_VALUES``.

        Raises:
            KeyError: there is no such value.
        """
        return {
            "name": self.name,
            "region": self.aws.region,
            "account_id": self.aws.account_id,
            "partition": self.aws.partition,
            "tags": dict(self.aws.tags),
            "orchestrator": self.orchestrator,
        }[value]

    def of_mode(self, mode: Mode) -> list[LayerConfig]:
        """Return the layers of one mode, in the contracts' order."""
        return [layer for layer in self.layers.values() if layer.mode == mode]


def _state(path: FilePath, s3: Mapping[str, Any], local: Mapping[str, Any]) -> LocalState | S3State:
    if s3:
        return S3State(s3.get("bucket", ""), s3.get("prefix") or f"hyperpod/{path.stem}", s3.get("kms_key_arn"))
    if "directory" in local:
        return LocalState(path.absolute().parent / local["directory"])
    return LocalState(home_of(path) / ".hptf" / STATE_FOLDER / path.stem)
