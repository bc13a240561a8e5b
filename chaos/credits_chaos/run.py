"""A run: the load and the faults beside it, the questions after it, and what the checks find."""

from __future__ import annotations

import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import checks, habits, ledger, service
from .callers import Caller
from .choices import Chooser
from .edits import Editor
from .evidence import Evidence
from .faults import Faults
from .finale import Finale
from .findings import Findings, Promise
from .history import History
from .people import People
from .progress import Progress
from .service import Service
from .town import Town


@dataclass(frozen=True)
class Plan:
    binary: Path
    folder: Path
    seed: str
    seconds: float
    callers: int
    pause: float
    has_faults: bool


@dataclass(frozen=True)
class Result:
    plan: Plan
    evidence: Evidence
    findings: Findings
    faults: Counter[str]
    settings: tuple[dict[str, str], ...]
    """Of each instance."""
    messages: Counter[str]
    """What the instances logged as errors."""


class Run:
    def __init__(self, plan: Plan, running: Service, progress: Progress) -> None:
        self._plan, self._service, self._progress = plan, running, progress
        self._habits = habits.of(plan.seed)
        self._history, self._town = History(), Town()
        self._faults = Faults(running, self._history, plan.seed)
        self._editor = Editor(running.postgres, self._town, self._history, plan.seed)
        self._people = People(running.connect(), self._town, self._history, plan.seed)

    def result(self) -> Result:
        self._people.settle()
        for user, balance in self._town.opening().items():
            self._editor.edit(user, f"INSERT INTO credits (user_id, credits) "
                                    f"VALUES ({user}, {balance});")
        self._load()
        self._progress.say("asking about everything once more")
        Finale(self._service, self._history, self._caller, self._plan.seed).run()
        self._progress.say("holding the ledger against what was answered")
        evidence = Evidence(
            self._history, ledger.Ledger.parse(self._service.postgres.run(ledger.SQL)))
        findings = Findings()
        checks.check(evidence, findings)
        self._hold_the_rest(findings)
        messages = sum((it.loud_messages() for it in self._service.instances), Counter())
        counts = self._faults.counts | Counter({"edits with psql": self._editor.count})
        settings = tuple(it.settings for it in self._service.instances)
        return Result(self._plan, evidence, findings, counts, settings, messages)

    def _load(self) -> None:
        until = time.monotonic() + self._plan.seconds
        callers = [self._caller(f"caller-{number}") for number in range(self._plan.callers)]
        works: list[Callable[[], None]] = [
            lambda: self._people.work(until),
            lambda: self._editor.work(until, self._habits.edit_pause),
            *(lambda it=it: it.work(until, self._plan.pause) for it in callers)]
        threads = [
            threading.Thread(target=self._surely, args=(work,), daemon=True) for work in works]
        for thread in threads:
            thread.start()
        self._go_wrong(until)
        for thread in threads:
            thread.join()

    def _go_wrong(self, until: float) -> None:
        last = "begins"
        if self._plan.has_faults:
            self._service.tell_proxies(f"trouble {self._faults.trouble}")
        while (left := until - time.monotonic()) > 0:
            self._progress.say(
                f"{left:3.0f} s left, {len(self._history.attempts):,} writes sent, "
                f"{len(self._history.readings):,} reads, last: {last}")
            time.sleep(min(left, self._faults.rest()))
            self._faults.look()
            if self._plan.has_faults and time.monotonic() < until:
                last = self._faults.one()

    def _caller(self, name: str) -> Caller:
        chooser = Chooser(name, self._plan.seed, self._town, self._habits)
        return Caller(chooser, self._service.connect, self._town, self._history)

    def _surely(self, work: Callable[[], None]) -> None:
        """A thread that fails must not end in silence."""
        try:
            work()
        except Exception:
            self._history.mishaps.append(f"a caller failed: {traceback.format_exc()}")

    def _hold_the_rest(self, findings: Findings) -> None:
        verified = self._service.verify()
        findings.hold(
            Promise.VERIFY, verified.returncode == 0, f"{verified.stdout}{verified.stderr}")
        findings.hold(Promise.ALIVE, not self._history.mishaps, "\n".join(self._history.mishaps))


def perform(plan: Plan, progress: Progress) -> Result:
    with service.running(plan.binary, plan.folder, plan.seed) as running:
        return Run(plan, running, progress).result()
