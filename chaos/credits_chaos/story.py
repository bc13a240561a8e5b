"""What happened to a user around a violation, in the order of time, for whoever has to explain it.

Moments are seconds since the run's first request."""

from __future__ import annotations

import math

from .evidence import Evidence
from .findings import Violation
from .history import Reading, Span
from .ledger import Entry
from .said import Said

_ENTRIES = 6
_CALLS = 12
_UNDER_THE_KEY = 12
_READS = 6


class Story:
    def __init__(self, violation: Violation, evidence: Evidence) -> None:
        self._violation, self._evidence = violation, evidence
        self._user = violation.user or 0

    def lines(self) -> list[str]:
        if self._violation.user is None:
            return []
        account = self._evidence.ledger.of(self._user)
        return [
            f"ledger of user {self._user}, {len(account.entries)} entries:",
            *(f"  {self._of_entry(entry)}" for entry in self._entries()),
            "calls:", *(f"  {self._of_call(each)}" for each in self._calls()),
            "reads:", *(f"  {self._of_read(each)}" for each in self._reads())]

    def _entries(self) -> list[Entry]:
        """Around the one that it is about, or what was there at the moment."""
        entries = self._evidence.ledger.of(self._user).entries
        named = self._evidence.ledger.entry(self._user, self._violation.entry)
        middle = len(entries)
        if named is not None:
            middle = named.index
        elif (moment := self._violation.moment) is not None:
            middle = max(
                self._evidence.states(self._user, Span(moment, moment)), default=middle)
        return entries[max(0, middle - _ENTRIES):middle + _ENTRIES]

    def _calls(self) -> list[Said]:
        """Those nearest in time, and some under the same keys."""
        calls, moment = self._evidence.touching[self._user], self._violation.moment
        if moment is None:
            return calls[-_CALLS:]
        keys = {each.command.key for each in calls if each.span.ended == moment} - {None}
        near = sorted(calls, key=lambda each: abs(each.span.ended - moment))[:_CALLS]
        alike = [each for each in calls if each.command.key in keys and each not in near]
        shown = [*near, *alike[:_UNDER_THE_KEY]]
        return sorted(shown, key=lambda each: each.span.started)

    def _reads(self) -> list[Reading]:
        moment = self._violation.moment
        if moment is None:
            return []
        reads = [it for it in self._evidence.history.readings if it.user == self._user]
        near = sorted(reads, key=lambda it: abs(it.span.ended - moment))[:_READS]
        return sorted(near, key=lambda it: it.span.started)

    def _of_entry(self, entry: Entry) -> str:
        timeline = self._evidence.timeline(entry.user)
        committed = Span(timeline.earliest[entry.index], timeline.latest[entry.index])
        related = f" with {entry.related_user}/{entry.related_id}" if entry.related_id else ""
        return (f"#{entry.index} transaction {entry.id} {entry.kind} {entry.amount:+} -> "
                f"{entry.after} ({entry.reason}) {entry.key or ''}{related}, {entry.at}, committed"
                f" {self._when(committed)}")

    def _of_call(self, each: Said) -> str:
        request = each.attempt.request
        form = f", operation {each.position} of a batch" if request.is_batch else ""
        form += ", dry run" if request.is_dry_run else ""
        return (f"{self._when(each.span)} instance {each.attempt.instance}: {each.command}{form}: "
                f"{each}")

    def _of_read(self, reading: Reading) -> str:
        return (f"{self._when(reading.span)} instance {reading.instance}: {reading.answer.status} "
                f"{reading.answer.body.decode(errors='replace')}")

    def _when(self, span: Span) -> str:
        def shown(moment: float) -> str:
            beginning = self._evidence.beginning
            return f"{moment - beginning:.4f}" if math.isfinite(moment) else "?"

        return f"{shown(span.started)} to {shown(span.ended)}"


def told(violation: Violation, evidence: Evidence) -> list[str]:
    return Story(violation, evidence).lines()
