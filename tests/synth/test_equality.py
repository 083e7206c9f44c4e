"""The HCL form of a module plans as its JSON form does."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hp_tf.synth.generate import draft
from hp_tf.synth.write import files_of
from tests.synth import samples
from tests.synth.terraform import Terraform, write

Start = Callable[[Path], Terraform]


def compared(plan: dict[str, Any]) -> dict[str, Any]:
    """What two plans must agree on: changes with their unknown and sensitive marks, variables, outputs."""
    return {
        key: plan.get(key) for key in ("resource_changes", "output_changes", "variables", "planned_values", "checks")
    }


def root(values: dict[str, Any]) -> str:
    outputs = {
        name: {"value": f"${{module.sample.{name}}}", "sensitive": name == "hidden"}
        for name in samples.DOCUMENT["output"]
    }
    # In JSON a string is a template, so plain values are escaped; variables carry them as they are.
    variables = {name: {"default": value} for name, value in values.items()}
    call = {"source": "./module", **{name: f"${{var.{name}}}" for name in values}}
    return json.dumps({"module": {"sample": call}, "output": outputs, "variable": variables})


def test_hcl_form_plans_as_json_form(tmp_path: Path, program: Path, terraform: Start) -> None:
    made = draft(samples.CONTRACT, samples.built())
    files = {str(path.relative_to("sample")): text for path, text in files_of([made], program).items()}
    hcl = {f"module/{path}": text for path, text in files.items()}
    plans = []
    for name, module in (("hcl", hcl), ("json", {"module/main.tf.json": json.dumps(made.document)})):
        folder = write(tmp_path / name, {**module, "main.tf.json": root(samples.GOOD)})
        terraform(folder).init()
        plans.append(compared(terraform(folder).plan()))
    assert plans[0] == plans[1]
    assert len(plans[0]["resource_changes"]) == 5
    assert plans[0]["output_changes"]["hidden"]["after_sensitive"] is True


def test_json_applied_then_hcl_has_no_changes(tmp_path: Path, program: Path, terraform: Start) -> None:
    made = draft(samples.CONTRACT, samples.built())
    folder = write(tmp_path, {"module/main.tf.json": json.dumps(made.document), "main.tf.json": root(samples.GOOD)})
    terraform(folder).init()
    terraform(folder).ok("apply", "-auto-approve", "-no-color")
    (folder / "module" / "main.tf.json").unlink()
    write(
        folder / "module", {str(path.relative_to("sample")): text for path, text in files_of([made], program).items()}
    )
    done = terraform(folder).run("plan", "-detailed-exitcode", "-no-color")
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_waits_for_an_input_waits_for_all_that_makes_it(tmp_path: Path, program: Path, terraform: Start) -> None:
    document = copy.deepcopy(samples.DOCUMENT)
    document["resource"]["terraform_data"]["secret"]["depends_on"] = ["var.vpc_id"]
    files = files_of([draft(samples.CONTRACT, samples.built(document))], program).items()
    call = {
        "source": "./module",
        **{name: f"${{var.{name}}}" for name in samples.GOOD},
        "vpc_id": "${terraform_data.network.output}",
    }
    beside = {
        "module": {"sample": call},
        "variable": {name: {"default": value} for name, value in samples.GOOD.items()},
        "resource": {"terraform_data": {"network": {"input": samples.GOOD["vpc_id"]}}},
    }
    module = {f"module/{path.relative_to('sample')}": text for path, text in files}
    folder = write(tmp_path, {**module, "main.tf.json": json.dumps(beside)})
    terraform(folder).init()
    terraform(folder).ok("apply", "-auto-approve", "-no-color")
    kept = json.loads((folder / "terraform.tfstate").read_text())["resources"]
    waits = {item["name"]: item["instances"][0].get("dependencies", []) for item in kept}
    assert waits["secret"] == ["terraform_data.network"]
    assert "terraform_data.network" not in waits["counted"]
