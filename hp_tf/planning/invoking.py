"""How Terraform is run in a root: its environment, its installed providers, and what serves them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from hp_tf.files import make_private
from hp_tf.planning.cluster_endpoint import providers_environ
from hp_tf.planning.root import Root
from hp_tf.run.context import Context
from hp_tf.run.journal import Run
from hp_tf.terraform import init, mirrors
from hp_tf.terraform.cli_config import user_config
from hp_tf.terraform.commands import Invocation
from hp_tf.terraform.failures import TerraformFailed
from hp_tf.terraform.provider_processes import ProviderProcesses


def invoke(
    context: Context, folder: Path, root: Root, run: Run, backend: Mapping[str, str]
) -> tuple[Invocation, tuple[str, ...]]:
    """Initialise a root that is on disk; return how Terraform is run there, and where its providers come from.

    Args:
        backend: the variables that lead to the states.
    """
    installation = mirrors.prepare(
        make_private(context.work / "cli"),
        context.environ,
        cwd=context.project.root,
        cached=context.target.cached,
        product=context.terraform.product,
    )
    environ = providers_environ(context)
    invocation = Invocation(
        terraform=context.terraform,
        root=folder,
        environ={**environ, **installation.environ, **backend},
        logs=run.path,
        stop=context.stop,
        on_event=context.ui.event,
    )
    initialise(invocation)
    configured = root.main.get("provider", ())
    return (
        replace(invocation, providers=_serve(context, folder, environ, configured, installation.user.overrides)),
        tuple(mirrors.provider_sources(folder / init.LOCK_FILE, installation, context.target.reattached)),
    )


def foresee(context: Context) -> None:
    """Start the providers of the root of all layers as it was last time, while files and states are read."""
    folder = whole(context)
    configured = set(init.configured(folder))
    _serve(context, folder, providers_environ(context), configured, user_config(context.environ).overrides)


def whole(context: Context) -> Path:
    """Return the folder of the root of all layers."""
    return context.work / "root-all"


def initialise(invocation: Invocation) -> None:
    """Run ``terraform init`` if it is needed. A provider that cannot be had is named."""
    try:
        init.ensure(replace(invocation, on_event=None))
    except TerraformFailed as error:
        missing = any("provider" in item.summary.lower() for item in error.diagnostics)
        error.hint = (
            "put the provider into a filesystem mirror and name it: export HPTF_PROVIDER_MIRROR=DIR"
            if missing
            else f"the root is {invocation.root}"
        )
        raise


def _serve(
    context: Context, folder: Path, environ: Mapping[str, str], configured: Collection[str], overridden: Collection[str]
) -> ProviderProcesses | None:
    return None if context.providers is None else context.providers.serve(folder, environ, configured, overridden)
