"""Which providers of an emulated target are stand-ins: by what this machine holds, and by HPTF_STAND_INS."""

from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.errors import BadInput
from hp_tf.run.stand_ins import VARIABLE, Choice, choose
from tests.terraform.test_mirrors import AWS, TARGET, fill

AWSCC, HELM = "registry.terraform.io/hashicorp/awscc", "registry.terraform.io/hashicorp/helm"
RANGES = {
    "hashicorp/aws": ">= 5.100.0, < 7.0.0",
    "hashicorp/awscc": ">= 1.106.0, < 2.0.0",
    "hashicorp/helm": ">= 3.1.0, < 4.0.0",
}


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "home").mkdir()
    return {"HOME": str(tmp_path / "home"), "XDG_DATA_DIRS": str(tmp_path / "share")}


def chosen(environ: dict[str, str], tmp_path: Path, **variables: str) -> Choice:
    return choose((AWSCC, HELM), RANGES, {**environ, **variables}, cwd=tmp_path / "cwd", opt=tmp_path / "opt")


def config(tmp_path: Path, text: str) -> dict[str, str]:
    (tmp_path / "own.tfrc").write_text(text)
    return {"TF_CLI_CONFIG_FILE": str(tmp_path / "own.tfrc")}


def test_stand_ins_serve_all_where_nothing_is_at_hand(environ: dict[str, str], tmp_path: Path) -> None:
    assert chosen(environ, tmp_path) == Choice(frozenset({AWSCC, HELM}))
    assert chosen(environ, tmp_path, **{VARIABLE: ""}).served == {AWSCC, HELM}


def test_a_mirror_takes_the_place_of_a_stand_in_by_platform_and_range(environ: dict[str, str], tmp_path: Path) -> None:
    mirror = tmp_path / "opt" / "providers"
    fill(mirror, HELM, "4.0.0")
    fill(mirror, HELM, "3.1.2", target="plan9_mips")
    fill(mirror, AWSCC, "1.105.0")
    assert chosen(environ, tmp_path).served == {AWSCC, HELM}
    fill(mirror, HELM, "3.1.2")
    assert chosen(environ, tmp_path).served == {AWSCC}
    packed = tmp_path / "named" / AWSCC
    packed.mkdir(parents=True)
    (packed / f"terraform-provider-awscc_1.106.0_{TARGET}.zip").touch()
    assert chosen(environ, tmp_path, HPTF_PROVIDER_MIRROR=str(tmp_path / "named")).served == {HELM}


def test_a_mirror_of_the_other_registry_counts_for_that_registry_only(environ: dict[str, str], tmp_path: Path) -> None:
    other = "registry.opentofu.org/hashicorp/helm"
    fill(tmp_path / "opt" / "x", other, "3.1.2")
    found = choose((HELM, other), RANGES, environ, cwd=tmp_path / "cwd", opt=tmp_path / "opt")
    assert found.served == {HELM}


@pytest.mark.parametrize(("mode", "served"), [("always", {AWSCC, HELM}), ("missing", {AWSCC}), ("never", set())])
def test_the_variable_says_when_stand_ins_serve(
    environ: dict[str, str], tmp_path: Path, mode: str, served: set[str]
) -> None:
    fill(tmp_path / "opt" / "providers", HELM, "3.1.2")
    assert chosen(environ, tmp_path, **{VARIABLE: mode}).served == served


@pytest.mark.parametrize("value", ["Always", "no", "0"])
def test_another_value_of_the_variable_is_bad_input(environ: dict[str, str], tmp_path: Path, value: str) -> None:
    with pytest.raises(BadInput, match=f"HPTF_STAND_INS is '{value}'") as caught:
        chosen(environ, tmp_path, **{VARIABLE: value})
    assert "unset HPTF_STAND_INS" in str(caught.value)


def test_the_users_mirror_counts_for_the_providers_it_is_for(environ: dict[str, str], tmp_path: Path) -> None:
    mirror = fill(fill(tmp_path / "mine", HELM, "3.1.2"), AWSCC, "1.106.0")
    fill(tmp_path / "opt" / "providers", AWSCC, "1.106.0")

    def served(arguments: str) -> frozenset[str]:
        text = f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n    {arguments}\n  }}\n}}\n'
        return chosen(environ, tmp_path, **config(tmp_path, text)).served

    assert served("") == frozenset()
    assert served('include = ["hashicorp/helm"]') == {AWSCC}
    assert served('include = ["registry.terraform.io/*/*"]\n    exclude = ["hashicorp/awscc"]') == {AWSCC}
    # Its config decides: other mirrors are not looked at.
    text = "provider_installation {\n  direct {}\n}\n"
    assert chosen(environ, tmp_path, **config(tmp_path, text)).served == {AWSCC, HELM}


def test_a_provider_under_development_is_real_whatever_its_version(environ: dict[str, str], tmp_path: Path) -> None:
    hcl = 'provider_installation {\n  dev_overrides {\n    "hashicorp/awscc" = "/src/bin"\n  }\n  direct {}\n}\n'
    assert chosen(environ, tmp_path, **config(tmp_path, hcl)).served == {HELM}
    text = '{"provider_installation": {"dev_overrides": {"hashicorp/awscc": "/src/bin"}, "direct": {}}}'
    assert chosen(environ, tmp_path, **config(tmp_path, text)).served == {HELM}


def test_the_plugin_cache_is_used_with_all_that_it_holds(environ: dict[str, str], tmp_path: Path) -> None:
    cache = fill(fill(tmp_path / "cache", AWS, "5.100.0"), "registry.terraform.io/other/thing", "1.0.0")
    variables = {"TF_PLUGIN_CACHE_DIR": str(cache)}
    # Without a provider that would have a stand-in it stays Terraform's own business.
    assert chosen(environ, tmp_path, **variables) == Choice(frozenset({AWSCC, HELM}))
    fill(cache, HELM, "3.1.2")
    expected = Choice(frozenset({AWSCC}), frozenset({AWS, HELM}))
    assert chosen(environ, tmp_path, **variables) == expected
    named = config(tmp_path, f'plugin_cache_dir = "{cache}"\n')
    assert chosen(environ, tmp_path, **named) == expected
    # What a mirror holds in the range comes from there.
    fill(tmp_path / "opt" / "providers", AWS, "5.100.0")
    fill(tmp_path / "opt" / "providers", HELM, "2.17.0")
    assert chosen(environ, tmp_path, **variables) == Choice(frozenset({AWSCC}), frozenset({HELM}))
