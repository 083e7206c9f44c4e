"""helm_release driven by the real Terraform and, where a release is made, the real helm."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hp_tf.standin.server import serve
from tests.charts.helm import real_helm
from tests.standin.conftest import REGION, Root, http_server, url
from tests.standin.kube import CLUSTER, TOKEN, Kubernetes, credential
from tests.waiting import wait_for

pytestmark = pytest.mark.slow

ADDRESS = "helm_release.this"
CONFIG_MAP = """
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-settings
data:
  color: {{ .Values.color | quote }}
  level: {{ .Values.nested.level | quote }}
  secret: {{ .Values.secret | quote }}
"""


@pytest.fixture(scope="session")
def helm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return real_helm(tmp_path_factory.mktemp("helm"))


@pytest.fixture
def kubernetes() -> Kubernetes:
    return Kubernetes()


@pytest.fixture
def host(kubernetes: Kubernetes) -> Iterator[str]:
    server = http_server(kubernetes.answer)
    yield f"{url(server)}/k8s/{CLUSTER}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """A credential plugin that counts its calls."""
    script = tmp_path / "plugin"
    script.write_text(f"#!/bin/sh\necho \"$@\" >> {tmp_path}/calls\nprintf '%s' '{credential()}'\n")
    script.chmod(0o755)
    return script


@pytest.fixture
def root(tmp_path: Path, helm: Path) -> Root:
    chart(tmp_path / "root" / "charts" / "small-1")
    return Root(
        tmp_path / "root",
        serve(tmp_path / "sockets", "http://127.0.0.1:9", REGION, access_key="test", helm=helm).reattach,
    )


def chart(path: Path, version: str = "0.3.1", more: str = "") -> Path:
    (path / "templates").mkdir(parents=True, exist_ok=True)
    (path / "Chart.yaml").write_text(f"apiVersion: v2\nname: small\nversion: {version}\nappVersion: '7'\n{more}")
    (path / "values.yaml").write_text("color: red\nnested: {level: 1}\nsecret: none\n")
    (path / "templates" / "map.yaml").write_text(CONFIG_MAP)
    return path


def declare(root: Root, plugin: Path, host: str, body: str = "", release: str = "") -> Root:
    return root.write(
        f"""
terraform {{
  required_providers {{
    helm = {{ source = "hashicorp/helm" }}
  }}
}}

resource "terraform_data" "cluster" {{
  input = {{ host = "{host}", name = "one" }}
}}

provider "helm" {{
  kubernetes = {{
    host                   = terraform_data.cluster.output.host
    cluster_ca_certificate = "not used over http"
    exec = {{
      api_version = "client.authentication.k8s.io/v1beta1"
      command     = "{plugin}"
      args        = ["token", "--cluster-name", terraform_data.cluster.output.name]
    }}
  }}
}}

resource "helm_release" "this" {{
  name      = "deps"
  namespace = "kube-system"
  chart     = "./charts/small-1"
  {body or 'values = [yamlencode({ color = "blue" })]'}
}}
{release}
"""
    ).init()


def test_life_of_a_release(root: Root, plugin: Path, host: str, kubernetes: Kubernetes, tmp_path: Path) -> None:
    declare(root, plugin, host)
    change = next(c for c in root.changes() if c["address"] == ADDRESS)["change"]
    assert kubernetes.requests == []
    assert not (tmp_path / "calls").exists()
    assert change["after"]["version"] == "0.3.1"
    assert change["after"]["status"] == "deployed"
    assert change["after"]["timeout"] == 300
    assert change["after_unknown"]["metadata"] is True

    root.run("apply", "-no-color", "plan.bin")
    assert kubernetes.settings() == {"color": "blue", "level": "1", "secret": "none"}
    assert f"Bearer {TOKEN}" in kubernetes.tokens
    assert "token --cluster-name one" in (tmp_path / "calls").read_text()
    state = root.state(ADDRESS)
    assert (state["id"], state["status"], state["version"]) == ("deps", "deployed", "0.3.1")
    assert state["metadata"]["app_version"] == "7"
    assert state["metadata"]["revision"] == 1
    assert json.loads(state["metadata"]["values"]) == {"color": "blue"}
    root.plan()

    declare(root, plugin, host, 'values = [yamlencode({ color = "green" })]')
    (change,) = root.changes()
    assert change["change"]["actions"] == ["update"]
    root.apply()
    assert kubernetes.settings()["color"] == "green"
    assert root.state(ADDRESS)["metadata"]["revision"] == 2
    root.plan()

    root.run("destroy", "-auto-approve", "-no-color")
    assert kubernetes.held() == {}


def test_single_values(root: Root, plugin: Path, host: str, kubernetes: Kubernetes) -> None:
    body = """
  set = [{ name = "nested.level", value = "3" }, { name = "color", value = "007", type = "string" }]
  set_sensitive = [{ name = "secret", value = "hush,a=b" }]
"""
    output = declare(root, plugin, host, body).apply()
    assert "hush" not in output
    assert kubernetes.settings() == {"color": "007", "level": "3", "secret": "hush,a=b"}
    state = root.state(ADDRESS)
    assert json.loads(state["metadata"]["values"])["secret"] == "(sensitive value)"
    assert state["set"][0]["type"] == ""
    root.plan()


def test_write_only_values_are_never_stored(root: Root, plugin: Path, host: str, kubernetes: Kubernetes) -> None:
    body = 'set_wo = [{ name = "secret", value = "hidden" }]\n  set_wo_revision = 1'
    declare(root, plugin, host, body).apply()
    assert kubernetes.settings()["secret"] == "hidden"
    assert "hidden" not in (root.directory / "terraform.tfstate").read_text()
    root.plan()


def test_a_release_deleted_elsewhere_is_created_again(
    root: Root, plugin: Path, host: str, kubernetes: Kubernetes
) -> None:
    declare(root, plugin, host).apply()
    kubernetes.forget()
    (change,) = root.changes()
    assert change["change"]["actions"] == ["create"]


def test_another_name_or_namespace_replaces(root: Root, plugin: Path, host: str) -> None:
    declare(root, plugin, host).apply()
    root.write((root.directory / "main.tf").read_text().replace('"kube-system"', '"other"'))
    (change,) = root.changes()
    assert change["change"]["replace_paths"] == [["namespace"]]


def test_a_release_is_imported_by_namespace_and_name(root: Root, plugin: Path, host: str) -> None:
    declare(root, plugin, host).apply()
    root.run("state", "rm", ADDRESS)
    root.run("import", "-no-color", ADDRESS, "kube-system/deps")
    assert root.state(ADDRESS)["id"] == "deps"
    (change,) = root.changes()
    assert change["change"]["actions"] == ["update"]
    root.run("state", "rm", ADDRESS)
    output = root.run("import", "-no-color", ADDRESS, "deps", expect=1)
    assert "must be namespace/name" in output


def test_a_failed_install_is_recorded_nowhere_and_can_be_imported(
    root: Root, plugin: Path, host: str, kubernetes: Kubernetes
) -> None:
    """As the real provider does: the cluster holds a failed release that no state knows."""
    kubernetes.refuse.add("deps-settings")
    output = declare(root, plugin, host).apply(expect=1)
    assert "Helm release error" in output
    assert "Helm release created with warnings" in output
    assert "deps-settings is refused" in output
    assert ADDRESS not in root.run("state", "list")
    kubernetes.refuse.clear()
    assert "cannot re-use a name that is still in use" in root.apply(expect=1)
    root.run("import", "-no-color", ADDRESS, "kube-system/deps")
    assert root.state(ADDRESS)["status"] == "failed"
    root.apply()
    assert kubernetes.settings()["color"] == "blue"
    assert root.state(ADDRESS)["status"] == "deployed"
    root.plan()


@pytest.mark.parametrize("verb", ["install", "upgrade"])
def test_a_release_stays_pending_when_terraform_is_killed(
    root: Root, plugin: Path, host: str, kubernetes: Kubernetes, verb: str
) -> None:
    """As with the real provider, in whose process helm runs."""
    revision = 1
    if verb == "upgrade":
        revision = 2
        declare(root, plugin, host).apply()
        more = root.directory / "charts" / "small-1" / "templates" / "more.yaml"
        more.write_text(CONFIG_MAP.replace("-settings", "-more"))
        declare(root, plugin, host, 'values = [yamlencode({ color = "green" })]')
    else:
        declare(root, plugin, host)
    kubernetes.hold = "deps-more" if verb == "upgrade" else "deps-settings"
    with root.start("apply", "-auto-approve", "-no-color") as child:
        wait_for(lambda: any("pending" in status for status in kubernetes.statuses().values()), "a pending release")
        child.kill()
    kubernetes.let_go.set()
    time.sleep(1)
    secret = f"secrets/sh.helm.release.v1.deps.v{revision}"
    assert kubernetes.statuses()[secret] == f"pending-{verb}"
    kubernetes.hold = None
    said = " ".join(root.apply(expect=1).split())
    assert ("another operation" if verb == "upgrade" else "cannot re-use a name") in said


def test_a_new_chart_version_is_a_change(root: Root, plugin: Path, host: str) -> None:
    declare(root, plugin, host).apply()
    chart(root.directory / "charts" / "small-1", "0.4.0")
    (change,) = root.changes()
    assert change["change"]["after"]["version"] == "0.4.0"
    unknown = change["change"]["after_unknown"]
    assert unknown["metadata"] is True and "id" not in unknown
    root.apply()
    root.plan()


def test_the_charts_path_starts_at_the_callers_folder(root: Root, plugin: Path, host: str, tmp_path: Path) -> None:
    declare(root, plugin, host)
    chart(tmp_path / "elsewhere" / "charts" / "small-1", "9.9.9")
    main = (root.directory / "main.tf").read_text()
    other = Root(tmp_path / "elsewhere", json.loads(root.environment["TF_REATTACH_PROVIDERS"]))
    other.write(main).init()
    planned = next(c for c in other.changes() if c["address"] == ADDRESS)["change"]["after"]
    assert planned["version"] == "9.9.9"
    chdir = root.run(f"-chdir={other.directory}", "plan", "-no-color")
    assert '"9.9.9"' in chdir


@pytest.mark.parametrize(
    ("body", "more", "words"),
    [
        ('version = "0.3.0"', "", 'configuration is "0.3.0" but the planned version is "0.3.1"'),
        ("lint = false", "type: library\n", "only application charts can be installed"),
        ("lint = false", "dependencies: [{name: a, version: 1.0.0, repository: 'file://x'}]\n", "charts/ directory: a"),
    ],
)
def test_a_chart_that_cannot_be_installed_fails_the_plan(
    root: Root, plugin: Path, host: str, body: str, more: str, words: str
) -> None:
    chart(root.directory / "charts" / "small-1", more=more)
    output = " ".join(declare(root, plugin, host, body).plan(expect=1).split())
    assert words in output
    assert "on main.tf line" in output


def test_a_missing_chart_fails_the_plan(root: Root, plugin: Path, host: str) -> None:
    declare(root, plugin, host)
    root.write((root.directory / "main.tf").read_text().replace("small-1", "absent"))
    assert "Unable to locate chart" in root.plan(expect=1)


def test_an_unknown_kubernetes_object_is_refused(root: Root, plugin: Path, host: str) -> None:
    declare(root, plugin, host)
    main = (root.directory / "main.tf").read_text()
    start, end = main.index("kubernetes = {"), main.index('resource "helm_release"')
    whole = main[:start] + "kubernetes = terraform_data.cluster.output\n}\n\n" + main[end:]
    root.write(whole)
    assert "missing required structural data" in " ".join(root.plan(expect=1).split())


def test_an_unknown_host_makes_it_forget(root: Root, plugin: Path, host: str) -> None:
    """As the real provider does: the release is there, and the plan creates it anew."""
    declare(root, plugin, host).apply()
    root.write((root.directory / "main.tf").read_text().replace('name = "one"', 'name = "two"'))
    change = next(c for c in root.changes() if c["address"] == ADDRESS)
    assert change["change"]["actions"] == ["create"]


def test_a_cluster_out_of_reach_makes_it_forget_and_delete_nothing(
    root: Root, plugin: Path, host: str, kubernetes: Kubernetes
) -> None:
    declare(root, plugin, host).apply()
    held = kubernetes.held()
    main = (root.directory / "main.tf").read_text()
    root.write(main.replace("terraform_data.cluster.output.host", '"http://127.0.0.1:9"'))
    (change,) = root.changes()
    assert change["change"]["actions"] == ["create"]
    root.run("destroy", "-auto-approve", "-no-color", "-refresh=false")
    assert root.run("state", "list").strip() == ""
    assert kubernetes.held() == held


def test_the_first_bad_answer_of_a_read_is_taken_for_gone_and_the_second_is_said(
    root: Root, plugin: Path, host: str, kubernetes: Kubernetes
) -> None:
    """As with the real provider, which asks twice in one Read."""
    declare(root, plugin, host).apply()
    kubernetes.fail_after = 0
    (change,) = root.changes()
    assert change["change"]["actions"] == ["create"]
    kubernetes.fail_after = 1
    assert "Error getting release" in root.plan(expect=1)


def test_a_cluster_elsewhere_is_refused_at_plan(root: Root, plugin: Path, host: str) -> None:
    declare(root, plugin, host)
    main = (root.directory / "main.tf").read_text()
    root.write(main.replace("terraform_data.cluster.output.host", '"https://ABC.gr7.us-west-2.eks.amazonaws.com"'))
    assert "is not on this machine" in " ".join(root.plan(expect=1).split())


def test_without_helm_the_extra_is_named(tmp_path: Path, root: Root, plugin: Path, host: str) -> None:
    bare = Root(root.directory, serve(tmp_path / "bare", "http://127.0.0.1:9", REGION, access_key="test").reattach)
    output = " ".join(declare(bare, plugin, host).apply(expect=1).split())
    assert "pip install 'hp-tf[local]'" in output


def test_a_broken_credential_plugin_is_named(root: Root, plugin: Path, host: str) -> None:
    plugin.write_text("#!/bin/sh\necho no session >&2\nexit 3\n")
    output = " ".join(declare(root, plugin, host).apply(expect=1).split())
    assert "ended with 3: no session" in output
    plugin.unlink()
    assert "is not on PATH" in " ".join(root.apply(expect=1).split())
