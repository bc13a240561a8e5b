"""A service that does all right, one request after the other: what tests then spoil."""

from __future__ import annotations

import json
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from credits_chaos import checks
from credits_chaos.commands import Command, Request
from credits_chaos.evidence import Evidence
from credits_chaos.findings import Findings, Promise
from credits_chaos.history import Answer, Attempt, History, Newcomer, Reading, Span
from credits_chaos.ledger import Account, Entry, Ledger
from credits_chaos.rules import View, judge

ADA, BEN = 1, 2
STATUSES = {
    "insufficient-credits": 402, "transaction-not-found": 404, "user-not-found": 404,
    "idempotency-key-reused": 422, "invalid-value": 422,
}


class World:
    """Each request takes two seconds, and one more passes after it."""

    def __init__(self) -> None:
        self.history = History(users={user: Newcomer(user, "at 0") for user in (ADA, BEN)})
        self.entries: list[Entry] = []
        self.now = 0.0

    def send(self, *commands: Command, lost: bool = False, **form: bool) -> Attempt:
        span = self.pass_time()
        request = Request(commands, **form)
        results = [self._perform(command) for command in commands]
        answer = self._batch(results) if request.is_batch else results[0]
        attempt = Attempt(request, 0, span, None if lost else answer)
        self.history.attempts.append(attempt)
        return attempt

    def lose(self, *commands: Command, **form: bool) -> Attempt:
        """Sent, and neither done nor answered."""
        attempt = Attempt(Request(commands, **form), 0, self.pass_time(), None)
        self.history.attempts.append(attempt)
        return attempt

    def read(self, user: int, index: int | None = None) -> Reading:
        own = [entry for entry in self.entries if entry.user == user][:index]
        shown = (own[-1].after, own[-1].at) if own else (0, "at 0")
        reading = Reading(user, 0, self.pass_time(), Answer(200, _json({
            "user_id": user, "credits": shown[0], "last_updated": shown[1]})))
        self.history.readings.append(reading)
        return reading

    def pass_time(self) -> Span:
        self.now += 3
        return Span(self.now - 3, self.now - 1)

    def findings(self) -> Findings:
        findings = Findings()
        checks.check(Evidence(self.history, Ledger(self.entries)), findings)
        return findings

    def broken(self) -> set[Promise]:
        return set(self.findings().broken)

    def spoil(self, attempt: Attempt, answer: Answer | None) -> None:
        """Makes it that the attempt was answered so."""
        place = self.history.attempts.index(attempt)
        self.history.attempts[place] = replace(attempt, answer=answer)

    def _perform(self, command: Command) -> Answer:
        account = Account(command.user, [e for e in self.entries if e.user == command.user])
        expected = judge(command, View(account, len(account.entries)))
        if expected.problem is not None:
            return problem(expected.problem, **expected.members, detail=expected.text)
        if expected.earlier is not None:
            return Answer(200, _json(expected.earlier.receipt()), is_replayed=True)
        balance = account.balance(len(account.entries))
        entry = Entry(
            command.user, len(self.entries) + 1, command.entry_kind,
            (expected.balance or 0) - balance, expected.balance or 0, f"at {self.now:04}",
            command.reason, command.metadata, command.key)
        if command.change == "reverse":
            entry = replace(entry, related_user=command.user, related_id=command.undone)
        self.entries.append(entry)
        return Answer(200, _json(entry.receipt()))

    def _batch(self, results: list[Answer]) -> Answer:
        def said(answer: Answer) -> dict[str, Any]:
            content = json.loads(answer.body)
            if answer.status != HTTPStatus.OK:
                return {"status": answer.status, "problem": content}
            mark = {"idempotent_replayed": True} if answer.is_replayed else {}
            return {"status": 200, **content, **mark}

        return Answer(200, _json({"results": [said(each) for each in results], "refused": 0}))


def add(amount: int, reason: str, key: str | None = None, user: int = ADA) -> Command:
    return Command(user, "add", reason, amount, key=key)


def deduct(amount: int, reason: str, key: str | None = None, user: int = ADA) -> Command:
    return Command(user, "deduct", reason, amount, key=key)


def problem(slug: str, **members: Any) -> Answer:
    return Answer(STATUSES.get(slug, 503), _json({"type": f"/problems/{slug}", **members}),
                  has_retry_after=slug not in STATUSES)


def insufficient(available: int, requested: int) -> Answer:
    return problem("insufficient-credits", available=available, requested=requested,
                   shortfall=requested - available)


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()
