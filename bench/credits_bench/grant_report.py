"""A day's grant beside one statement, and adds beside it, in words, as JSON and as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from . import figures
from .figures import Spread
from .goals import Goal, Verdict
from .report import Column, goal_row, head, origin, spread_json, table
from .rounds import Run
from .svg import Bar, Panel, drawing

OURS = "credits"
PLAIN = "one statement"
WITHOUT = "adds without the grant"
BESIDE = "adds beside the grant"

_GRANTS = (OURS, PLAIN)
_ADDS = (WITHOUT, BESIDE)
_SECONDS = Column("seconds", "a day, s", "{:.1f}")
_LONE_LONGEST = Column("lone_longest_ms", "longest", "{:.1f}")
_LONE_OTHERS = Column("lone_longest_others_ms", "longest of all others", "{:.1f}")
_HALF_P99 = Column("half_p99_ms", "99 of 100 below", "{:.2f}")
_HALF_OTHERS = Column("half_p99_others_ms", "99 of 100 of all others below", "{:.2f}")
_TABLES: Mapping[str, tuple[Sequence[str], Sequence[Column]]] = {
    "every user a grant": (_GRANTS, (
        _SECONDS, Column("users_per_second", "users a second", "{:,.0f}"),
        Column("memory_mib", "memory at most, MiB", "{:.1f}"),
        Column("memory_growth", "the same / its first tenth", "{:.2f}"))),
    "one client, one by one, ms": (_ADDS, (
        Column("lone_adds", "adds", "{:,.0f}"), Column("lone_p50_ms", "median", "{:.2f}"),
        Column("lone_p99_ms", "99 of 100 below", "{:.2f}"), _LONE_LONGEST)),
    "the same, and checkpoints' ends": (_ADDS, (
        Column("lone_checkpoints", "checkpoints", "{:.0f}"),
        Column("lone_in_checkpoints", "adds in their ends", "{:,.0f}"),
        Column("lone_longest_in_checkpoints_ms", "longest of them", "{:.1f}"), _LONE_OTHERS,
        Column("lone_late_others", "of 100,000 others above 25 ms", "{:.1f}"),
        Column("lone_too_late_others", "above 50 ms", "{:.1f}"))),
    "half load, ms": (_ADDS, (
        Column("half_asked", "adds a second: asked", "{:,.0f}"),
        Column("half_rate", "answered", "{:,.0f}"),
        Column("half_p50_ms", "median", "{:.2f}"), _HALF_P99,
        Column("half_longest_ms", "longest", "{:.1f}"),
        Column("half_day_seconds", "a day beside it, s", "{:.1f}"))),
    "the same load, and checkpoints' ends": (_ADDS, (
        Column("half_checkpoints", "checkpoints", "{:.0f}"),
        Column("half_in_checkpoints", "adds in their ends", "{:,.0f}"),
        Column("half_longest_in_checkpoints_ms", "longest of them", "{:.1f}"), _HALF_OTHERS,
        Column("half_longest_others_ms", "longest of them", "{:.1f}"))),
}
_PICTURED = (
    ("Every user a grant, seconds", _GRANTS, _SECONDS),
    ("Adds of one client, one by one: the longest, ms", _ADDS, _LONE_LONGEST),
    ("The longest outside of checkpoints' ends, ms", _ADDS, _LONE_OTHERS),
    ("Adds at half load: 99 of 100 below, ms", _ADDS, _HALF_P99),
    ("99 of 100 outside of checkpoints' ends below, ms", _ADDS, _HALF_OTHERS),
)
_EXPLANATION = (
    "One statement updates all balances and inserts all entries, for the same tables in a database",
    "  of its own. Half load is half of the adds a second that wrk got from 64 connections just",
    "  before. Each of its adds has its moment, whatever the ones before it take, and its latency",
    "  counts from that moment. The adds without the grant are those of two stretches, before and",
    "  after it. A checkpoint's end is when it syncs its files, which every commit waits for, and",
    "  as long again, for what queued up.",
)

GOALS: Sequence[tuple[Goal, str]] = (
    (Goal("a day's grant / one statement", "seconds", 1.5, 1.2, beside=PLAIN,
          smaller_is_better=True), OURS),
    (Goal("memory at most / in the first tenth", "memory_growth", 1.25, 1.1,
          smaller_is_better=True), OURS),
    (Goal("longest add of one client beside it, ms (worst round)", "lone_longest_ms", 50, 30,
          smaller_is_better=True, worst=True), BESIDE),
    (Goal("the same, outside of checkpoints' ends", "lone_longest_others_ms", 50, 30,
          smaller_is_better=True, worst=True), BESIDE),
    (Goal("p99 of adds at half load / without the grant", "half_p99_ms", 3, 2, beside=WITHOUT,
          smaller_is_better=True), BESIDE),
    (Goal("the same, outside of checkpoints' ends", "half_p99_others_ms", 3, 2, beside=WITHOUT,
          smaller_is_better=True), BESIDE),
)
"""Each with the one whose figure it is about."""


@dataclass(frozen=True)
class GrantResult:
    title: str
    conditions: Mapping[str, str]
    users: int
    run: Run
    """Its samples are by who: the service, the statement, adds without and beside a grant."""

    @property
    def verdicts(self) -> list[Verdict]:
        return [goal.verdict(self._measured(goal, who)) for goal, who in GOALS]

    def text(self) -> str:
        lines = [self.title, *head({**self.conditions, "users": self.users}, {}, self.run)]
        for title, (names, columns) in _TABLES.items():
            rows = [[title, *(column.title for column in columns)]]
            rows += [
                [name, *(column.show(self._spread(name, column)) for column in columns)]
                for name in names]
            lines += ["", *table(rows)]
        goals = [["goal", "must", "aim", "measured", "verdict"]]
        goals += [goal_row(goal, self._measured(goal, who)) for goal, who in GOALS]
        return "\n".join([*lines, "", *_EXPLANATION, "", *table(goals)])

    def json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "explanation": " ".join(line.strip() for line in _EXPLANATION),
            "conditions": dict(self.conditions),
            "users": self.users,
            "rounds": [
                {name: asdict(sample) for name, sample in samples.items()}
                for samples in self.run.rounds],
            "figures": {
                title: {
                    column.figure: {
                        name: spread_json(self._spread(name, column)) for name in names}
                    for column in columns}
                for title, (names, columns) in _TABLES.items()},
            "goals": [self._goal_json(goal, who) for goal, who in GOALS],
        }

    def picture(self) -> str:
        panels = []
        for title, names, column in _PICTURED:
            bars = [
                Bar(name, spread, column.form.format(spread.median), ours=name in (OURS, BESIDE))
                for name in names if (spread := self._spread(name, column)) is not None]
            if bars:
                panels.append(Panel(title, bars))
        notes = [f"{self.users:,} users, durable defaults", origin(self.conditions, self.run)]
        return drawing(self.title, notes, panels)

    def _spread(self, who: str, column: Column) -> Spread | None:
        return figures.spread(self.run.rounds, who, column.figure)

    def _measured(self, goal: Goal, who: str) -> Spread | None:
        return goal.measured(self.run.rounds, who)

    def _goal_json(self, goal: Goal, who: str) -> dict[str, Any]:
        measured = self._measured(goal, who)
        return {
            **asdict(goal), "of": who, "measured": spread_json(measured),
            "verdict": goal.verdict(measured).value}
