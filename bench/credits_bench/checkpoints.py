"""PostgreSQL's checkpoints, from its log: which adds waited for one, and which for something else.

While a checkpoint syncs its files every commit of the database waits for the disk, whoever dirtied
the pages. So a latency tells of a grant only where no checkpoint was at its end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_COMPLETE = re.compile(
    r"^(?P<ended>\d+\.\d+) .*?LOG:  (?:check|restart)point complete: .*?"
    r"write=(?P<write>[\d.]+) s, sync=(?P<sync>[\d.]+) s, total=(?P<total>[\d.]+) s",
    re.MULTILINE)

LOG_SETTINGS = ("log_checkpoints=on", "log_line_prefix=%n ")
"""What `parse` reads: seconds since the epoch, before each line."""


@dataclass(frozen=True)
class Stretch:
    """Of time, in seconds since the epoch."""

    started: float
    ended: float

    @property
    def seconds(self) -> float:
        return self.ended - self.started

    def meets(self, other: Stretch) -> bool:
        return self.started <= other.ended and other.started <= self.ended


@dataclass(frozen=True)
class Checkpoint:
    end: Stretch
    """From when its pages were written to when it was complete: it syncs the files, and recycles
    those of the log."""
    sync_seconds: float

    @property
    def felt(self) -> Stretch:
        """As long again, for what has queued up behind it."""
        return Stretch(self.end.started, self.end.ended + self.end.seconds)


def parse(log: str) -> list[Checkpoint]:
    found = []
    for match in _COMPLETE.finditer(log):
        ended, write, sync, total = (
            float(match[name]) for name in ("ended", "write", "sync", "total"))
        found.append(Checkpoint(Stretch(ended - total + write, ended), sync))
    return found


def during(checkpoints: Sequence[Checkpoint], stretches: Sequence[Stretch]) -> list[Checkpoint]:
    """Those that ended, or were felt, in one of the stretches."""
    return [
        checkpoint for checkpoint in checkpoints
        if any(checkpoint.felt.meets(stretch) for stretch in stretches)]
