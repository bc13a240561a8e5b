"""The ledger as it stands in the table at the end."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

SQL = """
SELECT row_to_json(line) FROM (
    SELECT user_id AS user, transaction_id AS id, kind, amount, balance_after AS after,
        to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
        reason, metadata::text AS metadata, idempotency_key AS key,
        related_user_id AS related_user, related_transaction_id AS related_id
    FROM credit_transactions ORDER BY user_id, transaction_id
) AS line
"""


@dataclass(frozen=True)
class Entry:
    user: int
    id: int | None
    """None for one that is only imagined."""
    kind: str
    amount: int
    after: int
    at: str
    reason: str | None = None
    metadata: str | None = None
    key: str | None = None
    related_user: int | None = None
    related_id: int | None = None
    index: int = 0
    """Its place among the user's entries, from 1."""

    def receipt(self) -> dict[str, Any]:
        """What its write is answered with, in this order."""
        found = {
            "user_id": self.user, "credits": self.after, "last_updated": self.at,
            "transaction_id": self.id,
        }
        if self.related_id is not None:
            found["related_user_id"] = self.related_user
            found["related_transaction_id"] = self.related_id
        return found


class Account:
    """A user's entries in the order of their ids, which is the order in which they happened."""

    def __init__(self, user: int, entries: Iterable[Entry]) -> None:
        self.user = user
        ordered = sorted(entries, key=lambda entry: entry.id)
        self.entries = [replace(entry, index=i) for i, entry in enumerate(ordered, 1)]

    @cached_property
    def by_id(self) -> dict[int, Entry]:
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def by_key(self) -> dict[str, Entry]:
        return {entry.key: entry for entry in self.entries if entry.key is not None}

    @cached_property
    def reversals(self) -> dict[int, Entry]:
        """By the id of what they undo."""
        return {entry.related_id: entry for entry in self.entries if entry.kind == "reversal"}

    def balance(self, index: int) -> int:
        """After so many entries."""
        return self.entries[index - 1].after if index > 0 else 0


class Ledger:
    def __init__(self, entries: Iterable[Entry]) -> None:
        gathered: dict[int, list[Entry]] = {}
        for entry in entries:
            gathered.setdefault(entry.user, []).append(entry)
        self.accounts = {user: Account(user, found) for user, found in gathered.items()}

    @classmethod
    def parse(cls, lines: Iterable[str]) -> Ledger:
        return cls(Entry(**json.loads(line)) for line in lines)

    def of(self, user: int) -> Account:
        return self.accounts.get(user) or Account(user, [])

    def entry(self, user: int | None, entry_id: int | None) -> Entry | None:
        if user is None or entry_id is None:
            return None
        return self.of(user).by_id.get(entry_id)

    def __iter__(self):
        for account in self.accounts.values():
            yield from account.entries

    def __len__(self) -> int:
        return sum(len(account.entries) for account in self.accounts.values())
