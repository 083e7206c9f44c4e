"""The helm module: one release of the HyperPod dependency chart."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from cdktn_provider_helm.release import Release

from hp_tf.contract.base import nullable
from hp_tf.layers.helm.contract import ChartKey, HelmInputs, chart_values
from hp_tf.synth.module import Module


def define(module: Module) -> None:
    """Write the module."""
    always = [(name, key) for name, key in chart_values() if not nullable(HelmInputs.model_fields[name])]
    module.local("chart_values", _object(_tree(always)), comment="What the inputs say, under the chart's own keys.")
    module.local(
        "optional_values",
        _optional_values(),
        comment='Inputs that are null leave their key to the chart: Helm would read null as "no such key".',
    )
    module.local("regional_file", 'format("%s/regional-values/values-%s.yaml", var.chart_path, var.region)')
    module.local(
        "regional_values",
        "var.gpu_operator && fileexists(local.regional_file) ? [file(local.regional_file)] : []",
        comment="The chart's own list of the GPU operator's images in the region, where it has one.",
    )
    release = Release(
        module,
        "release.this",
        name=module.ref("release_name"),
        namespace=module.ref("namespace"),
        create_namespace=module.boolean("${var.create_namespace}"),
        take_ownership=module.boolean("${var.take_ownership}"),
        chart=module.ref("chart_path"),
        wait=module.boolean("${var.wait}"),
        timeout=module.number("${var.timeout_seconds}"),
        max_history=module.number("${var.max_history}"),
        values=module.strings(
            "${concat(\n  local.regional_values,\n  [yamlencode(local.chart_values)],\n  local.optional_values,\n"
            "  var.values,\n  var.values_sensitive,\n)}"
        ),
    )
    module.depends_on(release, [module.ref("cluster_name")])
    module.comment(
        release,
        "No version: a chart in a folder has its own, and another one here would be an error.\n"
        "Without nodes nothing becomes ready, so waiting is off unless it is asked for.\n"
        "The provider says where the release goes; cluster_name only makes it wait for the cluster.",
    )
    module.output("release_name", "${helm_release.this.name}", depends_on=[release])
    module.output("release_namespace", "${helm_release.this.namespace}", depends_on=[release])


def _optional_values() -> str:
    """Return a list of YAML documents, one for every optional input that is given."""
    by_input: dict[str, list[tuple[str, ChartKey]]] = {}
    for name, key in chart_values():
        if nullable(HelmInputs.model_fields[name]):
            by_input.setdefault(name, []).append((name, key))
    lines = (f"var.{on} != null ? [yamlencode({_object(_tree(pairs))})] : [],\n" for on, pairs in by_input.items())
    return f"concat(\n{''.join(lines)})"


def _tree(pairs: Iterable[tuple[str, ChartKey]]) -> dict[str, Any]:
    """Return (input, key) pairs as nested keys, with expressions of the inputs for leaves."""
    tree: dict[str, Any] = {}
    for name, key in pairs:
        level = tree
        for part in key.keys[:-1]:
            level = level.setdefault(part, {})
        level[key.keys[-1]] = f"var.{name}"
    return tree


def _object(tree: dict[str, Any]) -> str:
    """Return nested keys as an HCL object."""
    lines = ""
    for key, leaf in tree.items():
        inner = leaf if isinstance(leaf, str) else _object(leaf)
        lines += f"{key if key.isidentifier() else json.dumps(key)} = {inner}\n"
    return f"{{\n{lines}}}"
