"""What an attempt's answer says of each of its commands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import Any

from .commands import Command
from .history import Answer, Attempt, Span

REFUSALS = {
    HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}


_NUMBERS = ("available", "requested", "shortfall", "reversal_transaction_id", "index")


class Verdict(Enum):
    DONE = "done"
    REPLAYED = "done before"
    FORETOLD = "would be done"
    REFUSED = "refused"
    NOTHING = "not done"
    """By a 503 that says so, or because another command of the batch was refused."""
    UNKNOWN = "unknown"
    WRONG = "no answer of this interface"


@dataclass(frozen=True)
class Said:
    attempt: Attempt
    position: int
    command: Command
    verdict: Verdict
    content: dict[str, Any] | None = None
    """The receipt or the problem."""

    @property
    def span(self) -> Span:
        return self.attempt.span

    @property
    def is_dry_run(self) -> bool:
        return self.attempt.request.is_dry_run

    def __str__(self) -> str:
        """What was said, in short."""
        content = self.content
        if content is None:
            return self.verdict.value
        if (problem := self.problem()) is None or "type" not in content:
            receipt = [content.get(it) for it in ("credits", "transaction_id", "last_updated")]
            return "{}: balance {}, transaction {}, {}".format(self.verdict.value, *receipt)
        numbers = [f"{name} {content[name]}" for name in _NUMBERS if name in content]
        errors = [error["detail"] for error in content.get("errors", [])]
        return f"{self.verdict.value}: " + ", ".join([problem, *numbers, *errors])

    def problem(self) -> str | None:
        """The last part of the problem's type."""
        return str(self.content.get("type")).rpartition("/")[2] if self.content else None


def of(attempt: Attempt) -> list[Said]:
    """One for each command, in their order."""
    commands = attempt.request.commands

    def alike(verdict: Verdict, content: dict[str, Any] | None = None) -> list[Said]:
        return [Said(attempt, i, each, verdict, content) for i, each in enumerate(commands)]

    answer = attempt.answer
    if answer is None:
        return alike(Verdict.UNKNOWN)
    content = parsed(answer)
    if content is None:
        return alike(Verdict.WRONG)
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
        is_open = str(content.get("type")).endswith("/outcome-unknown")
        return alike(Verdict.UNKNOWN if is_open else Verdict.NOTHING, content)
    if attempt.request.is_batch:
        return _of_batch(attempt, answer, content) or alike(Verdict.WRONG, content)
    return [Said(
        attempt, 0, commands[0], _verdict(attempt, answer.status, answer.is_replayed), content)]


def parsed(answer: Answer) -> dict[str, Any] | None:
    try:
        content = json.loads(answer.body)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def _of_batch(attempt: Attempt, answer: Answer, content: dict[str, Any]) -> list[Said] | None:
    commands = attempt.request.commands
    if answer.status in REFUSALS:
        index = content.get("index")
        if not attempt.request.is_atomic or not isinstance(index, int):
            return None
        return [
            Said(attempt, i, each, Verdict.REFUSED if i == index else Verdict.NOTHING,
                 content if i == index else None)
            for i, each in enumerate(commands)]
    results = content.get("results")
    if answer.status != HTTPStatus.OK or not isinstance(results, list):
        return None
    if len(results) != len(commands):
        return None
    return [_of_result(attempt, i, result) for i, result in enumerate(results)]


def _of_result(attempt: Attempt, position: int, result: dict[str, Any]) -> Said:
    receipt = {name: value for name, value in result.items()
               if name not in ("status", "idempotent_replayed", "problem")}
    verdict = _verdict(attempt, result["status"], "idempotent_replayed" in result)
    return Said(attempt, position, attempt.request.commands[position], verdict,
                result.get("problem", receipt))


def _verdict(attempt: Attempt, status: int, is_replayed: bool) -> Verdict:
    if status in REFUSALS:
        return Verdict.REFUSED
    if status != HTTPStatus.OK:
        return Verdict.WRONG
    if is_replayed:
        return Verdict.REPLAYED
    return Verdict.FORETOLD if attempt.request.is_dry_run else Verdict.DONE
