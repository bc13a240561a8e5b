"""What callers of a run mostly do.

The service has a short way for plain writes, and leaves it alone for a while where it fails often:
under callers who do everything at once it is hardly taken. So there are runs of either kind."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Habits:
    name: str
    requests: dict[str, int]
    """How often a caller makes a new request of each kind, or takes up an old one."""
    changes: dict[str, int]
    twins: float
    """The share of keyed requests that are sent several times at once."""
    repeats: float
    """The share of keyed requests that are sent again right after their answer."""
    at_home: float
    """The share of requests that go to the one instance that their user has, the rest to any."""
    edit_pause: float
    """Seconds at most between two edits with psql."""


MIXED = Habits(
    "mixed", {"single": 36, "batch": 9, "again": 18, "other": 8},
    {"add": 38, "deduct": 36, "reset": 3, "transfer": 14, "reverse": 9},
    twins=0.12, repeats=0.3, at_home=0, edit_pause=0.8)

PLAIN = Habits(
    "plain", {"single": 94, "batch": 1, "again": 4, "other": 1},
    {"add": 52, "deduct": 44, "reset": 1, "transfer": 2, "reverse": 1},
    twins=0.02, repeats=0.02, at_home=0.97, edit_pause=4)


def of(seed: str) -> Habits:
    return random.Random(f"{seed}/habits").choice((MIXED, PLAIN))
