"""The table by itself, and whether each of its entries was asked for."""

from __future__ import annotations

from collections import Counter

from ..evidence import Evidence
from ..findings import Findings, Promise
from ..ledger import Account, Entry, Ledger
from ..said import Verdict

_NOT_ASKED_FOR = {"external"}


def check(evidence: Evidence, findings: Findings) -> None:
    for account in evidence.ledger.accounts.values():
        _chain(account, findings)
    for entry in evidence.ledger:
        _related(entry, evidence.ledger, findings)
        if entry.kind not in _NOT_ASKED_FOR:
            _asked_for(entry, evidence, findings)
    _once(evidence.ledger, findings)


def _chain(account: Account, findings: Findings) -> None:
    before = None
    for entry in account.entries:
        balance, at = (before.after, before.at) if before else (0, "")
        findings.hold(
            Promise.CHAIN, entry.after == balance + entry.amount and entry.at >= at,
            f"transaction {entry.id} does not follow from the one before it", account.user,
            entry=entry.id)
        before = entry


def _related(entry: Entry, ledger: Ledger, findings: Findings) -> None:
    if entry.related_id is None:
        return
    other = ledger.entry(entry.related_user, entry.related_id)
    matches = other is not None and other.amount == -entry.amount
    if matches and entry.kind in ("transfer_out", "transfer_in"):
        matches = (other.related_user, other.related_id) == (entry.user, entry.id)
    if matches and entry.kind == "reversal":
        matches = other.user == entry.user and other.index < entry.index
    findings.hold(
        Promise.CHAIN, matches,
        f"transaction {entry.id} and {entry.related_id}, which it names, do not match",
        entry.user, entry=entry.id)


def _asked_for(entry: Entry, evidence: Evidence, findings: Findings) -> None:
    makers = evidence.makers(entry)
    findings.hold(
        Promise.ASKED, bool(makers),
        f"nobody asked for transaction {entry.id} ({entry.kind} {entry.amount:+}, "
        f"reason {entry.reason})", entry.user, entry=entry.id)
    if not makers:
        return
    can_have = any(each.verdict in (Verdict.DONE, Verdict.UNKNOWN) for each in makers)
    told = sorted({each.verdict.value for each in makers})
    findings.hold(
        Promise.REFUSED, can_have,
        f"transaction {entry.id} ({entry.kind} {entry.amount:+}) stands there, and all that its "
        f"callers were told is: {', '.join(told)}", entry.user, makers[-1].span.ended, entry.id)


def _once(ledger: Ledger, findings: Findings) -> None:
    writes = Counter(
        (entry.user, "key" if entry.key else "reason", entry.key or entry.reason)
        for entry in ledger if entry.kind not in (*_NOT_ASKED_FOR, "transfer_in"))
    for (user, name, value), count in writes.items():
        findings.hold(
            Promise.ASKED, count == 1, f"the write of {name} {value} stands there {count} times",
            user)
    reversals = Counter(
        (entry.user, entry.related_id) for entry in ledger if entry.kind == "reversal")
    for (user, undone), count in reversals.items():
        findings.hold(
            Promise.CHAIN, count == 1, f"transaction {undone} was reversed {count} times", user,
            entry=undone)
