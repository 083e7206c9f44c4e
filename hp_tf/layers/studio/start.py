"""What runs when an editor starts: the tools of the cluster, and the way to it."""

from __future__ import annotations

# A Terraform template. An editor whose script fails does not start at all, so each step may.
START = """\
#!/usr/bin/env bash
# Runs when an editor of Studio starts. Whatever fails is said in its log; the editor starts all the same.
set -uo pipefail

bin="$HOME/.local/bin"
mkdir -p "$bin"
export PATH="$bin:$PATH"
grep -qs '.local/bin' "$HOME/.bashrc" || echo 'export PATH="$HOME/.local/bin:$PATH"' >> "$HOME/.bashrc"

say() { echo "start: $*"; }

fetch() { curl --fail --silent --show-error --location --retry 3 --max-time 60 --output "$2" "$1"; }

install_kubectl() {
  local from="https://dl.k8s.io/release/${kubectl_version}/bin/linux/amd64/kubectl" to
  [ "$(kubectl version --client --output=yaml 2>/dev/null | grep -c 'gitVersion: ${kubectl_version}')" = 0 ] || return 0
  to="$(mktemp -d)" || return
  fetch "$from" "$to/kubectl" && fetch "$from.sha256" "$to/digest" || return
  echo "$(cat "$to/digest")  $to/kubectl" | sha256sum --check --quiet || return
  install -m 0755 "$to/kubectl" "$bin/kubectl"
}

install_helm() {
  local name="helm-${helm_version}-linux-amd64.tar.gz" to
  [ "$(helm version --short 2>/dev/null | grep -c '${helm_version}+')" = 0 ] || return 0
  to="$(mktemp -d)" || return
  fetch "https://get.helm.sh/$name" "$to/$name" && fetch "https://get.helm.sh/$name.sha256sum" "$to/digest" || return
  (cd "$to" && sha256sum --check --quiet digest && tar -xzf "$name") || return
  install -m 0755 "$to/linux-amd64/helm" "$bin/helm"
}

if [ "${install_tools}" = true ]; then
  install_kubectl || say "kubectl ${kubectl_version} was not installed"
  install_helm || say "helm ${helm_version} was not installed"
fi
if [ -n "${cluster_name}" ]; then
  aws eks update-kubeconfig --name "${cluster_name}" --region "${region}" || say "there is no kubeconfig"
fi
exit 0
"""
