"""Who used the processors while something was measured."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from .proc import ProcessorTimes
from .spoiled import Spoiled

_LOOK_SECONDS = 0.5


class Metered(Protocol):
    def cpu_seconds(self) -> float: ...


@dataclass
class Usage:
    """Filled when the measured block ends."""

    server_seconds: float = 0
    database_seconds: float = 0
    load_seconds: float = 0
    """Of the load generators, which may be what limits a fast server."""
    stolen: float = 0
    """Share of the machine's time that its host took away, 0...1."""
    foreign: float = 0
    """Share that processes took which have no part in what is measured, 0...1."""
    all_cores: float = 0
    """Share that server, database and load took together, 0...1."""


@dataclass(frozen=True)
class Calm:
    """How much of the machine's time others may use while something is timed, 0...1."""

    stolen: float
    foreign: float
    patience_seconds: float

    def wait(self) -> None:
        """Until other processes leave the machine to us, or patience ends."""
        if self.foreign >= 1:
            return
        deadline = time.monotonic() + self.patience_seconds
        while time.monotonic() < deadline:
            before = ProcessorTimes.now()
            time.sleep(_LOOK_SECONDS)
            spent = ProcessorTimes.now() - before
            if spent.busy <= self.foreign * spent.total:
                return

    def check(self, usage: Usage) -> None:
        if usage.stolen > self.stolen:
            raise Spoiled(f"the host took {usage.stolen:.0%} of the CPU")
        if usage.foreign > self.foreign:
            raise Spoiled(f"other processes took {usage.foreign:.0%} of the CPU")


@contextmanager
def measured(server: Metered | None, database: Metered | None = None) -> Iterator[Usage]:
    """Without a server, the load goes to the database itself."""
    usage = Usage()
    processors = ProcessorTimes.now()
    served, stored = _spent(server), _spent(database)
    ours, loaded = _used(resource.RUSAGE_SELF), _used(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    yield usage
    usage.server_seconds = _spent(server) - served
    usage.database_seconds = _spent(database) - stored
    usage.load_seconds = _used(resource.RUSAGE_CHILDREN) - loaded
    # Last, so that it covers what was used while the others were read.
    spent = ProcessorTimes.now() - processors
    available = (time.monotonic() - started) * (os.cpu_count() or 1)
    known = usage.server_seconds + usage.database_seconds + usage.load_seconds
    usage.all_cores = known / available
    usage.stolen = spent.stolen / max(spent.total, 1e-9)
    usage.foreign = max(0.0, spent.busy - known - _used(resource.RUSAGE_SELF) + ours) / available


def _spent(metered: Metered | None) -> float:
    return 0 if metered is None else metered.cpu_seconds()


def _used(who: int) -> float:
    """CPU seconds of this program, or of its children that have ended."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime
