"""The Kubernetes API, with the real helm and kubectl."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hp_tf.aws.presign import Keys
from hp_tf.aws.token import sign
from hp_tf.charts.binaries import extracted, helm_binary
from hp_tf.emulator.clients import EmulatorSession
from hp_tf.emulator.daemon import Emulator
from tests.emulator.conftest import ACCOUNT, REGION, TRUST, Base, get, kube, kube_token, make_eks, put_release

TEMPLATE = """
apiVersion: v1
kind: Namespace
metadata: {name: aws-hyperpod}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: aws-hyperpod}
data: {x: "{{ .Values.x }}"}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: agent, namespace: aws-hyperpod}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: aws-hyperpod}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec: {containers: [{name: c, image: i}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: agent}
rules: []
"""
DEFINITION = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: jobs.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {kind: ExampleJob, plural: examplejobs, singular: examplejob}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
"""
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def _runner(binary: Path | None, folder: Path, cluster: dict[str, Any], token: str) -> Run:
    assert binary is not None, "helm comes with the extra `local`, kubectl with it or with the system"
    authority = cluster["certificateAuthority"]["data"]
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {"name": "c", "cluster": {"server": cluster["endpoint"], "certificate-authority-data": authority}}
        ],
        "users": [{"name": "u", "user": {"token": token}}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "x",
    }
    path = folder / "kubeconfig"
    path.write_text(json.dumps(config))

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        environment = {"KUBECONFIG": str(path), "HOME": str(folder), "PATH": os.environ["PATH"]}
        return subprocess.run(
            [binary, *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    return run


@pytest.fixture
def helm(tmp_path: Path, eks: dict[str, Any]) -> Run:
    return _runner(helm_binary(os.environ), tmp_path, eks, kube_token("k", eks["accessKey"]))


@pytest.fixture
def kubectl(tmp_path: Path, eks: dict[str, Any]) -> Run:
    found = shutil.which("kubectl")
    binary = Path(found) if found else extracted("kubectl/kubectl", os.environ)
    return _runner(binary, tmp_path, eks, kube_token("k", eks["accessKey"]))


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    folder = tmp_path / "chart"
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: hyperpod-helm-chart\nversion: 0.1.0\n")
    (folder / "values.yaml").write_text("x: 1\n")
    (folder / "templates" / "all.yaml").write_text(TEMPLATE)
    return folder


def test_helm_installs_upgrades_lists_and_uninstalls(
    helm: Run, chart: Path, eks: dict[str, Any], emulator: Emulator
) -> None:
    where = ("--namespace", "kube-system")
    installed = helm("upgrade", "--install", "deps", chart, *where)
    assert installed.returncode == 0, installed.stderr
    assert kube(eks, "GET", "/api/v1/namespaces/aws-hyperpod/configmaps/settings")["data"] == {"x": "1"}
    upgraded = helm("upgrade", "deps", chart, *where, "--set", "x=2")
    assert upgraded.returncode == 0, upgraded.stderr
    assert kube(eks, "GET", "/api/v1/namespaces/aws-hyperpod/configmaps/settings")["data"] == {"x": "2"}
    listed = json.loads(helm("list", "--all-namespaces", "--output", "json").stdout)
    assert [(entry["name"], entry["revision"], entry["status"]) for entry in listed] == [("deps", "2", "deployed")]
    assert json.loads(helm("get", "values", "deps", *where, "--output", "json").stdout) == {"x": 2}
    assert get(emulator, "/_hptf/resources")["helm_release"] == ["deps"]
    gone = helm("uninstall", "deps", *where, "--wait")
    assert gone.returncode == 0, gone.stderr
    assert get(emulator, "/_hptf/resources")["helm_release"] == []
    assert kube(eks, "GET", "/apis/apps/v1/daemonsets")["items"] == []
    assert kube(eks, "GET", "/api/v1/namespaces/aws-hyperpod")["code"] == 404


# What helm --wait looks at, and a hook that every install waits for.
WAITED_FOR = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: d}
spec:
  strategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 0}}
  selector: {matchLabels: {a: d}}
  template:
    metadata: {labels: {a: d}}
    spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Service
metadata: {name: s}
spec: {ports: [{port: 80}], selector: {a: d}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: v}
spec: {accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}, storageClassName: "", hostPath: {path: /v}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: p}
spec: {accessModes: [ReadWriteOnce], storageClassName: "", resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: Pod
metadata: {name: pod}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: batch/v1
kind: Job
metadata: {name: j}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: hook, annotations: {"helm.sh/hook": post-install, "helm.sh/hook-delete-policy": hook-succeeded}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}
"""


def test_helm_waits_until_nodes_can_run_what_it_installs(helm: Run, chart: Path, eks: dict[str, Any]) -> None:
    (chart / "templates" / "all.yaml").write_text(WAITED_FOR)
    install = ("upgrade", "--install", "deps", chart, "--wait", "--wait-for-jobs")
    early = helm(*install, "--timeout", "3s")
    assert early.returncode != 0 and "context deadline exceeded" in early.stderr
    kube(eks, "POST", "/api/v1/nodes", {"metadata": {"name": "n"}})
    assert helm("uninstall", "deps").returncode == 0
    done = helm(*install, "--timeout", "20s")
    assert done.returncode == 0, done.stderr
    assert [job["metadata"]["name"] for job in kube(eks, "GET", "/apis/batch/v1/jobs")["items"]] == ["j"]
    (made,) = kube(eks, "GET", "/apis/apps/v1/namespaces/default/replicasets?labelSelector=a%3Dd")["items"]
    assert made["metadata"]["ownerReferences"][0]["name"] == "d"
    again = kube(eks, "GET", f"/apis/apps/v1/namespaces/default/replicasets/{made['metadata']['name']}")
    assert again["metadata"] == made["metadata"]


def test_a_hook_that_waits_for_nodes_hears_of_them(
    aws: EmulatorSession, helm: Run, chart: Path, base: Base, eks: dict[str, Any]
) -> None:
    put_release(eks, "hyperpod-helm-chart")
    (chart / "templates" / "all.yaml").write_text(WAITED_FOR)
    group = {
        "InstanceGroupName": "g",
        "InstanceType": "ml.m5.2xlarge",
        "InstanceCount": 1,
        "ExecutionRole": base.role,
        "LifeCycleConfig": {"SourceS3Uri": f"s3://{base.bucket}/lifecycle", "OnCreate": "on_create.sh"},
    }

    def nodes() -> None:
        aws.client("sagemaker").create_cluster(
            ClusterName="ml",
            InstanceGroups=[group],
            VpcConfig={"SecurityGroupIds": [base.group], "Subnets": base.subnets[:1]},
            Orchestrator={"Eks": {"ClusterArn": eks["arn"]}},
        )

    timer = threading.Timer(3.0, nodes)
    timer.start()
    done = helm("install", "deps", chart, "--timeout", "30s")
    timer.join()
    assert done.returncode == 0, done.stderr


def test_helm_makes_the_namespace(helm: Run, chart: Path, eks: dict[str, Any]) -> None:
    done = helm("install", "deps", chart, "--namespace", "new", "--create-namespace")
    assert done.returncode == 0, done.stderr
    assert kube(eks, "GET", "/api/v1/namespaces/new")["status"] == {"phase": "Active"}


def test_helm_refuses_a_namespace_that_is_not_there(helm: Run, chart: Path) -> None:
    done = helm("install", "deps", chart, "--namespace", "nowhere")
    assert done.returncode != 0
    assert 'namespaces "nowhere" not found' in done.stderr


def test_kubectl_with_a_definition_of_its_own(kubectl: Run, tmp_path: Path, eks: dict[str, Any]) -> None:
    definition, job = tmp_path / "crd.yaml", tmp_path / "job.yaml"
    definition.write_text(DEFINITION)
    job.write_text(
        "apiVersion: example.org/v1\nkind: ExampleJob\nmetadata: {name: j, labels: {q: w}}\nspec: {count: 1}\n"
    )
    for path in (definition, job):
        applied = kubectl("apply", "-f", path)
        assert applied.returncode == 0, applied.stderr
    assert "j" in kubectl("get", "examplejobs", "-l", "q=w", "--no-headers").stdout
    assert kubectl("get", "examplejobs", "-l", "q!=w", "--no-headers").stdout == ""
    job.write_text(job.read_text().replace("count: 1", "count: 2"))
    assert kubectl("apply", "-f", job).returncode == 0
    assert kubectl("get", "examplejob", "j", "-o", "jsonpath={.spec.count}").stdout == "2"
    served = kubectl("apply", "--server-side", "--force-conflicts", "-f", job)
    assert served.returncode == 0, served.stderr
    deleted = kubectl("delete", "-f", job)
    assert deleted.returncode == 0, deleted.stderr
    assert kubectl("get", "examplejob", "j").returncode == 1
    assert kubectl("apply", "-f", job).returncode == 0
    assert kubectl("delete", "-f", definition).returncode == 0
    assert kube(eks, "GET", "/apis/example.org/v1/examplejobs")["code"] == 404


def test_kubectl_changes_objects_in_place(kubectl: Run, tmp_path: Path) -> None:
    assert kubectl("create", "namespace", "n").returncode == 0
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "d", "namespace": "n"},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"a": "b"}}, "template": {"spec": {"containers": []}}},
    }
    (tmp_path / "d.json").write_text(json.dumps(deployment))
    assert kubectl("apply", "-f", tmp_path / "d.json").returncode == 0
    assert kubectl("label", "deployment", "d", "-n", "n", "team=a").returncode == 0
    patch = json.dumps([{"op": "replace", "path": "/spec/replicas", "value": 4}])
    assert kubectl("patch", "deployment", "d", "-n", "n", "--type", "json", "-p", patch).returncode == 0
    shown = json.loads(kubectl("get", "deployment", "d", "-n", "n", "-o", "json").stdout)
    assert shown["metadata"]["labels"]["team"] == "a"
    assert (shown["spec"]["replicas"], shown["status"]["readyReplicas"]) == (4, 0)


# Tokens made with the emulator's key, by name.
TOKENS: dict[str, Callable[[str], str]] = {
    "none": lambda key: "",
    "nonsense": lambda key: "nonsense",
    "another version": lambda key: "k8s-aws-v2.x",
    "no base64": lambda key: "k8s-aws-v1.x",
    "no signature": lambda key: "k8s-aws-v1.aHR0cDovL3g_YT1i",
    "another cluster's": lambda key: kube_token("another-cluster", key),
    "an unknown key's": lambda key: kube_token("k", "AKIAUNKNOWN"),
    "a wrong secret's": lambda key: kube_token("k", key, "wrong"),
    "an old one": lambda key: sign("k", REGION, Keys(key, key), now=datetime(2026, 1, 1, tzinfo=UTC)),
}


@pytest.mark.parametrize("kind", TOKENS)
def test_nobody_gets_in_without_an_eks_token(eks: dict[str, Any], kind: str) -> None:
    answer = kube(eks, "GET", "/api/v1/nodes", token=TOKENS[kind](eks["accessKey"]))
    assert (answer["code"], answer["reason"]) == (401, "Unauthorized")


def test_the_creator_gets_in_as_far_as_the_cluster_says(aws: EmulatorSession, base: Base) -> None:
    locked = make_eks(
        aws,
        base,
        accessConfig={"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
    )
    assert kube(locked, "GET", "/version")["code"] == 401
    old = make_eks(aws, base, "old", accessConfig={"authenticationMode": "CONFIG_MAP"})
    assert kube(old, "GET", "/api/v1/nodes")["items"] == []
    aws.client("eks").update_cluster_config(name="old", accessConfig={"authenticationMode": "API_AND_CONFIG_MAP"})
    assert kube(old, "GET", "/api/v1/nodes")["items"] == []


def test_others_get_in_by_an_access_entry_with_a_policy(aws: EmulatorSession, eks: dict[str, Any]) -> None:
    iam, client = aws.client("iam"), aws.client("eks")
    role = iam.create_role(RoleName="operator", Path="/team/", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    keys = aws.client("sts").assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    token = kube_token("k", keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    assert kube(eks, "GET", "/api/v1/nodes", token=token)["code"] == 401
    client.create_access_entry(clusterName="k", principalArn=role)
    assert kube(eks, "GET", "/version", token=token)["major"] == "1"
    assert kube(eks, "GET", "/api/v1/nodes", token=token)["reason"] == "Forbidden"
    policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    client.associate_access_policy(
        clusterName="k", principalArn=role, policyArn=policy, accessScope={"type": "cluster"}
    )
    assert kube(eks, "GET", "/api/v1/nodes", token=token)["items"] == []
    iam.create_user(UserName="u")
    key = iam.create_access_key(UserName="u")["AccessKey"]
    token = kube_token("k", key["AccessKeyId"], key["SecretAccessKey"])
    user = f"arn:aws:iam::{ACCOUNT}:user/u"
    client.create_access_entry(clusterName="k", principalArn=user, kubernetesGroups=["viewers"])
    assert kube(eks, "GET", "/api/v1/nodes", token=token)["items"] == []


def test_helm_says_so_without_a_token(tmp_path: Path, eks: dict[str, Any]) -> None:
    done = _runner(helm_binary(os.environ), tmp_path, eks, "other")("list")
    assert done.returncode != 0
    assert "credentials" in done.stderr or "Unauthorized" in done.stderr


def test_the_state_dies_with_the_cluster(aws: EmulatorSession, base: Base, eks: dict[str, Any]) -> None:
    kube(eks, "POST", "/api/v1/namespaces/default/configmaps", {"metadata": {"name": "c"}})
    aws.client("eks").delete_cluster(name="k")
    again = make_eks(aws, base)
    assert kube(again, "GET", "/api/v1/namespaces/default/configmaps")["items"] == []


def test_a_stale_resource_version_is_a_conflict(eks: dict[str, Any]) -> None:
    path = "/api/v1/namespaces/default/configmaps"
    made = kube(eks, "POST", path, {"metadata": {"name": "c"}, "data": {"a": "1"}})
    changed = kube(eks, "PUT", f"{path}/c", {**made, "data": {"a": "2"}})
    assert changed["metadata"]["resourceVersion"] != made["metadata"]["resourceVersion"]
    assert kube(eks, "PUT", f"{path}/c", {**made, "data": {"a": "3"}})["code"] == 409
    assert kube(eks, "POST", path, {"metadata": {"name": "c"}})["reason"] == "AlreadyExists"


def test_a_watch_tells_changes_as_they_come(kubectl: Run, eks: dict[str, Any]) -> None:
    def create() -> None:
        kube(eks, "POST", "/api/v1/namespaces/default/configmaps", {"metadata": {"name": "late"}})

    timer = threading.Timer(1.0, create)
    timer.start()
    waited = kubectl("wait", "--for=create", "configmap/late", "--timeout=20s")
    timer.join()
    assert waited.returncode == 0, waited.stderr
    timer = threading.Timer(0.5, lambda: kube(eks, "DELETE", "/api/v1/namespaces/default/configmaps/late"))
    timer.start()
    waited = kubectl("wait", "--for=delete", "configmap/late", "--timeout=20s")
    timer.join()
    assert waited.returncode == 0, waited.stderr


def test_what_is_not_served_is_named(eks: dict[str, Any]) -> None:
    assert kube(eks, "GET", "/apis/nothing.io/v1/things")["code"] == 404
    assert "pods/log" in kube(eks, "GET", "/api/v1/namespaces/default/pods/p/log")["message"]
    assert kube(eks, "POST", "/api/v1/namespaces/none/configmaps", {"metadata": {"name": "c"}})["code"] == 404


@pytest.mark.parametrize(
    ("plural", "body", "message"),
    [
        ("api/v1/namespaces/default/configmaps", {"metadata": {"name": 1}}, "metadata.name must be a string"),
        ("api/v1/namespaces/default/configmaps", {"metadata": {"name": "x", "labels": ["a"]}}, "labels must be"),
        ("api/v1/namespaces/default/configmaps", [], "not an object"),
        ("api/v1/namespaces/default/secrets", {"metadata": {"name": "x"}, "stringData": {"a": 1}}, "stringData must"),
        ("apis/apps/v1/namespaces/default/deployments", {"metadata": {"name": "x"}, "spec": []}, "spec must be"),
        ("apis/apps/v1/namespaces/default/deployments", {"spec": {"replicas": "two"}}, "no Deployment"),
        (
            "apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            {"spec": {"group": "g.io", "names": {"kind": "A", "plural": "as"}, "versions": [{"served": True}]}},
            "no CustomResourceDefinition: KeyError: 'name'",
        ),
    ],
)
def test_what_is_no_object_is_refused_and_harms_no_list(
    eks: dict[str, Any], plural: str, body: Any, message: str
) -> None:
    answer = kube(eks, "POST", f"/{plural}", body)
    assert answer["status"] == "Failure" and message in answer["message"]
    assert kube(eks, "GET", f"/{plural}")["items"] == []
    assert kube(eks, "GET", "/apis")["kind"] == "APIGroupList"


def test_a_null_is_a_member_that_is_not_there(eks: dict[str, Any]) -> None:
    path = "/apis/apps/v1/namespaces/default/deployments"
    made = kube(eks, "POST", path, {"metadata": {"name": "d", "labels": None}, "spec": {"replicas": None}})
    assert (made["spec"], made["status"]["replicas"]) == ({"replicas": 1}, 1)
    assert kube(eks, "POST", "/api/v1/namespaces/default/configmaps", {"metadata": None})["metadata"]["name"]


def test_a_mistake_of_the_emulator_is_an_answer(eks: dict[str, Any]) -> None:
    path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    assert kube(eks, "POST", path, ["no review"])["message"].startswith("the emulator failed: TypeError")
    assert kube(eks, "GET", "/api/v1/nodes?watch=true&timeoutSeconds=soon")["code"] == 400
