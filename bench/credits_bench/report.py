"""The result in words: for people on standard output, for programs as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from . import figures
from .figures import Spread
from .goals import Goal, Verdict
from .rounds import Run
from .server import Peer
from .svg import Bar, Panel, drawing

_RARE_CALL = 0.01


@dataclass(frozen=True)
class Column:
    """A figure, and how it is shown."""

    figure: str
    title: str
    form: str

    def show(self, spread: Spread | None) -> str:
        if spread is None:
            return "-"
        median, low, high = map(self.form.format, (spread.median, spread.low, spread.high))
        return f"{median} ({low}..{high})"


@dataclass(frozen=True)
class Result:
    title: str
    conditions: Mapping[str, str]
    settings: Mapping[str, Any]
    peers: Sequence[Peer]
    absent: Mapping[str, str]
    """Why a peer is not there."""
    answers: Mapping[str, str]
    """What each peer sends."""
    columns: Sequence[Column]
    goals: Sequence[Goal]
    ours: str
    run: Run

    @property
    def verdicts(self) -> list[Verdict]:
        return [
            goal.verdict(goal.measured(self.run.rounds, self.ours)) for goal in self.goals]

    def text(self) -> str:
        parts = [self.title, *self._head(), "", *self._figures(), "", *self._calls()]
        if self.ours in self._names:
            parts += ["", *self._verdicts()]
        return "\n".join(parts)

    def json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "conditions": dict(self.conditions),
            "settings": dict(self.settings),
            "peers": {
                peer.name: {"version": peer.version, "answer": self.answers.get(peer.name)}
                for peer in self.peers},
            "absent": dict(self.absent),
            "spoiled": self.run.spoiled,
            "rounds": [
                {name: asdict(sample) for name, sample in samples.items()}
                for samples in self.run.rounds],
            "figures": {
                column.figure: {
                    name: spread_json(spread) for name, spread in self.spreads(column)}
                for column in self.columns},
            "goals": [self._goal_json(goal) for goal in self.goals],
        }

    def picture(self) -> str:
        """One panel a figure; what was not measured is left out."""
        panels = []
        for column in self.columns:
            bars = [
                Bar(name, spread, column.form.format(spread.median), ours=name == self.ours)
                for name, spread in self.spreads(column) if spread is not None]
            if bars:
                panels.append(Panel(column.title, bars))
        return drawing(self.title, [origin(self.conditions, self.run)], panels)

    def spreads(self, column: Column) -> list[tuple[str, Spread | None]]:
        """A figure of every peer, by name."""
        return [
            (peer.name, figures.spread(self.run.rounds, peer.name, column.figure))
            for peer in self.peers]

    def _head(self) -> list[str]:
        described = {
            peer.name: f"{peer.version}; {self.answers.get(peer.name, 'no answer')}"
            for peer in self.peers}
        return head({**self.conditions, **self.settings, **described}, self.absent, self.run)

    @property
    def _names(self) -> list[str]:
        return [peer.name for peer in self.peers]

    def _figures(self) -> list[str]:
        header = ["median (least..most)", *self._names]
        rows = [
            [column.title, *(column.show(spread) for _, spread in self.spreads(column))]
            for column in self.columns]
        return table([header, *rows])

    def _calls(self) -> list[str]:
        lines = []
        for name in self._names:
            calls = figures.calls(self.run.rounds, name, _RARE_CALL)
            if calls:
                counted = ", ".join(f"{call} {count:.2f}" for call, count in calls.items())
                lines.append(f"system calls a request, {name}: {counted}")
        return lines

    def _verdicts(self) -> list[str]:
        rows = [["goal", "must", "aim", "measured", "verdict"]]
        rows += [
            goal_row(goal, goal.measured(self.run.rounds, self.ours)) for goal in self.goals]
        return table(rows)

    def _goal_json(self, goal: Goal) -> dict[str, Any]:
        measured = goal.measured(self.run.rounds, self.ours)
        return {
            **asdict(goal), "measured": spread_json(measured),
            "verdict": goal.verdict(measured).value}


def head(named: Mapping[str, Any], absent: Mapping[str, str], run: Run) -> list[str]:
    """What there is to know before the figures."""
    lines = [f"  {name}: {value}" for name, value in named.items()]
    lines += [f"  {name} was left out: {reason}" for name, reason in absent.items()]
    lines.append(f"  rounds: {len(run.rounds)}; repeated turns: {len(run.spoiled)}")
    lines += [f"    because {reason}" for reason in run.spoiled]
    samples = [sample for samples in run.rounds for sample in samples.values()]
    for name, shares in (
        ("taken by the host", [sample.stolen for sample in samples]),
        ("taken by other processes", [sample.foreign for sample in samples]),
    ):
        if (spread := Spread.of(shares)) is not None:
            lines.append(f"  CPU {name}: median {spread.median:.1%}, most {spread.high:.1%}")
    return lines + sorted({f"  {note}" for sample in samples for note in sample.notes})


def origin(where: Mapping[str, str], run: Run) -> str:
    """What a picture says of where it is from."""
    return (
        f"{where['date'][:10]}, commit {where['commit']}, {where['cores']} cores of "
        f"{where['processor']}, medians of {len(run.rounds)} rounds")


def goal_row(goal: Goal, measured: Spread | None) -> list[str]:
    sign = "<=" if goal.smaller_is_better else ">="
    return [
        goal.title, f"{sign} {goal.must:g}", f"{sign} {goal.aim:g}",
        Column("", "", "{:.2f}").show(measured), goal.verdict(measured).value]


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """The first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if index == 0 else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))).rstrip()
        for row in rows]


def spread_json(spread: Spread | None) -> dict[str, float] | None:
    return None if spread is None else asdict(spread)
