"""What several tests need."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from credits_bench.rounds import Round, Sample
from credits_bench.server import Peer, Server, running

_PROGRAM = str(Path(__file__).with_name("peer_program.py"))


def peer(behaviour: str = "works", name: str = "tried") -> Peer:
    return Peer(name, "1", lambda port, _: [sys.executable, _PROGRAM, str(port), behaviour])


@contextmanager
def served(behaviour: str = "works") -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder, \
            running(peer(behaviour), Path(folder)) as server:
        yield server


def rounds(figure: str, **values: list[float]) -> list[Round]:
    """`rounds("x", credits=[1, 2], nginx=[3, 4])`: two rounds of two peers."""
    return [
        {name: Sample({figure: value}) for name, value in zip(values, row, strict=True)}
        for row in zip(*values.values(), strict=True)]
