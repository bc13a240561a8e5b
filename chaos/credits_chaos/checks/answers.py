"""Whether each answer was right at some moment between request and answer.

The states that a user may have been in meanwhile are tried one after the other: one of them must
explain what was said of all the user's commands in the attempt, in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from itertools import groupby

from ..evidence import Evidence
from ..findings import Findings, Promise
from ..rules import Expected, View, judge
from ..said import Said, Verdict

_JUDGED = {Verdict.DONE, Verdict.REPLAYED, Verdict.FORETOLD, Verdict.REFUSED}
_NO_USER = "user-not-found"
_NO_RECIPIENT = "recipient-not-found"


def check(evidence: Evidence, findings: Findings) -> None:
    for attempt in evidence.attempts:
        _is_of_the_interface(attempt[0], findings)
        by_user = sorted(_told(attempt), key=lambda each: each.command.user)
        for _, group in groupby(by_user, key=lambda each: each.command.user):
            _judge(list(group), evidence, findings)


def _is_of_the_interface(each: Said, findings: Findings) -> None:
    answer = each.attempt.answer
    is_right = each.verdict is not Verdict.WRONG
    if answer is not None and answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
        is_right = is_right and answer.has_retry_after
    findings.hold(
        Promise.ANSWERED, is_right, f"{each.command} was answered {answer}", each.command.user,
        each.span.ended)


def _told(attempt: list[Said]) -> list[Said]:
    """What an answer speaks of: of a batch that was refused whole, what came before the refusal
    would have been done."""
    refused = [each.position for each in attempt if each.verdict is Verdict.REFUSED]
    if attempt[0].attempt.request.is_atomic and refused:
        return attempt[:refused[0] + 1]
    return [each for each in attempt if each.verdict in _JUDGED]


def _judge(group: list[Said], evidence: Evidence, findings: Findings) -> None:
    user, last = group[0].command.user, group[-1]
    group = [each for each in group if not _is_settled_by_deletion(each, evidence, findings)]
    if not group:
        return
    wrong: tuple[Said, list[str]] = (last, [])
    for index in _candidates(group, evidence):
        fault = _fault(group, View(evidence.ledger.of(user), index), evidence)
        if fault is None:
            wrong = (last, [])
            break
        said, expected = fault
        wrong = (said, [*wrong[1], f"after {index} entries: {expected}"])
    else:
        wrong = (wrong[0], wrong[1] or ["no state of the user fits the moment"])
    said, reasons = wrong
    findings.hold(
        _promise(said, reasons), not reasons,
        f"{said.command} was {said}; right would have been, "
        + "; or ".join(dict.fromkeys(reasons)), user, said.span.ended)


def _candidates(group: list[Said], evidence: Evidence) -> Iterable[int]:
    """What was done was judged on the state right before it, and so was all of its batch."""
    for each in group:
        entry = evidence.entry(each) if each.verdict is Verdict.DONE else None
        if entry is not None:
            return range(entry.index - 1, entry.index)
    return evidence.states(group[0].command.user, group[0].span)


def _fault(
    group: list[Said], view: View, evidence: Evidence,
) -> tuple[Said, Expected] | None:
    """The first command whose answer this state does not explain, and what it should be."""
    for each in group:
        expected = None
        for recipient in _recipients(each, evidence):
            expected = judge(each.command, view, recipient)
            if explains(expected, each):
                break
        else:
            return each, expected or Expected()
        if expected.problem is None and expected.earlier is None:
            view = view.after(each.command, expected.balance or 0)
    return None


def _recipients(each: Said, evidence: Evidence) -> Iterator[View | None]:
    yield None
    if each.command.to is not None and each.problem() == "balance-limit-reached":
        account = evidence.ledger.of(each.command.to)
        for index in evidence.states(each.command.to, each.span):
            yield View(account, index)


def explains(expected: Expected, each: Said) -> bool:
    content = each.content or {}
    match each.verdict:
        case Verdict.REPLAYED:
            earlier = expected.earlier
            if earlier is None or content.get("credits") != earlier.after:
                return False
            return earlier.id is None or content.get("transaction_id") == earlier.id
        case Verdict.DONE | Verdict.FORETOLD:
            is_new = expected.problem is None and expected.earlier is None
            is_named = each.verdict is Verdict.DONE or "transaction_id" not in content
            return is_new and is_named and content.get("credits") == expected.balance
        case Verdict.REFUSED:
            texts = [content.get("detail", "")]
            texts += [error.get("detail", "") for error in content.get("errors", [])]
            return each.problem() == expected.problem \
                and all(content.get(name) == it for name, it in expected.members.items()) \
                and any(expected.text in text for text in texts)
        case _:  # Before the refusal of a batch that is all or none.
            return expected.problem is None


def _promise(said: Said, reasons: list[str]) -> Promise:
    if said.verdict is Verdict.REPLAYED or any("the first answer again" in it for it in reasons):
        return Promise.REPLAY
    if said.problem() == "idempotency-key-reused" or any("key-reused" in it for it in reasons):
        return Promise.REUSE
    if said.is_dry_run:
        return Promise.DRY_RUN
    return Promise.REFUSAL if said.verdict is Verdict.REFUSED else Promise.KEPT


def _is_settled_by_deletion(each: Said, evidence: Evidence, findings: Findings) -> bool:
    """Holds what must be so of users who were deleted; whether that is all there is to say."""
    problem = each.problem() if each.verdict is Verdict.REFUSED else None
    for user, name in ((each.command.user, _NO_USER), (each.command.to, _NO_RECIPIENT)):
        if user is None or (user == each.command.user and name == _NO_RECIPIENT):
            continue
        deletion = evidence.deletion(user)
        if problem == name:
            is_right = deletion.started <= each.span.ended \
                or user not in evidence.history.users
        else:
            is_needed = name == _NO_USER or each.verdict in (Verdict.DONE, Verdict.FORETOLD)
            is_right = not is_needed or each.span.started <= deletion.ended
        findings.hold(
            Promise.DELETED, is_right,
            f"{each.command} was {each.verdict.value} ({problem}), while user {user} was deleted "
            f"from {deletion.started:.3f} to {deletion.ended:.3f}", user, each.span.ended)
    return problem in (_NO_USER, _NO_RECIPIENT)
