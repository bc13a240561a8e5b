"""A day's grant, beside the one SQL statement that does the same work; and adds meanwhile."""

from __future__ import annotations

import http.client
import random
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from . import answers, load, paced, postgres, proc
from .conditions import conditions, disk
from .grant_report import BESIDE, OURS, PLAIN, WITHOUT, GrantResult
from .load import Requests, Sizes
from .paced import Latencies, Pace
from .postgres import DatabaseError, Postgres
from .progress import Progress
from .rounds import Round, Run, Sample
from .server import Peer, Server
from .server import running as serving
from .usage import Calm, Usage, measured

_DATABASES = ("plain", "service", "traffic")
_CONNECTIONS = 64
_SIZES_DIFFER = 32
_LOOK_SECONDS = 0.02
_GRANT_SECONDS = 600
_AMOUNT = 5

_PLAIN_GRANT = """
WITH due AS (
    SELECT user_id, credits + {amount} AS credits,
        nextval('credit_transaction_ids') AS transaction_id,
        greatest(clock_timestamp(), last_updated) AS moment
    FROM credits
), entry AS (
    INSERT INTO credit_transactions
        (user_id, transaction_id, kind, amount, balance_after, created_at, grant_day)
    SELECT user_id, transaction_id, 'daily_grant', {amount}, credits, moment, '{day}' FROM due
)
UPDATE credits SET credits = due.credits, last_updated = due.moment,
    last_transaction_id = due.transaction_id
FROM due WHERE credits.user_id = due.user_id;
"""

_USERS = """
INSERT INTO users (email, name, created_at)
SELECT 'u' || n || '@example.com', 'User', '2020-01-01' FROM generate_series(1, {users}) AS n;
INSERT INTO credits (user_id) SELECT user_id FROM users ORDER BY user_id;
"""


@dataclass(frozen=True)
class Plan:
    repository: Path
    credits: Path
    data: Path
    """Where the database is made: on a disk, not in memory."""
    users: int
    rounds: int
    seconds: int
    """Of adds without a grant, to compare with; a third of it finds the maximum."""
    calm: Calm


def run(plan: Plan, progress: Progress) -> GrantResult:
    where = conditions(plan.repository)
    with tempfile.TemporaryDirectory(prefix="credits-bench-", dir=plan.data) as temporary:
        top = Path(temporary)
        # PostgreSQL, started by root, goes on as somebody else.
        top.chmod(0o755)
        where |= disk(top)
        with postgres.running(top / "postgres") as database:
            where |= {"PostgreSQL": f"{database.version}: {database.durability}"}
            make(database, plan, progress)
            outcome = Run()
            for number in range(plan.rounds):
                outcome.rounds.append(_round(plan, database, top, number, progress))
    progress.finish()
    return GrantResult(
        "The daily grant, beside one SQL statement that does the same", where, plan.users, outcome)


def make(database: Postgres, plan: Plan, progress: Progress) -> None:
    """Three databases alike: the last is for adds, so that these slow neither of the others."""
    first, *others = _DATABASES
    progress.say(f"filling {first} with {plan.users} users")
    database.run("postgres", f"CREATE DATABASE {first}")
    schema = (plan.repository / "schema.sql").read_text()
    database.run(first, schema + _USERS.format(users=plan.users))
    for name in others:
        database.run("postgres", f"CREATE DATABASE {name} TEMPLATE {first}")


def _round(
    plan: Plan, database: Postgres, top: Path, number: int, progress: Progress
) -> Round:
    day = f"2024-01-{number + 1:02}"
    turns = {
        PLAIN: lambda: plain(plan, database, day), OURS: lambda: _service(plan, database, day)}
    samples: Round = {}
    for name in (PLAIN, OURS) if number % 2 == 0 else (OURS, PLAIN):
        progress.say(f"round {number + 1} of {plan.rounds}: {name}")
        samples[name] = turns[name]()
    return samples | _adds(plan, database, top, number, progress)


def _settle(plan: Plan, database: Postgres, name: str) -> None:
    """What a day leaves time for: no dead rows, nothing to write, and nobody else at work."""
    database.run(name, "VACUUM ANALYZE; CHECKPOINT;")
    plan.calm.wait()


def plain(plan: Plan, database: Postgres, day: str) -> Sample:
    _settle(plan, database, "plain")
    with measured(None, database) as usage:
        started = time.monotonic()
        database.run("plain", _PLAIN_GRANT.format(day=day, amount=_AMOUNT))
        seconds = time.monotonic() - started
    return _sample({"seconds": seconds, "users_per_second": plan.users / seconds}, usage)


def _service(plan: Plan, database: Postgres, day: str) -> Sample:
    _settle(plan, database, "service")
    memory = []
    with measured(None, database) as usage:
        started = time.monotonic()
        with _granting(plan, database, day) as process:
            while process.poll() is None:
                memory.append(_memory(process.pid))
                time.sleep(_LOOK_SECONDS)
            seconds = time.monotonic() - started
    _expect_all(plan, database, "service", day)
    return _sample(
        {"seconds": seconds, "users_per_second": plan.users / seconds, **memory_figures(memory)},
        usage)


def memory_figures(bytes_in_use: list[int]) -> dict[str, float]:
    """From looks at equal distances; those of a process that has ended are 0."""
    known = [size for size in bytes_in_use if size > 0]
    early = max(known[: max(1, len(known) // 10)])
    return {"memory_mib": max(known) / 2**20, "memory_growth": max(known) / early}


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
    except (OSError, ValueError):
        # It has just ended.
        return 0


def _expect_all(plan: Plan, database: Postgres, name: str, day: str) -> None:
    found = database.run(
        name, f"SELECT status, granted FROM daily_grants WHERE day = '{day}'")
    if found != [["done", str(plan.users)]]:
        raise DatabaseError(f"the grant of {day} is {found}")


def _adds(
    plan: Plan, database: Postgres, top: Path, number: int, progress: Progress
) -> Round:
    """By way of a server that grants the day itself, as its timer would."""
    folder = top / f"serve{number}"
    folder.mkdir()
    address = database.address("traffic")
    peer = Peer(
        "credits", "", lambda port, _: [str(plan.credits), "serve", "--port", str(port)],
        {"DATABASE_URL": address, "LOG_LEVEL": "error"})
    samples: Round = {}
    with serving(peer, folder) as server:
        _settle(plan, database, "traffic")
        lone = _Beside(plan, database, server, f"2024-02-{2 * number + 1:02}", Pace(1, None))
        lone.measure("lone", samples, progress)
        _settle(plan, database, "traffic")
        asked = _most_adds(plan, server, progress) / 2
        half = _Beside(
            plan, database, server, f"2024-02-{2 * number + 2:02}", Pace(_CONNECTIONS, asked))
        half.measure("half", samples, progress)
    return samples


def _most_adds(plan: Plan, server: Server, progress: Progress) -> float:
    progress.say("the most adds")
    example = answers.fetch(server.port, "/api/credits/1/add", body='{"amount":1}')
    result = load.run(
        server.url("/"), _CONNECTIONS, max(1, plan.seconds // 3),
        Sizes.about(example.size, _SIZES_DIFFER),
        Requests.of_users("add", plan.users, random.randrange(2**31)))
    return result.requests_per_second


@dataclass(frozen=True)
class _Beside:
    """Adds of one pace, first without a grant and then beside one."""

    plan: Plan
    database: Postgres
    server: Server
    day: str
    pace: Pace

    def measure(self, name: str, samples: Round, progress: Progress) -> None:
        progress.say(f"{name} load without a grant")
        with measured(self.server, self.database) as usage:
            found = self._add(paced.for_seconds(self.plan.seconds))
        _join(samples, WITHOUT, name, self._figures(found), usage)
        progress.say(f"{name} load beside a grant")
        grant = _RunningGrant(self.server.port, self.day)
        with measured(self.server, self.database) as usage:
            grant.start()
            found = self._add(lambda: not grant.is_alive())
            seconds = grant.finish()
        _expect_all(self.plan, self.database, "traffic", self.day)
        _join(samples, BESIDE, name, self._figures(found) | {"day_seconds": seconds}, usage)

    def _add(self, ended: Callable[[], bool]) -> Latencies:
        return paced.add(
            self.server.port, self.plan.users, self.pace, ended, random.randrange(2**31))

    def _figures(self, found: Latencies) -> dict[str, float]:
        return {
            "adds": found.requests, "rate": found.requests_per_second,
            "asked": self.pace.per_second or found.requests_per_second,
            "p50_ms": found.percentile(50), "p99_ms": found.percentile(99),
            "longest_ms": found.longest}


class _RunningGrant(threading.Thread):
    """POST .../run, which is answered when the day is done."""

    def __init__(self, port: int, day: str) -> None:
        super().__init__(daemon=True)
        self._port, self._day = port, day
        self._outcome = "it was cut short"
        self._seconds = 0.0

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_GRANT_SECONDS)
        started = time.monotonic()
        try:
            connection.request("POST", f"/api/grants/daily/{self._day}/run")
            answer = connection.getresponse()
            self._outcome = f"{answer.status}: {answer.read().decode()}"
        except OSError as error:
            self._outcome = str(error)
        self._seconds = time.monotonic() - started

    def finish(self) -> float:
        self.join()
        if not self._outcome.startswith(f"{HTTPStatus.OK.value}:"):
            raise DatabaseError(f"the grant of {self._day} was answered so: {self._outcome}")
        return self._seconds


def _sample(figures: dict[str, float], usage: Usage) -> Sample:
    return Sample(figures, stolen=usage.stolen, foreign=usage.foreign)


def _join(
    samples: Round, who: str, name: str, figures: dict[str, float], usage: Usage
) -> None:
    sample = samples.setdefault(who, Sample())
    sample.figures |= {f"{name}_{figure}": value for figure, value in figures.items()}
    sample.note(usage.stolen, usage.foreign)
