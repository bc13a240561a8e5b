"""A batch that is all or none, whose outcome nobody was told: all, or none."""

from __future__ import annotations

from ..evidence import Evidence
from ..findings import Findings, Promise
from ..ledger import Entry
from ..said import Said, Verdict


def check(evidence: Evidence, findings: Findings) -> None:
    entries: dict[tuple[int, str | None, str | None], Entry] = {
        (entry.user, entry.key, entry.reason): entry for entry in evidence.ledger}
    for attempt in evidence.attempts:
        request = attempt[0].attempt.request
        if not request.is_atomic or request.is_dry_run or attempt[0].verdict is Verdict.WRONG:
            continue
        own = [each for each in attempt if _is_sent_here_only(each, evidence)]
        made = [each for each in own
                if (each.command.user, each.command.key, each.command.reason) in entries]
        findings.hold(
            Promise.WHOLE, not made or len(made) == len(own),
            f"{len(made)} of the {len(own)} commands of a batch happened: "
            + ", ".join(each.command.reason for each in made), attempt[0].command.user,
            attempt[0].span.ended)


def _is_sent_here_only(each: Said, evidence: Evidence) -> bool:
    """Not by itself, nor in another batch: what happened there says nothing of this one."""
    request = each.attempt.request
    return all(other.attempt.request == request for other in evidence.sent_under(each.command))
