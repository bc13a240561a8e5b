"""Where and when it was measured."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

_SYNCS = 100


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


def disk(folder: Path) -> dict[str, str]:
    """What a commit has to wait for."""
    block, times = b"\0" * 8192, []
    descriptor = os.open(folder / "sync", os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        for _ in range(_SYNCS):
            os.pwrite(descriptor, block, 0)
            started = time.perf_counter()
            os.fdatasync(descriptor)
            times.append(time.perf_counter() - started)
    finally:
        os.close(descriptor)
    kind = first_line("stat", "--file-system", "--format=%T", str(folder))
    return {"disk": f"{kind}, fdatasync {statistics.median(times) * 1e6:.0f} us"}


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
