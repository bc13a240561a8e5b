"""System calls of a server while something runs, counted by strace."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from typing import TypeVar

from . import proc
from .server import Server

Result = TypeVar("Result")
_ATTACH_SECONDS = 10


class CannotTrace(Exception):
    """There is no strace, or this user may not trace (ptrace_scope)."""


def count(server: Server, work: Callable[[], Result]) -> tuple[dict[str, int], Result]:
    """How often the server made each system call while `work` ran."""
    if shutil.which("strace") is None:
        raise CannotTrace("strace is not installed")
    pids = [process.pid for process in server.processes()]
    with tempfile.NamedTemporaryFile("r") as summary:
        tracer = subprocess.Popen(
            ["strace", "--follow-forks", "--summary-only", "--summary-columns", "calls,name",
             "--output", summary.name, *(f"--attach={pid}" for pid in pids)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            _wait_until_attached(tracer, pids)
            result = work()
        finally:
            tracer.send_signal(signal.SIGINT)
            tracer.communicate(timeout=30)
        return parse(summary.read()), result


def _wait_until_attached(tracer: subprocess.Popen[bytes], pids: list[int]) -> None:
    deadline = time.monotonic() + _ATTACH_SECONDS
    while not all(proc.is_traced(pid) for pid in pids):
        if tracer.poll() is not None or time.monotonic() > deadline:
            raise CannotTrace("strace cannot attach: are you root, or is ptrace_scope 0?")
        time.sleep(0.01)


def parse(summary: str) -> dict[str, int]:
    """The lines `COUNT NAME` between the header and the total."""
    counts = {}
    for line in summary.splitlines():
        count, _, name = line.strip().partition(" ")
        if count.isdigit() and name != "total":
            counts[name.strip()] = int(count)
    return counts
