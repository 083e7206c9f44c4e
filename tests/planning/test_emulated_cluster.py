"""An emulated run, which may meet the real helm provider, reaches no cluster elsewhere."""

from __future__ import annotations

import pytest

from hp_tf.errors import BadInput
from hp_tf.planning.emulated_cluster import refuse_a_real_one
from hp_tf.planning.root import Root


def root(host: str, **variables: str) -> Root:
    helm = {"kubernetes": {"host": host, "exec": {"command": "hptf"}}}
    return Root({"provider": {"aws": [{"region": "us-west-2"}], "helm": [helm]}}, dict(variables), ())


@pytest.mark.parametrize("host", ["https://127.0.0.1:4566/k8s/x", "http://localhost:1", "${module.eks.endpoint}"])
def test_an_endpoint_here_or_one_that_the_run_makes_passes(host: str) -> None:
    refuse_a_real_one(root(host))
    refuse_a_real_one(root("${var.endpoint}", endpoint="http://[::1]:9"))


def test_an_endpoint_elsewhere_is_refused_as_text_and_as_a_variable() -> None:
    elsewhere = "https://ABC.gr7.us-west-2.eks.amazonaws.com"
    for made in (root(elsewhere), root("${var.eks__cluster_endpoint}", eks__cluster_endpoint=elsewhere)):
        with pytest.raises(BadInput, match="is not on this machine"):
            refuse_a_real_one(made)


def test_a_root_without_a_cluster_passes() -> None:
    refuse_a_real_one(Root({}, {}, ()))
