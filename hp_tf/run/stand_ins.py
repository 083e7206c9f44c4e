"""Which providers of an emulated target are stand-ins, and which the real ones.

The real ones serve where this machine holds them in the range of the modules: so a fault of theirs, or of what hptf
knows of them, shows before an account is touched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from hp_tf.errors import BadInput
from hp_tf.terraform.binary import Product
from hp_tf.terraform.cli_config import user_config
from hp_tf.terraform.mirrors import at_hand, find_mirrors, held
from hp_tf.terraform.versions import newest

VARIABLE = "HPTF_STAND_INS"
ALWAYS, MISSING, NEVER = "always", "missing", "never"


@dataclass(frozen=True)
class Choice:
    """Where an emulated target's providers come from.

    Attributes:
        served: addresses of those that a stand-in serves.
        cached: addresses of those that come from the user's plugin cache.
    """

    served: frozenset[str] = frozenset()
    cached: frozenset[str] = frozenset()


def mode(environ: Mapping[str, str]) -> str:
    """Return when stand-ins serve: always, where the real provider is missing (the default), or never.

    Raises:
        BadInput: if HPTF_STAND_INS says something else.
    """
    given = environ.get(VARIABLE) or MISSING
    if given not in (ALWAYS, MISSING, NEVER):
        raise BadInput(
            f"{VARIABLE} is {given!r}, which is none of {ALWAYS}, {MISSING} and {NEVER}",
            hint=f"unset {VARIABLE}: the real providers serve where they are at hand, stand-ins for what is missing",
        )
    return given


def choose(
    offered: Collection[str],
    ranges: Mapping[str, str],
    environ: Mapping[str, str],
    *,
    cwd: Path,
    opt: Path = Path("/opt"),
    product: Product = "terraform",
) -> Choice:
    """Return which of the stand-ins on offer serve.

    Args:
        offered: addresses (`registry.terraform.io/hashicorp/helm`) of the providers that have a stand-in.
        ranges: the versions that the modules work with, by source (`hashicorp/helm`).
        environ: the user's environment.
        cwd, opt: as for `mirrors.prepare`.

    Raises:
        BadInput: as `mode` and `mirrors.prepare` do.
    """
    wanted = mode(environ)
    if wanted != MISSING:
        return Choice(frozenset(offered) if wanted == ALWAYS else frozenset())
    user = user_config(environ, product)
    mirrors = () if user.decides else find_mirrors(environ, cwd=cwd, opt=opt)

    def usable(address: str, versions: Collection[str]) -> bool:
        return newest(versions, ranges.get(address.partition("/")[2], "")) is not None

    real = {item for item in offered if item in user.overrides or usable(item, at_hand(user, mirrors, item))}
    cache = {} if user.decides or user.plugin_cache is None else held(user.plugin_cache)
    cached = frozenset(
        address
        for address, versions in cache.items()
        if address.partition("/")[2] in ranges
        and usable(address, versions)
        and not usable(address, at_hand(user, mirrors, address))
    )
    # With what has a stand-in, whatever else the cache holds comes from there: Terraform must not cache in it then.
    if not cached & set(offered):
        cached = frozenset()
    return Choice(frozenset(offered) - real - cached, cached)
