"""Which of a root's providers run through all commands of a run: see `terraform/provider_processes.py`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

from hp_tf.errors import BadInput
from hp_tf.run.target import Target
from hp_tf.terraform import init, provider_packages
from hp_tf.terraform.binary import Terraform
from hp_tf.terraform.provider_processes import ProviderProcesses

VARIABLE = "HPTF_SHARED_PROVIDERS"
ON, OFF = "on", "off"


def wanted(environ: Mapping[str, str]) -> bool:
    """Return whether the user wants it, as by default.

    Raises:
        BadInput: if HPTF_SHARED_PROVIDERS says something else than on or off.
    """
    given = environ.get(VARIABLE) or ON
    if given not in (ON, OFF):
        raise BadInput(f"{VARIABLE} is {given!r}, which is neither {ON} nor {OFF}", hint=f"unset {VARIABLE}")
    return given == ON


class SharedProviders:
    """The providers of one run, for one root at a time: a provider takes relative paths from the root's folder."""

    def __init__(self, terraform: Terraform, target: Target, work: Path) -> None:
        """Prepare.

        Args:
            work: the environment's folder.
        """
        self._terraform, self._target, self._work = terraform, target, work
        self._running: ProviderProcesses | None = None
        self._of: tuple[Path, Mapping[str, Path]] | None = None

    def serve(
        self, root: Path, environ: Mapping[str, str], configured: Collection[str], overridden: Collection[str]
    ) -> ProviderProcesses | None:
        """Return the providers of a root, started if they are not; None where Terraform is to start them itself.

        Args:
            environ: of the Terraform that will use them.
            configured: the providers that the root itself configures, each once.
            overridden: addresses of those that the user's CLI config takes from a folder, whatever the lock file says.
        """
        programs = {}
        if _possible(self._terraform, self._target, environ) and _configured_once(root, configured):
            held = provider_packages.programs(root, root / init.LOCK_FILE, self._work / "provider-packages.json")
            programs = {
                address: program
                for address, program in held.items()
                if address not in overridden and address not in self._target.reattached
            }
        if self._of != (root, programs):
            self.close()
            self._of = (root, programs)
            if programs:
                # What cannot be started here, Terraform will start, or say why not.
                with suppress(OSError):
                    self._running = ProviderProcesses(
                        programs, cwd=root, environ=environ, logs=self._work / "providers"
                    )
        return self._running

    def close(self) -> None:
        """End them."""
        if self._running is not None:
            self._running.close()
        self._running = self._of = None


def _possible(terraform: Terraform, target: Target, environ: Mapping[str, str]) -> bool:
    """Whether providers can be shared at all.

    With certificates of the user's own the aws provider can be configured once in a process. Logs of a provider that
    Terraform did not start do not reach Terraform's. With OpenTofu it was not tried.
    """
    logs = any(name.startswith("TF_LOG") for name in environ)
    return terraform.product == "terraform" and target.ca_bundle is None and not logs


def _configured_once(root: Path, names: Collection[str]) -> bool:
    """Whether each provider has one configuration: of two in one process the later serves the resources of both."""
    return sorted(init.configured(root)) == sorted(names)
