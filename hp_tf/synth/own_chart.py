"""A layer's own chart: objects in the Kubernetes cluster come into a module as the folder ``chart``.

Helm does not look inside a chart to see whether it changed, so the version of the module's copy ends in a digest of the
chart's content.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hp_tf.charts.chart import CHART_FILE
from hp_tf.charts.files import content, digest
from hp_tf.synth.expressions import expression
from hp_tf.synth.problems import DefinitionError

if TYPE_CHECKING:
    from cdktn_provider_helm.release import Release

    from hp_tf.synth.module import Module

FOLDER = "chart"
_VERSION = re.compile(r"^version: *[\"']?([0-9]+\.[0-9]+\.[0-9]+)[\"']? *$", re.MULTILINE)
_DIGITS = 12


def copied(folder: Path) -> dict[str, str]:
    """Return the texts of a chart as a module has them, by their paths in the chart.

    Raises:
        DefinitionError: where ``Chart.yaml`` has no plain version.
    """
    texts = {name: path.read_text(encoding="utf-8") for name, path in sorted(content(folder).items())}
    versions = _VERSION.findall(texts.get(CHART_FILE, ""))
    if len(versions) != 1:
        raise DefinitionError(f"{folder}/{CHART_FILE} must have one line 'version: X.Y.Z'.")
    # Build metadata: Helm orders versions without it, and the provider compares the whole text.
    known = f"version: {versions[0]}+{digest(folder)[:_DIGITS]}"
    return {**texts, CHART_FILE: _VERSION.sub(known, texts[CHART_FILE])}


def release(
    module: Module,
    identifier: str,
    *,
    name: str,
    namespace: str,
    values: Mapping[str, Any],
    depends_on: Sequence[str] = (),
) -> Release:
    """Declare a release of the layer's own chart.

    Args:
        identifier: the construct's id, such as ``release.this``.
        name, namespace: Terraform templates.
        values: of the chart; strings in them are Terraform templates.
        depends_on: inputs (``module.ref``) whose makers must be complete before; the cluster's name is one.
    """
    from cdktn_provider_helm.release import Release

    for path, text in copied(module.folder / FOLDER).items():
        module.asset(f"{FOLDER}/{path}", text)
    made = Release(
        module,
        identifier,
        name=name,
        namespace=namespace,
        chart=f"${{path.module}}/{FOLDER}",
        values=[f"${{yamlencode({expression(values)})}}"],
    )
    module.depends_on(made, list(depends_on))
    module.comment(made, "No version: a chart in a folder has its own, which changes with the chart's content.")
    return made
