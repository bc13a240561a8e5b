"""Reads and adds beside the peers' in words, as JSON and as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from . import figures
from .cells import CELLS, ONE_BY_ONE, OURS, Cell, add, get
from .figures import Spread
from .goals import Goal, Verdict
from .report import Column, goal_row, head, origin, spread_json, table
from .rounds import Run
from .service_peers import ServicePeer
from .svg import Bar, Panel, drawing

_RATE = Column("requests_per_second", "requests a second", "{:,.0f}")
_P99 = Column("p99_ms", "p99, ms", "{:.2f}")
_COLUMNS = (
    Column("p50_ms", "p50, ms", "{:.2f}"),
    _P99,
    Column("server_us", "CPU us: server", "{:.1f}"),
    Column("database_us", "PostgreSQL", "{:.1f}"),
    Column("load_us", "client", "{:.1f}"),
    Column("cpu_share", "of all cores", "{:.0%}"),
)
_RATIO = "{:.2f}"
_PICTURED = (get(4), get(64), get(256), add(4), add(64), add(256), add(64, users=10))
_PICTURED_P99 = (get(64), add(64))
_EXPLANATION = (
    "* credits gathers concurrent requests: one statement, and for adds one commit, serves all",
    "  that wait, and each is answered only after it. One by one is the same service with",
    "  LEDGER_BATCH_SIZE=1, which gathers nothing: a statement for each read, a commit for each",
    "  add. Only credits and pgbench write a ledger entry with each add.",
    "Of all cores: requests a second, divided by what the cores could do at the CPU a request",
    "  that server, PostgreSQL and client took: cores / (us of server + PostgreSQL + client).",
)


@dataclass(frozen=True)
class ServiceResult:
    title: str
    conditions: Mapping[str, str]
    settings: Mapping[str, Any]
    peers: Sequence[ServicePeer]
    absent: Mapping[str, str]
    goals: Sequence[Goal]
    run: Run
    """Its samples are by peer; a figure's name begins with its cell's."""

    @property
    def verdicts(self) -> list[Verdict]:
        return [goal.verdict(self._measured(goal, OURS)) for goal in self.goals]

    def text(self) -> str:
        versions = {peer.name: peer.version for peer in self.peers}
        lines = [
            self.title,
            *head({**self.conditions, **self.settings, **versions}, self.absent, self.run)]
        for cell in self.cells:
            lines += ["", *self._cell(cell)]
        return "\n".join([*lines, "", *_EXPLANATION, "", *self._goals()])

    def json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "gathering": " ".join(line.strip(" *") for line in _EXPLANATION),
            "conditions": dict(self.conditions),
            "settings": dict(self.settings),
            "peers": {peer.name: peer.version for peer in self.peers},
            "absent": dict(self.absent),
            "spoiled": self.run.spoiled,
            "rounds": [
                {name: asdict(sample) for name, sample in samples.items()}
                for samples in self.run.rounds],
            "cells": {cell.name: self._cell_json(cell) for cell in self.cells},
            "goals": [self._goal_json(goal) for goal in self.goals],
        }

    def picture(self) -> str:
        panels = [
            *(self._panel(cell, _RATE, _RATE.title) for cell in self._of_those(_PICTURED)),
            *(self._panel(cell, _P99, "99 of 100 answered within ms")
              for cell in self._of_those(_PICTURED_P99))]
        notes = [
            origin(self.conditions, self.run),
            "credits gathers concurrent requests into one statement and one commit, and answers "
            "after it;",
            "credits-one-by-one does not. Only credits and pgbench write a ledger. Each panel has "
            "its own scale."]
        return drawing(self.title, notes, panels)

    @property
    def cells(self) -> list[Cell]:
        """That were measured."""
        return [cell for cell in CELLS if self._spreads(cell, _RATE)]

    def _of_those(self, cells: Sequence[Cell]) -> list[Cell]:
        return [cell for cell in cells if cell in self.cells]

    def _measured(self, goal: Goal, peer: str) -> Spread | None:
        return goal.measured(self.run.rounds, peer)

    def _spreads(self, cell: Cell, column: Column) -> dict[str, Spread]:
        found = {
            peer.name: figures.spread(self.run.rounds, peer.name, cell.figure(column.figure))
            for peer in self.peers}
        return {name: spread for name, spread in found.items() if spread is not None}

    def _cell(self, cell: Cell) -> list[str]:
        header = [
            cell.title, _RATE.title, "credits* / it", "one by one / it",
            *(column.title for column in _COLUMNS)]
        spreads = {column.figure: self._spreads(cell, column) for column in _COLUMNS}
        rows = [
            [name, _RATE.show(rate), self._ratio(cell, OURS, name),
             self._ratio(cell, ONE_BY_ONE, name),
             *(column.form.format(spreads[column.figure][name].median) for column in _COLUMNS)]
            for name, rate in self._spreads(cell, _RATE).items()]
        return table([header, *rows])

    def _ratio(self, cell: Cell, ours: str, peer: str) -> str:
        found = figures.ratio(self.run.rounds, ours, peer, cell.figure(_RATE.figure))
        return "-" if found is None else _RATIO.format(found.median)

    def _goals(self) -> list[str]:
        rows = [["goal", "must", "aim", "measured*", "verdict", "one by one"]]
        for goal in self.goals:
            single = self._measured(goal, ONE_BY_ONE)
            rows.append([
                *goal_row(goal, self._measured(goal, OURS)),
                "-" if single is None else _RATIO.format(single.median)])
        return table(rows)

    def _cell_json(self, cell: Cell) -> dict[str, Any]:
        return {
            column.figure: {
                name: spread_json(spread) for name, spread in self._spreads(cell, column).items()}
            for column in (_RATE, *_COLUMNS)}

    def _goal_json(self, goal: Goal) -> dict[str, Any]:
        measured = self._measured(goal, OURS)
        return {
            **asdict(goal), "measured": spread_json(measured),
            "one_by_one": spread_json(self._measured(goal, ONE_BY_ONE)),
            "verdict": goal.verdict(measured).value}

    def _panel(self, cell: Cell, column: Column, unit: str) -> Panel:
        bars = [
            Bar(name, spread, column.form.format(spread.median), ours=name == OURS)
            for name, spread in self._spreads(cell, column).items()]
        return Panel(f"{cell.title}: {unit}", bars)
