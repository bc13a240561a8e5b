"""Who there is to ask for, and what callers remember together.

All callers share it without a lock: each step is one that Python does at once, and what is
remembered may be out of date, as it is with callers everywhere."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from .commands import Request
from .rules import LIMIT

_REMEMBERED = 4000
_FOCUSED = 0.65
"""The share of calls that go to the one user whom everybody asks for at the moment."""


@dataclass
class Town:
    poor: list[int] = field(default_factory=list)
    """A few credits each: what is asked for is often not there."""
    rich: list[int] = field(default_factory=list)
    """At the balance's limit."""
    plain: list[int] = field(default_factory=list)
    """They are deleted, and others come, who have no row in `credits` at first."""
    focus: int = 0
    balances: dict[int, int] = field(default_factory=dict)
    """As callers saw them last."""
    entries: dict[int, deque[int]] = field(default_factory=dict)
    """Transaction ids that callers were told of."""
    sent: deque[Request] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    """Requests that may be sent again."""

    @property
    def everybody(self) -> list[int]:
        return [*self.poor, *self.rich, *self.plain]

    def pick(self, chosen: random.Random) -> int:
        return self.focus if chosen.random() < _FOCUSED else chosen.choice(self.everybody)

    def is_poor(self, user: int) -> bool:
        return user in self.poor

    def is_rich(self, user: int) -> bool:
        return user in self.rich

    def welcome(self, user: int) -> None:
        """Everybody rushes at a newcomer."""
        self.plain.append(user)
        self.focus = user

    def retire(self, chosen: random.Random) -> int:
        return self.plain.pop(chosen.randrange(len(self.plain) - 1))

    def note(self, user: int, balance: int, entry: int | None) -> None:
        self.balances[user] = balance
        if entry is not None:
            self.entries.setdefault(user, deque(maxlen=50)).append(entry)

    def remembered(self, chosen: random.Random) -> Request | None:
        """Half of the time one of the last few."""
        sent: Sequence[Request] = list(self.sent)
        if not sent:
            return None
        return chosen.choice(sent[-20:] if chosen.random() < 0.5 else sent)  # noqa: PLR2004

    def opening(self) -> dict[int, int]:
        """The balances that the run begins with; who is not here has no row."""
        return dict.fromkeys(self.rich, LIMIT - 60) | {self.poor[0]: 10}
