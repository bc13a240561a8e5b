"""The ledger's rules once more, in the shortest way: what a command must be answered where its
user's entries are the first so many.

A second implementation on purpose. It shares nothing with the service but the description."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from .commands import Command
from .ledger import Account, Entry

LIMIT = 2**53 - 1
_REVERSIBLE = {"add", "deduct", "reset", "daily_grant", "opening", "external"}


@dataclass(frozen=True)
class Expected:
    """An answer: of a refusal what it must say, of a receipt the balance."""

    problem: str | None = None
    members: dict[str, int] = field(default_factory=dict)
    text: str = ""
    """Stands in the problem's detail, or in that of its first error."""
    balance: int | None = None
    earlier: Entry | None = None
    """The entry whose receipt is given again."""

    def __str__(self) -> str:
        if self.problem is not None:
            return " ".join([self.problem, *(f"{k} {v}" for k, v in self.members.items()),
                             self.text]).strip()
        if self.earlier is not None:
            return f"the first answer again (transaction {self.earlier.id})"
        return f"done, balance {self.balance}"


class View:
    """A user's credits after so many entries, and after what a batch has done so far."""

    def __init__(self, account: Account, index: int, made: tuple[Entry, ...] = ()) -> None:
        self._account, self.index, self._made = account, index, made

    @property
    def balance(self) -> int:
        return self._made[-1].after if self._made else self._account.balance(self.index)

    def under(self, key: str) -> Entry | None:
        for entry in self._made:
            if entry.key == key:
                return entry
        return self._if_there(self._account.by_key.get(key))

    def entry(self, entry_id: int | None) -> Entry | None:
        return self._if_there(self._account.by_id.get(entry_id))

    def reversal(self, entry_id: int | None) -> Entry | None:
        return self._if_there(self._account.reversals.get(entry_id))

    def after(self, command: Command, balance: int) -> View:
        entry = Entry(
            command.user, None, command.entry_kind, balance - self.balance, balance, "",
            command.reason, command.metadata, command.key)
        return View(self._account, self.index, (*self._made, entry))

    def _if_there(self, entry: Entry | None) -> Entry | None:
        return entry if entry is not None and entry.index <= self.index else None


def judge(command: Command, view: View, recipient: View | None = None) -> Expected:
    """Where the user exists, and the recipient too. Without a view of the recipient there is room
    for what he gets."""
    if command.key is not None and (earlier := view.under(command.key)) is not None:
        member = differing(command, earlier)
        if member is None:
            return Expected(earlier=earlier, balance=earlier.after)
        return Expected("idempotency-key-reused", text=f"The {member} differs")
    if command.change == "transfer":
        return _transfer(command, view, recipient)
    if command.change == "reverse":
        return _reverse(command, view)
    amount = {"add": command.amount, "deduct": -(command.amount or 0), "reset": -view.balance}
    return _move(view, amount[command.change] or 0)


def differing(command: Command, entry: Entry) -> str | None:
    """The first member in which a command is not the one that the entry came from."""
    if command.entry_kind != entry.kind:
        return "kind"
    if command.change == "transfer" and command.to != entry.related_user:
        return "to"
    if command.amount is not None and command.amount != abs(entry.amount):
        return "amount"
    if command.change == "reverse" and command.undone != entry.related_id:
        return "transaction_id"
    if command.reason != entry.reason:
        return "reason"
    return None if _json(command.metadata) == _json(entry.metadata) else "metadata"


def _json(text: str | None) -> object:
    return None if text is None else json.loads(text)


def _move(view: View, amount: int) -> Expected:
    if view.balance + amount < 0:
        return _insufficient(view.balance, -amount)
    if view.balance + amount > LIMIT:
        return _limit(view.balance, amount)
    return Expected(balance=view.balance + amount)


def _insufficient(available: int, requested: int) -> Expected:
    return Expected("insufficient-credits", {
        "available": available, "requested": requested, "shortfall": requested - available})


def _limit(balance: int, amount: int) -> Expected:
    return Expected(
        "balance-limit-reached",
        text=f"there is room for {LIMIT - balance} more, and {amount} was to be added")


def _transfer(command: Command, view: View, recipient: View | None) -> Expected:
    amount = command.amount or 0
    if command.to == command.user:
        return Expected("invalid-value")
    if amount > view.balance:
        return _insufficient(view.balance, amount)
    if recipient is not None and recipient.balance + amount > LIMIT:
        return _limit(recipient.balance, amount)
    return Expected(balance=view.balance - amount)


def _reverse(command: Command, view: View) -> Expected:
    entry = view.entry(command.undone)
    if entry is None:
        return Expected("transaction-not-found")
    if entry.kind not in _REVERSIBLE:
        return Expected("not-reversible")
    if (reversal := view.reversal(entry.id)) is not None:
        return Expected("already-reversed", {"reversal_transaction_id": reversal.id or 0})
    return _move(view, -entry.amount)
