"""What the figures were taken on, and how much memory a process of its own takes."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

COMPARED = (
    "pandas",
    "numpy",
    "pyarrow",
    "matplotlib",
    "stravaio",
    "stravalib",
    "requests",
    "fitdecode",
    "fitfast",
    "gpxpy",
)


def described() -> str:
    """Machine and versions, in one line each."""
    packages = ", ".join(f"{name} {version(name)}" for name in COMPARED)
    return (
        f"{_processor()}, {os.cpu_count()} processors, {platform.system()}; "
        f"Python {platform.python_version()}, {packages}"
    )


def peak() -> float:
    """The most memory that this process has held so far, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # elsewhere than in getrusage, the parent's peak does not shine through
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    if sys.platform == "win32":
        import psutil

        return float(psutil.Process().memory_info().peak_wset / 2**20)
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)


def in_a_process(script: str, *arguments: str, **environment: str) -> list[float]:
    """The numbers that a script prints in a process of its own, whose memory nothing else has touched."""
    done = subprocess.run(  # noqa: S603  (this very Python)
        [sys.executable, "-c", script, *arguments],
        cwd=Path(__file__).parents[1],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [float(word) for word in done.stdout.split()]


def _processor() -> str:
    cpus = Path("/proc/cpuinfo")
    if cpus.exists():
        for line in cpus.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(": ")[2]
    return platform.processor() or platform.machine()
