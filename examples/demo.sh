#!/bin/sh
# The main job on embedded AWS: an EKS HyperPod environment from nothing, a plan that finds nothing to do, a look at
# what is there, and its destruction. No AWS account is used.
set -eu
step() { printf '\n== %s\n' "$*"; }

step "hptf apply local: nine layers, one plan, one approval"
hptf apply local --auto-approve

step "hptf plan local --detailed-exitcode: exit 0 means nothing to change"
hptf plan local --detailed-exitcode

step "hptf output local hyperpod"
hptf output local hyperpod --json

step "what boto3 and helm see"
eval "$(hptf local env)"
python examples/look.py

step "hptf destroy local"
hptf destroy local --auto-approve
hptf local status
hptf local down
