"""What is asked for, by how many at once, of whom; and who has a turn at it in which rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .rounds import rotated
from .tables import USERS

Operation = Literal["get", "add"]

OURS = "credits"
ONE_BY_ONE = "credits-one-by-one"
PGBENCH = "pgbench"
GO = "go"
ASYNCPG = "fastapi-asyncpg"
ORIGINAL = "fastapi-original"
NAMES = (OURS, ONE_BY_ONE, PGBENCH, GO, ASYNCPG, ORIGINAL)


@dataclass(frozen=True)
class Cell:
    operation: Operation
    connections: int
    users: int = USERS

    @property
    def name(self) -> str:
        hot = "" if self.users == USERS else f"_{self.users}hot"
        return f"{self.operation}{self.connections}{hot}"

    @property
    def title(self) -> str:
        what = "GET a balance" if self.operation == "get" else "POST add"
        hot = {USERS: "", 1: ", all for one user"}.get(self.users, f", all for {self.users} users")
        plural = "s" if self.connections > 1 else ""
        return f"{what}, {self.connections} connection{plural}{hot}"

    def figure(self, name: str) -> str:
        return f"{self.name}.{name}"


def get(connections: int) -> Cell:
    return Cell("get", connections)


def add(connections: int, users: int = USERS) -> Cell:
    return Cell("add", connections, users)


PGBENCH_CLIENTS = (2, 4, 8, 16, 32, 64)
"""Among which is the number that suits PostgreSQL best."""

Plan = dict[Cell, tuple[str, ...]]

EVERY_ROUND: Plan = {
    get(2): (PGBENCH,),
    get(4): (OURS, PGBENCH, GO),
    get(8): (PGBENCH,),
    get(16): (PGBENCH,),
    get(32): (PGBENCH,),
    get(64): (OURS, ONE_BY_ONE, PGBENCH, GO, ASYNCPG),
    get(256): (OURS, PGBENCH),
    add(4): (OURS, GO),
    add(64): (OURS, ONE_BY_ONE, PGBENCH, GO, ASYNCPG),
    add(256): (OURS, PGBENCH),
    add(64, users=10): (OURS, GO),
}

EVERY_THIRD_ROUND: Plan = {
    get(1): (OURS, PGBENCH, GO),
    get(4): (ONE_BY_ONE,),
    get(32): (OURS, GO),
    get(64): (ORIGINAL,),
    get(256): (ONE_BY_ONE, GO),
    add(1): (OURS, PGBENCH, GO),
    add(4): (ONE_BY_ONE, PGBENCH),
    add(32): (OURS, PGBENCH, GO),
    add(64): (ORIGINAL,),
    add(256): (ONE_BY_ONE, GO),
    add(64, users=1): (OURS, PGBENCH, GO),
    add(64, users=10): (ONE_BY_ONE, PGBENCH),
}

CELLS = tuple(sorted(
    {*EVERY_ROUND, *EVERY_THIRD_ROUND},
    key=lambda cell: (cell.operation == "add", -cell.users, cell.connections)))


@dataclass(frozen=True)
class Turn:
    cell: Cell
    peer: str

    @property
    def name(self) -> str:
        return f"{self.cell.name}/{self.peer}"


def order(number: int, peers: Sequence[str]) -> list[Turn]:
    """Of a round. Those who share a cell follow each other, and rotate from round to round."""
    turns = []
    for cell in CELLS:
        names = EVERY_ROUND.get(cell, ())
        if number % 3 == 0:
            names += EVERY_THIRD_ROUND.get(cell, ())
        if present := [name for name in names if name in peers]:
            turns += [Turn(cell, name) for name in rotated(present, number)]
    return turns
