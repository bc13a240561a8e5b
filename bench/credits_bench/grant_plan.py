"""What is measured of a day's grant, and what all its parts begin and end with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .postgres import DatabaseError, Postgres
from .usage import Calm


@dataclass(frozen=True)
class Plan:
    repository: Path
    credits: Path
    data: Path
    """Where the database is made: on a disk, not in memory."""
    users: int
    rounds: int
    seconds: int
    """Of adds without a grant, before and again after those beside one; a third of it finds the
    maximum."""
    calm: Calm

    def settle(self, database: Postgres, name: str) -> None:
        """What a day leaves time for: no dead rows, nothing to write, and nobody else at work."""
        database.run(name, "VACUUM ANALYZE; CHECKPOINT;")
        self.calm.wait()

    def expect_all(self, database: Postgres, name: str, day: str) -> None:
        found = database.run(
            name, f"SELECT status, granted FROM daily_grants WHERE day = '{day}'")
        if found != [["done", str(self.users)]]:
            raise DatabaseError(f"the grant of {day} is {found}")
