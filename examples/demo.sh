#!/bin/sh
# The main job on embedded AWS: a HyperPod environment from nothing, a plan that finds nothing to do, a look at what is
# there, and its destruction. No AWS account is used. Takes the environment's name: local, slurm-minimal, ...
set -eu
env=${1:-local}
step() { printf '\n== %s\n' "$*"; }

step "hptf apply $env: all layers, one plan, one approval"
hptf apply "$env" --auto-approve

step "hptf plan $env --detailed-exitcode: exit 0 means nothing to change"
hptf plan "$env" --detailed-exitcode

step "hptf output $env"
hptf output "$env" --json

step "what boto3 sees, and helm where there is an EKS cluster"
eval "$(hptf local env "$env")"
python examples/look.py

step "hptf destroy $env"
hptf destroy "$env" --auto-approve
hptf local status "$env"
hptf local down "$env"
