"""Every kind of finding that hptf itself knows. A rule of a layer is one more: its id is the code.

docs/findings.md is written from this table by ``hptf synth``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hp_tf.findings import BAD_INPUT, Code, Severity

_table: dict[str, Code] = {BAD_INPUT.name: BAD_INPUT}
CODES: Mapping[str, Code] = MappingProxyType(_table)


def _declared(code: Code) -> Code:
    return _table.setdefault(code.name, code)


def _blocks(name: str, subject: str, explanation: str, *, allowable: bool = False) -> Code:
    return _declared(Code(name, Severity.BLOCKS, subject, explanation, allowable))


def _consent(name: str, subject: str, explanation: str) -> Code:
    return _declared(Code(name, Severity.CONSENT, subject, explanation))


def _note(name: str, subject: str, explanation: str) -> Code:
    return _declared(Code(name, Severity.NOTE, subject, explanation))


FAILED = _blocks("failed", "nothing", "A command failed; the message says why.")
_PLACE = "a place in the file"
CREDENTIAL_IN_FILE = _note("credential-in-file", _PLACE, "A value looks like a credential, and files are read by many.")

# An environment's file: text and structure.
FILE_UNREADABLE = _blocks("file-unreadable", "nothing", "A file cannot be opened, or is no UTF-8 text.")
NOT_YAML = _blocks("not-yaml", "nothing", "The text is not YAML 1.2, or uses a part of it that hptf leaves out.")
DUPLICATE_KEY = _blocks("duplicate-key", _PLACE, "A key stands twice in one mapping.")
EXTENDS_UNUSABLE = _blocks("extends-unusable", "nothing", "`extends` names no file, or leads in a circle.")
UNKNOWN_ENVIRONMENT = _blocks("unknown-environment", "an environment", "There is no file of that name or path.")
ENVIRONMENT_NAME_TAKEN = _blocks(
    "environment-name-taken", "an environment", "A file's name is another's, or one that hptf uses itself."
)
UNKNOWN_KEY = _blocks("unknown-key", _PLACE, "A key is none of those that may stand there.")
VALUE_MISSING = _blocks("value-missing", _PLACE, "A value that is required is not given.")
WRONG_TYPE = _blocks("wrong-type", _PLACE, "A value is of another type: a text where a list must stand.")
WRONG_VALUE = _blocks("wrong-value", _PLACE, "A value is of the right type and none of those that are allowed.")
NOT_IN_FILE = _blocks("not-in-file", _PLACE, "A value is computed, or follows from another, and no file gives it.")
UNKNOWN_LAYER = _blocks("unknown-layer", "a layer", "There is no layer of that name.")
ORCHESTRATOR_UNUSABLE = _blocks("orchestrator-unusable", _PLACE, "No layer makes a cluster of that orchestrator yet.")
LAYER_OF_ANOTHER_ORCHESTRATOR = _blocks(
    "layer-of-another-orchestrator", "a layer", "A layer exists only with another orchestrator."
)
EXISTING_WITH_INPUTS = _blocks(
    "existing-with-inputs", "a layer", "A layer that exists already is given inputs as well."
)
REGION_UNUSABLE = _blocks("region-unusable", _PLACE, "A region is in a partition that hptf does not know.")
STATE_AMBIGUOUS = _blocks("state-ambiguous", _PLACE, "`state` holds not exactly one of its two kinds.")
STATE_SHARED = _blocks("state-shared", _PLACE, "Two environments would write the same states.")
NAME_SHARED = _blocks("name-shared", _PLACE, "Two environments would fight over one name in one account and region.")
NAME_TOO_LONG = _blocks("name-too-long", _PLACE, "A name made from this one is longer than AWS takes it.")

# An environment's file: what belongs together.
LAYER_CIRCLE = _blocks("layer-circle", "a layer", "Layers need each other's outputs in a circle.")
LAYER_MISSING = _blocks("layer-missing", "a layer", "A layer that others need is neither created nor given.")
OUTPUT_MISSING = _blocks("output-missing", "an output", "A layer that exists is given without an output others need.")
FOREIGN_VALUE = _blocks("foreign-value", _PLACE, "A value belongs to another account or region than the environment.")
CHART_UNUSABLE = _blocks("chart-unusable", _PLACE, "A chart is not there, or is none.")

# What is asked for by name.
OUTPUT_UNKNOWN = _blocks("output-unknown", "an output", "A layer gives no output of the name that was asked for.")

# The selection of layers.
LAYER_NOT_HERE = _blocks(
    "layer-not-here", "a layer", "A layer that was named is not in the environment and has no resources."
)
LAYER_OF_ANOTHER_VERSION = _blocks(
    "layer-of-another-version", "a layer", "The store holds resources of a layer that this hptf does not know."
)
LAYER_LEAVES = _consent(
    "layer-leaves",
    "a layer",
    "A layer with resources is not created by the environment any more; they would be destroyed, or forgotten.",
)
CONSUMER_STAYS = _blocks(
    "consumer-stays", "a layer", "A layer would be destroyed under another that may use it and stays."
)
EXISTING_DESTROYED = _blocks(
    "existing-destroyed", "a layer", "A destroy is over a layer that became existing and is still in its state."
)
PRODUCER_INCOMPLETE = _blocks(
    "producer-incomplete", "a layer", "A layer whose outputs are needed is not applied completely."
)

# The store.
STORE_OF_ANOTHER = _blocks("store-of-another", "an environment", "The states belong to another environment.")

ENVIRONMENT_RENAMED = _blocks(
    "environment-renamed", "an environment", "All that an environment has made is called after another name."
)
STATE_SET_BACK = _blocks(
    "state-set-back", "a layer", "A layer's state is less than what was written last: empty, gone, older or another."
)
STORE_UNSAFE = _note("store-unsafe", "a store", "States may be lost or seen where they rest.")

# A plan.
PROTECTED_DESTROYED = _consent(
    "protected-destroyed",
    "an address",
    "A resource would be deleted or replaced that holds data, or that everything else stands upon.",
)
CREATION_CUT_OFF = _consent(
    "creation-cut-off",
    "an address",
    "A protected resource would be replaced only because its creation was cut off; it may be well.",
)
CONSUMER_LEFT_OUT = _blocks(
    "consumer-left-out", "a layer", "An output changes that a layer outside the run was made with."
)
CONSUMER_LEFT_ATTACHED = _blocks(
    "consumer-left-attached", "a layer", "A cluster would be made anew under a layer's resources in AWS."
)
UPDATE_REFUSED = _blocks(
    "update-refused",
    "an attribute of a group",
    "An attribute of a group would change that the service fixes when the group is made.",
    allowable=True,
)
VALUE_TAKEN_OVER = _blocks(
    "value-taken-over",
    "an attribute of a group",
    "A group leaves out an attribute and would get that of the group at its position in the list, or keep its own.",
)
VALUE_KEPT = _blocks(
    "value-kept",
    "an attribute of a resource",
    "A file leaves out what a resource has, and the service cannot take it back: all would stay as it is.",
)
ATTRIBUTE_DROPPED = _blocks(
    "attribute-dropped",
    "an attribute of a resource type",
    "A module sends what the provider at hand does not know, and Terraform would drop it in silence.",
    allowable=True,
)
GROUP_DELETED = _consent("group-deleted", "a group", "A group would be deleted with its nodes, by an update.")
GROUP_SHRUNK = _consent("group-shrunk", "a group", "A group would lose nodes, by an update.")
CHANGE_REFUSED = _blocks(
    "change-refused",
    "an attribute of a resource, or an input",
    "A value would change that the service fixes at creation, or does not change that way.",
    allowable=True,
)
STILL_NAMED = _blocks(
    "still-named",
    "an address",
    "A resource would be deleted that another one, which stays, goes on naming: no later change of that would succeed.",
    allowable=True,
)
CHANGED_MEANWHILE = _blocks(
    "changed-meanwhile",
    "an address",
    "Somebody else changed what a plan updates, after it was made; the provider would undo that.",
)
CREATOR_NAMED = _blocks(
    "creator-named",
    "an address",
    "A cluster would admit whoever makes it by itself, and by an entry of the file, which EKS refuses after minutes.",
    allowable=True,
)
WAY_OUT_LOST = _consent(
    "way-out-lost", "an address", "Nodes that are there would lose their way to the internet by an update."
)
ADDRESS_LOST = _note("address-lost", "an address", "A public address goes, by which others may know the network.")
ENDPOINT_PUBLIC = _note("endpoint-public", "an address", "The Kubernetes API will be reached from the whole internet.")
ENDPOINT_CLOSED = _note("endpoint-closed", "an address", "The Kubernetes API will not be reached from the internet.")
DATA_UNKEPT = _note("data-unkept", "an address", "Something that holds data is made so that deleting it keeps nothing.")
NODES_BEHIND = _note(
    "nodes-behind", "an address", "What nodes are told reaches those that run only with a step that hptf does not take."
)
ENDPOINT_PRIVATE = _note(
    "endpoint-private", "a layer", "The cluster will be reached only from its VPC, and hptf must reach it."
)
RELEASE_STUCK = _consent(
    "release-stuck",
    "an address",
    "An operation on a Helm release was cut off, or only its history is left; Helm's record of that is deleted.",
)
RELEASE_FOREIGN = _blocks(
    "release-foreign", "an address", "A Helm release of that name is in the cluster, with another chart."
)
RELEASE_LEFTOVERS = _note(
    "release-leftovers", "an address", "A Helm release goes, and what Helm never deletes stays in the cluster."
)
RELEASE_TAKEN_OVER = _consent(
    "release-taken-over",
    "an address",
    "A Helm release of that name and chart is in the cluster, and no run of hptf's is known to have made it.",
)
EXISTING_TAKEN_OVER = _consent(
    "existing-taken-over",
    "an address",
    "A resource could not be made, for one of its name is there, and no run of hptf's is known to have made that.",
)
PLAN_CUT = _note(
    "plan-cut", "a layer", "The cluster is made anew: what is installed in it is planned after that is done."
)

# What an earlier run left.
CREATION_KEPT = _note("creation-kept", "an address", "A resource whose creation was cut off is kept as it is.")
CREATION_GOES_ON = _note(
    "creation-goes-on",
    "an address",
    "A resource whose creation was cut off is still being made by AWS; an apply waits for it.",
)
CREATION_FAILED = _blocks(
    "creation-failed", "an address", "What an interrupted run was making is there, and its creation failed."
)
ORPHAN_ADOPTED = _note(
    "orphan-adopted", "an address", "What an interrupted run made is taken over before it is destroyed."
)
CREATION_LOST = _note(
    "creation-lost", "an address", "What a run was making when it was cut off is in no state, and not taken over."
)
CLUSTER_GONE = _note(
    "cluster-gone", "an address", "The cluster is gone, and what was installed in it will be forgotten."
)

# Allowances.
ALLOWANCE_UNKNOWN = _blocks("allowance-unknown", "a code", "An allowance names a code that no finding has.")
ALLOWANCE_IMPOSSIBLE = _blocks("allowance-impossible", "a code", "An allowance names a code that cannot be allowed.")
ALLOWANCE_IDLE = _blocks("allowance-idle", "a subject", "An option allows what the plan does not do.")
ALLOWANCE_UNUSED = _note("allowance-unused", "a subject", "The file allows what the plan does not do.")
