"""Where and when it was measured."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path


def conditions(repository: Path) -> dict[str, str]:
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(repository),
        "processor": _field("/proc/cpuinfo", "model name"),
        "cores": str(os.cpu_count()),
        "memory": _field("/proc/meminfo", "MemTotal"),
        "system": platform.freedesktop_os_release()["PRETTY_NAME"],
        "kernel": platform.release(),
        "load before": "{:.2f} {:.2f} {:.2f}".format(*os.getloadavg()),
        "wrk": first_line("wrk", "-v").partition(" [")[0].removeprefix("wrk "),
        "strace": first_line("strace", "--version").removeprefix("strace -- version "),
        "python": platform.python_version(),
    }


def first_line(*command: str) -> str:
    """What a program says of its version; some say it on standard error, or fail doing so."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except OSError:
        return "not installed"
    return ((done.stdout or done.stderr).splitlines() or [""])[0].strip()


def _commit(repository: Path) -> str:
    git = ["git", "-C", str(repository)]
    commit = first_line(*git, "rev-parse", "--short", "HEAD")
    return commit + (", changed" if first_line(*git, "status", "--porcelain") else "")


def _field(path: str, name: str) -> str:
    for line in Path(path).read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return "unknown"
