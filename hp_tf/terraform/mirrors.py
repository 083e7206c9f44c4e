"""Where providers come from: the user's own CLI config, a filesystem mirror, or the registry.

An offline machine has a folder of providers instead of the registry. hptf finds it and says so to Terraform in a CLI
config of the run's own; the user's files are read and never changed.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hp_tf.errors import BadInput
from hp_tf.files import write_private
from hp_tf.terraform.binary import REGISTRIES, Product
from hp_tf.terraform.cli_config import CACHE_VARIABLE, UserConfig, override, user_config
from hp_tf.terraform.hcl import top_level
from hp_tf.terraform.versions import order

_CLI_CONFIG = "hptf.tfrc"
# Of Terraform, and of OpenTofu.
_DATA_FOLDERS = ("terraform", "opentofu")
_LOCKED = re.compile(r'^\s*version\s*=\s*"([^"]+)"', re.MULTILINE)


@dataclass(frozen=True)
class Mirror:
    """A folder in Terraform's mirror layout, and the providers in it for this platform: address to versions.

    Attributes:
        kind: what it is to the user.
    """

    folder: Path
    providers: Mapping[str, tuple[str, ...]]
    kind: str = "mirror"


@dataclass(frozen=True)
class Installation:
    """Where a run's providers come from. `environ` is what Terraform's environment needs for it."""

    mirrors: tuple[Mirror, ...]
    user: UserConfig
    environ: Mapping[str, str]


def prepare(
    directory: Path,
    environ: Mapping[str, str],
    *,
    cwd: Path,
    opt: Path = Path("/opt"),
    cached: Collection[str] = (),
    product: Product = "terraform",
) -> Installation:
    """Finds the mirrors and writes the run's CLI config into `directory`, unless the user's own decides.

    Args:
        environ: the user's environment.
        cwd: the folder the user is in (`terraform.d/plugins` there is one of Terraform's implied mirrors).
        opt: the folder whose direct children may be mirrors by convention.
        cached: addresses of providers that come from the user's plugin cache and from nowhere else.

    Raises:
        BadInput: if HPTF_PROVIDER_MIRROR names something that is no mirror, or a CLI config cannot be read.
    """
    user = user_config(environ, product)
    if user.decides:
        named = override(environ)
        return Installation((), user, {"TF_CLI_CONFIG_FILE": str(named.absolute())} if named else {})
    mirrors = find_mirrors(environ, cwd=cwd, opt=opt)
    text, variables = user.text, dict[str, str]()
    if cached and user.plugin_cache is not None:
        held_there = {address: versions for address, versions in held(user.plugin_cache).items() if address in cached}
        mirrors = (*mirrors, Mirror(user.plugin_cache.absolute(), held_there, "plugin cache"))
        # Terraform refuses to install from the folder that it caches in.
        text, variables = user.without_plugin_cache(), {CACHE_VARIABLE: ""}
    variables["TF_CLI_CONFIG_FILE"] = str(cli_config(directory, mirrors, text))
    return Installation(mirrors, user, variables)


def at_hand(user: UserConfig, mirrors: Sequence[Mirror], address: str) -> tuple[str, ...]:
    """Return the versions of a provider that Terraform finds in a mirror, or in a folder that the user's config names.

    What a registry or a mirror on the network holds is not known before Terraform asks there.
    """
    folders = [method.path for method in user.methods if method.path is not None and method.serves(address)]
    found = [mirror.providers for mirror in mirrors] + [held(folder) for folder in folders]
    return tuple(sorted({version for held_there in found for version in held_there.get(address, ())}, key=order))


def find_mirrors(environ: Mapping[str, str], *, cwd: Path, opt: Path = Path("/opt")) -> tuple[Mirror, ...]:
    """Return the folders HPTF_PROVIDER_MIRROR names (separated like PATH), else the conventional places.

    Those are Terraform's implied mirror folders, and any folder directly under `opt` that holds a registry's providers.
    """
    named = environ.get("HPTF_PROVIDER_MIRROR")
    if named:
        mirrors = [Mirror(Path(p).absolute(), held(Path(p))) for p in named.split(os.pathsep) if p]
        for mirror in mirrors:
            if not mirror.providers:
                raise BadInput(
                    f"HPTF_PROVIDER_MIRROR names {mirror.folder}, which holds no provider for {platform_name()}.",
                    hint="fill it with `terraform providers mirror DIR`, or unset HPTF_PROVIDER_MIRROR",
                )
        return tuple(mirrors)
    by_convention = [
        folder for folder in _children(opt) if any((folder / host).is_dir() for host in REGISTRIES.values())
    ]
    folders = [*_implied(environ, cwd), *by_convention]
    found = {folder.absolute(): held(folder) for folder in folders}
    return tuple(Mirror(folder, providers) for folder, providers in found.items() if providers)


def held(folder: Path) -> dict[str, tuple[str, ...]]:
    """The providers in a mirror for this platform, as `HOST/NAMESPACE/TYPE` to versions, oldest first.

    Both layouts of Terraform's count: unpacked (`VERSION/OS_ARCH/`) and packed
    (`terraform-provider-TYPE_VERSION_OS_ARCH.zip`).
    """
    found: dict[str, tuple[str, ...]] = {}
    for host in _children(folder):
        if "." not in host.name:
            continue
        for provider in (kind for namespace in _children(host) for kind in _children(namespace)):
            versions = _versions(provider)
            if versions:
                found["/".join(provider.parts[-3:])] = versions
    return dict(sorted(found.items()))


def cli_config(directory: Path, mirrors: Sequence[Mirror], text: str) -> Path:
    """Writes the run's CLI config (0600: it may hold the user's credentials blocks) and gives its path.

    A provider that a mirror holds comes from there and from nowhere else; the rest from its registry.

    Args:
        text: the user's own.
    """
    if mirrors:
        blocks = [_method("filesystem_mirror", "include", m.providers, path=m.folder) for m in mirrors]
        everything = sorted({address for mirror in mirrors for address in mirror.providers})
        blocks.append(_method("direct", "exclude", everything))
        text = f"{text}\nprovider_installation {{\n{''.join(blocks)}}}\n".lstrip("\n")
    path = directory / _CLI_CONFIG
    write_private(path, text.encode())
    return path.absolute()


def provider_sources(lock_file: Path, installation: Installation, reattached: Collection[str] = ()) -> list[str]:
    """One line for each provider of a root, from its dependency lock file: name, version, where it comes from.

    `reattached` are the addresses of providers that a process of hptf's serves; they are in no lock file.
    """
    lines = [f"{_short(address)} from its stand-in, for the emulator" for address in sorted(reattached)]
    for address, version in sorted(_locked_versions(lock_file).items()):
        if address in reattached:
            continue
        mirror = next((m for m in installation.mirrors if version in m.providers.get(address, ())), None)
        if mirror is not None:
            source = f"from {mirror.kind} {mirror.folder}"
        elif installation.user.decides:
            source = f"as {installation.user.files[0]} says"
        else:
            source = f"from {address.partition('/')[0]}"
        lines.append(f"{_short(address)} {version} {source}")
    return lines


def _implied(environ: Mapping[str, str], cwd: Path) -> list[Path]:
    home = Path(environ["HOME"]) if environ.get("HOME") else None
    folders = [cwd / "terraform.d" / "plugins"]
    if home:
        folders.append(home / ".terraform.d" / "plugins")
    if sys.platform == "darwin":
        support = Path("Library/Application Support/io.terraform/plugins")
        return [*folders, *([home / support] if home else []), Path("/") / support]
    data = [environ["XDG_DATA_HOME"]] if environ.get("XDG_DATA_HOME") else [str(home / ".local/share")] if home else []
    data += (environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    return [*folders, *(Path(folder) / name / "plugins" for folder in data if folder for name in _DATA_FOLDERS)]


def _versions(provider: Path) -> tuple[str, ...]:
    target = platform_name()
    versions = {folder.name for folder in _children(provider) if (folder / target).is_dir()}
    head, tail = f"terraform-provider-{provider.name}_", f"_{target}.zip"
    for file in provider.glob(f"{head}*{tail}"):
        versions.add(file.name[len(head) : -len(tail)])
    return tuple(sorted(versions, key=order))


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError:
        return []


def platform_name() -> str:
    """Go's name of this platform, as mirrors use it."""
    machine = platform.machine().lower()
    arch = {"x86_64": "amd64", "aarch64": "arm64", "i686": "386", "i386": "386", "armv7l": "arm"}.get(machine, machine)
    return f"{'darwin' if sys.platform == 'darwin' else 'linux'}_{arch}"


def _locked_versions(lock_file: Path) -> dict[str, str]:
    try:
        items = top_level(lock_file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    found = {}
    for item in items:
        version = _LOCKED.search(item.text)
        if item.kind == "provider" and item.labels and version:
            found[item.labels[0]] = version[1]
    return found


def _short(address: str) -> str:
    host, _, source = address.partition("/")
    return source if host in REGISTRIES.values() else address


def _method(name: str, key: str, addresses: Iterable[str], *, path: Path | None = None) -> str:
    lines = [f"  {name} {{"]
    if path is not None:
        lines.append(f"    path = {_quoted(str(path))}")
    lines.append(f"    {key} = [{', '.join(_quoted(address) for address in addresses)}]")
    return "\n".join([*lines, "  }", ""])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
