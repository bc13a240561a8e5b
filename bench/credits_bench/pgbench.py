"""Load from pgbench: the statements alone, each client on a connection of its own."""

from __future__ import annotations

import re
import statistics
import subprocess
import tempfile
from pathlib import Path

from .cells import Cell
from .load import LoadResult
from .postgres import Postgres
from .spoiled import Spoiled

SCRIPTS = Path(__file__).resolve().parent.parent / "peers" / "pgbench"
_SAMPLED = 0.1
"""Of the transactions, whose latency is logged."""
_THREADS = 2
_CONNECTING_SECONDS = 1
"""More than it is to run: its clock starts before its clients connect."""


def run(postgres: Postgres, database: str, cell: Cell, seconds: int, seed: int) -> LoadResult:
    with tempfile.TemporaryDirectory() as logs:
        done = subprocess.run(
            [postgres.program("pgbench"), "--no-vacuum", "--protocol=prepared",
             f"--client={cell.connections}", f"--jobs={min(_THREADS, cell.connections)}",
             f"--time={seconds + _CONNECTING_SECONDS}", f"--file={SCRIPTS / cell.operation}.sql",
             f"--define=users={cell.users}", f"--random-seed={seed}",
             "--log", f"--log-prefix={logs}/log", f"--sampling-rate={_SAMPLED}",
             postgres.address(database)],
            capture_output=True, text=True, timeout=seconds + 60, check=False)
        if done.returncode != 0:
            raise Spoiled(f"pgbench ended with {done.returncode}: {done.stderr[-500:].strip()}")
        latencies = [
            latency for log in Path(logs).iterdir() for latency in parse_log(log.read_text())]
    return parse(done.stdout, latencies)


def parse(output: str, latencies: list[float]) -> LoadResult:
    requests = int(_number(r"number of transactions actually processed: (\d+)", output))
    failed = int(_number(r"number of failed transactions: (\d+)", output))
    per_second = _number(r"tps = ([\d.]+) \(without initial connection time\)", output)
    if failed or requests == 0 or len(latencies) < 2:  # noqa: PLR2004
        raise Spoiled(f"pgbench: {requests} transactions, {failed} failed")
    percentiles = statistics.quantiles(latencies, n=100, method="inclusive")
    return LoadResult(requests, requests / per_second, percentiles[49], percentiles[98])


def parse_log(text: str) -> list[float]:
    """Milliseconds: the third column, in microseconds."""
    return [int(line.split()[2]) / 1e3 for line in text.splitlines()]


def _number(pattern: str, output: str) -> float:
    found = re.search(pattern, output)
    if found is None:
        raise Spoiled(f"pgbench did not say {pattern!r}: {output[-500:]}")
    return float(found[1])
