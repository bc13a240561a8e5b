"""A day's grant, beside the one SQL statement that does the same work; and writes meanwhile."""

from __future__ import annotations

import http.client
import json
import random
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from . import postgres, proc
from .conditions import conditions
from .goals import Verdict
from .postgres import DatabaseError, Postgres
from .progress import Progress
from .server import Peer
from .server import running as serving

_DATABASES = ("plain", "service")
_MOST_RATIO = 1.5
_MOST_WAIT_MS = 50
_QUIET_SECONDS = 5
"""Writes without a grant beside them, to compare with."""

_PLAIN_GRANT = """
WITH due AS (
    SELECT user_id, credits + 5 AS credits, nextval('credit_transaction_ids') AS transaction_id,
        greatest(clock_timestamp(), last_updated) AS moment
    FROM credits
), entry AS (
    INSERT INTO credit_transactions
        (user_id, transaction_id, kind, amount, balance_after, created_at, grant_day)
    SELECT user_id, transaction_id, 'daily_grant', 5, credits, moment, '{day}' FROM due
)
UPDATE credits SET credits = due.credits, last_updated = due.moment,
    last_transaction_id = due.transaction_id
FROM due WHERE credits.user_id = due.user_id;
"""

_USERS = """
INSERT INTO users (email, name, created_at)
SELECT 'u' || n || '@example.com', 'User', '2020-01-01' FROM generate_series(1, {users}) AS n;
INSERT INTO credits (user_id) SELECT user_id FROM users ORDER BY user_id;
VACUUM ANALYZE;
"""


@dataclass(frozen=True)
class Plan:
    repository: Path
    credits: Path
    data: Path
    users: int
    rounds: int


@dataclass(frozen=True)
class GrantRound:
    plain_seconds: float
    service_seconds: float
    memory_early: int
    """Of the service, in bytes, in the first tenth of its samples."""
    memory_most: int

    @property
    def ratio(self) -> float:
        return self.service_seconds / self.plain_seconds


@dataclass(frozen=True)
class Waits:
    """Of one client that adds credits, one after the other, in milliseconds."""

    writes: int
    median: float
    p99: float
    most: float


@dataclass(frozen=True)
class GrantResult:
    conditions: Mapping[str, str]
    users: int
    rounds: list[GrantRound] = field(default_factory=list)
    waits: Mapping[str, Waits] = field(default_factory=dict)

    @property
    def run(self) -> GrantResult:
        return self

    @property
    def ratio(self) -> float:
        return statistics.median(found.ratio for found in self.rounds)

    @property
    def verdicts(self) -> list[Verdict]:
        beside = self.waits["beside the grant"].most
        return [
            Verdict.MUST if self.ratio <= _MOST_RATIO else Verdict.MISSED,
            Verdict.MUST if beside <= _MOST_WAIT_MS else Verdict.MISSED]

    def text(self) -> str:
        lines = [f"The daily grant of {self.users} users"]
        lines += [f"  {name}: {value}" for name, value in self.conditions.items()]
        lines += [
            f"one statement {found.plain_seconds:.1f} s, service {found.service_seconds:.1f} s: "
            f"{found.ratio:.2f} times; memory {found.memory_early >> 20} MiB early, "
            f"{found.memory_most >> 20} MiB at most" for found in self.rounds]
        lines.append(
            f"ratio, median: {self.ratio:.2f} (at most {_MOST_RATIO}): {self.verdicts[0].value}")
        lines += [
            f"adds {name}: {found.writes}; median {found.median:.1f} ms, p99 {found.p99:.1f}, "
            f"longest {found.most:.1f}" for name, found in self.waits.items()]
        lines.append(
            f"longest wait beside it at most {_MOST_WAIT_MS} ms: {self.verdicts[1].value}")
        return "\n".join(lines)

    def json(self) -> dict[str, Any]:
        return {
            "title": "The daily grant", "conditions": dict(self.conditions), "users": self.users,
            "rounds": [{**asdict(found), "ratio": found.ratio} for found in self.rounds],
            "ratio": self.ratio,
            "waits_ms": {name: asdict(found) for name, found in self.waits.items()},
            "verdicts": [verdict.value for verdict in self.verdicts],
        }

    def picture(self) -> str:
        raise NotImplementedError("two numbers need no drawing")


def run(plan: Plan, progress: Progress) -> GrantResult:
    where = conditions(plan.repository)
    with tempfile.TemporaryDirectory(prefix="credits-bench-", dir=plan.data) as temporary:
        top = Path(temporary)
        # PostgreSQL, started by root, goes on as somebody else.
        top.chmod(0o755)
        with postgres.running(top / "postgres") as database:
            where |= {"PostgreSQL": f"{database.version}: {database.durability}"}
            for name in _DATABASES:
                progress.say(f"filling {name} with {plan.users} users")
                database.run("postgres", f"CREATE DATABASE {name}")
                schema = (plan.repository / "schema.sql").read_text()
                database.run(name, schema + _USERS.format(users=plan.users))
            rounds = [_round(plan, database, f"2024-01-{day:02}", progress)
                      for day in range(1, plan.rounds + 1)]
            waits = _waits(plan, database, top, progress)
    progress.finish()
    return GrantResult(where, plan.users, rounds, waits)


def _round(plan: Plan, database: Postgres, day: str, progress: Progress) -> GrantRound:
    progress.say(f"{day}: one statement")
    database.run("plain", "CHECKPOINT")
    started = time.monotonic()
    database.run("plain", _PLAIN_GRANT.format(day=day))
    plain = time.monotonic() - started
    progress.say(f"{day}: the service")
    database.run("service", "CHECKPOINT")
    with _granting(plan, database, day) as process:
        started, memory = time.monotonic(), []
        while process.poll() is None:
            memory.append(_memory(process.pid))
            time.sleep(0.05)
        service = time.monotonic() - started
    _expect_all(plan, database, day)
    known = [size for size in memory if size > 0]
    return GrantRound(plain, service, max(known[: max(1, len(known) // 10)]), max(known))


@contextmanager
def _granting(plan: Plan, database: Postgres, day: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", str(plan.credits), "grant", "--day", day],
        env={"DATABASE_URL": database.address("service"), "LOG_LEVEL": "error"},
        cwd="/", stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()
    if process.returncode != 0:
        raise DatabaseError(f"credits grant ended with {process.returncode}")


def _memory(pid: int) -> int:
    try:
        return proc.memory_bytes([pid])
    except OSError:
        # It has just ended.
        return 0


def _expect_all(plan: Plan, database: Postgres, day: str) -> None:
    found = database.run(
        "service", f"SELECT status, granted FROM daily_grants WHERE day = '{day}'")
    if found != [["done", str(plan.users)]]:
        raise DatabaseError(f"the grant of {day} is {found}")


def _waits(
    plan: Plan, database: Postgres, top: Path, progress: Progress
) -> dict[str, Waits]:
    """Writes by way of a server of its own, without a grant beside them and with one."""
    folder = top / "serve"
    folder.mkdir()
    peer = Peer(
        "credits", "", lambda port, _: [str(plan.credits), "serve", "--port", str(port)],
        {"DATABASE_URL": database.address("service"), "LOG_LEVEL": "error"})
    with serving(peer, folder) as server:
        progress.say("writes without a grant")
        ended = threading.Event()
        timer = threading.Timer(_QUIET_SECONDS, ended.set)
        timer.start()
        quiet = _add_until(ended, server.port, plan.users)
        progress.say("writes beside a grant")
        ended = threading.Event()
        with _granting(plan, database, "2024-02-29") as process:
            waiter = threading.Thread(target=lambda: (process.wait(), ended.set()))
            waiter.start()
            beside = _add_until(ended, server.port, plan.users)
            waiter.join()
    _expect_all(plan, database, "2024-02-29")
    return {"without": quiet, "beside the grant": beside}


def _add_until(ended: threading.Event, port: int, users: int) -> Waits:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    body, waits = json.dumps({"amount": 1}), []
    while not ended.is_set():
        user = random.randint(1, users)
        started = time.monotonic()
        connection.request(
            "POST", f"/api/credits/{user}/add", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        waits.append((time.monotonic() - started) * 1000)
        if answer.status != 200:
            raise DatabaseError(f"an add was answered with {answer.status}")
    waits.sort()
    return Waits(
        len(waits), statistics.median(waits), waits[len(waits) * 99 // 100], waits[-1])
