"""The EKS service, put together from its parts."""

from __future__ import annotations

from hp_tf.emulator.awsjson import Service, handlers
from hp_tf.emulator.services.eks_access import EksAccess
from hp_tf.emulator.services.eks_addons import EksAddons
from hp_tf.emulator.services.eks_clusters import EksClusters
from hp_tf.emulator.services.eks_pod_identity import EksPodIdentity
from hp_tf.emulator.services.eks_store import EksStore


def eks_service(store: EksStore) -> Service:
    """EKS over `store`: clusters, add-ons, access entries, pod identity."""
    pod_identity = EksPodIdentity(store)
    operations = handlers(EksClusters(store), EksAddons(store, pod_identity), EksAccess(store), pod_identity)
    return Service("eks", operations, invalid="InvalidParameterException")
