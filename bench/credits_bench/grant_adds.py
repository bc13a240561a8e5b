"""Adds beside a day's grant, and the same without one: before it, and again after it."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from . import answers, checkpoints, load, paced
from .checkpoints import Checkpoint
from .grant_plan import Plan
from .grant_report import BESIDE, WITHOUT
from .load import Requests, Sizes
from .paced import Latencies, Pace
from .postgres import DatabaseError, Postgres
from .progress import Progress
from .rounds import Round, Sample
from .server import Peer, Server
from .server import running as serving
from .usage import measured

_CONNECTIONS = 64
_SIZES_DIFFER = 32
_GRANT_SECONDS = 600
_LATE_MS = 25
_TOO_LATE_MS = 50


def measure(
    plan: Plan, database: Postgres, top: Path, number: int, progress: Progress
) -> Round:
    """By way of a server that grants the day itself, as its timer would."""
    folder = top / f"serve{number}"
    folder.mkdir()
    peer = Peer(
        "credits", "", lambda port, _: [
            str(plan.credits), "serve", "--port", str(port),
            # One client adds for as long as a day takes.
            "--http-max-requests-per-connection", "1000000000"],
        {"DATABASE_URL": database.address("traffic"), "LOG_LEVEL": "error"})
    samples: Round = {WITHOUT: Sample(), BESIDE: Sample()}
    with serving(peer, folder) as server:
        stage = _Stage(plan, database, server, samples, progress)
        stage.measure("lone", f"2024-02-{2 * number + 1:02}", Pace(1, None))
        plan.settle(database, "traffic")
        asked = _most_adds(plan, server, progress) / 2
        stage.measure("half", f"2024-02-{2 * number + 2:02}", Pace(_CONNECTIONS, asked))
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
class _Stage:
    plan: Plan
    database: Postgres
    server: Server
    samples: Round
    progress: Progress

    def measure(self, name: str, day: str, pace: Pace) -> None:
        before = self._without(name, pace)
        beside, seconds = self._beside(name, day, pace)
        after = self._without(name, pace)
        # The last checkpoint that began is complete, and in the log.
        self.database.run("traffic", "CHECKPOINT")
        found = self.database.checkpoints()
        for who, adds, more in (
            (WITHOUT, Latencies.joined([before, after]), {}),
            (BESIDE, beside, {"day_seconds": seconds}),
        ):
            figures = _figures(pace, adds, found) | more
            self.samples[who].figures |= {
                f"{name}_{figure}": value for figure, value in figures.items()}

    def _without(self, name: str, pace: Pace) -> Latencies:
        self.plan.settle(self.database, "traffic")
        self.progress.say(f"{name} load without a grant")
        with measured(self.server, self.database) as usage:
            adds = self._add(pace, paced.for_seconds(self.plan.seconds))
        self.samples[WITHOUT].note(usage.stolen, usage.foreign)
        return adds

    def _beside(self, name: str, day: str, pace: Pace) -> tuple[Latencies, float]:
        self.plan.settle(self.database, "traffic")
        self.progress.say(f"{name} load beside a grant")
        grant = _RunningGrant(self.server.port, day)
        with measured(self.server, self.database) as usage:
            grant.start()
            adds = self._add(pace, lambda: not grant.is_alive())
            seconds = grant.finish()
        self.plan.expect_all(self.database, "traffic", day)
        self.samples[BESIDE].note(usage.stolen, usage.foreign)
        return adds, seconds

    def _add(self, pace: Pace, ended: Callable[[], bool]) -> Latencies:
        return paced.add(
            self.server.port, self.plan.users, pace, ended, random.randrange(2**31))


def _figures(pace: Pace, adds: Latencies, found: Sequence[Checkpoint]) -> dict[str, float]:
    met = checkpoints.during(found, adds.stretches)
    within, others = adds.split([checkpoint.felt for checkpoint in met])
    figures = {
        "adds": adds.requests, "rate": adds.requests_per_second,
        "asked": pace.per_second or adds.requests_per_second,
        "p50_ms": adds.percentile(50), "p99_ms": adds.percentile(99),
        "longest_ms": adds.longest, "checkpoints": len(met),
        "p99_others_ms": others.percentile(99), "longest_others_ms": others.longest,
        "late_others": others.above(_LATE_MS), "too_late_others": others.above(_TOO_LATE_MS)}
    if within.requests:
        figures |= {
            "in_checkpoints": within.requests, "longest_in_checkpoints_ms": within.longest}
    return figures


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
