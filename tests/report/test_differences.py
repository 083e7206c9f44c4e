from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hp_tf.contract.keyed import KeyedList
from hp_tf.report.differences import differences
from tests.report.plans import resource

ADDRESS = "module.eks.aws_eks_cluster.this"
HIDDEN, LATER = "(sensitive value)", "(known after apply)"
CANARY = "canary-4711"


def told(before: Any, after: Any, **options: Any) -> list[tuple[str, str | None, str | None]]:
    change = resource(ADDRESS, ["update"], before, after, **options)
    return [(item.path, item.before, item.after) for item in differences(change)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, [("b", "2", "3")]),
        ({"a": True}, {"a": 1}, [("a", "true", "1")]),
        ({"a": None}, {"a": ""}, [("a", "null", '""')]),
        (
            {"tags": {"x": "1", "y": "2"}},
            {"tags": {"x": "1", "z": "2"}},
            [
                ("tags.y", '"2"', "null"),
                ("tags.z", "null", '"2"'),
            ],
        ),
        ({"a": [1, 2]}, {"a": [2, 1]}, [("a", "[1, 2]", "[2, 1]")]),
        ({"name": "é"}, {"name": "ü"}, [("name", '"é"', '"ü"')]),
        ({"a": "\x1b[31m\u009b1m\u202e"}, {"a": "x"}, [("a", '"\\u001b[31m\\u009b1m\\u202e"', '"x"')]),
    ],
)
def test_what_changed_is_told_by_path(before: Any, after: Any, expected: list[tuple[str, str, str]]) -> None:
    assert told(before, after) == expected


def groups(*sizes: tuple[str, int]) -> dict[str, Any]:
    return {"instance_groups": [{"instance_group_name": name, "instance_count": size} for name, size in sizes]}


def test_instance_groups_are_told_apart_by_name_not_by_position() -> None:
    before, after = groups(("b", 1), ("c", 4)), groups(("a", 2), ("b", 1), ("c", 5))
    assert told(before, after) == [
        ('instance_groups["a"]', None, '{"instance_count": 2, "instance_group_name": "a"}'),
        ('instance_groups["c"].instance_count', "4", "5"),
    ]
    assert told(groups(("a", 1), ("b", 2)), groups(("b", 2), ("a", 1))) == []


def test_from_no_group_and_to_none() -> None:
    one = '{"instance_count": 1, "instance_group_name": "a"}'
    assert told(groups(), groups(("a", 1))) == [('instance_groups["a"]', None, one)]
    assert told(groups(("a", 1)), groups()) == [('instance_groups["a"]', one, None)]


def test_of_an_element_that_comes_or_goes_what_it_holds_is_told_the_most_telling_first() -> None:
    element = {
        "instance_group_name": "a",
        "execution_role": None,
        "image_id": "",
        "labels": {},
        "network": {"groups": ["sg-1"], "subnets": ["subnet-1"]},
        "script": CANARY,
        "size": 0,
    }
    unknown = {"instance_groups": [{"network": {"zone": True}, "current_count": True}]}
    marks = {"instance_groups": [{"script": True}]}
    holds = (
        ("size", "0"),
        ("network.subnets", '["subnet-1"]'),
        ("network.groups", '["sg-1"]'),
        ("script", HIDDEN),
    )
    known = KeyedList(key="instance_group_name", telling=("size", "image_id", "network.subnets"))
    whole: dict[str, Any] = {"instance_groups": [element]}
    empty: dict[str, Any] = {"instance_groups": []}
    comes = resource(ADDRESS, ["update"], empty, whole, unknown=unknown, after_sensitive=marks)
    goes = resource(ADDRESS, ["update"], whole, empty, before_sensitive=marks)
    for change in (comes, goes):
        (found,) = differences(change, {"aws_eks_cluster.instance_groups": known})
        assert (found.path, found.parts) == ('instance_groups["a"]', holds)
        (plain,) = differences(change, {"aws_vpc.instance_groups": known})
        assert plain.parts == tuple(sorted(holds)), "what is known of another type's list says nothing"


def test_two_of_one_name_are_told_apart_by_position() -> None:
    found = told(groups(("a", 1), ("a", 2)), groups(("a", 1), ("a", 3)))
    assert found == [("instance_groups[1].instance_count", "2", "3")]
    assert [path for path, _, _ in told(groups(("a", 1), ("a", 2)), groups(("a", 1)))] == ["instance_groups"]


def test_what_changed_in_a_single_block_is_told_and_not_the_whole_block() -> None:
    before = {"vpc_config": [{"subnet_ids": ["a", "b"], "endpoint_public_access": True, "ranges": [{"from": 1}]}]}
    after = {"vpc_config": [{"subnet_ids": ["a", "c"], "endpoint_public_access": False, "ranges": [{"from": 2}]}]}
    assert told(before, after) == [
        ("vpc_config[0].endpoint_public_access", "true", "false"),
        ("vpc_config[0].ranges[0].from", "1", "2"),
        ("vpc_config[0].subnet_ids", '["a", "b"]', '["a", "c"]'),
    ]


def test_of_a_long_list_only_what_comes_and_goes_is_told() -> None:
    ranges = [f"10.0.{number}.0/24" for number in range(50)]
    changed = [*ranges[:20], "10.1.0.0/16", *ranges[21:]]
    expected = ("cidrs", '[49 the same, "10.0.20.0/24"]', '[49 the same, "10.1.0.0/16"]')
    assert told({"cidrs": ranges}, {"cidrs": changed}) == [expected]
    # Where only the order changed, there is nothing else to tell.
    ((_, before, after),) = told({"cidrs": ranges[:4]}, {"cidrs": ranges[3::-1]})
    assert before is not None and after is not None
    assert before.startswith('["10.0.0.0/24"') and after.startswith('["10.0.3.0/24"')


def test_a_charts_values_are_read_as_the_documents_they_are() -> None:
    def values(enabled: str) -> dict[str, list[str]]:
        return {"values": [f'"mpi-operator":\n  "enabled": {enabled}\n"global":\n  "region": "us-west-2"\n']}

    assert told(values("true"), values("false")) == [("values[0].mpi-operator.enabled", "true", "false")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("#!/bin/sh\na: b: c\nx\n", "#!/bin/sh\na: b: c\ny\n", [("script line 3", '"x"', '"y"')]),
        ("one\ntwo\nthree\n", "one\nthree\n", [("script line 2", '"two"', "nothing")]),
        ("one\n", "zero\none\n", [("script line 1", "nothing", '"zero"')]),
        # Anchors can hide much in little: such a text stays a text.
        ("a: &x 1\nb: 1\n", "a: &x 1\nb: 2\n", [("script line 2", '"b: 1"', '"b: 2"')]),
        ("a: [\nb", "a: [\nc", [("script line 2", '"b"', '"c"')]),
    ],
)
def test_of_a_text_the_lines_that_changed_are_told(
    before: str, after: str, expected: list[tuple[str, str, str]]
) -> None:
    assert told({"script": before}, {"script": after}) == expected


def test_a_policy_is_read_as_the_document_it_is() -> None:
    def policy(action: str) -> dict[str, str]:
        return {"policy": json.dumps({"Statement": [{"Sid": "Read", "Action": action}, {"Sid": "Write"}]})}

    expected = [('policy.Statement["Read"].Action', '"s3:GetObject"', '"s3:*"')]
    assert told(policy("s3:GetObject"), policy("s3:*")) == expected
    # Only its spelling changed: then the strings are what there is to tell.
    assert told({"policy": '{"a":1}'}, {"policy": '{"a": 1}'}) == [("policy", '"{\\"a\\":1}"', '"{\\"a\\": 1}"')]
    assert told({"text": "{broken"}, {"text": "{}"}) == [("text", '"{broken"', '"{}"')]


def test_what_is_unknown_is_said_wherever_it_is() -> None:
    before = {"arn": "a", "vpc": [{"id": "vpc-1", "zone": "a"}], "map": {"x": "1"}}
    after = {"vpc": [{"zone": "b"}], "map": {"x": "1"}}
    unknown = {"arn": True, "vpc": [{"id": True, "zone": False}], "map": {"y": True}, "same": {}}
    assert told(before, after, unknown=unknown) == [
        ("arn", '"a"', LATER),
        ("map.y", "null", LATER),
        ("vpc[0].id", '"vpc-1"', LATER),
        ("vpc[0].zone", '"a"', '"b"'),
    ]


@pytest.mark.parametrize(
    ("before", "after", "marks", "expected"),
    [
        ({"p": CANARY}, {"p": "new"}, ({"p": True}, {"p": True}), [("p", HIDDEN, HIDDEN)]),
        ({"p": CANARY}, {"p": CANARY}, ({"p": True}, {"p": True}), []),
        # A value that becomes sensitive was the same secret before.
        ({"p": CANARY}, {"p": "new"}, ({}, {"p": True}), [("p", HIDDEN, HIDDEN)]),
        ({"p": "old"}, {"p": CANARY}, ({"p": True}, {}), [("p", HIDDEN, HIDDEN)]),
        (
            {"c": {"user": "a", "password": CANARY}},
            {"c": {"user": "b", "password": "new"}},
            ({"c": {"password": True}}, {"c": {"password": True}}),
            [("c.password", HIDDEN, HIDDEN), ("c.user", '"a"', '"b"')],
        ),
        (
            {"l": ["x", CANARY]},
            {"l": ["y", CANARY]},
            ({"l": [False, True]}, {"l": [False, True]}),
            [("l", f'["x", {HIDDEN}]', f'["y", {HIDDEN}]')],
        ),
        # Marks of another shape than the value: too little shown rather than too much.
        ({"c": {"password": CANARY}}, {"c": {"password": "n"}}, ({"c": [True]}, {"c": {}}), [("c", HIDDEN, HIDDEN)]),
        ({"p": CANARY}, {"p": "new"}, (True, False), [("(everything)", HIDDEN, HIDDEN)]),
    ],
)
def test_a_sensitive_value_is_never_told(
    before: Any, after: Any, marks: tuple[Any, Any], expected: list[tuple[str, str, str]]
) -> None:
    found = told(before, after, before_sensitive=marks[0], after_sensitive=marks[1])
    assert found == expected
    assert CANARY not in str(found)


def test_a_sensitive_value_that_is_not_known_yet() -> None:
    found = told({"p": CANARY}, {}, unknown={"p": True}, before_sensitive={"p": True}, after_sensitive={"p": True})
    assert found == [("p", HIDDEN, LATER)]


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([False, False], [("checks", "null", '["a", "b"]')]),
        ([], [("checks", "null", '["a", "b"]')]),
        # Null has no inside that a mark could hide.
        ([False, True], [("checks", "null", f'["a", "{HIDDEN}"]')]),
    ],
)
def test_a_list_that_was_unset_is_shown_where_it_is_not_sensitive(marks: Any, expected: Any) -> None:
    after = {"checks": ["a", "b"]}
    for before in ({"checks": None}, {}):
        assert told(before, after, before_sensitive={}, after_sensitive={"checks": marks}) == expected
        assert told(after, before, before_sensitive={"checks": marks}, after_sensitive={}) == [
            (path, new, old) for path, old, new in expected
        ]


def test_a_replacement_tells_what_forces_it_first_and_computed_attributes_apart() -> None:
    change = resource(
        ADDRESS,
        ["delete", "create"],
        {"id": "x", "arn": "y", "name": "a", "vpc_id": "vpc-1", "size": 1, "role": "", "net": {"zone": "", "ip": "1"}},
        {"name": "b", "size": 2, "role": None, "net": {}},
        unknown={"id": True, "arn": True, "vpc_id": True, "net": {"zone": True, "ip": True}},
        replace_paths=[["name"], ["vpc_id"]],
    )
    found = differences(change)
    assert [(item.path, item.after, item.forces) for item in found if not item.computed] == [
        ("name", '"b"', True),
        ("vpc_id", LATER, True),
        ("net.ip", LATER, False),
        ("size", "2", False),
    ]
    assert [item.path for item in found if item.computed] == ["arn", "id", "net.zone", "role"]


def test_an_update_has_no_computed_attributes_to_pass_over() -> None:
    change = resource(ADDRESS, ["update"], {"arn": "y", "role": ""}, {"role": None}, unknown={"arn": True})
    assert [(item.path, item.computed) for item in differences(change)] == [("arn", False), ("role", False)]


@pytest.mark.parametrize(
    ("forcing", "expected"),
    [
        ([["vpc", 0, "ids"]], {"vpc[0].ids"}),
        ([["vpc", 0]], {"vpc[0].ids", "vpc[0].public"}),
        ([["vpc"]], {"vpc[0].ids", "vpc[0].public"}),
        ([["ids", 1]], {"ids"}),
        ([["groups", 1, "type"]], {'groups["b"].type'}),
        ([["policy"]], {"policy.Version"}),
    ],
)
def test_only_what_forces_the_replacement_is_said_to(forcing: list[list[str | int]], expected: set[str]) -> None:
    def value(one: str) -> dict[str, Any]:
        return {
            "vpc": [{"ids": one, "public": one}],
            "ids": ["x", one],
            "groups": [{"name": name, "type": one} for name in ("a", "b")],
            "policy": json.dumps({"Version": one}),
        }

    change = resource(ADDRESS, ["delete", "create"], value("1"), value("2"), replace_paths=forcing)
    assert {item.path for item in differences(change) if item.forces} == expected


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5))
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)
OBJECTS = st.dictionaries(st.sampled_from("abc"), VALUES)
MARKS = st.recursive(
    st.booleans(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)


@given(before=OBJECTS, after=OBJECTS, unknown=MARKS, one=MARKS, other=MARKS)
def test_whatever_terraform_says_it_can_be_told(before: Any, after: Any, unknown: Any, one: Any, other: Any) -> None:
    change = resource(ADDRESS, ["update"], before, after, unknown=unknown, before_sensitive=one, after_sensitive=other)
    for item in differences(change):
        said = (item.path, item.before or "", item.after or "", *(word for part in item.parts for word in part))
        assert all(part.replace("\n", "").isprintable() for part in said)


@given(value=OBJECTS, marks=MARKS)
def test_what_is_the_same_is_not_told(value: Any, marks: Any) -> None:
    assert told(value, json.loads(json.dumps(value)), before_sensitive=marks, after_sensitive=marks) == []
