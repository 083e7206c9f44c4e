"""What layers say of EKS add-ons: their versions, and the rules about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from hp_tf.contract.base import Block, Text
from hp_tf.contract.eks_addons import ADDONS, KUBERNETES, READ_ON, judged
from hp_tf.contract.role import configured
from hp_tf.contract.roles import KubernetesApi
from hp_tf.contract.rules import Path, PythonRule, Scope
from hp_tf.contract.types import RoleArn

POD_IDENTITY_AGENT = "eks-pod-identity-agent"
AddonVersion = Annotated[
    str, Text(r"v[0-9]+\.[0-9]+\.[0-9]+-eksbuild\.[0-9]+", "a version of an EKS add-on such as 'v1.20.1-eksbuild.1'")
]
AddonName = Annotated[
    str, Text("[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*", "the name of an EKS add-on such as 'metrics-server'", max_length=63)
]


class Addon(Block):
    """An EKS add-on."""

    addon_version: AddonVersion | None = Field(
        None,
        description="Version such as 'v1.20.1-eksbuild.1'. Null takes EKS's default when the add-on is made, and keeps "
        "that for good: name it when you raise kubernetes_version.",
    )
    configuration_values: str | None = Field(None, description="The add-on's own configuration, as JSON text.")
    service_account_role_arn: RoleArn | None = Field(
        None,
        description="Role of the add-on's service account by IRSA, which works only once the account has an OIDC "
        "provider for oidc_issuer_url; this module makes none. pod_identity_roles needs no provider.",
    )
    pod_identity_roles: dict[str, RoleArn] = Field(
        default_factory=dict, description="Roles by pod identity: service account name to role ARN."
    )
    preserve: bool = Field(False, description="Whether the add-on's objects stay in the cluster when it is deleted.")


# Of each add-on of a layer: where its version stands in the file, its name, and the version, which may be none.
Found = Iterable[tuple[Path, str, Any]]


def version_rules(layer: str, addons: Callable[[Scope], Found]) -> tuple[PythonRule, PythonRule]:
    """Return the rules that a version of an add-on is one for the cluster's Kubernetes version, as far as is known.

    What no table has is warned of, for EKS makes new versions all the time; one of a line for newer Kubernetes versions
    is refused. Of a cluster that exists, the file does not know the version: there, the tables of all are asked.
    """

    def newer(scope: Scope) -> Iterator[tuple[Path, str]]:
        for path, name, version, kubernetes in found(scope):
            if kubernetes is not None and judged(name, kubernetes, version) == "newer":
                offered = ", ".join(ADDONS[name].versions[kubernetes][:3])
                yield path, f"{name} {version} is for newer Kubernetes versions than {kubernetes}: take {offered}."

    def unknown(scope: Scope) -> Iterator[tuple[Path, str]]:
        for path, name, version, kubernetes in found(scope):
            asked = KUBERNETES if kubernetes is None else (kubernetes,)
            if all(judged(name, one, version) == "unknown" for one in asked):
                on = "" if kubernetes is None else f" for Kubernetes {kubernetes}"
                yield (
                    path,
                    f"{name} {version} is in no table of add-ons{on} (read on {READ_ON}): "
                    "`aws eks describe-addon-versions` knows.",
                )

    def found(scope: Scope) -> Iterator[tuple[Path, str, str, str | None]]:
        kubernetes = configured(scope, KubernetesApi).get("kubernetes_version", scope.get("kubernetes_version"))
        for path, name, version in addons(scope):
            if isinstance(version, str):
                yield path, name, version, kubernetes if isinstance(kubernetes, str) else None

    reason = "the module would need the tables of all add-ons"
    return (
        PythonRule(f"{layer}-addon-newer", newer, reason),
        PythonRule(f"{layer}-addon-unknown", unknown, reason, level="warning"),
    )


def of_input(name: str, addon: str) -> Callable[[Scope], Found]:
    """Return what `version_rules` wants of a layer with one add-on, whose version an input says."""
    return lambda scope: [((name,), addon, scope.get(name))]


def pod_identity_agent(layer: str) -> PythonRule:
    """Return the rule that an EKS cluster made here has what hands roles to pods."""

    def check(scope: Scope) -> Iterator[tuple[Path, str]]:
        addons = configured(scope, KubernetesApi).get("addons")
        if isinstance(addons, Mapping) and POD_IDENTITY_AGENT not in addons:
            yield ("enabled",), f"Its role is by pod identity, so eks.addons must have {POD_IDENTITY_AGENT}."

    return PythonRule(f"{layer}-agent", check, "the other add-ons are another module's input")
