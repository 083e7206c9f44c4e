"""The user's CLI configuration: read as Terraform reads it, never changed."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hp_tf.errors import BadInput
from hp_tf.terraform.binary import REGISTRIES, Product
from hp_tf.terraform.hcl import Item, literal, top_level

CACHE_VARIABLE = "TF_PLUGIN_CACHE_DIR"
_CACHE_ATTRIBUTE = "plugin_cache_dir"
_STRING = re.compile(r'"([^"\\]*)"')


@dataclass(frozen=True)
class Method:
    """A block of `provider_installation`: its kind, the folder it names, the providers it is for.

    Attributes:
        include: patterns such as `registry.terraform.io/hashicorp/*`; none is every provider.
    """

    kind: str
    path: Path | None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def serves(self, address: str) -> bool:
        """Return whether Terraform asks this method for a provider."""
        wanted = not self.include or any(_matches(pattern, address) for pattern in self.include)
        return wanted and not any(_matches(pattern, address) for pattern in self.exclude)


@dataclass(frozen=True)
class UserConfig:
    """The user's CLI configuration as one HCL text, and the files it came from.

    Attributes:
        decides: whether it says itself where providers come from; then hptf leaves it alone.
        methods: how it says so.
        overrides: addresses of the providers that it takes from a folder, whatever their version.
        plugin_cache: the folder that Terraform keeps downloaded providers in.
    """

    text: str
    files: tuple[Path, ...]
    decides: bool
    methods: tuple[Method, ...] = ()
    overrides: frozenset[str] = frozenset()
    plugin_cache: Path | None = None

    def without_plugin_cache(self) -> str:
        """Return the text without the plugin cache."""
        return re.sub(rf"(?m)^[ \t]*{_CACHE_ATTRIBUTE}[ \t]*=.*\n?", "", self.text)


def override(environ: Mapping[str, str]) -> Path | None:
    """TF_CLI_CONFIG_FILE may name a file that is not there; Terraform warns and goes on, hptf only goes on."""
    named = environ.get("TF_CLI_CONFIG_FILE") or environ.get("TERRAFORM_CONFIG")
    return Path(named) if named and Path(named).is_file() else None


def user_config(environ: Mapping[str, str], product: Product = "terraform") -> UserConfig:
    """Return what the user configured, from the files that Terraform reads.

    They are the one TF_CLI_CONFIG_FILE names, if it exists; else ~/.terraformrc and those of ~/.terraform.d. OpenTofu
    takes ~/.tofurc before ~/.terraformrc, else $XDG_CONFIG_HOME/opentofu/tofurc.

    Raises:
        BadInput: for one that is neither HCL nor JSON.
    """
    named = override(environ)
    if named is not None:
        files = [named]
    else:
        home = Path(environ["HOME"]) if environ.get("HOME") else None
        folder = home / ".terraform.d" if home else None
        files = [file for file in _own_files(home, environ, product) if file.is_file()][:1]
        if folder and folder.is_dir():
            # credentials.tfrc.json is read from there whatever the CLI config is.
            files += sorted(
                f for f in folder.iterdir() if f.name.endswith((".tfrc", ".tfrc.json")) and f.stem != "credentials.tfrc"
            )
    texts, items, methods = [], list[Item](), list[Item]()
    for file in files:
        try:
            text = file.read_text(encoding="utf-8-sig")
            text = _from_json(json.loads(text)) if text.lstrip().startswith("{") else text
            found = top_level(text)
            items += found
            methods += [
                method for item in found if item.kind == "provider_installation" for method in top_level(item.text)
            ]
        except (OSError, ValueError, AttributeError) as error:
            raise BadInput(
                f"The Terraform CLI config {file} cannot be read: {error}", hint="mend it, or unset TF_CLI_CONFIG_FILE"
            ) from error
        texts.append(text.rstrip() + "\n")
    return UserConfig(
        "\n".join(texts),
        tuple(files),
        decides=any(item.kind == "provider_installation" for item in items),
        methods=tuple(_method(item) for item in methods if item.kind != "dev_overrides"),
        overrides=frozenset(
            _full(inner.kind, REGISTRIES[product])
            for item in methods
            if item.kind == "dev_overrides"
            for inner in top_level(item.text)
        ),
        plugin_cache=_plugin_cache(items, environ),
    )


def _method(item: Item) -> Method:
    held = {inner.kind: inner.text for inner in top_level(item.text)}
    path = literal(held.get("path", ""))
    return Method(
        item.kind,
        Path(path) if path else None,
        tuple(_STRING.findall(held.get("include", ""))),
        tuple(_STRING.findall(held.get("exclude", ""))),
    )


def _plugin_cache(items: list[Item], environ: Mapping[str, str]) -> Path | None:
    given = next((literal(item.text) for item in items if item.kind == _CACHE_ATTRIBUTE), None)
    named = environ.get(CACHE_VARIABLE) or (os.path.expandvars(given) if given else None)
    return Path(named) if named else None


def _own_files(home: Path | None, environ: Mapping[str, str], product: Product) -> list[Path]:
    """The files of which a program reads the first that is there."""
    files = [home / ".terraformrc"] if home else []
    if product == "tofu":
        files = [home / ".tofurc", *files] if home else files
        config = environ.get("XDG_CONFIG_HOME")
        files += [Path(config) / "opentofu" / "tofurc"] if config else []
    return files


def _full(address: str, registry: str) -> str:
    return address if address.count("/") == 2 else f"{registry}/{address}"


def _matches(pattern: str, address: str) -> bool:
    parts = zip(_full(pattern, address.partition("/")[0]).split("/"), address.split("/"), strict=False)
    return all(wanted in ("*", part) for wanted, part in parts)


def _from_json(document: Mapping[str, Any]) -> str:
    """A JSON CLI config as HCL: nested objects are blocks, `{label: {...}}` inside them labelled blocks."""
    lines = []
    for key, value in document.items():
        if not isinstance(value, dict):
            lines.append(f"{_key(key)} = {json.dumps(value, ensure_ascii=False)}")
        elif value and all(isinstance(inner, dict) for inner in value.values()) and key != "provider_installation":
            lines += [f"{key} {json.dumps(label)} {{\n{_from_json(inner)}}}" for label, inner in value.items()]
        else:
            lines.append(f"{key} {{\n{_from_json(value)}}}")
    return "".join(f"{line}\n" for line in lines)


def _key(name: str) -> str:
    return json.dumps(name) if "/" in name else name
