"""What a file gives as existing, made in the embedded AWS before anything runs there. For emulated targets only."""

from __future__ import annotations

import http.client
import json
import re
import urllib.error
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec

from hp_tf.contract.base import Contract
from hp_tf.contract.rules import evaluate
from hp_tf.contract.seeds import Given, Seed, merged, recognised
from hp_tf.emulator import daemon
from hp_tf.environment.model import Environment, LayerConfig
from hp_tf.environment.wiring import Wiring
from hp_tf.errors import HptfError
from hp_tf.run.target import Target

_KNOWN = ("file", "environment", "configured", "given", "default", "null")
# What an id does not tell by itself.
_WORDS = {
    "bucket": "bucket",
    "eks_cluster": "EKS cluster",
    "hyperpod_cluster": "HyperPod cluster",
    "kms_key": "key",
    "log_group": "log group",
    "policy": "policy",
    "role": "role",
}
_SECONDS = 60


def emulated(environment: Environment, wiring: Wiring) -> Environment:
    """Return an environment in which no run talks to the real cluster that a file gives.

    Where a cluster's API is, is looked up in the embedded AWS then, as if the file did not say it.
    """
    api = wiring.api
    if api is None or api.layer not in environment.layers:
        return environment
    layer = environment.layers[api.layer]
    address = (api.role.endpoint, api.role.certificate_authority)
    existing = {key: value for key, value in layer.existing.items() if key not in address}
    return replace(environment, layers={**environment.layers, api.layer: replace(layer, existing=existing)})


def seed(
    environment: Environment,
    wiring: Wiring,
    contracts: Mapping[str, Contract],
    target: Target,
    say: Callable[[str], None],
) -> None:
    """Make what the file gives and the target's emulator lacks, and say what that was.

    Raises:
        HptfError: names everything that the embedded AWS cannot make.
    """
    seeds = find(environment, wiring, contracts)
    running = daemon.status(target.emulator) if target.emulator is not None and seeds else None
    # What another emulator keeps is its own business: no id can be chosen there.
    if running is None or running.upstream is not None:
        return
    items = [{"kind": item.kind, "id": item.id, "facts": item.facts} for item in seeds]
    try:
        made = running.call("POST", "/_hptf/seeds", {"seeds": items}, seconds=_SECONDS)["made"]
    except urllib.error.HTTPError as error:
        raise HptfError(
            f"the embedded AWS cannot make what the file gives: {json.loads(error.read())['message']}",
            hint="correct the file, or leave out what is not needed for this run",
        ) from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise HptfError(f"the embedded AWS does not answer: {error}") from error
    if made:
        say(_sentence(seeds, [(item["kind"], item["id"]) for item in made]))


def find(environment: Environment, wiring: Wiring, contracts: Mapping[str, Contract]) -> list[Seed]:
    """Return everything that exists by an environment's file, except what the environment makes itself."""
    # The last part of an ARN, or the bucket in a location.
    own = [re.compile(f"(?:^|[/:]){re.escape(name)}(?:$|[/.])") for name in _names(wiring, contracts)]
    said = [item for layer in environment.layers.values() for item in _of_layer(layer, wiring)]
    seeds = [item for item in merged(said) if not any(name.search(item.id) for name in own)]
    return seeds if any(not item.fitted for item in seeds) else []


def _of_layer(layer: LayerConfig, wiring: Wiring) -> Iterator[Seed]:
    if layer.mode == "disabled":
        return
    yield from recognised(layer.existing if layer.mode == "existing" else layer.inputs)
    module = f"hp_tf.layers.{layer.name}.seed"
    if find_spec(module) is not None:
        yield from import_module(module).seed(_given(layer, wiring))


def _given(layer: LayerConfig, wiring: Wiring) -> Given:
    if layer.mode == "existing":
        return Given(existing=layer.existing)
    bindings = wiring.bindings[layer.name]
    known = {key: binding.value for key, binding in bindings.items() if binding.kind in _KNOWN}
    return Given(None, known, frozenset(key for key, binding in bindings.items() if binding.kind == "wire"))


def _names(wiring: Wiring, contracts: Mapping[str, Contract]) -> Iterator[str]:
    """Yield the names of what the environment makes: a file may speak of it, and it must not be there before."""
    for layer, bindings in wiring.bindings.items():
        values = {key: binding.value for key, binding in bindings.items() if binding.kind in _KNOWN}
        texts = {key: value for key, value in values.items() if isinstance(value, str)}
        for name in contracts[layer].names.values():
            # What is not known here before anything exists is no part of a name.
            with suppress(KeyError):
                if name.when is None or evaluate(name.when, values) is True:
                    yield texts.get(name.given or "") or name.render(texts)


def _sentence(seeds: Sequence[Seed], made: Collection[tuple[str, str]]) -> str:
    """Return what to say of what was made: the file's own things by name, the rest by number."""
    named = [item for item in seeds if not item.fitted and (item.kind, item.id) in made]
    words = [
        f"{_WORDS[item.kind]} {re.split('[:/]', item.id)[-1]}" if item.kind in _WORDS else item.id for item in named
    ]
    others = len(made) - len(named)
    if others:
        words.append(f"and {others} {'thing' if others == 1 else 'things'} they need")
    return f"made what the file gives: {', '.join(words)}"
