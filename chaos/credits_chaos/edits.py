"""Balances changed past the service, with psql: each becomes an entry of kind `external`."""

from __future__ import annotations

import random
import time

from .history import Edit, History, Span
from .postgres import Failed, Postgres
from .rules import LIMIT
from .town import Town

_OWN_ENTRIES = """
SELECT transaction_id FROM credit_transactions
    WHERE user_id = {user} AND xmin = pg_current_xact_id()::xid;
"""


class Editor:
    def __init__(self, postgres: Postgres, town: Town, history: History, seed: str) -> None:
        self._postgres, self._town, self._history = postgres, town, history
        self._random = random.Random(f"{seed}/edits")
        self.count = 0

    def work(self, until: float, pause: float) -> None:
        """With pauses of up to so many seconds."""
        while time.monotonic() < until:
            time.sleep(self._random.random() * pause)
            self._one(self._town.pick(self._random))

    def _one(self, user: int) -> None:
        chance = self._random.random()
        if chance < 0.5:  # noqa: PLR2004
            self.edit(user, f"UPDATE credits SET credits = {self._balance(user)}"
                            f" WHERE user_id = {user} AND closed_at IS NULL;")
        elif chance < 0.7:  # noqa: PLR2004
            self.edit(user, f"DELETE FROM credits WHERE user_id = {user} AND closed_at IS NULL;")
        elif chance < 0.85:  # noqa: PLR2004
            seconds = self._random.choice([0.1, 0.4, 0.9, 3.5])
            self.edit(user, f"SELECT FROM credits WHERE user_id = {user} FOR UPDATE;"
                            f"SELECT FROM pg_sleep({seconds});", is_kept=False)
        else:
            self.edit(user, f"UPDATE credits SET credits = credits + 5 WHERE user_id = {user}"
                            " AND credits < 1000; SELECT FROM pg_sleep(0.2);", is_kept=False)

    def edit(self, user: int, sql: str, is_kept: bool = True) -> None:
        """In one transaction, which is taken back where it is not kept."""
        end = "COMMIT;" if is_kept else "ROLLBACK;"
        started = time.monotonic()
        try:
            lines = self._postgres.run(f"BEGIN;{sql}{_OWN_ENTRIES.format(user=user)}{end}")
        except Failed:
            return  # PostgreSQL was crashed meanwhile, or the row is kept locked.
        self.count += 1
        span = Span(started, time.monotonic())
        if is_kept:
            self._history.edits += [Edit(user, span, int(line)) for line in lines if line]

    def _balance(self, user: int) -> int:
        if self._town.is_rich(user):
            return LIMIT - self._random.randrange(100)
        return self._random.randrange(10 if self._town.is_poor(user) else 500)
