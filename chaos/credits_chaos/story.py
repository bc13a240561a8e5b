"""What happened to a user around a violation, in the order of time, for whoever has to explain it."""

from __future__ import annotations

import math

from .evidence import Evidence
from .findings import Violation
from .ledger import Entry
from .said import Said

_ENTRIES = 6
_CALLS = 14


def told(violation: Violation, evidence: Evidence) -> list[str]:
    if violation.user is None:
        return []
    return [
        *_ledger_lines(violation, evidence), *_call_lines(violation, evidence),
        *_read_lines(violation, evidence)]


def _ledger_lines(violation: Violation, evidence: Evidence) -> list[str]:
    account = evidence.ledger.of(violation.user or 0)
    timeline = evidence.timeline(account.user)
    named = evidence.ledger.entry(account.user, violation.entry)
    if named is not None:
        middle = named.index
    elif violation.moment is not None:
        middle = max(timeline.states(_instant(violation.moment)), default=len(account.entries))
    else:
        middle = len(account.entries)
    near = account.entries[max(0, middle - _ENTRIES):middle + _ENTRIES]
    return [f"ledger of user {account.user}, {len(account.entries)} entries:"] + [
        "  " + _entry_line(entry, timeline.earliest[entry.index], timeline.latest[entry.index])
        for entry in near]


def _instant(moment: float):
    from .history import Span
    return Span(moment, moment)


def _entry_line(entry: Entry, earliest: float, latest: float) -> str:
    related = f" with {entry.related_user}/{entry.related_id}" if entry.related_id else ""
    return (f"#{entry.index} transaction {entry.id} {entry.kind} {entry.amount:+} -> {entry.after}"
            f" {entry.at} reason {entry.reason} key {entry.key}{related}"
            f" (committed {_moment(earliest)} to {_moment(latest)})")


def _call_lines(violation: Violation, evidence: Evidence) -> list[str]:
    calls = evidence.touching[violation.user or 0]
    if violation.moment is not None:
        moment = violation.moment
        keys = {each.command.key for each in calls if each.span.ended == moment} - {None}
        near = sorted(calls, key=lambda each: abs(each.span.ended - moment))[:_CALLS]
        shown = [each for each in calls if each in near or each.command.key in keys]
    else:
        shown = calls[-_CALLS:]
    return ["calls:"] + ["  " + _call_line(each) for each in shown]


def _call_line(each: Said) -> str:
    batch = f", operation {each.position} of a batch" if each.attempt.request.is_batch else ""
    return (f"{_moment(each.span.started)} to {_moment(each.span.ended)} instance "
            f"{each.attempt.instance}: {each.command}{batch}: {each.verdict.value} {each.content}")


def _read_lines(violation: Violation, evidence: Evidence) -> list[str]:
    if violation.moment is None:
        return []
    moment = violation.moment
    reads = [it for it in evidence.history.readings if it.user == violation.user]
    near = sorted(sorted(reads, key=lambda it: abs(it.span.ended - moment))[:_ENTRIES],
                  key=lambda it: it.span.started)
    return ["reads:"] + [
        f"  {_moment(it.span.started)} to {_moment(it.span.ended)} instance {it.instance}: "
        f"{it.answer.status} {it.answer.body.decode(errors='replace')}" for it in near]


def _moment(seconds: float) -> str:
    return f"{seconds:.4f}" if math.isfinite(seconds) else "?"
