"""One turn: an unused database, a server just started, and every add accounted for."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import answers, load, pgbench, tables
from .answers import Answer
from .cells import Cell
from .load import LoadResult, Requests, Sizes
from .postgres import Postgres
from .rounds import Sample
from .server import Server, running
from .service_peers import ServicePeer
from .tables import Totals
from .usage import Calm, Usage, measured

_SIZES_DIFFER = 32
"""Ids, balances and times are of different lengths; answers that are none differ by more, or have
a status that wrk counts as an error."""
_TRIED_USERS = 3


class Wrong(Exception):
    """A peer lost or invented credits, or answered wrongly: nothing that it measures counts."""


@dataclass(frozen=True)
class Settings:
    seconds: int = 3
    warm_up_seconds: int = 1


@dataclass
class Stage:
    """Where turns take place."""

    postgres: Postgres
    settings: Settings
    calm: Calm
    folder: Callable[[str], Path]
    used: set[str]
    """Databases that are no longer what they were at first."""


Load = Callable[[int], LoadResult]


def measure(peer: ServicePeer, cell: Cell, stage: Stage) -> Sample:
    _prepare(peer, stage)
    if cell.operation == "add":
        stage.used.add(peer.database)
    with _ready(peer, cell, stage) as (server, run):
        before = tables.totals(stage.postgres, peer.database, peer.template)
        stage.calm.wait()
        warmed = run(stage.settings.warm_up_seconds)
        with measured(server, stage.postgres) as usage:
            result = run(stage.settings.seconds)
        stage.calm.check(usage)
    after = tables.totals(stage.postgres, peer.database, peer.template)
    sample = _sample(cell, result, usage)
    added = warmed.requests + result.requests if cell.operation == "add" else 0
    # wrk cuts what is under way at its end, once after the warm-up and once after the load.
    unheard = 0 if server is None or added == 0 else 2 * cell.connections
    if lost := account(before, after, added, unheard, peer):
        sample.notes.append(f"{peer.name} lost {lost} of {added} adds ({cell.name})")
    return sample


def _prepare(peer: ServicePeer, stage: Stage) -> None:
    if peer.database in stage.used:
        tables.renew(stage.postgres, peer.database, peer.template)
        stage.used.discard(peer.database)
    tables.checkpoint(stage.postgres)


@contextmanager
def _ready(
    peer: ServicePeer, cell: Cell, stage: Stage
) -> Iterator[tuple[Server | None, Load]]:
    if peer.server is None:
        yield None, lambda seconds: pgbench.run(
            stage.postgres, peer.database, cell, seconds, random.randrange(2**31))
        return
    with running(peer.server, stage.folder(peer.name)) as server:
        _try_answers(server, peer, cell, stage.postgres)
        sizes = Sizes.about(_fetch(server, cell, 1).size, _SIZES_DIFFER)
        yield server, lambda seconds: load.run(
            server.url("/"), cell.connections, seconds, sizes,
            Requests.of_users(cell.operation, cell.users, random.randrange(2**31)))


def _try_answers(server: Server, peer: ServicePeer, cell: Cell, postgres: Postgres) -> None:
    """Some answers, byte for byte, against what the database says."""
    for _ in range(_TRIED_USERS):
        user = random.randrange(cell.users) + 1
        answer = _fetch(server, cell, user)
        stored = tables.balance(postgres, peer.database, user)
        if (fault := answer.balance_fault(user, stored)) is not None:
            raise Wrong(f"{peer.name} answers wrongly at {cell.name}: {fault}")


def _fetch(server: Server, cell: Cell, user: int) -> Answer:
    path = f"/api/credits/{user}"
    if cell.operation == "get":
        return answers.fetch(server.port, path)
    return answers.fetch(server.port, f"{path}/add", body='{"amount":1}')


def account(
    before: Totals, after: Totals, added: int, unheard: int, peer: ServicePeer
) -> int:
    """How many of the adds that were answered are lost; `unheard` more may have been made."""
    grown = after.balances - before.balances
    lost = max(0, added - grown)
    if grown > added + unheard or (lost and not peer.loses_adds):
        raise Wrong(
            f"{peer.name} answered {added} adds, and at most {unheard} more were under way, but "
            f"its balances grew by {grown}")
    if peer.template.has_ledger and (
            after.entries != after.balances or after.adds - before.adds != grown):
        raise Wrong(
            f"{peer.name}: balances grew by {grown} to {after.balances}, with "
            f"{after.adds - before.adds} new entries and all entries adding up to {after.entries}")
    return lost


def _sample(cell: Cell, result: LoadResult, usage: Usage) -> Sample:
    figures = {
        "requests_per_second": result.requests_per_second,
        "p50_ms": result.p50_ms,
        "p99_ms": result.p99_ms,
        "server_us": usage.server_seconds / result.requests * 1e6,
        "database_us": usage.database_seconds / result.requests * 1e6,
        "load_us": usage.load_seconds / result.requests * 1e6,
        # Requests a second divided by what the cores could do at this much CPU a request.
        "cpu_share": usage.all_cores,
    }
    return Sample(
        {cell.figure(name): value for name, value in figures.items()},
        stolen=usage.stolen, foreign=usage.foreign)
