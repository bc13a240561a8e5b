"""GET /livez: the HTTP server alone, without a database in the way."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from . import http_peers, http_turn, idle
from .conditions import conditions
from .goals import Goal
from .http_peers import Workshop
from .http_turn import Settings
from .missing import Missing
from .progress import Progress
from .report import Column, Result
from .rounds import Sample, interleave, rotations
from .server import Peer, running
from .spoiled import Spoiled
from .usage import Calm

_SPARE_CONNECTIONS = 1000
_OURS = "credits"

COLUMNS = (
    Column("requests_per_second", "requests a second", "{:,.0f}"),
    Column("p50_ms", "latency, median, ms", "{:.2f}"),
    Column("p99_ms", "latency, 99 of 100 below, ms", "{:.2f}"),
    Column("cpu_us", "CPU a request, us", "{:.1f}"),
    Column("server_cores", "cores that the server kept busy", "{:.2f}"),
    Column("load_cores", "cores that wrk kept busy, of 1", "{:.2f}"),
    Column("calls", "system calls a request", "{:.2f}"),
    Column("connections_per_second", "new connections a second", "{:,.0f}"),
    Column("connection_cpu_us", "CPU a new connection, us", "{:.1f}"),
    Column("idle_bytes", "memory an idle connection, bytes", "{:,.0f}"),
)

GOALS = (
    Goal("requests a second / nginx", "requests_per_second", 0.9, 1.0, beside="nginx"),
    Goal("requests a second / Go", "requests_per_second", 1.5, 1.7, beside="go"),
    Goal("requests a second / Hummingbird", "requests_per_second", 3.5, 4, beside="hummingbird"),
    Goal("system calls a request", "calls", 2.2, 2.05, smaller_is_better=True),
    Goal("new connections a second / nginx", "connections_per_second", 0.7, 1, beside="nginx"),
    Goal("99th percentile / nginx", "p99_ms", 1.5, 0.5, beside="nginx", smaller_is_better=True),
    Goal("memory an idle connection, KiB", "idle_bytes", 10, 4, scale=1024,
         smaller_is_better=True),
)


@dataclass(frozen=True)
class Plan:
    repository: Path
    credits: Path
    build: Path
    peers: Sequence[str]
    settings: Settings
    rounds: int
    repeats: int
    """Turns that may be spoiled before the run ends with what it has."""
    calm: Calm


def run(plan: Plan, progress: Progress) -> Result:
    fitting = idle.raise_descriptor_limit(plan.settings.idle_connections)
    settings = replace(plan.settings, idle_connections=fitting)
    where = conditions(plan.repository)
    with tempfile.TemporaryDirectory(prefix="credits-bench-") as temporary:
        folders = _Folders(Path(temporary))
        peers, absent = _prepare(plan, settings, progress)
        answers, broken = _answers(peers, folders)
        absent |= broken
        peers = [peer for peer in peers if peer.name in answers]

        def measure(peer: Peer) -> Sample:
            return http_turn.measure(peer, folders.of(peer), settings, plan.calm)

        outcome = interleave(
            rotations(peers, plan.rounds), plan.repeats, measure, progress.say)
    progress.finish()
    return Result(
        title="GET /livez, keep-alive, without pipelining", conditions=where,
        settings=asdict(settings), peers=peers, absent=absent, answers=answers, columns=COLUMNS,
        goals=GOALS, ours=_OURS, run=outcome)


@dataclass(frozen=True)
class _Folders:
    """A folder for each peer, kept from turn to turn: a database is made once."""

    top: Path

    def of(self, peer: Peer) -> Path:
        # Servers that are started by root may go on as somebody else.
        self.top.chmod(0o755)
        folder = self.top / peer.name
        folder.mkdir(mode=0o755, exist_ok=True)
        return folder


def _prepare(
    plan: Plan, settings: Settings, progress: Progress
) -> tuple[list[Peer], dict[str, str]]:
    most = max(settings.idle_connections, settings.connections) + _SPARE_CONNECTIONS
    shop = Workshop(plan.credits, plan.build, most, progress.say)
    peers: list[Peer] = []
    absent: dict[str, str] = {}
    for name in plan.peers:
        try:
            peers.append(http_peers.ALL[name](shop))
        except Missing as reason:
            absent[name] = str(reason)
    return peers, absent


def _answers(
    peers: Sequence[Peer], folders: _Folders
) -> tuple[dict[str, str], dict[str, str]]:
    """What each sends, before anything is measured; and why some cannot be measured at all."""
    answers: dict[str, str] = {}
    broken: dict[str, str] = {}
    for peer in peers:
        try:
            with running(peer, folders.of(peer)) as server:
                answers[peer.name] = server.answer.description()
        except Spoiled as reason:
            broken[peer.name] = str(reason)
    return answers, broken
