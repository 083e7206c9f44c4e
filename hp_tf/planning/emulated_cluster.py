"""On an emulated target nothing is installed in a cluster that is not on this machine."""

from __future__ import annotations

from hp_tf.errors import BadInput
from hp_tf.planning.root import Root
from hp_tf.run.target import on_this_machine

_VARIABLE = "${var."


def refuse_a_real_one(root: Root) -> None:
    """Raise BadInput if a provider of a root would talk to a Kubernetes endpoint elsewhere.

    The stand-in refuses that itself; the real provider goes there.
    """
    for blocks in root.main.get("provider", {}).values():
        for block in blocks:
            host = block.get("kubernetes", {}).get("host")
            if isinstance(host, str) and host.startswith(_VARIABLE):
                host = root.variables.get(host.removeprefix(_VARIABLE).removesuffix("}"))
            # An endpoint that this run makes is one of the emulator's.
            if isinstance(host, str) and "${" not in host and not on_this_machine(host):
                raise BadInput(
                    f"the Kubernetes endpoint {host} is not on this machine, and nothing emulated may reach it",
                    hint="leave out what is installed in an existing cluster, or let the rehearsal create the cluster",
                )
