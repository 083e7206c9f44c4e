"""Whether values are right, asked of pydantic and the contract's rules, and of Terraform and the module's variables."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from hp_tf.contract.base import Contract
from hp_tf.contract.providers import AWS
from hp_tf.contract.rules import Level, PythonRule
from hp_tf.synth.variables import listed, variables
from tests.synth.standins import standins
from tests.synth.terraform import MIRROR, mirror

Values = Mapping[str, Any]
MODULES = Path(__file__).parents[2] / "modules"
AWSCC = """
terraform {
  required_providers {
    awscc = { source = "hashicorp/awscc" }
  }
}
provider "awscc" {
  region = "us-west-2"
}
"""
# The real one: nothing of it is asked for at plan.
AWS_PROVIDER = """
provider "aws" {
  region                      = "us-west-2"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
"""


@dataclass(frozen=True)
class Case:
    """A change to right values, and the rule it breaks (others may be broken too).

    ``broken``: the rule's id, ``type`` for a value wrong by itself, None if all is right.
    """

    name: str
    change: Values
    broken: str | None


def broken(contract: Contract, values: Values, level: Level = "error") -> set[str]:
    """Return the ids of the rules of a level the values break; ``{"type"}`` if they are wrong by themselves."""
    try:
        scope = scope_of(contract, values)
    except ValidationError:
        return {"type"}
    return {rule.id for rule in contract.rules if rule.level == level and list(rule.failures(scope))}


def scope_of(contract: Contract, values: Values) -> dict[str, Any]:
    """Return what rules look at: the inputs with defaults, and what other layers show (``roles.configured_key``).

    Raises:
        ValidationError: for inputs wrong by themselves.
    """
    shown = {key: value for key, value in values.items() if not key.isidentifier()}
    inputs = {key: value for key, value in values.items() if key.isidentifier()}
    return {**contract.inputs.model_validate(inputs).model_dump(), **shown}


def python_only(contract: Contract) -> set[str]:
    """Return the ids of the rules Terraform does not check."""
    return {rule.id for rule in contract.rules if isinstance(rule, PythonRule)}


def accepted_by_terraform(contract: Contract, cases: Mapping[str, Values], folder: Path) -> dict[str, bool]:
    """Return for each case whether Terraform takes the values. One plan for all of them.

    Of a module that leaves forms to its provider the whole is planned, with a stand-in; of others the variables alone,
    without any provider. Every variable is given, its default too, so that a refusal points to the case's own file.
    """
    declared = variables(contract)
    defaults = {
        name: TypeAdapter(Any).dump_python(info.get_default(call_default_factory=True, validated_data={}), mode="json")
        for name, info in contract.inputs.model_fields.items()
        if name in declared and not info.is_required()
    }
    for name, values in cases.items():
        given = {key: value for key, value in {**defaults, **values}.items() if key in declared}
        source = f"./{name}" if contract.named_elements else "./module"
        (folder / f"{name}.tf.json").write_text(json.dumps({"module": {name: {"source": source, **given}}}))
    if contract.named_elements:
        # A folder for each: errors of the module's own name a file, and no call.
        for name in cases:
            shutil.copytree(MODULES / contract.name, folder / name)
        real = AWS in contract.providers
        (folder / "providers.tf").write_text(AWSCC + (AWS_PROVIDER if real else ""))
        (folder / "terraformrc").write_text(MIRROR.format(path=mirror()) if real else "")
        (folder / "s").mkdir()
        with standins(folder / "s") as environ:
            _terraform(folder, "init", "-input=false", environ=environ)
            return _verdicts(cases, folder, environ)
    module = folder / "module"
    module.mkdir()
    (module / "variables.tf.json").write_text(json.dumps({"variable": declared, "locals": listed(contract)}))
    # `plan` of a root without providers needs no init, only its modules.
    _terraform(folder, "get")
    return _verdicts(cases, folder, {})


def _verdicts(cases: Mapping[str, Values], folder: Path, environ: Mapping[str, str]) -> dict[str, bool]:
    refused: set[str] = set()
    # Terraform looks at values by themselves first, and at several together only when nothing was wrong with those.
    while found := _refused(_terraform(folder, "plan", "-json", "-input=false", check=False, environ=environ)):
        refused |= found
        for name in found:
            (folder / f"{name}.tf.json").unlink()
    return {name: name not in refused for name in cases}


def _refused(events: str) -> set[str]:
    """Return the cases a plan's errors point to, by their file or their folder."""
    found = set()
    for line in events.splitlines():
        event = json.loads(line)
        if event["type"] == "diagnostic" and event["diagnostic"]["severity"] == "error":
            place = Path(event["diagnostic"]["range"]["filename"]).parts[0].removesuffix(".tf.json")
            assert place not in ("module", "providers.tf"), event["diagnostic"]
            found.add(place)
    return found


def _terraform(folder: Path, *arguments: str, check: bool = True, environ: Mapping[str, str] | None = None) -> str:
    program = shutil.which("terraform")
    assert program is not None, "these tests need `terraform` on PATH"
    config = folder / "terraformrc"
    config.touch()
    done = subprocess.run(
        [program, *arguments],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "TF_CLI_CONFIG_FILE": str(config),
            "CHECKPOINT_DISABLE": "1",
            **(environ or {}),
        },
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert not check or done.returncode == 0, done.stderr
    return done.stdout
