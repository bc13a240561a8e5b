"""A day's grant, beside the one SQL statement that does the same work; and adds meanwhile."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import grant_adds, postgres, proc
from .conditions import conditions, disk
from .grant_plan import Plan
from .grant_report import OURS, PLAIN, GrantResult
from .postgres import DatabaseError, Postgres
from .progress import Progress
from .rounds import Round, Run, Sample
from .usage import Usage, measured

_DATABASES = ("plain", "service", "traffic")
_LOOK_SECONDS = 0.02
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
    return samples | grant_adds.measure(plan, database, top, number, progress)


def plain(plan: Plan, database: Postgres, day: str) -> Sample:
    plan.settle(database, "plain")
    with measured(None, database) as usage:
        started = time.monotonic()
        database.run("plain", _PLAIN_GRANT.format(day=day, amount=_AMOUNT))
        seconds = time.monotonic() - started
    return _sample({"seconds": seconds, "users_per_second": plan.users / seconds}, usage)


def _service(plan: Plan, database: Postgres, day: str) -> Sample:
    plan.settle(database, "service")
    memory = []
    with measured(None, database) as usage:
        started = time.monotonic()
        with _granting(plan, database, day) as process:
            while process.poll() is None:
                memory.append(_memory(process.pid))
                time.sleep(_LOOK_SECONDS)
            seconds = time.monotonic() - started
    plan.expect_all(database, "service", day)
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


def _sample(figures: dict[str, float], usage: Usage) -> Sample:
    return Sample(figures, stolen=usage.stolen, foreign=usage.foreign)
