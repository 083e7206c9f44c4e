"""What a HyperPod cluster finds where it is made: scripts in other buckets, the chart in a cluster of others."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.seeds import Given, Seed, Values


def seed(given: Given) -> Iterator[Seed]:
    """Yield the cluster that exists, or what one that is made needs and nobody makes here."""
    if given.existing is not None:
        yield cluster(given.existing)
        return
    inputs = given.inputs
    for group in [inputs, *inputs["instance_groups"]]:
        yield from scripts(group, inputs)
    if not given.wired & {"eks_cluster_arn", "dependencies_release"}:
        # HyperPod refuses an EKS cluster without it, so whoever runs the cluster has installed it.
        release = inputs.get("dependencies_release") or "hyperpod-dependencies"
        yield Seed("helm_release", release, {"chart": "hyperpod-helm-chart"}, fitted=True)


def cluster(outputs: Values) -> Seed:
    """Return the cluster of a layer's outputs."""
    arn = outputs.get("cluster_arn")
    identity = outputs.get("cluster_id") or (arn.rpartition("/")[2] if arn else None)
    return Seed("hyperpod_cluster", outputs["cluster_name"], {"cluster_id": identity})


def scripts(group: Values, inputs: Values) -> Iterator[Seed]:
    """Yield the scripts of a location that a file gives."""
    if group.get("lifecycle_scripts") is False:
        return
    location = group.get("lifecycle_script_uri") or inputs.get("lifecycle_script_uri")
    first = group.get("lifecycle_on_create") or inputs.get("lifecycle_on_create")
    for script in (first, group.get("lifecycle_on_init_complete")):
        if location and script:
            yield Seed("script", f"{location.rstrip('/')}/{script}")
