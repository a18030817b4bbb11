"""Resident memory of this process, as Linux counts it. Bytes."""
import re
import pathlib

STATUS = pathlib.Path("/proc/self/status")


def _field(name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", STATUS.read_text(), re.MULTILINE)
    if found is None:
        raise RuntimeError(f"this kernel does not tell {name}")
    return int(found[1]) * 1024


def resident_bytes() -> int:
    return _field("VmRSS")


def peak_bytes() -> int:
    return _field("VmHWM")


def reset_peak() -> None:
    """The peak begins anew at what is resident now."""
    pathlib.Path("/proc/self/clear_refs").write_text("5")
