"""The result of a run, for people and for programs."""

from __future__ import annotations

from collections import Counter
from typing import Any

from . import habits, story
from .findings import Promise, Violation
from .run import Result

_TOLD = 3
"""Violations of a promise whose story is told."""


def text(result: Result) -> str:
    lines = [_headline(result), ""]
    broken = result.findings.broken
    for promise in Promise:
        count = result.findings.checked[promise]
        verdict = f"BROKEN {broken[promise]} times" if promise in broken else "kept"
        lines.append(f"  {promise.value}: {verdict} ({count:,} looked at)")
    settings = [" ".join(f"{k}={v}" for k, v in it.items()) or "none" for it in result.settings]
    lines += ["", f"  callers: {habits.of(result.plan.seed).name}",
              f"  settings of the instances: {'; '.join(settings)}",
              f"  faults: {_counted(result.faults)}", f"  answers: {_counted(answers(result))}"]
    if result.messages:
        lines.append(f"  logged as errors: {_counted(result.messages)}")
    for violation in told(result):
        lines += ["", f"BROKEN: {violation.promise.value}", violation.text,
                  *story.told(violation, result.evidence)]
    return "\n".join(lines)


def json(result: Result) -> dict[str, Any]:
    broken = result.findings.broken
    return {
        "seed": result.plan.seed, "seconds": result.plan.seconds,
        "binary": str(result.plan.binary), "is_kept": not broken,
        "users": len(result.evidence.history.users), "entries": len(result.evidence.ledger),
        "settings": result.settings, "faults": dict(result.faults),
        "answers": dict(answers(result)),
        "logged_errors": dict(result.messages),
        "promises": [
            {"promise": it.value, "looked_at": result.findings.checked[it], "broken": broken[it]}
            for it in Promise],
        "violations": [
            {"promise": it.promise.value, "user": it.user, "text": it.text,
             "story": story.told(it, result.evidence)} for it in told(result)],
    }


def told(result: Result) -> list[Violation]:
    """The first few of each promise: one fault often breaks it many times."""
    seen: Counter[Promise] = Counter()
    found = []
    for violation in result.findings.violations:
        seen[violation.promise] += 1
        if seen[violation.promise] <= _TOLD:
            found.append(violation)
    return found


def answers(result: Result) -> Counter[str]:
    return Counter(each.verdict.value for each in result.evidence.said())


def _headline(result: Result) -> str:
    history = result.evidence.history
    return (f"seed {result.plan.seed}, {result.plan.seconds:g} s: {len(history.attempts):,} writes "
            f"sent, {len(history.readings):,} reads, {len(result.evidence.ledger):,} entries of "
            f"{len(history.users)} users")


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.most_common()) or "none"
