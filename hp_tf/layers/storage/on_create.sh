#!/bin/bash
# What every node of the HyperPod cluster runs once, as root, when it is created or replaced.
#
# It moves the data of containerd and of the kubelet from the small root volume to the large data disk, before
# either of them has anything to lose. It may run again at any time: what is done already is left as it is.
#
# Everything it says goes to /var/log/provision/provisioning.log, and from there to CloudWatch.

set -euo pipefail

# Where the file system begins; tests point it at a folder.
root="${ON_CREATE_ROOT:-}"
here="$(dirname "${BASH_SOURCE[0]}")"

log_file="${root}/var/log/provision/provisioning.log"

# The data disks in order of preference: the second EBS volume, then local NVMe.
disks=("/opt/sagemaker" "/opt/dlami/nvme")
disk_attempts=12
disk_pause=5

# After a failure the node is taken away; this long it stays, so that its log can leave it first.
failure_pause=60

log() {
  printf '%s [on_create] %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*"
}

# Print the first data disk that is mounted, waiting a minute for the preferred one. Fail if there is none.
find_disk() {
  local attempt disk
  for ((attempt = 1; attempt <= disk_attempts; attempt++)); do
    if mountpoint -q "${root}${disks[0]}"; then
      printf '%s\n' "${disks[0]}"
      return 0
    fi
    sleep "${disk_pause}"
  done
  for disk in "${disks[@]:1}"; do
    if mountpoint -q "${root}${disk}"; then
      printf '%s\n' "${disk}"
      return 0
    fi
  done
  return 1
}

# Print al2, al2023 or other.
system() {
  local id="" version=""
  if [[ -r "${root}/etc/os-release" ]]; then
    id="$(sed -n 's/^ID="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' "${root}/etc/os-release")"
    version="$(sed -n 's/^VERSION_ID="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' "${root}/etc/os-release")"
  fi
  case "${id}:${version}" in
    amzn:2) echo al2 ;;
    amzn:2023*) echo al2023 ;;
    *) echo other ;;
  esac
}

# Put FILE.new in the place of FILE if they differ, and set "changed" if so.
replace_if_changed() {
  local file="$1"
  if cmp -s "${file}.new" "${file}"; then
    rm -f "${file}.new"
  else
    mv -f "${file}.new" "${file}"
    changed=true
  fi
}

# Amazon Linux 2: the bootstrap of EKS copies this template, so the line in it is all there is to change.
containerd_al2() {
  local disk="$1"
  local template="${root}/etc/eks/containerd/containerd-config.toml"
  if [[ ! -f "${template}" ]]; then
    log "No ${template}; containerd keeps its data where it is."
    return 0
  fi
  # As below: the template is on the root volume, the data of an earlier life is on the disk.
  if ! grep -qxF "root = \"${disk}/containerd/data-root\"" "${template}"; then
    rm -rf "${root}${disk}/containerd/data-root"
  fi
  sed -i "s|^root *=.*|root = \"${disk}/containerd/data-root\"|" "${template}"
  log "containerd will keep its data in ${disk}/containerd/data-root."
}

# Amazon Linux 2023: nodeadm writes containerd's usual configuration anew at each start, so containerd is given
# one of its own instead.
containerd_al2023() {
  local disk="$1"
  local folder="${disk}/containerd"
  local config="${root}${folder}/config.toml"
  local unit="${root}/etc/systemd/system/containerd.service.d/90-data-disk.conf"

  # The unit is on the root volume, which a software update replaces while the disk stays: what lies on the disk
  # without a unit that leads to it is of an earlier life, with images and containers of another system.
  if ! grep -qsF -- "--config ${folder}/config.toml" "${unit}"; then
    rm -rf "${root}${folder}/data-root"
  fi
  copy_once "${root}/var/lib/containerd" "${root}${folder}/data-root"
  mkdir -p "$(dirname "${unit}")"
  containerd_config "${disk}" >"${config}.new"
  containerd_unit "${folder}" >"${unit}.new"
  changed=false
  replace_if_changed "${config}"
  replace_if_changed "${unit}"
  if [[ "${changed}" == false ]]; then
    log "containerd is configured already."
    return 0
  fi
  systemctl daemon-reload
  if systemctl is-active --quiet containerd; then
    systemctl restart containerd
  fi
  log "containerd keeps its data in ${folder}/data-root."
}

containerd_unit() {
  local folder="$1"
  cat <<UNIT
[Service]
ExecStart=
ExecStart=/usr/bin/containerd --config ${folder}/config.toml
UNIT
}

containerd_config() {
  local disk="$1"
  local runtime=runc
  if [[ -x "${root}/usr/bin/nvidia-container-runtime" ]]; then
    runtime=nvidia
  fi
  cat <<CONFIG
version = 2
root = "${disk}/containerd/data-root"
state = "/run/containerd"

[grpc]
address = "/run/containerd/containerd.sock"

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "localhost/kubernetes/pause"
enable_cdi = true
cdi_spec_dirs = ["/etc/cdi", "/var/run/cdi"]

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/opt/cni/bin"
conf_dir = "/etc/cni/net.d"

[plugins."io.containerd.grpc.v1.cri".registry]
config_path = "/etc/containerd/certs.d:/etc/docker/certs.d"

[plugins."io.containerd.grpc.v1.cri".containerd]
default_runtime_name = "${runtime}"
discard_unpacked_layers = true
CONFIG
  containerd_runtime runc
  if [[ "${runtime}" == nvidia ]]; then
    containerd_runtime nvidia
    printf 'BinaryName = "/usr/bin/nvidia-container-runtime"\n'
  fi
}

containerd_runtime() {
  local name="$1"
  local spec="/etc/containerd/base-runtime-spec.json"
  printf '\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.%s]\n' "${name}"
  printf 'runtime_type = "io.containerd.runc.v2"\n'
  if [[ -f "${root}${spec}" ]]; then
    printf 'base_runtime_spec = "%s"\n' "${spec}"
  fi
  printf '\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.%s.options]\n' "${name}"
  printf 'SystemdCgroup = true\n'
}

# Copy a folder, unless the copy is there. It gets its name only when it is whole, so half a copy is made again.
copy_once() {
  local from="$1" to="$2"
  if [[ -d "${to}" ]]; then
    return 0
  fi
  rm -rf "${to}.partial"
  mkdir -p "${to}.partial"
  if [[ -d "${from}" ]]; then
    cp -a "${from}/." "${to}.partial/"
  fi
  mv "${to}.partial" "${to}"
}

# Put the kubelet's folder on the disk, with a link in its old place.
kubelet() {
  local disk="$1"
  local here="${root}/var/lib/kubelet"
  local there="${root}${disk}/kubelet"
  if [[ -L "${here}" && "$(readlink "${here}")" == "${there}" ]]; then
    mkdir -p "${there}"
    log "The kubelet's folder is on ${disk} already."
    return 0
  fi
  # A run that was cut off between the two renames below left the folder under this name.
  if [[ ! -e "${here}" && ! -L "${here}" && -d "${here}.moved" ]]; then
    mv "${here}.moved" "${here}"
  fi
  # What lies there without a link to it is of an earlier life of the disk.
  rm -rf "${there}"
  copy_once "${here}" "${there}"
  rm -rf "${here}.moved"
  if [[ -e "${here}" || -L "${here}" ]]; then
    mv "${here}" "${here}.moved"
  fi
  mkdir -p "$(dirname "${here}")"
  ln -s "${there}" "${here}"
  rm -rf "${here}.moved"
  log "The kubelet keeps its data in ${disk}/kubelet."
}

# Let Lustre go over EFA, at this start and every later one. The file system has it where an empty file of this name
# lies beside this script. Whatever is missing, Lustre goes over TCP.
lustre_over_efa() {
  local program="/usr/local/sbin/lustre-over-efa"
  local unit="${root}/etc/systemd/system/lustre-over-efa.service"
  if [[ ! -e "${here}/lustre_over_efa" ]]; then
    return 0
  fi
  mkdir -p "${root}$(dirname "${program}")" "$(dirname "${unit}")"
  lustre_program >"${root}${program}"
  chmod 0755 "${root}${program}"
  cat >"${unit}" <<UNIT
[Unit]
Description=Lustre over EFA
Wants=network-online.target
After=network-online.target
Before=remote-fs.target

[Service]
Type=oneshot
ExecStart=${program}
RemainAfterExit=yes

[Install]
WantedBy=multi-user.target
UNIT
  systemctl daemon-reload
  if systemctl enable --now lustre-over-efa.service; then
    log "Lustre goes over EFA where the node has it."
  else
    log "Lustre over EFA could not be set up; it goes over TCP."
  fi
}

# What FSx for Lustre's user guide does in "Configuring EFA clients".
lustre_program() {
  cat <<'PROGRAM'
#!/bin/bash
# Written by on_create.sh: lets the Lustre client go over EFA. Whatever is missing, it goes over TCP.
set -u
devices=("${EFA_DEVICES:-/sys/class/infiniband}"/*)
if [[ ! -e "${devices[0]}" ]]; then
  echo "This node has no EFA device."
  exit 0
fi
if [[ "$(lnetctl net show --net efa 2>/dev/null)" == *"@efa"* ]]; then
  echo "Lustre goes over EFA already."
  exit 0
fi
interface="$(ip -o -4 route show to default | awk '{ print $5; exit }')"
if ! { modprobe lnet && modprobe kefalnd "ipif_name=${interface}" && modprobe ksocklnd; }; then
  echo "The Lustre client of this image does not know EFA."
  exit 0
fi
lnetctl lnet configure
if [[ "$(lnetctl net show --net tcp 2>/dev/null)" != *"@tcp"* ]]; then
  lnetctl net add --net tcp --if "${interface}"
fi
# Of 32 devices one for each PCI bus, which has four; of fewer the first and the last.
count=${#devices[@]}
chosen=("${devices[0]##*/}")
if ((count >= 32)); then
  for ((at = 4; at < count; at += 4)); do
    chosen+=("${devices[at]##*/}")
  done
elif ((count > 1)); then
  chosen+=("${devices[count - 1]##*/}")
fi
for device in "${chosen[@]}"; do
  lnetctl net add --net efa --if "${device}" --peer-credits 32
done
lnetctl set discovery 1
lnetctl udsp add --src efa --priority 0
PROGRAM
}

main() {
  local disk
  log "Provisioning begins."
  lustre_over_efa
  if ! disk="$(find_disk)"; then
    log "No data disk is mounted at ${disks[*]}; containerd and the kubelet stay on the root volume."
    return 0
  fi
  log "The data disk is ${disk}."
  case "$(system)" in
    al2) containerd_al2 "${disk}" ;;
    al2023) containerd_al2023 "${disk}" ;;
    *) log "This is not Amazon Linux; containerd keeps its data where it is." ;;
  esac
  kubelet "${disk}"
  log "Provisioning is done."
}

run() {
  mkdir -p "$(dirname "${log_file}")"
  # Not "if main": there a failing command inside it would be passed over.
  set +e
  (
    set -e
    main
  ) 2>&1 | tee -a "${log_file}"
  local status="${PIPESTATUS[0]}"
  set -e
  if ((status != 0)); then
    log "Provisioning failed with status ${status}." | tee -a "${log_file}" >&2
    sync
    sleep "${failure_pause}"
    exit 1
  fi
}

# Sourced, as tests do, it only defines its functions.
if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then
  run
fi
