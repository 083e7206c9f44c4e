"""The alerts that come with the layer, as data: conditions over what the nodes' exporters tell.

Metrics of GPUs are those of NVIDIA's DCGM exporter, of disks those of the node exporter.
"""

from __future__ import annotations

from typing import Any


def _alert(expression: str, minutes: int, severity: str, summary: str) -> dict[str, Any]:
    return {"expression": expression, "for_minutes": minutes, "severity": severity, "summary": summary}


def _filled(kind: str, percent: int) -> str:
    which = f"{{fstype={kind}}}"
    return f"100 - 100 * node_filesystem_avail_bytes{which} / node_filesystem_size_bytes{which} > {percent}"


# By name: Prometheus' own conditions, how long one must hold, how bad it is, and what a person reads.
ALERTS: dict[str, dict[str, Any]] = {
    "GpuHot": _alert("DCGM_FI_DEV_GPU_TEMP > 80", 5, "warning", "A GPU is hotter than 80 °C."),
    "GpuTooHot": _alert("DCGM_FI_DEV_GPU_TEMP > 85", 1, "critical", "A GPU is hotter than 85 °C."),
    "GpuMemoryErrors": _alert(
        "increase(DCGM_FI_DEV_ECC_DBE_VOL_TOTAL[5m]) > 0", 0, "critical", "A GPU's memory had double-bit errors."
    ),
    "GpuLinkErrors": _alert(
        "increase(DCGM_FI_DEV_NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL[5m]) > 0", 1, "warning", "NVLink had errors."
    ),
    "GpuThrottled": _alert(
        "increase(DCGM_FI_DEV_THERMAL_VIOLATION[5m]) > 0", 1, "warning", "A GPU runs slower because of its heat."
    ),
    "GpuXidError": _alert("DCGM_FI_DEV_XID_ERRORS > 0", 0, "critical", "The NVIDIA driver reports an XID error."),
    "DiskFull": _alert(_filled('~"ext4|xfs"', 90), 5, "warning", "More than 90 % of a node's disk is used."),
    "LustreFull": _alert(_filled('"lustre"', 80), 5, "warning", "More than 80 % of the Lustre file system is used."),
}
