"""Mistakes people make in a file, judged with hptf's own contracts: what is said, and at which line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from hp_tf.environment.load import validated
from hp_tf.findings import Finding, Severity
from hp_tf.layers.discovery import CONTRACTS
from tests.environment.samples import write, wrong

HEAD = """\
orchestrator: eks
name: ml-dev
aws: {region: us-west-2, account_id: "123456789012"}
"""
LAYERS: Mapping[str, str] = {
    "network": "{availability_zone_ids: [usw2-az1, usw2-az2], primary_availability_zone_id: usw2-az2}",
    "eks": "{availability_zone_ids: [usw2-az1, usw2-az2]}",
    "hyperpod": "{cluster_name: ml-dev, instance_groups: [{name: gpu, instance_type: ml.g5.8xlarge, count: 2}]}",
}


# A cluster that exists is in a network that exists.
GIVEN = (
    "{existing: {vpc_id: vpc-0123456789abcdef0, primary_availability_zone_id: usw2-az1, "
    "private_subnet_ids: {usw2-az1: subnet-0123456789abcdef0}}}"
)
SHARED: Mapping[str, str] = {
    "network": GIVEN,
    "eks": "{existing: {cluster_name: shared}}",
    "security": "{create_security_group: false, present_rules: [ingress_self, egress_anywhere]}",
}


def environment(head: str = HEAD, **layers: str) -> str:
    """A small right file; ``layers`` replace or add. Layers stand on line 5 and below, a line each."""
    lines = [f"  {name}: {text}\n" for name, text in {**LAYERS, **layers}.items()]
    return f"{head}layers:\n{''.join(lines)}"


def found(folder: Path, text: str) -> list[tuple[str, int]]:
    """What is wrong with a file: messages with their lines."""
    return [(problem.message, _line(problem)) for problem in wrong(folder, text, CONTRACTS)]


def _line(problem: Finding) -> int:
    return problem.location.line if problem.location else 0


def starts(folder: Path, text: str) -> list[tuple[str, int]]:
    """The same, of every message only what stands before its first colon or comma."""
    return [(message.replace(",", ":").partition(":")[0], line) for message, line in found(folder, text)]


def test_the_file_the_others_are_made_from_is_right(tmp_path: Path) -> None:
    validated("dev", CONTRACTS, write(tmp_path, dev=environment()))


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        (HEAD + "layers: [network]\n", "layers must be a mapping of layers to their inputs, not a list", 4),
        (environment(network="true"), "layers.network must be a mapping of inputs, not true", 5),
        (environment(network="[a]"), "layers.network must be a mapping of inputs, not a list", 5),
        (environment(hyperpod="5"), "layers.hyperpod must be a mapping of inputs, not the number 5", 7),
    ],
)
def test_of_what_cannot_be_read_nothing_more_is_said(tmp_path: Path, text: str, message: str, line: int) -> None:
    assert found(tmp_path, text) == [(message, line)]


@pytest.mark.parametrize("name", ["a" * 300, "missing", "x/" * 3000])
def test_a_folder_that_cannot_be_opened_is_a_problem_of_its_line(tmp_path: Path, name: str) -> None:
    (problem,) = wrong(tmp_path, environment(storage=f"{{lifecycle_directory: {name}}}"), CONTRACTS)
    assert problem.message.startswith("layers.storage.lifecycle_directory: '")
    assert _line(problem) == 8


def test_an_existing_cluster_gives_its_group_though_it_is_not_known_yet(tmp_path: Path) -> None:
    ((message, line),) = found(tmp_path, environment(network=GIVEN, eks="{existing: {cluster_name: shared}}"))
    assert message.startswith("layers.security.create_security_group: a security_group_id is given")
    assert line == 6
    text = environment(**SHARED)
    validated("dev", CONTRACTS, write(tmp_path, dev=text))


def test_a_fault_hides_no_other(tmp_path: Path) -> None:
    groups = "".join(
        f"{{name: {name}, instance_type: {kind}, count: 1}}, "
        for name, kind in [("a", "ml.g5.8xlarge"), ("a", "ml.g5.8xlarge"), ("b", "g5.8xlarge")]
    )
    text = environment(hyperpod=f"{{cluster_name: x, instance_groups: [{groups}]}}")
    assert [message.partition(":")[0] for message, _ in found(tmp_path, text)] == [
        "layers.hyperpod.instance_groups[1]",
        "layers.hyperpod.instance_groups[2].instance_type",
    ]
    text = environment(
        network="{availability_zone_ids: [us-west-2a, use1-az2], primary_availability_zone_id: use1-az2}"
    )
    assert starts(tmp_path, text) == [
        ("layers.network.availability_zone_ids[0]", 5),
        ("layers.network.availability_zone_ids[1]", 5),
    ]


@pytest.mark.parametrize(
    ("kind", "remedy"),
    [("ml.g55.8xlarge", "did you mean 'ml.g5.8xlarge'?"), ("ml.p9.48xlarge", "did you mean 'ml.p5.48xlarge'?")],
)
def test_a_type_that_aws_may_have_added_is_a_warning(tmp_path: Path, kind: str, remedy: str) -> None:
    text = environment(hyperpod=f"{{cluster_name: x, instance_groups: [{{name: a, instance_type: {kind}, count: 1}}]}}")
    (warning,) = validated("dev", CONTRACTS, write(tmp_path, dev=text))[0].warnings
    assert (str(warning.code), warning.remedy, _line(warning)) == ("hyperpod-group-known-types", remedy, 7)
    assert warning.severity is Severity.NOTE


def test_the_family_of_a_type_is_suggested(tmp_path: Path) -> None:
    text = environment(hyperpod="{cluster_name: x, instance_groups: [{name: a, instance_type: p5e, count: 1}]}")
    (problem,) = wrong(tmp_path, text, CONTRACTS)
    assert (problem.remedy, _line(problem)) == ("did you mean 'ml.p5e.48xlarge'?", 7)


def test_what_is_misspelt_is_not_missing_too(tmp_path: Path) -> None:
    text = environment(network=LAYERS["network"].replace("primary_availability_zone_id", "primary_zone"))
    assert starts(tmp_path, text) == [("layers.network.primary_zone is unknown", 5)]
    for name in ("hyperpod", "eks"):
        text = environment().replace(f"  {name}:", f"  {name}x:")
        assert [message for message, _ in starts(tmp_path, text)] == [f"layers.{name}x is unknown"]
    for head, word in (
        (HEAD.replace("region", "regoin"), "aws.regoin"),
        (HEAD.replace("orch", "orhc"), "orhcestrator"),
    ):
        assert [message for message, _ in starts(tmp_path, environment(head))] == [f"{word} is unknown"]
    text = environment().replace("{name: gpu", "{nam: gpu")
    assert starts(tmp_path, text) == [("layers.hyperpod.instance_groups[0].nam is unknown", 7)]
    text = environment(**SHARED).replace("{cluster_name: shared}", "{cluster_nam: shared}")
    assert starts(tmp_path, text) == [("layers.eks.existing.cluster_nam is unknown", 6)]
    text = HEAD.replace(": eks", ": pbs") + "layers: {}\n"
    assert [message for message, _ in starts(tmp_path, text)] == ["orchestrator must be one of eks or slurm"]


def test_a_fault_makes_no_second_one(tmp_path: Path) -> None:
    zones = "[usw2-az1, us-west-2b]"
    text = environment(network=f"{{availability_zone_ids: {zones}, primary_availability_zone_id: usw2-az2}}")
    assert starts(tmp_path, text) == [("layers.network.availability_zone_ids[1]", 5)]
    text = environment(network="{availability_zone_ids: [us-west-2a, us-west-2b]}")
    assert {message for message, _ in starts(tmp_path, text)} == {
        "layers.network.availability_zone_ids[0]",
        "layers.network.availability_zone_ids[1]",
        "layers.network.primary_availability_zone_id",
    }


def test_a_rule_in_python_reads_no_attribute_that_is_wrong(tmp_path: Path) -> None:
    text = environment(helm="{chart: {repository: 5}}")
    assert starts(tmp_path, text) == [("layers.helm.chart.repository must be a text", 8)]


def test_two_stores_are_too_many_also_where_one_is_wrong(tmp_path: Path) -> None:
    head = HEAD + "state: {s3: {bucket: acme, prefix: 5}, local: {directory: x}}\n"
    assert starts(tmp_path, environment(head)) == [
        ("state must hold one of s3 and local", 4),
        ("state.s3.prefix must be a text", 4),
    ]


def test_a_rule_names_the_line_that_breaks_it(tmp_path: Path) -> None:
    head = HEAD + "layers:\n  eks: {availability_zone_ids: [usw2-az1, usw2-az2]}\n"
    head += "  hyperpod: {instance_groups: [{name: gpu, instance_type: ml.g5.8xlarge, count: 2}]}\n"
    text = head + "  network:\n    availability_zone_ids: [usw2-az1]\n    create_vpc: false\n    nat: existing\n"
    assert starts(tmp_path, text) == [
        ("layers.network.internet_gateway_id", 9),
        ("layers.network.public_subnet_cidrs", 9),
        ("layers.network.vpc_id", 9),
        ("layers.network.nat_gateway_ids", 10),
    ]
    text = head + "  network:\n    availability_zone_ids: [usw2-az1]\n    vpc_cidr: 10.1.0.0/16\n"
    assert {line for message, line in found(tmp_path, text) if message.startswith("layers.network")} == {9}


def test_of_several_files_the_newest_is_named(tmp_path: Path) -> None:
    write(tmp_path, base=environment())
    child = "extends: base\nname: kid\nlayers:\n  hyperpod: {cluster_name: kid}\n"
    (problem,) = wrong(tmp_path, child + "  network: {availability_zone_ids: [usw2-az3]}\n", CONTRACTS)
    assert problem.message.startswith("layers.network.primary_availability_zone_id: the primary")
    assert str(problem.location) == f"{tmp_path}/dev.yaml:5:13"
    assert problem.remedy == f"primary_availability_zone_id is inherited, from {tmp_path}/base.yaml:5:88"
    found = wrong(tmp_path, child + "aws: {region: us-east-1}\n", CONTRACTS)
    assert {str(problem.location) for problem in found} == {f"{tmp_path}/dev.yaml:5:15"}


def test_a_name_that_is_too_long_is_one_problem(tmp_path: Path) -> None:
    head = HEAD.replace("ml-dev", "a-name-of-more-than-fifty-characters-for-all-of-us-here")
    (problem,) = wrong(tmp_path, environment(head), CONTRACTS)
    assert problem.message.startswith("name is too long: the lifecycle bucket would be 'sagemaker-a-name-of-more")
    assert problem.remedy == (
        "a name of at most 30 characters fits; too long are also the role of Karpenter (by 11), the nodes' role (by "
        "10) and the EKS cluster's role (by 5)"
    )
    assert _line(problem) == 2


def test_names_of_what_is_not_made_may_be_long(tmp_path: Path) -> None:
    head = HEAD.replace("ml-dev", "a-name-of-more-than-thirty-characters")
    text = environment(head, storage="{create_bucket: false, bucket_name: acme}")
    validated("dev", CONTRACTS, write(tmp_path, dev=text))


def test_a_name_that_the_file_gives_is_as_long_as_it_is(tmp_path: Path) -> None:
    head = HEAD.replace("ml-dev", "a-name-of-more-than-fifty-characters-for-all-of-us-here")
    layers = {
        "storage": "{bucket_name: acme}",
        "iam": "{execution_role_name: acme-nodes, karpenter_role_name: acme-scaler}",
    }
    (problem,) = wrong(tmp_path, environment(head, **layers), CONTRACTS)
    assert problem.message.startswith("name is too long: the EKS cluster's role would be ")
    assert problem.remedy == "a name of at most 50 characters fits"
    (problem,) = wrong(tmp_path, environment(iam=f"{{execution_role_name: {'n' * 65}}}"), CONTRACTS)
    assert "has 65 characters, 1 more than the 64 allowed" in problem.message


def test_an_orchestrator_whose_cluster_no_layer_makes_is_refused(tmp_path: Path) -> None:
    alone = {name: contract for name, contract in CONTRACTS.items() if "eks" in contract.orchestrators}
    (problem,) = wrong(tmp_path, environment(HEAD.replace(": eks", ": slurm")), alone)
    assert problem.message == "orchestrator: slurm cannot be used yet: no layer makes its cluster"


def test_a_new_eks_cluster_needs_the_chart(tmp_path: Path) -> None:
    (problem,) = wrong(tmp_path, environment(helm="{enabled: false}"), CONTRACTS)
    assert problem.message.startswith("the layer helm is not created, but hyperpod (dependencies_release) needs")
    assert _line(problem) == 8
    for layers in (
        {"hyperpod": LAYERS["hyperpod"].replace("{", "{dependencies_release: hyperpod-dependencies, ", 1)},
        SHARED,
    ):
        validated("dev", CONTRACTS, write(tmp_path, dev=environment(**layers, helm="{enabled: false}")))


def test_two_environments_cannot_share_a_cluster(tmp_path: Path) -> None:
    write(tmp_path, base=environment())
    (problem,) = wrong(tmp_path, "extends: base\nname: kid\n", CONTRACTS)
    assert problem.message.startswith("layers.hyperpod.cluster_name is 'ml-dev' (base.yaml:7) in dev.yaml and in what")
    assert str(problem.location) == f"{tmp_path}/dev.yaml:1:10"
    write(tmp_path, base=environment(hyperpod=LAYERS["hyperpod"].replace("cluster_name: ml-dev, ", "")))
    (problem,) = wrong(tmp_path, "extends: base\nname: kid\n", CONTRACTS)
    assert problem.message.startswith("layers.hyperpod.cluster_name is 'ml-cluster', the default, in dev.yaml")
    for own in ("layers: {hyperpod: {cluster_name: kid}}", "aws: {region: us-west-2}", "emulator: embedded"):
        validated("kid", CONTRACTS, write(tmp_path, kid=f"extends: base\nname: kid\n{own}\n"))


def test_a_group_in_a_zone_without_subnet_is_told_which_zones_there_are(tmp_path: Path) -> None:
    group = "{name: gpu, instance_type: ml.g5.8xlarge, count: 2, availability_zone_id: usw2-az3}"
    text = environment(hyperpod=f"{{cluster_name: ml-dev, instance_groups: [{group}]}}")
    (problem,) = wrong(tmp_path, text, CONTRACTS)
    assert problem.message.endswith("the zones of private_subnet_ids: usw2-az3 instead of usw2-az1 or usw2-az2")
    assert problem.code.name == "hyperpod-group-zone"


def test_what_a_rule_misses_in_an_existing_layer_is_named(tmp_path: Path) -> None:
    arn = "arn:aws:iam::123456789012:role/nodes"
    text = environment(
        iam=f'{{existing: {{execution_role_arn: "{arn}"}}}}',
        hyperpod=LAYERS["hyperpod"].replace("{", "{auto_scaling: true, ", 1),
    )
    (problem,) = wrong(tmp_path, text, CONTRACTS)
    assert problem.message.startswith("layers.hyperpod.karpenter_role_arn: auto_scaling is on")
    assert problem.remedy == "add karpenter_role_arn to layers.iam.existing, or give layers.hyperpod.karpenter_role_arn"
    assert _line(problem) == 7


def test_only_the_missing_identifiers_are_asked_for(tmp_path: Path) -> None:
    problems = wrong(tmp_path, environment(network="{existing: {vpc_id: vpc-0123456789abcdef0}}"), CONTRACTS)
    assert "add private_subnet_ids, and hptf looks vpc_cidr up; or add vpc_cidr itself" in {
        problem.remedy for problem in problems
    }


@pytest.mark.parametrize(
    ("layers", "message", "hint"),
    [
        ({"fsx": "{enabled: 'yes'}"}, "layers.fsx.enabled must be true or false", "write true, without quotes"),
        (
            {"network": "{availability_zone_ids: us-west-2a}"},
            "layers.network.availability_zone_ids must be a list",
            None,
        ),
        (
            {"network": "{availability_zone_ids: usw2-az1}"},
            "layers.network.availability_zone_ids must be a list",
            "write a list even for one value: [usw2-az1]",
        ),
        ({"hyperpod": LAYERS["hyperpod"].replace("2}", "'9999'}")}, "layers.hyperpod.instance_groups[0].count", None),
        ({"iam": "{role_path: 5}"}, "layers.iam.role_path must be a text, not the number 5", "IAM path of the roles"),
        ({"helm": "{namespace: 5}"}, "layers.helm.namespace must be a text, not the number 5", 'quote it: "5"'),
        (
            {"network": LAYERS["network"].replace("{", "{nat: 5, ", 1)},
            "layers.network.nat must be one of single, per_az, existing or none, not the number 5",
            None,
        ),
        (
            {"hyperpod": LAYERS["hyperpod"].replace("{", "{node_recovery: Manual, ", 1)},
            "layers.hyperpod.node_recovery: 'Manual' does not exist in the API",
            None,
        ),
    ],
)
def test_a_hint_leads_to_what_is_right(tmp_path: Path, layers: dict[str, str], message: str, hint: str | None) -> None:
    (problem,) = wrong(tmp_path, environment(**layers), CONTRACTS)
    assert problem.message.startswith(message)
    assert problem.remedy == hint


LONG = "write it as one text: '|' and its lines indented below; the add-on's own configuration, as JSON text"
GROUP = "hyperpod: {{cluster_name: ml-dev, {}: [{{name: gpu, instance_type: ml.p5.48xlarge, count: 2, {}}}]}}"


@pytest.mark.parametrize(
    ("layer", "hint"),
    [
        ("eks: {addons: [vpc-cni]}", "write a key for each, without a '- ' in front: 'vpc-cni: {}'"),
        (
            "eks: {addons: {vpc-cni: , kube-proxy: {}}}",
            "null takes an inherited value away, and here none is inherited; write 'vpc-cni: {}' for its defaults, "
            "or leave it out",
        ),
        (
            "eks: {addons: {vpc-cni: {configuration_values: {a: b}}}}",
            "write it as one text: '{\"a\": \"b\"}', or '|' and its lines indented below",
        ),
        ("helm: {values: [{a: b}]}", "write it as one text: '{\"a\": \"b\"}', or '|' and its lines indented below"),
        (f"eks: {{addons: {{vpc-cni: {{configuration_values: {{{'a' * 90}: b}}}}}}}}", LONG),
        (
            "hyperpod: {instance_groups: gpu}",
            "write a list, each element with a '- ' in front: '- {name: ..., count: ...}'",
        ),
        ("iam: {additional_policy_arns: x}", "write a key for each: 'key: value'"),
        ("helm: {chart: git}", "write '{source: \"git\"}'"),
        ("helm: {chart: ./mine}", "its keys are source, repository, revision and path"),
        ("fsx:", "write 'fsx: {}' for its defaults, or 'fsx: {enabled: false}' to leave it out"),
        ("helm: {release_name: [deps]}", "write it without brackets: deps"),
        (
            "hyperpod: {instance_groups: {gpu: {count: 2}}}",
            "write a list, each element with a '- ' in front: '- {name: gpu, count: ...}'",
        ),
        ("hyperpod: {instance_groups: [5]}", "write its keys, such as '{name: ..., count: ...}'"),
        (GROUP.format("instance_groups", "instanceCount: 2"), "did you mean 'count'?"),
        (GROUP.format("restricted_instance_groups", "min_count: 2"), "it is a key of instance_groups"),
        (
            GROUP.format("instance_groups", "alarm_names: [a]"),
            "it is a key of instance_groups.scheduled_update.deployment or instance_groups.auto_patch.deployment",
        ),
        ("hyperpod: {instance_groups: [{name: gpu, type: ml.g5.8xlarge}]}", "did you mean 'instance_type'?"),
        (
            GROUP.format("instance_groups", "x: 1").replace("ml.p5.48xlarge", "p5"),
            "known are ml.p5.4xlarge and ml.p5.48xlarge",
        ),
        (GROUP.format("instance_groups", "x: 1").replace("ml.p5", "p5"), "did you mean 'ml.p5.48xlarge'?"),
        (
            "network: {existing: {availability_zone_ids: [usw2-az1]}}",
            "it belongs under layers.network; or did you mean 'primary_availability_zone_id'?",
        ),
        ("security: {region: us-west-2}", "it belongs under aws"),
        ("fsx: {bucket_name: acme}", "it belongs under layers.storage, layers.iam or layers.ssm"),
        ("fsx: {instance_groups: []}", "it belongs under layers.hyperpod"),
        ("hyperpod: {account_id: '123456789012'}", "say it with aws.account_id"),
    ],
)
def test_the_hint_comes_from_the_type(tmp_path: Path, layer: str, hint: str) -> None:
    assert hint in [problem.remedy for problem in wrong(tmp_path, f"{HEAD}layers:\n  {layer}\n", CONTRACTS)]


@pytest.mark.parametrize(
    ("head", "hint"),
    [
        (
            '{assume_role: "arn:aws:iam::123456789012:role/x"}',
            "write '{role_arn: \"arn:aws:iam::123456789012:role/x\"}'",
        ),
        ("{tags: [{key: a, value: b}]}", "write a key for each, without a '- ' in front: 'key: value'"),
    ],
)
def test_a_hint_at_the_top_comes_from_the_type_too(tmp_path: Path, head: str, hint: str) -> None:
    text = environment(HEAD.replace("aws: {", f"aws: {head[:-1]}, "))
    assert [problem.remedy for problem in wrong(tmp_path, text, CONTRACTS)] == [hint]


def test_an_orchestrator_that_is_none_is_told_what_can_be_used(tmp_path: Path) -> None:
    assert found(tmp_path, environment(HEAD.replace(": eks", ": k8s"))) == [
        ('orchestrator must be one of eks or slurm, not the text "k8s"', 1)
    ]


def test_a_map_that_is_too_long_is_counted(tmp_path: Path) -> None:
    tags = ", ".join(f"k{number}: v" for number in range(41))
    ((message, _),) = found(tmp_path, environment(HEAD.replace("aws: {", f"aws: {{tags: {{{tags}}}, ")))
    assert message == "aws.tags must have at most 40 elements, not 41"


def test_the_chart_as_it_is_configured_must_let_the_cluster_do_what_it_is_to(tmp_path: Path) -> None:
    (problem,) = wrong(tmp_path, environment(helm="{health_monitoring_agent: false}"), CONTRACTS)
    assert (problem.code.name, problem.subject) == ("hyperpod-chart", "layers.hyperpod.node_recovery")


@pytest.mark.parametrize(
    ("head", "message", "hint"),
    [
        (HEAD + "emulator: true\n", "emulator must be a text, not true", "run against an AWS emulator"),
        (HEAD + "emulator: http://example.com\n", "emulator: 'http://example.com' is not 'embedded' or the URL", ""),
        (
            HEAD.replace("us-west-2", "us-iso-east-1"),
            "aws.region: 'us-iso-east-1' is in a partition",
            "it knows aws, aws-",
        ),
        (HEAD.replace("ml-dev", "a_" * 3000), "name: 'a_a_a", ""),
    ],
)
def test_the_top_of_the_file_is_judged_too(tmp_path: Path, head: str, message: str, hint: str) -> None:
    problem = wrong(tmp_path, environment(head), CONTRACTS)[0]
    assert problem.message.startswith(message)
    assert (problem.remedy or "").startswith(hint)
    assert len(str(problem)) < 500


def test_what_is_only_there_to_be_read_is_not_given(tmp_path: Path) -> None:
    text = environment(hyperpod="{existing: {cluster_name: ml-dev, instance_groups: {gpu: {instance_count: 1}}}}")
    message = "layers.hyperpod.existing.instance_groups is there to be read, and no layer needs it"
    assert found(tmp_path, text) == [(message, 7)]
