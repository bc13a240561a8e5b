"""What callers saw: plain records, each with the moments between which it happened.

All moments are seconds of this program's monotonic clock. Nothing here judges."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from .commands import Request


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    is_replayed: bool = False
    has_retry_after: bool = False


@dataclass(frozen=True)
class Span:
    """From before the first byte was sent until after the last one was read."""

    started: float
    ended: float


@dataclass(frozen=True)
class Attempt:
    """A request that was sent once. Without an answer nobody knows what it did, or will do: it may
    still be on its way to the database when its caller has given up."""

    request: Request
    instance: int
    span: Span
    answer: Answer | None


@dataclass(frozen=True)
class Reading:
    """`GET /api/credits/{user_id}`; only answers of 200 and 404 say something of the user."""

    user: int
    instance: int
    span: Span
    answer: Answer


@dataclass(frozen=True)
class PastReading:
    """`?at=`: asked when nothing moved any more."""

    user: int
    at: str
    answer: Answer


@dataclass(frozen=True)
class Page:
    """Some of a user's entries, newest first, as the API shows them."""

    user: int
    span: Span
    entries: tuple[dict[str, Any], ...]
    below: int | None = None
    """The last id of the page before; None on the first page."""


@dataclass(frozen=True)
class Edit:
    """A balance that was changed with SQL, past the service."""

    user: int
    span: Span
    entry: int
    """The transaction id that it brought."""


@dataclass
class Deletion:
    started: float
    ended: float = math.inf
    """When it was acknowledged."""


@dataclass(frozen=True)
class Newcomer:
    user: int
    created_at: str


@dataclass
class History:
    """Appending to a list is all that callers do at once."""

    users: dict[int, Newcomer] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    past: list[PastReading] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    deletions: dict[int, Deletion] = field(default_factory=dict)
    mishaps: list[str] = field(default_factory=list)
    """What must not happen whatever the ledger says: an instance that ended by itself."""
