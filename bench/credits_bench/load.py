"""Load from wrk, which must come through without one error to count."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .spoiled import Spoiled

_PLAIN_SCRIPT = Path(__file__).with_name("wrk.lua")
_SERVICE_SCRIPT = Path(__file__).with_name("wrk_service.lua")
_ERRORS = ("connect", "read", "write", "timeout", "status")


@dataclass(frozen=True)
class Sizes:
    """Of one answer, in bytes: what has another size is not what was asked for."""

    least: int
    most: int

    @classmethod
    def exactly(cls, size: int) -> Sizes:
        return cls(size, size)

    @classmethod
    def about(cls, size: int, difference: int) -> Sizes:
        return cls(size - difference, size + difference)


@dataclass(frozen=True)
class LoadResult:
    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    """wrk adds what waited behind a slow answer to its latencies, for all peers alike."""

    @property
    def requests_per_second(self) -> float:
        return self.requests / self.seconds


@dataclass(frozen=True)
class Requests:
    """What is sent: of the URL itself, or what a script makes of it."""

    headers: tuple[str, ...] = ()
    script: Path = _PLAIN_SCRIPT
    arguments: tuple[str, ...] = ()

    @classmethod
    def of_users(cls, operation: str, users: int, seed: int) -> Requests:
        """Balances read (`get`) or credits added (`add`), each time of one of so many users."""
        return cls(script=_SERVICE_SCRIPT, arguments=(operation, str(users), str(seed)))


def run(
    url: str, connections: int, seconds: int, sizes: Sizes, requests: Requests = Requests()
) -> LoadResult:
    """Loads the URL from one thread."""
    headers = (part for header in requests.headers for part in ("--header", header))
    command = [
        "wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s",
        "--script", str(requests.script), *headers, url, "--", *requests.arguments,
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=seconds + 30, check=False)
    if done.returncode != 0:
        raise Spoiled(f"wrk ended with {done.returncode}: {done.stdout}{done.stderr}")
    return parse(done.stdout, connections, sizes)


def parse(output: str, connections: int, sizes: Sizes) -> LoadResult:
    counted = json.loads(output.splitlines()[-1])
    errors = {name: counted[name] for name in _ERRORS if counted[name]}
    if errors:
        raise Spoiled("wrk counted errors: " + ", ".join(f"{n} {e}" for e, n in errors.items()))
    requests = counted["requests"]
    if requests == 0:
        raise Spoiled("wrk got no answer")
    # At the end each connection may have read a part of an answer that is not counted.
    least, most = requests * sizes.least, (requests + connections) * sizes.most
    if not least <= counted["bytes"] <= most:
        raise Spoiled(
            f"{requests} answers were {counted['bytes']} bytes, {sizes.least} to {sizes.most} "
            "each expected")
    return LoadResult(
        requests=requests, seconds=counted["microseconds"] / 1e6,
        p50_ms=counted["p50"] / 1e3, p99_ms=counted["p99"] / 1e3)
