"""The kinds that the API serves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hp_tf.emulator.kube.store import KubeState, Object


@dataclass(frozen=True)
class Kind:
    """One resource: its group ("" is the core), version, kind, plural name, and whether it lives in a namespace."""

    group: str
    version: str
    kind: str
    plural: str
    namespaced: bool = True
    short: tuple[str, ...] = ()

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version


def _core(kind: str, plural: str, *short: str, namespaced: bool = True) -> Kind:
    return Kind("", "v1", kind, plural, namespaced, short)


BUILT_IN: tuple[Kind, ...] = (
    _core("Namespace", "namespaces", "ns", namespaced=False),
    _core("Node", "nodes", "no", namespaced=False),
    _core("PersistentVolume", "persistentvolumes", "pv", namespaced=False),
    _core("ConfigMap", "configmaps", "cm"),
    _core("Endpoints", "endpoints", "ep"),
    _core("Event", "events", "ev"),
    _core("LimitRange", "limitranges", "limits"),
    _core("PersistentVolumeClaim", "persistentvolumeclaims", "pvc"),
    _core("Pod", "pods", "po"),
    _core("PodTemplate", "podtemplates"),
    _core("ReplicationController", "replicationcontrollers", "rc"),
    _core("ResourceQuota", "resourcequotas", "quota"),
    _core("Secret", "secrets"),
    _core("Service", "services", "svc"),
    _core("ServiceAccount", "serviceaccounts", "sa"),
    Kind("apps", "v1", "ControllerRevision", "controllerrevisions"),
    Kind("apps", "v1", "DaemonSet", "daemonsets", True, ("ds",)),
    Kind("apps", "v1", "Deployment", "deployments", True, ("deploy",)),
    Kind("apps", "v1", "ReplicaSet", "replicasets", True, ("rs",)),
    Kind("apps", "v1", "StatefulSet", "statefulsets", True, ("sts",)),
    Kind("batch", "v1", "CronJob", "cronjobs", True, ("cj",)),
    Kind("batch", "v1", "Job", "jobs"),
    Kind("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", False),
    Kind("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", False),
    Kind("rbac.authorization.k8s.io", "v1", "Role", "roles"),
    Kind("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings"),
    Kind("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", False, ("crd", "crds")),
    Kind("apiregistration.k8s.io", "v1", "APIService", "apiservices", False),
    Kind("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", False),
    Kind(
        "admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", False
    ),
    Kind("authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", False),
    Kind("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", True, ("hpa",)),
    Kind("coordination.k8s.io", "v1", "Lease", "leases"),
    Kind("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices"),
    Kind("networking.k8s.io", "v1", "Ingress", "ingresses", True, ("ing",)),
    Kind("networking.k8s.io", "v1", "IngressClass", "ingressclasses", False),
    Kind("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", True, ("netpol",)),
    Kind("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", True, ("pdb",)),
    Kind("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", False, ("pc",)),
    Kind("storage.k8s.io", "v1", "CSIDriver", "csidrivers", False),
    Kind("storage.k8s.io", "v1", "CSINode", "csinodes", False),
    Kind("storage.k8s.io", "v1", "StorageClass", "storageclasses", False, ("sc",)),
    Kind("storage.k8s.io", "v1", "VolumeAttachment", "volumeattachments", False),
)


def kinds(state: KubeState) -> list[Kind]:
    """Every kind of the cluster: the built-in ones, and those of its CustomResourceDefinitions."""
    return [*BUILT_IN, *_custom(state)]


def _custom(state: KubeState) -> Iterable[Kind]:
    for definition in state.held("apiextensions.k8s.io", "customresourcedefinitions"):
        yield from defined(definition)


def defined(definition: Object) -> Iterable[Kind]:
    """The kinds of a CustomResourceDefinition. Raises LookupError, AttributeError or TypeError if it is none."""
    spec = definition["spec"]
    names = spec["names"]
    for version in spec["versions"]:
        if version.get("served", True):
            yield Kind(
                spec["group"],
                version["name"],
                names["kind"],
                names["plural"],
                spec.get("scope", "Namespaced") == "Namespaced",
                tuple(names.get("shortNames") or ()),
            )


def find_kind(state: KubeState, group: str, version: str, plural: str) -> Kind | None:
    """The kind under a path, or None."""
    wanted = (group, version, plural)
    return next((kind for kind in kinds(state) if (kind.group, kind.version, kind.plural) == wanted), None)
