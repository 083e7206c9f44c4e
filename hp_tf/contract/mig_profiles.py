"""Parts that a GPU of an instance type can be cut into, of those that quotas know.

Sources: MIGProfileType of SageMaker's API; which type has which, the table of the HyperPod command line.
"""

from __future__ import annotations

from collections.abc import Mapping

_OF_80_GIB = ("mig-1g.10gb", "mig-1g.20gb", "mig-2g.20gb", "mig-3g.40gb", "mig-4g.40gb", "mig-7g.80gb")
_OF_180_GIB = ("mig-1g.23gb", "mig-1g.45gb", "mig-2g.45gb", "mig-3g.90gb", "mig-4g.90gb", "mig-7g.180gb")
_OF_186_GIB = ("mig-1g.23gb", "mig-1g.47gb", "mig-2g.47gb", "mig-3g.93gb", "mig-4g.93gb", "mig-7g.186gb")
_OF_141_GIB = ("mig-1g.18gb", "mig-1g.35gb", "mig-2g.35gb", "mig-3g.71gb", "mig-4g.71gb", "mig-7g.141gb")
MIG_PROFILES: Mapping[str, tuple[str, ...]] = {
    "ml.p4d.24xlarge": ("mig-1g.5gb", "mig-1g.10gb", "mig-2g.10gb", "mig-3g.20gb", "mig-4g.20gb", "mig-7g.40gb"),
    "ml.p4de.24xlarge": _OF_80_GIB,
    "ml.p5.48xlarge": _OF_80_GIB,
    "ml.p5e.48xlarge": _OF_141_GIB,
    "ml.p5en.48xlarge": _OF_141_GIB,
    "ml.p6-b200.48xlarge": _OF_180_GIB,
    "ml.p6e-gb200.36xlarge": _OF_186_GIB,
}
