"""When each of a user's entries may have been committed.

Theory of operation: of no commit the moment is known, but each is bounded. It was not before the
request that made it was sent, and not after anybody was told of it. A user's entries are committed
in the order of their ids, so that what bounds one bounds its neighbours. State `i` is the user
after `i` entries: it may have been the state at a moment that is not before the earliest commit of
entry `i`, and not after the latest one of entry `i + 1`. An answer is right if one of the states
that may have been between request and answer explains it."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from itertools import accumulate

from .history import Span


class Timeline:
    def __init__(self, count: int) -> None:
        """Bounds by index, from 1; 0 is the time before the first entry, and the one beyond the
        last is what never happened."""
        self.earliest = [-math.inf] * (count + 2)
        self.latest = [math.inf] * (count + 2)

    def not_before(self, index: int, moment: float) -> None:
        self.earliest[index] = max(self.earliest[index], moment)

    def not_after(self, index: int, moment: float) -> None:
        self.latest[index] = min(self.latest[index], moment)

    def settle(self) -> None:
        """Bounds neighbours by neighbours."""
        self.earliest[0] = self.latest[0] = -math.inf
        self.earliest[-1] = self.latest[-1] = math.inf
        self.earliest = list(accumulate(self.earliest, max))
        self.latest = list(accumulate(reversed(self.latest), min))[::-1]

    def states(self, span: Span) -> range:
        """Those that may have been at some moment of the span; empty where the bounds are at odds
        with each other."""
        first = bisect_left(self.latest, span.started) - 1
        last = bisect_right(self.earliest, span.ended) - 1
        return range(max(first, 0), min(last, len(self.earliest) - 2) + 1)

    def is_possible(self, index: int) -> bool:
        return self.earliest[index] <= self.latest[index]
