"""The promises, each held against the evidence."""

from __future__ import annotations

from ..evidence import Evidence
from ..findings import Findings
from . import answers, batches, entries, reads, receipts

ALL = (entries.check, receipts.check, answers.check, batches.check, reads.check)


def check(evidence: Evidence, findings: Findings) -> None:
    for each in ALL:
        each(evidence, findings)
