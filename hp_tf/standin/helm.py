"""The backend of the `helm` stand-in: `helm_release`, installed by the real helm into the emulator's Kubernetes API.

A release is read straight from the API, where helm stores it. What the real provider does with a cluster that does not
answer, or with an installation that fails, is done here too: hptf must live with it (helm/resource_helm_release.go of
hashicorp/helm 3). The provider's experiments are not offered, so `manifest`
and `resources` are always null, and planning a create contacts no cluster.
"""

from __future__ import annotations

import json
import logging
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from hp_tf.exec_plugin import PluginFailed, Tokens
from hp_tf.standin import charts
from hp_tf.standin.backend import Failure, Found
from hp_tf.standin.helm_command import Helm, Verb
from hp_tf.standin.kubernetes import Access, access, check_host, check_structure, kubeconfig, release
from hp_tf.standin.planning import Plan, settle
from hp_tf.standin.schema import UNSET, Schema
from hp_tf.standin.values import Object, Value, same_object
from hp_tf.wire import UNKNOWN, Unknown

Json = dict[str, Any]

log = logging.getLogger(__name__)

DEPLOYED = "deployed"
CLOAK = "(sensitive value)"


class HelmBackend:
    """Helm releases.

    Attributes:
        schema: of helm_release.
        caller: the working directory of the Terraform process; relative charts start there.
        tokens: of credential plugins.
        binary: helm 3, or None where there is none.
    """

    def __init__(self, schema: Schema, caller: Path, *, tokens: Tokens, binary: Path | None) -> None:
        self._schema = schema
        self._caller = caller
        self._tokens = tokens
        self._helm = Helm(binary)
        self._kubernetes: Value = None

    def configure(self, config: Object) -> None:
        check_host(config.get("kubernetes"))
        self._kubernetes = config.get("kubernetes")

    def adjust_plan(self, type_name: str, plan: Plan, prior: Object | None, config: Object) -> Plan:
        check_structure(self._kubernetes)
        planned = dict(plan.state)
        if isinstance(planned["chart"], Unknown):
            raise Failure(
                "Error locating chart", "The chart must be known when the release is planned.", path=("chart",)
            )
        chart = charts.load(charts.locate(self._caller, planned["chart"].strip(), config.get("repository")))
        planned["version"] = _version(chart.version, config.get("version"))
        planned |= {"status": DEPLOYED, "manifest": None, "resources": None}
        attributes = self._schema.attributes
        if prior is not None and not same_object(attributes, planned, prior):
            # A change of the chart's version or of the status alone is the provider's own finding: the id stays known.
            planned["metadata"] = UNKNOWN
        return Plan(planned, plan.replace)

    def _reach(self) -> tuple[Access, str | None]:
        cluster = access(self._kubernetes)
        try:
            return cluster, self._tokens.token(cluster.exec, os.environ) if cluster.exec else cluster.token
        except PluginFailed as failed:
            raise Failure("Kubernetes credentials unavailable", f"{failed}.") from failed

    def _release(self, namespace: str, name: str) -> Json | None:
        cluster, token = self._reach()
        return release(cluster, token, namespace, name)

    def _seen(self, state: Object) -> Json | None:
        """The release of a state; None if there is none, or if that cannot be found out.

        The real provider's Read and Delete ask resourceReleaseExists and drop its diagnostics where it says no, which
        it also says when the cluster does not answer: an unreachable cluster makes them forget the release.
        """
        try:
            return self._release(state["namespace"], state["name"])
        except Failure as failure:
            log.warning("release %s is taken for gone: %s", state["name"], failure)
            return None

    def create(self, type_name: str, planned: Object, config: Object) -> Object:
        # Where this fails, the cluster may hold a failed release, and the real provider's Create records nothing of it.
        before = self._seen(planned)
        try:
            self._apply("install", planned, _secrets(planned, config, None))
        except Failure as failure:
            left = self._seen(planned)
            if left is None or left == before or planned.get("upgrade_install"):
                raise
            detail = f'Helm release "{planned["name"]}" was created but has a failed status.'
            warning = ("Helm release created with warnings", detail)
            raise Failure("Helm release error", failure.detail, warning=warning) from failure
        return self._written(planned)

    def update(self, type_name: str, prior: Object, planned: Object, config: Object) -> Object:
        self._apply("upgrade", planned, _secrets(planned, config, prior))
        return self._written(planned)

    def _apply(self, verb: Verb, planned: Object, secrets: list[Object]) -> None:
        chart = charts.load(charts.locate(self._caller, planned["chart"].strip(), planned.get("repository")))
        cluster, token = self._reach()
        self._helm.apply(verb, chart.path, planned, secrets, kubeconfig(cluster, token), self._caller)

    def _written(self, planned: Object) -> Object:
        found = self._release(planned["namespace"], planned["name"])
        if found is None:
            raise Failure("Release not found", f"helm reported success, but release {planned['name']} is not there.")
        return settle(self._schema.attributes, planned, self._state(found, planned))

    def read(self, type_name: str, state: Object) -> Found:
        if self._seen(state) is None:
            return Found(None)
        # The real provider's Read asks a second time, and says what it hears then.
        try:
            found = self._release(state["namespace"], state["name"])
        except Failure as failure:
            detail = f"Unable to get Helm release {state['name']}: {failure.detail}"
            raise Failure("Error getting release", detail) from failure
        return Found(None if found is None else state | self._state(found, state))

    def _state(self, found: Json, known: Object) -> Object:
        """The values of a state that come from the stored release."""
        info, about = found["info"], found["chart"]["metadata"]
        version = str(about["version"])
        write_only = (known.get("set_wo_revision") or 0) > 0
        values = {} if write_only else _cloaked(found.get("config") or {}, known.get("set_sensitive") or [])
        return {
            "id": found["name"],
            "name": found["name"],
            "namespace": found["namespace"],
            "status": info["status"],
            "version": known["version"] if _equal(known.get("version"), version) else version,
            "manifest": None,
            "resources": None,
            "metadata": {
                "name": found["name"],
                "namespace": found["namespace"],
                "revision": int(found["version"]),
                "chart": about["name"],
                "version": version,
                "app_version": about.get("appVersion", ""),
                "values": json.dumps(values, sort_keys=True, separators=(",", ":")),
                "first_deployed": _seconds(info["first_deployed"]),
                "last_deployed": _seconds(info["last_deployed"]),
                "notes": info.get("notes", ""),
            },
        }

    def delete(self, type_name: str, prior: Object) -> None:
        if self._seen(prior) is not None:
            cluster, token = self._reach()
            self._helm.uninstall(prior, kubeconfig(cluster, token), self._caller)

    def stop(self) -> None:
        """The real provider runs helm without the call's context: what has begun ends by itself."""

    def hang_up(self) -> None:
        """Helm runs in the real provider's process and dies with it: the release stays pending."""
        self._helm.kill()

    def import_state(self, type_name: str, identifier: str) -> Object:
        namespace, _, name = identifier.partition("/")
        if not namespace or not name or "/" in name:
            detail = f'The identifier is "{identifier}" and must be namespace/name.'
            raise Failure("Unable to parse import identifier", detail)
        found = self._release(namespace, name)
        if found is None:
            raise Failure("Error getting release", f"There is no Helm release {name} in namespace {namespace}.")
        defaults = {
            name: attribute.default
            for name, attribute in self._schema.attributes.items()
            if attribute.default is not UNSET
        }
        about = {"chart": found["chart"]["metadata"]["name"], "description": found["info"].get("description", "")}
        return defaults | about | self._state(found, {})

    def read_data(self, type_name: str, config: Object) -> Object:
        raise Failure("Unknown data source", f"The stand-in provider has no data source {type_name}.")


def _version(chart: str, configured: Value) -> str:
    """The planned version: the chart's own, in the configuration's spelling."""
    if configured is None or isinstance(configured, Unknown):
        return chart
    if not _equal(configured, chart):
        detail = (
            f'The version in the configuration is "{configured}" but the planned version is "{chart}". '
            f'Set it to "{chart}", or leave it out.'
        )
        raise Failure("Planned version is different from configured version", detail, path=("version",))
    return str(configured)


def _equal(left: Value, right: str) -> bool:
    return isinstance(left, str) and left.removeprefix("v") == right.removeprefix("v")


def _secrets(planned: Object, config: Object, prior: Object | None) -> list[Object]:
    """`set_sensitive`, and `set_wo` if its revision grew: write-only values are in the configuration alone."""
    chosen = list(planned.get("set_sensitive") or [])
    before = (prior or {}).get("set_wo_revision") or 0
    if (planned.get("set_wo_revision") or 0) > before:
        chosen += config.get("set_wo") or []
    return chosen


def _cloaked(values: Json, sensitive: list[Object]) -> Json:
    copy: Json = json.loads(json.dumps(values))
    for item in sensitive:
        *parents, last = item["name"].split(".")
        level: Any = copy
        for parent in parents:
            level = level.get(parent) if isinstance(level, dict) else None
        if isinstance(level, dict):
            level[last] = CLOAK
    return copy


def _seconds(stamp: str) -> int:
    """Seconds since the epoch of Go's time format, which may have nine digits of a second."""
    head, _, rest = stamp.partition(".")
    zone = rest.lstrip("0123456789") or "" if rest else ""
    return int(datetime.fromisoformat(head + zone).timestamp())
