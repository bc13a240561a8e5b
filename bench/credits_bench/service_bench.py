"""Balances read and credits added, by way of PostgreSQL, beside other ways to do the same."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from . import cells, postgres, service_peers, service_turn, tables
from .cells import Turn
from .conditions import conditions, disk
from .missing import Missing
from .postgres import Postgres
from .progress import Progress
from .rounds import Round, Sample, interleave
from .service_goals import GOALS
from .service_peers import ServicePeer, Workshop
from .service_report import ServiceResult
from .service_turn import Settings, Stage
from .usage import Calm


@dataclass(frozen=True)
class Plan:
    repository: Path
    credits: Path
    build: Path
    data: Path
    """Where the database is made: on a disk, not in memory."""
    peers: Sequence[str]
    cells: Sequence[str]
    go_connections: int
    settings: Settings
    rounds: int
    repeats: int
    calm: Calm


def run(plan: Plan, progress: Progress) -> ServiceResult:
    where = conditions(plan.repository)
    plan.build.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="credits-bench-", dir=plan.data) as temporary:
        top = Path(temporary)
        # PostgreSQL, started by root, goes on as somebody else.
        top.chmod(0o755)
        where |= disk(top)
        with postgres.running(top / "postgres") as database:
            where |= {"PostgreSQL": f"{database.version}: {database.durability}"}
            result = _measure(plan, where, database, top, progress)
    progress.finish()
    return result


def _measure(
    plan: Plan, where: Mapping[str, str], database: Postgres, top: Path, progress: Progress
) -> ServiceResult:
    for template in (tables.LEDGER, tables.PLAIN):
        progress.say(f"filling {template.name} with {tables.USERS} users")
        tables.make(database, template, plan.repository / "schema.sql")
    peers, absent = _prepare(plan, database, progress)

    def folder(name: str) -> Path:
        made = top / name
        made.mkdir(mode=0o755, exist_ok=True)
        return made

    stage = Stage(
        database, plan.settings, plan.calm, folder,
        used={peer.database for peer in peers.values()})

    def measure(turn: Turn) -> Sample:
        return service_turn.measure(peers[turn.peer], turn.cell, stage)

    orders = [
        [turn for turn in cells.order(number, list(peers)) if turn.cell.name in plan.cells]
        for number in range(plan.rounds)]
    outcome = interleave(orders, plan.repeats, measure, progress.say)
    outcome.rounds = [by_peer(samples) for samples in outcome.rounds]
    return ServiceResult(
        title="Balances and adds over HTTP, beside other ways to PostgreSQL", conditions=where,
        settings={**asdict(plan.settings), "users": tables.USERS}, peers=list(peers.values()),
        absent=absent, goals=GOALS, run=outcome)


def _prepare(
    plan: Plan, database: Postgres, progress: Progress
) -> tuple[dict[str, ServicePeer], dict[str, str]]:
    shop = Workshop(
        plan.credits, plan.build, database, plan.go_connections, progress.say)
    peers: dict[str, ServicePeer] = {}
    absent: dict[str, str] = {}
    for name in plan.peers:
        try:
            peers[name] = service_peers.ALL[name](shop)
        except Missing as reason:
            absent[name] = str(reason)
    return peers, absent


def by_peer(turns: Round) -> Round:
    """One sample for each peer, of all its turns in a round."""
    peers: Round = {}
    for name, turn in turns.items():
        sample = peers.setdefault(name.partition("/")[2], Sample())
        sample.figures |= turn.figures
        sample.note(turn.stolen, turn.foreign)
        sample.notes += turn.notes
    return peers
