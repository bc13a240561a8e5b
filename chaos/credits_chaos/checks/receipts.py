"""What was acknowledged, held against the table: nothing lost, nothing answered otherwise."""

from __future__ import annotations

import json

from ..evidence import Evidence
from ..findings import Findings, Promise
from ..ledger import Entry
from ..rules import differing
from ..said import Said, Verdict


def check(evidence: Evidence, findings: Findings) -> None:
    firsts: dict[int, Said] = {}
    for each in evidence.said():
        if each.verdict is Verdict.DONE:
            _done(each, evidence, findings, firsts)
        if each.verdict is Verdict.REPLAYED and not _is_of_this_dry_run(each):
            _replayed(each, evidence, findings)


def _done(
    each: Said, evidence: Evidence, findings: Findings, firsts: dict[int, Said],
) -> None:
    entry = evidence.entry(each)
    findings.hold(
        Promise.KEPT, entry is not None, f"acknowledged, and not in the ledger: {each.content}",
        each.command.user, each.span.ended)
    if entry is None:
        return
    _matches(Promise.KEPT, each, entry, findings)
    findings.hold(
        Promise.REPLAY, entry.id not in firsts,
        f"transaction {entry.id} was answered as new twice: {each.content}", entry.user,
        each.span.ended, entry.id)
    firsts[entry.id or 0] = each
    timeline = evidence.timeline(entry.user)
    findings.hold(
        Promise.KEPT, timeline.is_possible(entry.index),
        f"transaction {entry.id} was seen before it was asked for, or a later one was answered "
        "before it", entry.user, each.span.ended, entry.id)


def _replayed(each: Said, evidence: Evidence, findings: Findings) -> None:
    entry = evidence.entry(each)
    findings.hold(
        Promise.REPLAY, entry is not None,
        f"answered again, and not in the ledger: {each.content}", each.command.user,
        each.span.ended)
    if entry is None:
        return
    _matches(Promise.REPLAY, each, entry, findings)
    earlier = any(
        other.span.started < each.span.ended and other is not each
        and other.verdict in (Verdict.DONE, Verdict.UNKNOWN)
        for other in evidence.makers(entry))
    findings.hold(
        Promise.REPLAY, earlier, f"answered as done before, and nobody had asked: {each.content}",
        entry.user, each.span.ended, entry.id)


def _matches(promise: Promise, each: Said, entry: Entry, findings: Findings) -> None:
    member = differing(each.command, entry)
    findings.hold(
        promise, member is None,
        f"transaction {entry.id} has another {member} than the command answered with it: "
        f"{each.command}", entry.user, each.span.ended, entry.id)
    findings.hold(
        promise, _is_receipt(each, entry),
        f"answered {_shown(each)}, while the ledger has {_bytes(entry.receipt()).decode()}",
        entry.user, each.span.ended, entry.id)


def _is_receipt(each: Said, entry: Entry) -> bool:
    receipt = entry.receipt()
    if each.attempt.request.is_batch:
        return each.content is not None and list(each.content.items()) == list(receipt.items())
    if each.is_dry_run:
        receipt["dry_run"] = True
    return each.attempt.answer is not None and each.attempt.answer.body == _bytes(receipt)


def _is_of_this_dry_run(each: Said) -> bool:
    """A key that came twice in a dry run: what it repeats was taken back."""
    return each.is_dry_run and "transaction_id" not in (each.content or {})


def _bytes(receipt: dict[str, object]) -> bytes:
    return json.dumps(receipt, separators=(",", ":")).encode()


def _shown(each: Said) -> str:
    if each.attempt.request.is_batch or each.attempt.answer is None:
        return str(each.content)
    return each.attempt.answer.body.decode(errors="replace")
