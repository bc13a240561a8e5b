"""What the checks looked at, and what they found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum


class Promise(Enum):
    CHAIN = "Entries add up, and transfers and reversals match what they name"
    ASKED = "Every entry was asked for, and no write is in the ledger twice"
    REFUSED = "What was refused, or said to have changed nothing, is not in the ledger"
    KEPT = "What was acknowledged stands in the ledger, with the numbers that were answered"
    REPLAY = "A key's request is answered as at first, byte for byte, whatever came between"
    REUSE = "Another request under a key is refused, and told what differs"
    REFUSAL = "A refusal was right, with its numbers, at a moment between request and answer"
    DRY_RUN = "A dry run foretells, and writes nothing"
    WHOLE = "A batch that is all or none never happens by halves"
    READ = "A read shows the newest balance that anybody was told of, or a newer one"
    TIME = "A balance comes with the time of its last change"
    PAGE = "A page of the ledger is the ledger: no gap, no other number"
    PAST = "The balance at a time is what the last entry until then left"
    DELETED = "A deleted user's credits are closed from the answer on"
    ANSWERED = "Every answer is one that the interface has, and a 503 says when to try again"
    VERIFY = "`credits verify` finds nothing"
    ALIVE = "Instances end when they are told to, and serve again when they are started"


@dataclass(frozen=True)
class Violation:
    promise: Promise
    text: str
    user: int | None = None
    moment: float | None = None
    """When it was seen; None for what only the table tells."""
    entry: int | None = None
    """A transaction id that it is about."""


class Findings:
    def __init__(self) -> None:
        self.checked: Counter[Promise] = Counter()
        self.violations: list[Violation] = []

    def hold(  # noqa: PLR0913, PLR0917 (what is held, and where to look when it is not)
        self, promise: Promise, is_kept: bool, text: str = "", user: int | None = None,
        moment: float | None = None, entry: int | None = None,
    ) -> None:
        self.checked[promise] += 1
        if not is_kept:
            self.violations.append(Violation(promise, text, user, moment, entry))

    @property
    def broken(self) -> Counter[Promise]:
        return Counter(violation.promise for violation in self.violations)
