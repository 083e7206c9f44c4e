from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hp_tf.state import document
from hp_tf.state.document import (
    addresses,
    digest,
    dumps,
    has_resources,
    loads,
    outputs,
    providers,
    resources,
    same_content,
)

from .samples import BUILTIN, quickly, simple, state

LONG = "3.14159265358979323846264338327950288419716939937510582097494459"


@quickly
@given(state("network"))
def test_a_state_is_read_as_it_was_written(document: dict[str, Any]) -> None:
    assert loads(dumps(document)) == document
    assert json.loads(dumps(document)) == document


@pytest.mark.parametrize("number", [LONG, "1e400", "-0.1", "123456789012345678901234567890", "1.5e-7", "10"])
def test_numbers_keep_every_digit(number: str) -> None:
    body = f'{{"resources":[{{"attributes":{{"n":{number}}}}}],"outputs":{{"n":{{"value":{number}}}}}}}'.encode()
    written = json.loads(dumps(loads(body)), parse_float=Decimal, parse_int=Decimal)
    assert written["resources"][0]["attributes"]["n"] == Decimal(number)
    assert written["outputs"]["n"]["value"] == Decimal(number)


def test_what_is_no_state_is_refused() -> None:
    for body in (b"", b"[]", b"{", b"\xff\xfe{"):
        with pytest.raises(ValueError):
            loads(body)


def test_writing_something_that_is_not_json_is_refused() -> None:
    with pytest.raises(TypeError):
        dumps({"outputs": {"x": object()}})


@quickly
@given(state("network"), st.randoms())
def test_the_digest_is_blind_to_order_and_to_what_is_no_content(document: dict[str, Any], random: Any) -> None:
    other = loads(dumps(document))
    random.shuffle(other["resources"])
    for resource in other["resources"]:
        random.shuffle(resource["instances"])
        for instance in resource["instances"]:
            if "dependencies" in instance:
                random.shuffle(instance["dependencies"])
            else:
                instance["dependencies"] = []
    other.update(serial=other["serial"] + 1, lineage="x", terraform_version="9.9.9", check_results=[])
    assert digest(other) == digest(document)
    assert same_content(other, document)


def test_the_digest_sees_types_and_long_numbers() -> None:
    seen = {
        digest(simple("network", output=value))
        for value in (True, 1, "1", None, [1], Decimal(LONG), Decimal(LONG + "1"))
    }
    assert len(seen) == 7
    assert not same_content(simple("network", output=True), simple("network", output=1))
    assert not same_content(simple("network", output=[1]), simple("network", output=[1.0, 2]))


def test_the_digest_sees_a_change_anywhere() -> None:
    base = simple("network", "a", vpc="v")
    other = loads(dumps(base))
    other["resources"][0]["instances"][0]["status"] = "tainted"
    assert (
        len({digest(base), digest(other), digest(simple("network", "a")), digest(simple("network", "b", vpc="v"))}) == 4
    )


def test_the_digest_of_sensitive_paths_is_blind_to_their_order() -> None:
    paths = [[{"type": "get_attr", "value": name}] for name in ("password", "token")]
    digests = set()
    for order in (paths, paths[::-1]):
        document = simple("network", "a")
        document["resources"][0]["instances"][0]["sensitive_attributes"] = order
        digests.add(digest(document))
    assert len(digests) == 1


def test_resources_count_managed_instances() -> None:
    document = simple("network", "a", "b")
    document["resources"].append({**document["resources"][0], "mode": "data", "name": "other"})
    assert resources(document) == 2
    assert has_resources(document)
    document["resources"] = document["resources"][1:]
    assert resources(document) == 0
    assert not has_resources(document)
    assert not has_resources(None)


def test_addresses_are_written_as_terraform_writes_them() -> None:
    document = simple("network", 'a"b', "c${d}", "e\\f\n%{g}")
    document["resources"].append(
        {
            "mode": "managed",
            "type": "aws_vpc",
            "name": "this",
            "provider": BUILTIN,
            "instances": [
                {"attributes": {"id": 7}},
                {"index_key": 0, "attributes": {}},
                {"deposed": "00ff", "attributes": {"id": "old"}},
            ],
        }
    )
    document["resources"].append({**document["resources"][0], "mode": "data"})
    prefix = "module.network.terraform_data.this"
    assert list(addresses(document)) == [
        (prefix + '["a\\"b"]', "terraform_data", 'a"b'),
        (prefix + '["c$${d}"]', "terraform_data", "c${d}"),
        (prefix + '["e\\\\f\\n%%{g}"]', "terraform_data", "e\\f\n%{g}"),
        ("aws_vpc.this", "aws_vpc", "7"),
        ("aws_vpc.this[0]", "aws_vpc", None),
        ("aws_vpc.this (deposed object 00ff)", "aws_vpc", "old"),
    ]


def test_providers_have_their_aliases() -> None:
    aws = "registry.terraform.io/hashicorp/aws"
    written = [f'provider["{aws}"]', f'provider["{aws}"].west', f'module.eks.provider["{aws}"].east', BUILTIN]
    document = {"resources": [{"provider": provider} for provider in written]}
    assert providers(document) == {aws, f"{aws}.west", f"{aws}.east", "terraform.io/builtin/terraform"}


def test_outputs_say_whether_they_are_sensitive() -> None:
    document = simple("network", vpc_id="vpc-1", token="x")
    document["outputs"]["token"]["sensitive"] = True
    assert outputs(document) == {"vpc_id": ("vpc-1", False), "token": ("x", True)}
    assert outputs(None) == {}


def test_an_identity_without_a_schema_is_no_change() -> None:
    def state(**more: Any) -> dict[str, Any]:
        return {"resources": [{"type": "t", "instances": [{"attributes": {"id": "a"}, **more}]}]}

    plain, noted = state(), state(identity_schema_version=0)
    real = state(identity_schema_version=0, identity={"name": "n"})
    assert document.digest(plain) == document.digest(noted) != document.digest(real)


def test_a_state_that_opentofu_encrypted_is_called_that() -> None:
    with pytest.raises(ValueError, match="encrypted by OpenTofu"):
        document.loads(b'{"serial": 1, "lineage": "x", "meta": {}, "encrypted_data": "aGk="}')
