"""What must be reached, what is aimed at, and which it came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from . import figures
from .figures import Spread
from .rounds import Round


class Verdict(Enum):
    AIM = "aim reached"
    MUST = "met"
    MISSED = "MISSED"
    UNKNOWN = "not measured"


@dataclass(frozen=True)
class Goal:
    title: str
    figure: str
    must: float
    aim: float
    beside: str | None = None
    """The peer whose figure ours is divided by; None: ours as it is."""
    among: tuple[str, ...] = ()
    """That peer's figures of which the best, by its median, counts; empty: the same as ours."""
    scale: float = 1
    """Units of the figure in one unit of the goal."""
    smaller_is_better: bool = False
    worst: bool = False
    """Judged by the worst round, not by the median: a bound that no round may pass."""

    def measured(self, rounds: Sequence[Round], ours: str) -> Spread | None:
        if self.beside is not None:
            theirs = figures.best(rounds, self.beside, self.among or (self.figure,))
            return figures.ratio(rounds, ours, self.beside, self.figure, theirs)
        found = figures.spread(rounds, ours, self.figure)
        if found is None:
            return None
        return Spread(found.median / self.scale, found.low / self.scale, found.high / self.scale)

    def verdict(self, measured: Spread | None) -> Verdict:
        if measured is None:
            return Verdict.UNKNOWN
        judged = measured.median
        if self.worst:
            judged = measured.high if self.smaller_is_better else measured.low
        if self._reaches(judged, self.aim):
            return Verdict.AIM
        return Verdict.MUST if self._reaches(judged, self.must) else Verdict.MISSED

    def _reaches(self, value: float, bound: float) -> bool:
        return value <= bound if self.smaller_is_better else value >= bound
