"""A contract and a definition's JSON that use every construct, over Terraform's own resource."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from hp_tf.contract.base import Block, Contract, FromEnvironment, Inputs, Name, Outputs, Sensitive, Text, Wired
from hp_tf.contract.rules import Rule, implies, item, var
from hp_tf.synth.collected import Collected
from hp_tf.synth.engine import Built

ZoneId = Annotated[str, Text("[a-z]{3,4}[0-9]-az[0-9]", "a zone id such as 'usw2-az1'")]
Label = Annotated[str, Text("[A-Za-z0-9._-]+", "a label such as 'blue'", max_length=8)]


class Disk(Block):
    size: int = Field(default=100, ge=1, le=16384, description="Size in GiB.")
    encrypted: bool = Field(default=False, description="Whether it is encrypted.")
    name: str = Field(default="", description="Name of the disk.")


class Group(Block):
    name: Label = Field(description="Name of the group.")
    count: int = Field(ge=0, le=100, description="How many.")
    spot: bool = Field(description="Whether it is spare capacity.")
    zone: ZoneId | None = Field(default=None, description="Zone of the group.")
    disk: Disk = Field(default=Disk(size=50), description="Its disk.")
    extra: Disk | None = Field(default=None, description="A second disk.")
    checks: list[Literal["stress", "connectivity"]] = Field(default=[], max_length=2, description="Health checks.")
    labels: dict[Label, Annotated[str, Text("[a-z]*", "lower-case letters")]] = Field(default={}, description="Labels.")


class SampleInputs(Inputs):
    name: Annotated[str, Text("[a-z][a-z0-9-]*", "a name such as 'dev'", max_length=20), FromEnvironment("name")] = (
        Field(description="Name of the environment.")
    )
    tags: Annotated[dict[str, str], FromEnvironment("tags")] = Field(default={}, description="Tags.")
    vpc_id: Annotated[str, Text("vpc-[0-9a-f]+", "a VPC id such as 'vpc-0a'"), Wired("network.vpc_id")] = Field(
        description="Id of the VPC."
    )
    subnet_ids: Annotated[dict[ZoneId, str], Wired("network.subnet_ids")] = Field(description="Subnet ids by zone id.")
    zones: list[ZoneId] = Field(min_length=1, max_length=3, description="Zones.")
    mode: Literal["single", "per_az"] = Field(default="single", description="Mode.")
    days: Literal[1, 3, 5] = Field(default=3, description="Days.")
    ratio: float = Field(default=0.5, gt=0, lt=1, description="Ratio.")
    capacity: int = Field(default=1200, multiple_of=1200, ge=1200, description="Capacity in GiB.")
    enabled: bool = Field(default=False, description="Falsy default.")
    least: int = Field(default=0, ge=0, description="Zero default.")
    note: str = Field(default="", max_length=30, description="Empty default with ${no} template.")
    given: ZoneId | None = Field(default=None, description="Null default.")
    secret: Annotated[str | None, Sensitive()] = Field(default=None, description="A secret.")
    groups: list[Group] = Field(default=[], max_length=2, description="Groups.")


class SampleOutputs(Outputs):
    ids: dict[str, str] = Field(description="Ids by zone id.")
    first: str = Field(description="The first | one.")
    maybe: str | None = Field(description="Null without a given zone.")
    hidden: Annotated[str | None, Sensitive()] = Field(description="The secret.")


RULES = (
    Rule(
        "sample-given",
        on="given",
        check=implies(var("given").given(), var("given").within(var("zones"))),
        message="The given zone must be one of zones; not ${this}.",
    ),
    Rule(
        "sample-spot",
        on="groups",
        each=True,
        check=implies(item().field("spot"), item().field("count").le(10)),
        message="A spot group has at most 10 members.",
    ),
)

CONTRACT = Contract(
    name="sample",
    summary="A sample.",
    inputs=SampleInputs,
    outputs=SampleOutputs,
    providers=(),
    rules=RULES,
    names={"thing": Name("{name}-thing", 64, "thing")},
    replaces=("SampleStack",),
)

GOOD: dict[str, Any] = {
    "name": "dev",
    "tags": {"team": 'a ${b} "c" \\d', "empty": ""},
    "vpc_id": "vpc-0a",
    "subnet_ids": {"usw2-az1": "subnet-1", "usw2-az2": "subnet-2"},
    "zones": ["usw2-az1", "usw2-az2"],
    "given": "usw2-az2",
    "secret": "hush",
    "groups": [
        {"name": "workers", "count": 2, "spot": False, "zone": "usw2-az2", "extra": {"size": 7}},
        {"name": "x", "count": 0, "spot": True, "checks": ["stress"], "labels": {"k": "v"}},
    ],
}

DOCUMENT: dict[str, Any] = {
    "locals": {
        "zones": "${toset(var.zones)}",
        "lines": '${{\n  for zone in local.zones : zone => "${zone}-${var.name}"\n}}',
        "plain": ["a", 1, True, 0.5, None],
        "odd": {"a b": {"c": '$${not} %%{not} "quoted" \\n \u00e9 ${var.name}'}, "${var.name}": 1, "x-${var.mode}": 2},
    },
    "resource": {
        "terraform_data": {
            "one": {
                "input": {
                    "name": "${var.name}-x",
                    "false": False,
                    "zero": 0,
                    "empty": "",
                    "multi": 'line one ${var.name}\n\tline "two" \\ %%{x}\n  EOT\nend\n',
                    "json": '${jsonencode({ Statement = [{ Resource = "arn:${var.name}:*", Bool = true }] })}',
                    "directive": "%{ if var.enabled }on%{ else }off%{ endif }",
                    "nested": '${join("-", [for z in var.zones : "${z}}${lower("A")}"])}',
                    "list": [{"a": "${var.note}"}, {"b": ["${var.least}", "two words"]}],
                    "lines": ["a\nb\n${var.name}\n", {"in": "a\nb\nc\n"}],
                    "locals": ["${local.lines}", "${local.plain}", "${local.odd}"],
                    "groups": "${var.groups}",
                },
                "lifecycle": {
                    "ignore_changes": ["triggers_replace"],
                    "create_before_destroy": True,
                    "precondition": [
                        {
                            "condition": "${length(var.zones) > 0}",
                            "error_message": 'Zones of "${var.name}" are needed.',
                        },
                        {"condition": "${var.capacity >= 1200}", "error_message": "Too little."},
                    ],
                },
            },
            "each": {
                "for_each": "${local.zones}",
                "input": "${var.subnet_ids[each.key]}",
                "triggers_replace": [
                    "${each.value}",
                    "${var.mode}",
                    "${var.days}",
                    "${var.ratio}",
                    "${var.tags}",
                    "${var.vpc_id}",
                    "a long list that needs a line of its own for every element, as it would be too wide",
                ],
                "depends_on": ["terraform_data.one"],
                "lifecycle": {"replace_triggered_by": ["terraform_data.one"], "ignore_changes": "all"},
            },
            "counted": {
                "count": "${var.given == null ? 0 : 1}",
                "input": "${var.given}-${count.index}",
                "lifecycle": {"postcondition": [{"condition": '${self.id != ""}', "error_message": "No id."}]},
            },
            "secret": {"input": "${var.secret}"},
        }
    },
    "check": {
        "roomy": {
            "assert": [
                {"condition": "${var.capacity > 99999}", "error_message": 'Only ${var.capacity} GiB, "little".'},
                {"condition": "${length(terraform_data.each) > 0}", "error_message": "No zones."},
            ]
        }
    },
    "output": {
        "ids": {"value": "${{ for zone, thing in terraform_data.each : zone => thing.output }}"},
        "first": {
            "value": "${terraform_data.one.input.name}",
            "depends_on": ["terraform_data.each", "terraform_data.counted"],
            "precondition": [{"condition": '${var.name != "bad"}', "error_message": "The name is bad."}],
        },
        "maybe": {"value": "${one(terraform_data.counted[*].output)}"},
        "hidden": {"value": "${terraform_data.secret.output}"},
    },
}


def built(document: dict[str, Any] | None = None) -> Built:
    document = DOCUMENT if document is None else document
    collected = Collected(
        comments={"lines": "Why lines are so.", "zones": "Two\nlines."},
        assets={"scripts/run.sh": "#!/bin/sh\n"},
        outputs=list(document.get("output", {})),
        locals=list(document.get("locals", {})),
        resource_comments={"terraform_data.each": "One for every zone."},
    )
    order = ("terraform_data.one", "terraform_data.each", "terraform_data.counted", "terraform_data.secret")
    return Built(document, order, collected)
