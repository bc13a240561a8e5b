"""A server under test: how to start it, whether it answers right, and how to stop it."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from . import answers, proc
from .answers import Answer
from .spoiled import Spoiled

_START_SECONDS = 60
_STOP_SECONDS = 30


@dataclass(frozen=True)
class Peer:
    """A server that can be started; `command` gets the port and a folder of its own."""

    name: str
    version: str
    command: Callable[[int, Path], list[str]]
    environment: Mapping[str, str] = field(default_factory=dict)
    path: str = "/livez"
    closing_path: str = "/livez"
    """The same, for requests that ask to close the connection."""
    fault: Callable[[Answer], str | None] = Answer.livez_fault
    """What is wrong with the answer of either, if anything."""


@dataclass(frozen=True)
class Server:
    """A peer that runs and has answered right."""

    peer: Peer
    pid: int
    port: int
    answer: Answer
    closing_answer: Answer

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def processes(self) -> list[proc.Process]:
        """Of the server alone: the database that it may have started is none of its own."""
        return [process for process in proc.tree(self.pid) if process.name != "postgres"]

    def cpu_seconds(self) -> float:
        return sum(process.cpu_seconds for process in self.processes())

    def memory_bytes(self) -> int:
        return proc.memory_bytes(process.pid for process in self.processes())


@contextmanager
def running(peer: Peer, folder: Path) -> Iterator[Server]:
    """Starts the peer in a process group of its own; stops it whatever happens."""
    port = _free_port()
    log = folder / "log"
    with log.open("wb") as output:
        # Should this program be killed, its servers go too.
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *peer.command(port, folder)],
            cwd=folder, env=_environment(peer), process_group=0,
            stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        yield _answering(peer, process, port, log)
    finally:
        _stop(process)


def _environment(peer: Peer) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**inherited, **peer.environment}


def _free_port() -> int:
    """Below the ports of outgoing connections, which could take it before the server does."""
    for _ in range(1000):
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port between 20000 and 32000")


def _answering(peer: Peer, process: subprocess.Popen[bytes], port: int, log: Path) -> Server:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            answer = answers.fetch(port, peer.path)
            closing = answers.fetch(port, peer.closing_path, closing=True)
            break
        except OSError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise Spoiled(f"{peer.name} did not start ({error}): {_tail(log)}") from error
            time.sleep(0.02)
    for each in (answer, closing):
        if (fault := peer.fault(each)) is not None:
            raise Spoiled(f"{peer.name} answers wrongly: {fault}")
    return Server(peer, process.pid, port, answer, closing)


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:].strip()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        # The group is the one that we made for it, and its leader still lives.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
