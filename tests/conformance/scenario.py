"""Scenarios: what is configured, what happens beside it, and the record of what Terraform and the service say.

A scenario is a YAML file: `provider`, the `facts` it shows, and `steps`. What a step may say is in README.md.
"""

from __future__ import annotations

import base64
import gzip
import json
import shutil
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.conformance import normal
from tests.conformance.terraform import Ended, Root
from tests.conformance.world import Refusal, World

Json = dict[str, Any]
HERE = Path(__file__).parent
SCENARIOS, RECORDS = HERE / "scenarios", HERE / "records"
ADDRESS = {"awscc": "awscc_sagemaker_cluster.this", "helm": "helm_release.this"}
GROUPS = ("instance_groups", "restricted_instance_groups")


@dataclass(frozen=True)
class Scenario:
    """One file of scenarios/.

    Attributes:
        facts: what the real provider does, one sentence each.
    """

    name: str
    provider: str
    facts: tuple[str, ...]
    steps: tuple[Json, ...]


def load(name: str) -> Scenario:
    """Return a scenario by its name."""
    held = _yaml(SCENARIOS / f"{name}.yaml")
    return Scenario(name, held["provider"], tuple(held["facts"]), tuple(held["steps"]))


def names() -> list[str]:
    """Return the names of all scenarios."""
    return sorted(path.stem for path in SCENARIOS.glob("*.yaml"))


def _yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path)


class Player:
    """Plays scenarios of one provider in one root."""

    def __init__(self, root: Root, world: World) -> None:
        self._root, self._world = root, world
        self._base: Json = _yaml(HERE / "base.yaml")
        self._address = ADDRESS[root.name]

    def play(self, scenario: Scenario) -> list[Json]:
        """Return what was said at each step."""
        self._root.begin()
        self._world.begin()
        charts = self._root.folder / "charts"
        shutil.rmtree(charts, ignore_errors=True)
        self._charts(self._base["charts"])
        self._plugin(0)
        return [self._world.normal(self._step(step)) for step in scenario.steps]

    def _step(self, step: Json) -> Json:
        handlers: Mapping[str, Callable[[Any], Json]] = {
            "service": self._service,
            "kube": self._kube,
            "pending": self._pending,
            "terraform": self._terraform,
        }
        quiet: Mapping[str, Callable[[Any], None]] = {
            "settings": lambda values: self._world.settings(**values),
            "fault": lambda what: self._world.fault(**what),
            "refuse": self._refuse,
            "plugin": self._plugin,
            "charts": self._charts,
        }
        for name in quiet.keys() & step.keys():
            quiet[name](step[name])
            return {"step": name}
        for name in handlers.keys() & step.keys():
            return {"step": name, **handlers[name](step[name])}
        said = step.get("said", [])
        if step.get("destroy"):
            ended = self._root.run("destroy", "-auto-approve")
            return {"destroy": _outcome(ended, said), "state": self._root.state(), **self._beside()}
        self._declare(step)
        if "interrupt" in step:
            return self._interrupt(step["interrupt"])
        return self._round(step, said)

    def _round(self, step: Json, said: list[str]) -> Json:
        """Plan, apply, plan again and look."""
        found: Json = {}
        stop = step.get("stop", "")
        ended, document = self._root.plan(*([] if step.get("refresh", True) else ["-refresh=false"]))
        found["plan"] = normal.plan(document) if ended.code == 0 else _outcome(ended, said)
        if document and (drifted := normal.drift(document)):
            found["drift"] = drifted
        if stop == "plan" or ended.code != 0:
            return found
        if "meanwhile" in step:
            self._service(step["meanwhile"])
        if found["plan"] != "nothing":
            applied = self._root.run("apply", "plan.bin")
            found["apply"] = _outcome(applied, said)
            ended, document = self._root.plan()
            found["next plan"] = normal.plan(document) if ended.code == 0 else _outcome(ended, said)
            if document and (drifted := normal.drift(document)):
                found["drift at the next plan"] = drifted
        if "values" in step:
            held = self._root.values(self._address)
            found["values"] = normal.whole({key: held.get(key) for key in step["values"]})
        return {**found, "state": self._root.state(), **self._beside()}

    def _beside(self) -> Json:
        if self._root.name == "awscc":
            return {"cluster": normal.cluster(self._world.described())}
        return {"releases": self._releases()}

    def _declare(self, step: Json) -> None:
        if self._root.name == "awscc":
            body = self._cluster(step.get("cluster") or {})
            settings: Json = {"region": "us-west-2"}
        else:
            body = {**self._base["release"], **(step.get("release") or {})}
            plugin = str(self._root.folder / "plugin")
            execute = {"api_version": "client.authentication.k8s.io/v1beta1", "command": plugin}
            reached = {"host": self._world.names["host"], "cluster_ca_certificate": self._world.authority}
            settings = {"kubernetes": {**reached, "exec": execute}}
        kind = self._address.partition(".")[0]
        wanted = {key: value for key, value in body.items() if value is not None}
        self._root.declare({"resource": {kind: {"this": self._world.filled(wanted)}}}, settings)

    def _cluster(self, given: Json) -> Json:
        body = {**self._base["cluster"], **given}
        for key in GROUPS:
            if body.get(key):
                body[key] = [item and _without_null({**self._base["group"], **item}) for item in body[key]]
        return body

    # Beside Terraform

    def _service(self, calls: Json) -> Json:
        client = self._world.session.client("sagemaker")
        for operation, arguments in calls.items():
            snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation)[1:]
            for group in arguments.get("InstanceGroups", []):
                group.update({key: value for key, value in self._base["sent"].items() if key not in group})
            getattr(client, snake)(**self._world.filled(arguments))
        return {"cluster": normal.cluster(self._world.described())}

    def _refuse(self, given: Json) -> None:
        self._world.refusals[:] = [Refusal(**given)] if given else []

    def _plugin(self, code: int) -> None:
        """Write the credential plugin; with an exit code it fails."""
        script = self._root.folder / "plugin"
        credential = self._world.credential()
        script.write_text(
            f"#!/bin/sh\ncat <<'END'\n{credential}\nEND\n"
            if not code
            else f"#!/bin/sh\necho 'no credentials here' >&2\nexit {code}\n"
        )
        script.chmod(0o755)

    def _charts(self, files: Mapping[str, str]) -> None:
        for name, content in files.items():
            path = self._root.folder / "charts" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)

    def _kube(self, calls: Mapping[str, Any]) -> Json:
        for call, body in calls.items():
            method, path = call.split()
            answer = self._world.kube(method, path, body)
            assert answer.get("code", 200) < 300, answer
        return {"releases": self._releases()}

    def _stored(self) -> list[tuple[Json, Json]]:
        """The secrets of releases, and what is in them."""
        held = self._world.kube("GET", "/api/v1/namespaces/default/secrets?labelSelector=owner%3Dhelm")["items"]
        packed = [base64.b64decode(base64.b64decode(item["data"]["release"])) for item in held]
        found = [(item, json.loads(gzip.decompress(data))) for item, data in zip(held, packed, strict=True)]
        return sorted(found, key=lambda pair: (pair[1]["name"], pair[1]["version"]))

    def _releases(self) -> Json:
        config_maps = self._world.kube("GET", "/api/v1/namespaces/default/configmaps")["items"]
        revisions = [
            f"{item['name']} {item['chart']['metadata']['name']} revision {item['version']} {item['info']['status']}"
            for _, item in self._stored()
        ]
        return {
            "releases": revisions,
            "config maps": {item["metadata"]["name"]: item.get("data", {}) for item in config_maps},
        }

    def _pending(self, status: str) -> Json:
        """Leave the newest revision as a killed helm does."""
        secret, release = self._stored()[-1]
        release["info"]["status"] = status
        packed = base64.b64encode(gzip.compress(json.dumps(release).encode()))
        secret["data"]["release"] = base64.b64encode(packed).decode()
        secret["metadata"]["labels"]["status"] = status
        name = secret["metadata"]["name"]
        self._world.kube("PUT", f"/api/v1/namespaces/default/secrets/{name}", secret)
        return {"releases": self._releases()}

    def _terraform(self, words: list[str]) -> Json:
        described = self._world.described()
        arn = described["ClusterArn"] if described else ""
        filled = [word.replace("$address", self._address).replace("$cluster", arn) for word in words]
        return {"outcome": _outcome(self._root.run(*filled), []), "state": self._root.state()}

    def _interrupt(self, given: Json) -> Json:
        """Apply, cut it off while the service is at work, and let the service come to its end."""
        during = {"create": "Creating", "update": "Updating"}[given["during"]]
        self._world.settings(transition_seconds=3600.0)

        def reached() -> bool:
            found = self._world.described()
            return found is not None and found["ClusterStatus"] == during

        self._root.cut_off(signal.Signals[f"SIG{given['signal']}"], reached)
        (self._root.folder / ".terraform.tfstate.lock.info").unlink(missing_ok=True)
        state = self._root.state()
        self._world.settings(transition_seconds=0.0, ahead_seconds=7200.0)
        ended, document = self._root.plan()
        after = normal.plan(document) if ended.code == 0 else _outcome(ended, [])
        return {"state": state, "next plan": after, **self._beside()}


def _without_null(item: Json) -> Json:
    return {key: value for key, value in item.items() if value is not None}


def _outcome(ended: Ended, said: list[str]) -> Any:
    """Return "done", or the errors' summaries; what else must be said is held to the scenario's own words."""
    found: Json = {}
    if ended.warnings:
        found["warnings"] = sorted({summary for summary, _ in ended.warnings})
    if ended.code == 0 and not found:
        return "done"
    text = " ".join(" ".join(pair) for pair in (*ended.errors, *ended.warnings))
    if ended.errors:
        found["errors"] = [summary for summary, _ in ended.errors]
    found["says"] = {word: word in " ".join(text.split()) for word in said}
    return {key: value for key, value in found.items() if value}
