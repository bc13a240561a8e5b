"""One turn of one server under GET /livez."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import calls, idle, load
from .calls import CannotTrace
from .load import Requests, Sizes
from .rounds import Sample
from .server import Peer, Server, running
from .usage import Calm, measured


@dataclass(frozen=True)
class Settings:
    connections: int = 64
    seconds: int = 3
    """Of keep-alive load; new connections come for a third of it."""
    warm_up_seconds: int = 1
    traced_seconds: int = 2
    idle_connections: int = 10_000
    settle_seconds: float = 0.5


def measure(peer: Peer, folder: Path, settings: Settings, calm: Calm) -> Sample:
    """One turn. Each part has a server that was just started: none inherits another's memory."""
    sample = Sample()
    calm.wait()
    with _warm(peer, folder, settings) as server:
        _keep_alive(server, settings, calm, sample)
        _new_connections(server, settings, calm, sample)
    with _warm(peer, folder, settings) as server:
        _idle(server, settings, sample)
    with _warm(peer, folder, settings) as server:
        _system_calls(server, settings, sample)
    return sample


@contextmanager
def _warm(peer: Peer, folder: Path, settings: Settings) -> Iterator[Server]:
    with running(peer, folder) as server:
        _load(server, settings, settings.warm_up_seconds)
        yield server


def _load(server: Server, settings: Settings, seconds: int) -> load.LoadResult:
    return load.run(
        server.url(server.peer.path), settings.connections, seconds,
        Sizes.exactly(server.answer.size))


def _keep_alive(server: Server, settings: Settings, calm: Calm, sample: Sample) -> None:
    with measured(server) as usage:
        result = _load(server, settings, settings.seconds)
    calm.check(usage)
    sample.note(usage.stolen, usage.foreign)
    sample.figures |= {
        "requests_per_second": result.requests_per_second,
        "p50_ms": result.p50_ms,
        "p99_ms": result.p99_ms,
        "cpu_us": usage.server_seconds / result.requests * 1e6,
        "server_cores": usage.server_seconds / result.seconds,
        "load_cores": usage.load_seconds / result.seconds,
    }


def _new_connections(server: Server, settings: Settings, calm: Calm, sample: Sample) -> None:
    """Every request on a connection of its own, as many at once as before."""
    with measured(server) as usage:
        result = load.run(
            server.url(server.peer.closing_path), settings.connections,
            max(1, settings.seconds // 3), Sizes.exactly(server.closing_answer.size),
            Requests(headers=("Connection: close",)))
    calm.check(usage)
    sample.note(usage.stolen, usage.foreign)
    sample.figures |= {
        "connections_per_second": result.requests_per_second,
        "connection_cpu_us": usage.server_seconds / result.requests * 1e6,
    }


def _idle(server: Server, settings: Settings, sample: Sample) -> None:
    time.sleep(settings.settle_seconds)
    before = server.memory_bytes()
    with idle.connections(server, settings.idle_connections):
        time.sleep(settings.settle_seconds)
        grown = server.memory_bytes() - before
    sample.figures["idle_bytes"] = grown / settings.idle_connections


def _system_calls(server: Server, settings: Settings, sample: Sample) -> None:
    """Untimed: strace makes every call many times slower. Accepting and closing are included."""
    try:
        counts, result = calls.count(
            server, lambda: _load(server, settings, settings.traced_seconds))
    except CannotTrace as reason:
        sample.notes.append(f"system calls: {reason}")
        return
    sample.calls = {name: count / result.requests for name, count in counts.items()}
    sample.figures["calls"] = sum(sample.calls.values())
