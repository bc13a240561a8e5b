"""What callers ask for: one command or a batch of them, and how it is said in HTTP."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

BATCH = "/api/credits/batch"

ENTRY_KINDS = {
    "add": "add", "deduct": "deduct", "reset": "reset", "transfer": "transfer_out",
    "reverse": "reversal",
}
"""The kind of the entry that each change makes for the command's own user."""


@dataclass(frozen=True)
class Command:
    """One change of one user's credits. Its reason names it: no two commands that differ in what
    they move share one, but for those that are sent under another's key on purpose."""

    user: int
    change: str
    reason: str
    amount: int | None = None
    to: int | None = None
    undone: int | None = None
    metadata: str | None = None
    """A JSON text."""
    key: str | None = None

    @property
    def entry_kind(self) -> str:
        return ENTRY_KINDS[self.change]

    def members(self) -> dict[str, Any]:
        """The body of the command, by itself or in a batch."""
        found: dict[str, Any] = {"reason": self.reason}
        if self.amount is not None:
            found["amount"] = self.amount
        if self.to is not None:
            found["to"] = self.to
        if self.metadata is not None:
            found["metadata"] = json.loads(self.metadata)
        return found

    def operation(self) -> dict[str, Any]:
        found = {"user_id": self.user, "kind": self.change, **self.members()}
        return found if self.key is None else {**found, "idempotency_key": self.key}

    def __str__(self) -> str:
        words = [self.change, self.amount, self.to and f"to {self.to}",
                 self.undone and f"transaction {self.undone}", f"of user {self.user}",
                 f"({self.reason})", self.key, self.metadata]
        return " ".join(str(word) for word in words if word is not None)


@dataclass(frozen=True)
class Message:
    method: str
    path: str
    body: bytes | None = None
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """May be sent any number of times."""

    commands: tuple[Command, ...]
    is_batch: bool = False
    is_atomic: bool = False
    is_dry_run: bool = False

    @property
    def is_keyed(self) -> bool:
        """Whether it may be sent again without happening again."""
        return self.is_dry_run or all(command.key is not None for command in self.commands)

    def message(self) -> Message:
        query = "?dry_run=true" if self.is_dry_run else ""
        fields = {"Content-Type": "application/json"}
        if self.is_batch:
            operations = [command.operation() for command in self.commands]
            body = {"operations": operations, "atomic": self.is_atomic}
            return Message("POST", BATCH + query, json.dumps(body).encode(), fields)
        command = self.commands[0]
        if command.key is not None:
            fields["Idempotency-Key"] = command.key
        method = "PATCH" if command.change == "reset" else "POST"
        return Message(
            method, _path(command) + query, json.dumps(command.members()).encode(), fields)


def _path(command: Command) -> str:
    if command.change == "reverse":
        return f"/api/credits/{command.user}/transactions/{command.undone}/reverse"
    return f"/api/credits/{command.user}/{command.change}"
