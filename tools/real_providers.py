"""Says which of the providers with a stand-in are at hand on this machine. Exits 1 if none is.

Run `python tools/real_providers.py`; `make test-real` does, before it runs the tests with them.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hp_tf.contract.providers import PROVIDERS
from hp_tf.run import stand_ins
from hp_tf.standin.server import definitions


def main() -> int:
    """Print a line for each provider."""
    ranges = {item.source: item.version for item in PROVIDERS}
    offered = sorted(definition.address for definition in definitions().values())
    environ = {**os.environ, stand_ins.VARIABLE: stand_ins.MISSING}
    served = stand_ins.choose(offered, ranges, environ, cwd=Path.cwd()).served
    for address in offered:
        source = address.partition("/")[2]
        print(f"{source} {ranges[source]}: {'a stand-in' if address in served else 'the real provider'}")
    if served == set(offered):
        print("no real provider is at hand: fill a mirror and name it in HPTF_PROVIDER_MIRROR", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
