"""The Kubernetes API of an environment as hptf itself reaches it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from hp_tf import codes
from hp_tf.aws.releases import Cluster
from hp_tf.contract.providers import token_plugin
from hp_tf.contract.roles import KubernetesApi, Provided
from hp_tf.exec_plugin import Plugin
from hp_tf.findings import Finding
from hp_tf.planning import root_inputs
from hp_tf.run.context import Context
from hp_tf.state.document import State, managed
from hp_tf.terraform.environment import terraform_environment
from hp_tf.terraform.plan import Plan


def find_cluster(
    context: Context, plan: Plan | None = None, states: Mapping[str, State | None] | None = None
) -> Cluster | None:
    """Return the environment's cluster, whether hptf creates it or it existed before; None while there is none.

    Args:
        plan: where a cluster that no state knows, lost in the same run as what is in it, is being imported.
        states: of layers as they were read; that of the cluster's is read here if it is not among them.

    Raises:
        BadInput: if an existing cluster does not exist.
    """
    api = context.wiring.api
    layer = context.environment.layers.get(api.layer) if api is not None else None
    if api is None or layer is None:
        return None
    held: Mapping[str, Any] | None
    if layer.mode == "existing":
        held = _given(context, api, layer.existing)
    else:
        # One that is not created any more is in its state until it has left.
        known = states is not None and api.layer in states
        state = states[api.layer] if states is not None and known else context.store.read(api.layer)
        held = _of_state(state, api) or _of_plan(plan, api)
    if held is None:
        return None
    name, endpoint, authority = (str(held[output]) for output in _reached_by(api.role))
    # The very credential that providers use: what they are refused, hptf must be refused too.
    plugin = Plugin.of(token_plugin(context.target.access, name))
    environ = providers_environ(context)
    return Cluster(name, endpoint, authority, lambda: context.tokens.token(plugin, environ))


def destroyed_with(context: Context, layers: Collection[str]) -> bool:
    """Whether the environment's cluster is destroyed where these layers are: with it goes all that is in it."""
    api = context.wiring.api
    layer = context.environment.layers.get(api.layer) if api is not None else None
    return api is not None and layer is not None and api.layer in layers and layer.mode == "created"


def providers_environ(context: Context) -> dict[str, str]:
    """Return the environment variables of Terraform, its providers and what these start."""
    return terraform_environment(
        context.environ,
        {**context.target.environ, "PATH": root_inputs.path_with_hptf(context.environ)},
        aws=context.target.emulator is None,
    )


def private_to_be(context: Context, present: Sequence[str], live: Collection[str]) -> list[Finding]:
    """Return a finding if a set makes a cluster that only its VPC reaches, and installs something in it."""
    api = context.wiring.api
    installing = [name for name in present if KubernetesApi in context.contracts[name].requires]
    if api is None or api.layer not in present or api.layer in live or not installing:
        return []
    public = context.wiring.bindings[api.layer].get(api.role.public_access)
    if public is None or public.value is not False:
        return []
    text = f"the {api.role.what} will have a private endpoint only, and {', '.join(installing)} must reach it"
    remedy = "apply where its VPC can be reached: a VPN, a bastion, a machine inside"
    return [codes.ENDPOINT_PRIVATE.about(api.layer, text, remedy)]


def clusters(state: State | None, api: Provided[KubernetesApi]) -> Iterator[Mapping[str, Any]]:
    """Yield what a state says of its cluster: outputs, null where the cluster is not that far.

    The resource is there even when the run that made it was killed before it wrote outputs.
    """
    for resource in managed(state):
        if resource.get("type") == api.role.resource:
            for instance in resource.get("instances") or ():
                yield api.role.outputs_of(instance["attributes"])


def _reached_by(role: KubernetesApi) -> tuple[str, str, str]:
    return role.cluster_name, role.endpoint, role.certificate_authority


def _complete(role: KubernetesApi, held: Mapping[str, Any]) -> bool:
    return all(held.get(output) for output in _reached_by(role))


def _of_state(state: State | None, api: Provided[KubernetesApi]) -> Mapping[str, Any] | None:
    found = clusters(state, api)
    return next((held for held in found if _complete(api.role, held)), None)


def _of_plan(plan: Plan | None, api: Provided[KubernetesApi]) -> Mapping[str, Any] | None:
    for change in plan.changes(api.layer) if plan is not None else ():
        if change.type == api.role.resource and change.importing is not None:
            held = api.role.outputs_of(change.before.known or {})
            return held if _complete(api.role, held) else None
    return None


def _given(context: Context, api: Provided[KubernetesApi], existing: Mapping[str, Any]) -> Mapping[str, Any]:
    return existing if _complete(api.role, existing) else context.lookup(api.layer)
