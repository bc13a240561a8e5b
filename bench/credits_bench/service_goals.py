"""What the service has to reach beside its peers."""

from __future__ import annotations

from . import cells
from .cells import ASYNCPG, GO, PGBENCH, Cell, add, get
from .goals import Goal

_NAMES = {
    PGBENCH: "pgbench, as many clients", GO: "Go + pgx", ASYNCPG: "FastAPI + asyncpg, 2 workers"}
_WRITES = {
    PGBENCH: "pgbench, the ledger entry included", GO: "Go + pgx without a ledger",
    ASYNCPG: "FastAPI + asyncpg without a ledger, 2 workers"}


def _throughput(cell: Cell, beside: str, must: float, aim: float) -> Goal:
    names = _NAMES if cell.operation == "get" else _WRITES
    return Goal(
        f"{cell.title} / {names[beside]}", cell.figure("requests_per_second"), must, aim,
        beside=beside)


def _latency(cell: Cell, must: float, aim: float) -> Goal:
    return Goal(
        f"{cell.title}, 99th percentile / Go + pgx", cell.figure("p99_ms"), must, aim, beside=GO,
        smaller_is_better=True)


GOALS = (
    _throughput(get(64), PGBENCH, 1.2, 1.4),
    _throughput(get(256), PGBENCH, 3, 3.5),
    Goal(
        f"{get(64).title} / the best of pgbench with 2 to 64 clients",
        get(64).figure("requests_per_second"), 0.85, 1.0, beside=PGBENCH,
        among=tuple(
            get(clients).figure("requests_per_second") for clients in cells.PGBENCH_CLIENTS)),
    _throughput(get(64), GO, 3, 4),
    _throughput(add(64), PGBENCH, 2.8, 3.8),
    _throughput(add(256), PGBENCH, 5.5, 7),
    _throughput(add(64), GO, 2.5, 3.5),
    _throughput(add(64, users=10), GO, 6, 10),
    _throughput(get(64), ASYNCPG, 15, 25),
    _throughput(add(64), ASYNCPG, 15, 25),
    _latency(get(64), 0.5, 0.2),
    _latency(add(64), 0.5, 0.2),
    _throughput(get(4), GO, 1.0, 1.5),
    _throughput(add(4), GO, 1.0, 1.5),
    Goal(f"{add(64).title}, share of what the CPU allows", add(64).figure("cpu_share"), 0.6, 0.8),
)
