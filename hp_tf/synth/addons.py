"""EKS add-ons, as several definitions write them."""

from __future__ import annotations

from cdktn_provider_aws.eks_addon import EksAddon

from hp_tf.synth.module import Module


def addon(
    module: Module,
    construct_id: str,
    *,
    cluster: str,
    name: str,
    version: str,
    configuration: str,
    roles: str | None = None,
) -> EksAddon:
    """Write an add-on. What of it is in the cluster already is overwritten.

    Args:
        cluster: the EKS cluster's name, a Terraform template, as are the others.
        name: the add-on's.
        version: null takes EKS's default one.
        configuration: JSON text, or null.
        roles: a map from service accounts to the ARNs of roles they have by EKS Pod Identity. The add-on makes the
            associations, in its own namespace.
    """
    made = EksAddon(
        module,
        construct_id,
        cluster_name=cluster,
        addon_name=name,
        addon_version=version,
        configuration_values=configuration,
        resolve_conflicts_on_create="OVERWRITE",
        resolve_conflicts_on_update="OVERWRITE",
        tags=module.mapping("${var.tags}"),
    )
    if roles is not None:
        module.dynamic(
            made,
            "pod_identity_association",
            roles,
            {"service_account": "${pod_identity_association.key}", "role_arn": "${pod_identity_association.value}"},
        )
    return made
