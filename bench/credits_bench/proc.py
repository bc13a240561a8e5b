"""What the kernel says of processes and processors (proc(5)); nothing here starts anything."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Process:
    pid: int
    parent: int
    name: str
    cpu_seconds: float
    """User and system time, of threads that have ended too."""

    @classmethod
    def parse(cls, stat: str) -> Process:
        """From /proc/PID/stat; the name stands in parentheses and may hold any character."""
        pid, _, rest = stat.partition(" (")
        name, _, rest = rest.rpartition(") ")
        fields = rest.split()
        ticks = int(fields[11]) + int(fields[12])
        return cls(int(pid), int(fields[1]), name, ticks / _TICKS_PER_SECOND)


def all_processes() -> dict[int, Process]:
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                process = Process.parse((entry / "stat").read_text())
            except (FileNotFoundError, ProcessLookupError):
                continue  # It ended while we looked.
            found[process.pid] = process
    return found


def tree(root: int) -> list[Process]:
    """The process and all that descend from it, parents first."""
    processes = all_processes()
    if root not in processes:
        return []
    found = [processes[root]]
    for parent in found:
        found += [process for process in processes.values() if process.parent == parent.pid]
    return found


def thread_seconds(pid: int) -> float:
    """CPU time of a process of one thread, exactly: that of `Process` is in hundredths, which many
    processes that do little each never reach. 0 when it has ended."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except (FileNotFoundError, ProcessLookupError):
        return 0


def ended_children_seconds(pid: int) -> float:
    """CPU time of a process's children that have ended and were waited for."""
    return parse_ended_children(Path(f"/proc/{pid}/stat").read_text())


def parse_ended_children(stat: str) -> float:
    fields = stat.rpartition(") ")[2].split()
    return (int(fields[13]) + int(fields[14])) / _TICKS_PER_SECOND


def memory_bytes(pids: Iterable[int]) -> int:
    """Memory in use, what several processes share counted once (Pss)."""
    return sum(
        parse_memory(Path(f"/proc/{pid}/smaps_rollup").read_text()) for pid in pids)


def parse_memory(rollup: str) -> int:
    for line in rollup.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise ValueError("no Pss in smaps_rollup")


def is_traced(pid: int) -> bool:
    """Whether a tracer holds all threads of the process."""
    return all(
        "\nTracerPid:\t0\n" not in (task / "status").read_text()
        for task in Path(f"/proc/{pid}/task").iterdir())


@dataclass(frozen=True)
class ProcessorTimes:
    """Seconds since boot, of all processors together."""

    total: float
    busy: float
    """Spent in processes, the kernel's work for them included, without interrupts."""
    stolen: float
    """Not had, because the host ran something else."""

    @classmethod
    def now(cls) -> ProcessorTimes:
        return cls.parse(Path("/proc/stat").read_text())

    @classmethod
    def parse(cls, stat: str) -> ProcessorTimes:
        # user nice system idle iowait irq softirq steal; guests are part of user and nice.
        ticks = [int(field) for field in stat.splitlines()[0].split()[1:9]]
        seconds = [tick / _TICKS_PER_SECOND for tick in ticks]
        return cls(total=sum(seconds), busy=sum(seconds[:3]), stolen=seconds[7])

    def __sub__(self, earlier: ProcessorTimes) -> ProcessorTimes:
        return ProcessorTimes(
            self.total - earlier.total, self.busy - earlier.busy, self.stolen - earlier.stolen)
