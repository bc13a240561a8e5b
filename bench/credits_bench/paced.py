"""Adds at a pace of their own: each has its moment, and is sent then, or as soon as a connection is
free. Its latency counts from that moment, so that what waits behind a slow answer waits in the
figures too (no coordinated omission)."""

from __future__ import annotations

import random
import select
import socket
import time
from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from itertools import chain

from . import answers
from .checkpoints import Stretch
from .spoiled import Spoiled

_TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Latencies:
    milliseconds: Sequence[float]
    answered: Sequence[float]
    """When, in seconds since the epoch."""
    stretches: Sequence[Stretch]
    """In which they were sent."""

    @classmethod
    def joined(cls, parts: Sequence[Latencies]) -> Latencies:
        return cls(
            array("d", chain.from_iterable(part.milliseconds for part in parts)),
            array("d", chain.from_iterable(part.answered for part in parts)),
            [stretch for part in parts for stretch in part.stretches])

    @cached_property
    def sorted(self) -> list[float]:
        return sorted(self.milliseconds)

    @property
    def seconds(self) -> float:
        return sum(stretch.seconds for stretch in self.stretches)

    @property
    def requests(self) -> int:
        return len(self.milliseconds)

    @property
    def requests_per_second(self) -> float:
        return self.requests / self.seconds

    @property
    def longest(self) -> float:
        return self.sorted[-1]

    def percentile(self, percent: int) -> float:
        return self.sorted[len(self.sorted) * percent // 100]

    def above(self, milliseconds: float) -> float:
        """How many of 100,000 took longer."""
        longer = len(self.sorted) - bisect_right(self.sorted, milliseconds)
        return longer * 100_000 / len(self.sorted)

    def split(self, times: Sequence[Stretch]) -> tuple[Latencies, Latencies]:
        """Those of requests that were under way in one of these times, and all others."""
        within, others = (array("d"), array("d")), (array("d"), array("d"))
        for milliseconds, answered in zip(self.milliseconds, self.answered, strict=True):
            request = Stretch(answered - milliseconds / 1000, answered)
            chosen = within if any(request.meets(time) for time in times) else others
            chosen[0].append(milliseconds)
            chosen[1].append(answered)
        return Latencies(*within, self.stretches), Latencies(*others, self.stretches)


@dataclass(frozen=True)
class Pace:
    connections: int
    per_second: float | None
    """None: the next when the last was answered, one by one."""


@dataclass
class _Caller:
    """A connection, and the moment that its request was due at."""

    connection: socket.socket
    due: float = 0
    received: bytes = b""

    def fileno(self) -> int:
        return self.connection.fileno()

    def send(self, request: bytes, due: float) -> None:
        self.due = due
        if self.connection.send(request) != len(request):
            raise Spoiled("a request did not go out whole")

    def is_answered(self) -> bool:
        received = self.connection.recv(65536)
        if not received:
            raise Spoiled("the server closed a connection")
        self.received += received
        answer = answers.parse(self.received)
        if answer is None:
            return False
        if answer.status != HTTPStatus.OK:
            raise Spoiled(f"an add was answered with {answer.status}: {answer.body!r}")
        self.received = b""
        return True


@dataclass
class _Load:
    pace: Pace
    request: Callable[[], bytes]
    free: list[_Caller]
    busy: list[_Caller] = field(default_factory=list)
    milliseconds: array[float] = field(default_factory=lambda: array("d"))
    answered: array[float] = field(default_factory=lambda: array("d"))
    epoch: float = field(default_factory=lambda: time.time() - time.perf_counter())
    """Of the counter that times are taken by."""

    def run(self, ended: Callable[[], bool]) -> Latencies:
        started = due = time.perf_counter()
        interval = None if self.pace.per_second is None else 1 / self.pace.per_second
        while not ended():
            now = time.perf_counter()
            while self.free and due <= now:
                caller = self.free.pop()
                caller.send(self.request(), due if interval else now)
                self.busy.append(caller)
                due += interval or 0
            self._hear(due - time.perf_counter() if self.free else _TIMEOUT_SECONDS)
        while self.busy:
            self._hear(_TIMEOUT_SECONDS)
        stretch = Stretch(self.epoch + started, self.epoch + time.perf_counter())
        return Latencies(self.milliseconds, self.answered, [stretch])

    def _hear(self, seconds: float) -> None:
        # Not epoll, whose time is in whole milliseconds.
        ready, _, _ = select.select(self.busy, [], [], max(0, seconds))
        if not ready and seconds == _TIMEOUT_SECONDS:
            raise Spoiled("an add was not answered within a minute")
        now = time.perf_counter()
        for caller in ready:
            if caller.is_answered():
                self.milliseconds.append((now - caller.due) * 1000)
                self.answered.append(self.epoch + now)
                self.busy.remove(caller)
                self.free.append(caller)


def add(port: int, users: int, pace: Pace, ended: Callable[[], bool], seed: int) -> Latencies:
    """Adds a credit to one of so many users each time, until `ended`."""
    chosen = random.Random(seed)
    callers = []
    try:
        for _ in range(pace.connections):
            connection = socket.create_connection(("127.0.0.1", port), _TIMEOUT_SECONDS)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            callers.append(_Caller(connection))

        def request() -> bytes:
            user = chosen.randint(1, users)
            return answers.request(port, f"/api/credits/{user}/add", body='{"amount":1}')

        return _Load(pace, request, list(callers)).run(ended)
    finally:
        for caller in callers:
            caller.connection.close()


def for_seconds(seconds: float) -> Callable[[], bool]:
    deadline = time.monotonic() + seconds
    return lambda: time.monotonic() >= deadline
