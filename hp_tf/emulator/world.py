"""What our own services share: account, clock, settings, the rest of AWS, and the Kubernetes clusters behind EKS."""

from __future__ import annotations

import hmac
import random
import string
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from hp_tf.emulator.calls import Settings
from hp_tf.emulator.cloud import Cloud
from hp_tf.emulator.kube.store import KubeClusters
from hp_tf.emulator.phases import Phase

HEX = "0123456789abcdef"
BASE36 = string.ascii_lowercase + string.digits


@dataclass
class World:
    """One emulated account.

    Attributes:
        account_id: twelve digits.
        home_region: the region whose clusters have the short Kubernetes path.
        cloud: EC2, IAM and S3.
        kube: the Kubernetes state of every EKS cluster.
        endpoint: `http://127.0.0.1:PORT`, for addresses that the services hand out.
        ca_data: base64 of the PEM certificate that the server shows to TLS clients.
        access_key: the key of whoever started the emulator, and its secret.
        interrupt: raises the AwsError of a fault that concerns a service and the name of something it does by itself.
    """

    account_id: str
    home_region: str
    cloud: Cloud
    kube: KubeClusters
    endpoint: str
    ca_data: str
    access_key: str
    settings: Settings = field(default_factory=Settings)
    clock: Callable[[], float] = time.time
    interrupt: Callable[[str, str], None] = lambda service, name: None
    chance: random.Random = field(default_factory=random.SystemRandom)
    _later: list[tuple[Phase, Callable[[], object]]] = field(default_factory=list)

    def phase(self, during: str, then: str) -> Phase:
        """A change that begins now and lasts as long as the settings say."""
        return Phase(during, then, self.clock() + self.settings.transition_seconds)

    def then(self, phase: Phase, work: Callable[[], object]) -> None:
        """Do something when a phase is over: at once if it is, else in the first `settle` after it."""
        self._later.append((phase, work))
        self.settle()

    def settle(self) -> None:
        """Do what should be done by now."""
        now = self.clock()
        due = [work for phase, work in self._later if phase.over(now)]
        self._later = [(phase, work) for phase, work in self._later if not phase.over(now)]
        for work in due:
            work()

    def forget(self) -> None:
        """Do nothing of what was put off."""
        self._later.clear()

    def owns(self, access_key: str) -> bool:
        """Whether this is the key of whoever started the emulator."""
        return hmac.compare_digest(access_key.encode(), self.access_key.encode())

    def secret_of(self, access_key: str) -> str | None:
        """The secret of a key that may be used here; None for others."""
        return self.access_key if self.owns(access_key) else self.cloud.secret_of(access_key)

    def hex(self, length: int) -> str:
        return "".join(self.chance.choices(HEX, k=length))

    def base36(self, length: int) -> str:
        return "".join(self.chance.choices(BASE36, k=length))

    def uuid(self) -> str:
        return "-".join(self.hex(length) for length in (8, 4, 4, 4, 12))

    def kube_name(self, region: str, cluster: str) -> str:
        """The cluster's name in the Kubernetes path. Cluster names have no dots, so the two forms cannot meet."""
        return cluster if region == self.home_region else f"{cluster}.{region}"

    def kube_endpoint(self, region: str, cluster: str) -> str:
        """The Kubernetes API's address. TLS: kubectl and helm send no credentials over plain HTTP."""
        return f"{self.endpoint.replace('http:', 'https:', 1)}/k8s/{self.kube_name(region, cluster)}"
