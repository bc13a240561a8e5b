"""Reads: none may be older than what anybody was told before it began."""

from __future__ import annotations

from http import HTTPStatus

from ..evidence import Evidence
from ..findings import Findings, Promise
from ..history import Page, PastReading, Reading
from ..said import parsed


def check(evidence: Evidence, findings: Findings) -> None:
    for reading in evidence.history.readings:
        match reading.answer.status:
            case HTTPStatus.OK:
                _reading(reading, evidence, findings)
            case HTTPStatus.NOT_FOUND:
                deletion = evidence.deletion(reading.user)
                findings.hold(
                    Promise.DELETED, deletion.started <= reading.span.ended,
                    "not found, and nobody had deleted the user", reading.user,
                    reading.span.ended)
            case status:
                findings.hold(
                    Promise.ANSWERED,
                    status == HTTPStatus.SERVICE_UNAVAILABLE and reading.answer.has_retry_after,
                    f"a read was answered {reading.answer}", reading.user, reading.span.ended)
    for page in evidence.history.pages:
        _page(page, evidence, findings)
    for past in evidence.history.past:
        _past(past, evidence, findings)


def _reading(reading: Reading, evidence: Evidence, findings: Findings) -> None:
    states = evidence.states(reading.user, reading.span)
    balance = (parsed(reading.answer) or {}).get("credits")
    is_shown = any(evidence.ledger.of(reading.user).balance(index) == balance for index in states)
    text = f"instance {reading.instance} showed {reading.answer.body.decode(errors='replace')}, " \
        f"while the user had {_balances(reading.user, states, evidence)}"
    findings.hold(Promise.READ, is_shown, text, reading.user, reading.span.ended)
    findings.hold(
        Promise.TIME, bool(evidence.seen(reading)) or not is_shown, text, reading.user,
        reading.span.ended)
    findings.hold(
        Promise.DELETED, reading.span.started <= evidence.deletion(reading.user).ended,
        "a balance was shown after the user's deletion", reading.user, reading.span.ended)


def _balances(user: int, states: list[int], evidence: Evidence) -> str:
    if not states:
        return "no state that fits the moment"
    account = evidence.ledger.of(user)
    shown = [
        f"{account.balance(index)} since {account.entries[index - 1].at if index else 'ever'}"
        for index in states]
    return " or ".join(shown[:5]) + (f" or {len(shown) - 5} others" if len(shown) > 5 else "")  # noqa: PLR2004


def _page(page: Page, evidence: Evidence, findings: Findings) -> None:
    account = evidence.ledger.of(page.user)
    shown = [account.by_id.get(entry["transaction_id"]) for entry in page.entries]
    indices = [each.index for each in shown if each is not None]
    newest = indices[0] if indices else 0
    is_whole = indices == list(range(newest, newest - len(page.entries), -1)) and all(
        each is not None and _is_as_shown(each.receipt(), entry)
        for each, entry in zip(shown, page.entries, strict=True))
    findings.hold(
        Promise.PAGE, is_whole, f"a page has gaps or other numbers: {page.entries}", page.user,
        page.span.ended)
    if is_whole:
        _begins_right(page, newest, evidence, findings)


def _begins_right(page: Page, newest: int, evidence: Evidence, findings: Findings) -> None:
    if page.below is None:
        states = evidence.states(page.user, page.span)
        findings.hold(
            Promise.READ, newest in states,
            f"the newest entry of a page was the user's {newest}th, while there were {states[:5]}",
            page.user, page.span.ended)
        return
    before = evidence.ledger.entry(page.user, page.below)
    findings.hold(
        Promise.PAGE, before is not None and newest == before.index - 1,
        f"the page below {page.below} begins with the user's {newest}th entry", page.user,
        page.span.ended)


def _past(past: PastReading, evidence: Evidence, findings: Findings) -> None:
    account = evidence.ledger.of(past.user)
    until = [entry for entry in account.entries if entry.at <= past.at]
    balance = until[-1].after if until else 0
    shown = (parsed(past.answer) or {}).get("credits")
    findings.hold(
        Promise.PAST, shown == balance,
        f"the balance at {past.at} was {balance}, and shown was {past.answer}", past.user)


def _is_as_shown(receipt: dict[str, object], entry: dict[str, object]) -> bool:
    return (receipt["transaction_id"], receipt["credits"], receipt["last_updated"]) == (
        entry["transaction_id"], entry["balance_after"], entry["created_at"])
