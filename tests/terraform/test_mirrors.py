from __future__ import annotations

import os
import platform
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from hp_tf.errors import BadInput
from hp_tf.terraform import commands
from hp_tf.terraform.cli_config import UserConfig, user_config
from hp_tf.terraform.hcl import top_level
from hp_tf.terraform.mirrors import (
    Installation,
    Mirror,
    at_hand,
    cli_config,
    find_mirrors,
    held,
    prepare,
    provider_sources,
)

from .conftest import MakeRoot

ARCH = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
TARGET = f"{'darwin' if sys.platform == 'darwin' else 'linux'}_{ARCH}"
AWS = "registry.terraform.io/hashicorp/aws"
NO_SUCH = """
terraform {
  required_providers {
    p = { source = "hashicorp/nosuchprovider" }
  }
}
"""


def fill(mirror: Path, address: str = AWS, version: str = "5.100.0", target: str = TARGET) -> Path:
    folder = mirror / address / version / target
    folder.mkdir(parents=True)
    program = folder / f"terraform-provider-{address.rpartition('/')[2]}_v{version}"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return mirror


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def environ(tmp_path: Path, home: Path) -> dict[str, str]:
    return {"HOME": str(home), "XDG_DATA_DIRS": str(tmp_path / "share")}


def find(environ: dict[str, str], tmp_path: Path) -> list[Path]:
    return [mirror.folder for mirror in find_mirrors(environ, cwd=tmp_path / "cwd", opt=tmp_path / "opt")]


def test_both_layouts_for_this_platform(tmp_path: Path) -> None:
    fill(tmp_path, version="5.99.1")
    fill(tmp_path, version="5.100.0")
    fill(tmp_path, version="6.0.0", target="plan9_mips")
    fill(tmp_path, address="example.com/team/other", target="plan9_mips")
    packed = tmp_path / "registry.terraform.io" / "hashicorp" / "helm"
    packed.mkdir(parents=True)
    (packed / f"terraform-provider-helm_3.0.2_{TARGET}.zip").touch()
    (packed / "index.json").touch()
    assert held(tmp_path) == {
        AWS: ("5.99.1", "5.100.0"),
        "registry.terraform.io/hashicorp/helm": ("3.0.2",),
    }
    assert held(tmp_path / "nowhere") == {}


def test_mirrors_are_found_in_the_conventional_places(tmp_path: Path, home: Path, environ: dict[str, str]) -> None:
    assert find(environ, tmp_path) == []
    opt = fill(tmp_path / "opt" / "any name")
    (tmp_path / "opt" / "unrelated").mkdir()
    assert find(environ, tmp_path) == [opt]
    if sys.platform == "darwin":
        system = home / "Library/Application Support/io.terraform/plugins"
    else:
        system = home / ".local/share/terraform/plugins"
    expected = [tmp_path / "cwd/terraform.d/plugins", home / ".terraform.d/plugins", system]
    for folder in expected:
        fill(folder)
    assert find(environ, tmp_path) == [*expected, opt]


def test_a_named_mirror_is_the_only_one(tmp_path: Path, environ: dict[str, str]) -> None:
    fill(tmp_path / "opt" / "x")
    one, two = fill(tmp_path / "one"), fill(tmp_path / "two")
    assert find({**environ, "HPTF_PROVIDER_MIRROR": str(one)}, tmp_path) == [one]
    assert find({**environ, "HPTF_PROVIDER_MIRROR": f"{one}{os.pathsep}{two}"}, tmp_path) == [one, two]


def test_a_named_mirror_that_is_none(tmp_path: Path, environ: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="holds no provider for") as caught:
        find({**environ, "HPTF_PROVIDER_MIRROR": str(tmp_path)}, tmp_path)
    assert "terraform providers mirror" in str(caught.value)


def test_the_config_of_a_run(tmp_path: Path) -> None:
    mirrors = [
        Mirror(Path('/m "one"/é'), {AWS: ("5.100.0",)}),
        Mirror(Path("/two"), {AWS: ("5.99.0",), "registry.terraform.io/hashicorp/helm": ("3.0.2",)}),
    ]
    path = cli_config(tmp_path / "run", mirrors, 'plugin_cache_dir = "/cache"\n')
    assert path.stat().st_mode & 0o777 == 0o600
    first, installation = top_level(path.read_text(encoding="utf-8"))
    assert (first.kind, installation.kind) == ("plugin_cache_dir", "provider_installation")
    methods = top_level(installation.text)
    assert [m.kind for m in methods] == ["filesystem_mirror", "filesystem_mirror", "direct"]
    assert 'path = "/m \\"one\\"/é"' in methods[0].text
    assert methods[2].text.split() == ["exclude", "=", f'["{AWS}",', '"registry.terraform.io/hashicorp/helm"]']


def test_without_mirrors_only_the_users_settings_are_left(tmp_path: Path) -> None:
    assert cli_config(tmp_path, [], "a = 1\n").read_text() == "a = 1\n"


def test_a_missing_cli_config_file_is_no_config(tmp_path: Path, home: Path, environ: dict[str, str]) -> None:
    (home / ".terraformrc").write_text("disable_checkpoint = true")
    found = user_config({**environ, "TF_CLI_CONFIG_FILE": str(tmp_path / "missing")})
    assert (found.text, found.files, found.decides) == (
        "disable_checkpoint = true\n",
        (home / ".terraformrc",),
        False,
    )


def test_the_users_files_as_terraform_reads_them(tmp_path: Path, home: Path, environ: dict[str, str]) -> None:
    folder = home / ".terraform.d"
    folder.mkdir()
    (home / ".terraformrc").write_text('plugin_cache_dir = "/cache"')
    (folder / "a.tfrc").write_text("# provider_installation {}\n")
    (folder / "b.tfrc.json").write_text(
        '{"host": {"h.example.com": {"services": {"a.v1": "https://x"}}}, "flag": true}'
    )
    (folder / "credentials.tfrc.json").write_text('{"credentials": {"h": {"token": "secret"}}}')
    (folder / "notes.txt").write_text("provider_installation {}")
    found = user_config(environ)
    assert [file.name for file in found.files] == [".terraformrc", "a.tfrc", "b.tfrc.json"]
    assert not found.decides
    assert "secret" not in found.text
    assert [(i.kind, i.labels) for i in top_level(found.text)] == [
        ("plugin_cache_dir", ()),
        ("host", ("h.example.com",)),
        ("flag", ()),
    ]
    override = tmp_path / "own.tfrc"
    override.write_text("disable_checkpoint = true\n")
    assert user_config({**environ, "TF_CLI_CONFIG_FILE": str(override)}).files == (override,)


@pytest.mark.parametrize(
    "text", ["provider_installation {\n  direct {}\n}\n", '{"provider_installation": {"direct": {}}}']
)
def test_a_user_who_decides_is_left_alone(tmp_path: Path, environ: dict[str, str], text: str) -> None:
    own = tmp_path / "own.tfrc"
    own.write_text(text)
    fill(tmp_path / "opt" / "x")
    run = tmp_path / "run"
    found = prepare(run, {**environ, "TF_CLI_CONFIG_FILE": str(own)}, cwd=tmp_path, opt=tmp_path / "opt")
    assert (found.mirrors, found.environ) == ((), {"TF_CLI_CONFIG_FILE": str(own)})
    assert own.read_text() == text
    assert not run.exists()


def test_a_decision_in_the_home_folder_needs_no_variable(tmp_path: Path, home: Path, environ: dict[str, str]) -> None:
    (home / ".terraformrc").write_text("provider_installation {\n}\n")
    found = prepare(tmp_path / "run", environ, cwd=tmp_path, opt=tmp_path / "opt")
    assert (found.user.decides, found.environ) == (True, {})


@pytest.mark.parametrize("text", ["a {", "{broken", "[]"])
def test_a_config_that_cannot_be_read(tmp_path: Path, environ: dict[str, str], text: str) -> None:
    own = tmp_path / "own.tfrc"
    own.write_text(text)
    with pytest.raises(BadInput, match=r"own\.tfrc cannot be read"):
        user_config({**environ, "TF_CLI_CONFIG_FILE": str(own)})


LOCK = """
provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.100.0"
  constraints = ">= 5.100.0"
  hashes = [
    "h1:x",
  ]
}
provider "registry.terraform.io/hashicorp/helm" {
  version = "3.0.2"
}
provider "example.com/team/other" {
  version = "1.0.0"
}
"""


def test_one_line_for_each_provider(tmp_path: Path) -> None:
    lock = tmp_path / ".terraform.lock.hcl"
    lock.write_text(LOCK)
    user = UserConfig("", (Path("/home/me/.terraformrc"),), False)
    installation = Installation((Mirror(Path("/mirror"), {AWS: ("5.100.0",)}),), user, {})
    assert provider_sources(lock, installation, ["registry.terraform.io/hashicorp/awscc"]) == [
        "hashicorp/awscc from its stand-in, for the emulator",
        "example.com/team/other 1.0.0 from example.com",
        "hashicorp/aws 5.100.0 from mirror /mirror",
        "hashicorp/helm 3.0.2 from registry.terraform.io",
    ]
    decided = Installation((), UserConfig("", user.files, True), {})
    assert provider_sources(lock, decided)[1] == "hashicorp/aws 5.100.0 as /home/me/.terraformrc says"
    assert provider_sources(tmp_path / "missing", installation) == []


def test_terraform_takes_a_provider_from_the_mirror(
    make_root: MakeRoot, tmp_path: Path, environ: dict[str, str]
) -> None:
    """The whole way: a mirror under opt, the written config, a real init."""
    opt = tmp_path / "opt ü"
    mirror = fill(opt / "plugins", address="registry.terraform.io/hashicorp/nosuchprovider", version="1.2.3")
    found = prepare(tmp_path / "run", environ, cwd=tmp_path, opt=opt)
    made = make_root(NO_SUCH)
    made = replace(made, environ={**made.environ, **found.environ})
    commands.init(made)
    assert provider_sources(made.root / ".terraform.lock.hcl", found) == [
        f"hashicorp/nosuchprovider 1.2.3 from mirror {mirror}"
    ]


def test_what_a_mirror_or_the_users_config_holds_is_at_hand(tmp_path: Path) -> None:
    named, own = fill(tmp_path / "named", version="5.99.0"), fill(tmp_path / "own", version="5.100.0")
    text = f'provider_installation {{\n  filesystem_mirror {{\n    path = "{own}"\n  }}\n}}\n'
    config = tmp_path / "own.tfrc"
    config.write_text(text)
    user = user_config({"TF_CLI_CONFIG_FILE": str(config)})
    assert at_hand(user, (Mirror(named, held(named)),), AWS) == ("5.99.0", "5.100.0")
    assert at_hand(user, (), "registry.terraform.io/hashicorp/helm") == ()


def test_terraform_takes_a_provider_from_the_plugin_cache_without_asking_a_registry(
    make_root: MakeRoot, tmp_path: Path, environ: dict[str, str]
) -> None:
    address = "registry.terraform.io/hashicorp/nosuchprovider"
    cache = fill(tmp_path / "cache", address=address, version="1.2.3")
    config = tmp_path / "own.tfrc"
    config.write_text(f'plugin_cache_dir = "{cache}"\ndisable_checkpoint = true\n')
    for variables in ({"TF_PLUGIN_CACHE_DIR": str(cache)}, {"TF_CLI_CONFIG_FILE": str(config)}):
        user = {**environ, **variables}
        found = prepare(tmp_path / "run", user, cwd=tmp_path, opt=tmp_path / "opt", cached=[address])
        main = (
            'terraform {\n  required_providers {\n    p = {\n      source = "hashicorp/nosuchprovider"\n    }\n  }\n}\n'
        )
        made = make_root(main)
        made = replace(made, environ={**made.environ, **user, **found.environ})
        commands.init(made)
        lock = made.root / ".terraform.lock.hcl"
        assert provider_sources(lock, found) == [f"hashicorp/nosuchprovider 1.2.3 from plugin cache {cache}"]
        lock.unlink()
    assert config.read_text().startswith("plugin_cache_dir"), "the user's own file stays as it is"


@pytest.mark.parametrize(
    ("there", "read"),
    [
        ((".tofurc", ".terraformrc"), ".tofurc"),
        ((".terraformrc", "config/opentofu/tofurc"), ".terraformrc"),
        (("config/opentofu/tofurc",), "config/opentofu/tofurc"),
    ],
)
def test_opentofu_reads_its_own_file_first(tmp_path: Path, there: tuple[str, ...], read: str) -> None:
    for name in there:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    environ = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    assert user_config(environ, "tofu").files == (tmp_path / read,)
    terraform = tmp_path / ".terraformrc"
    assert user_config(environ).files == ((terraform,) if terraform.exists() else ())


def test_opentofus_own_implied_folder_and_registry(tmp_path: Path) -> None:
    address = "registry.opentofu.org/hashicorp/aws"
    folder = fill(tmp_path / "data" / "opentofu" / "plugins", address)
    (found,) = find_mirrors({"XDG_DATA_HOME": str(tmp_path / "data")}, cwd=tmp_path, opt=tmp_path / "none")
    assert (found.folder, tuple(found.providers)) == (folder, (address,))
    given = {"HOME": str(tmp_path)}
    (tmp_path / ".tofurc").write_text(
        'provider_installation {\n  dev_overrides {\n    "hashicorp/aws" = "/x"\n  }\n}\n'
    )
    assert user_config(given, "tofu").overrides == {address}
