"""History and ledger side by side: who made which entry, and when it can have been."""

from __future__ import annotations

import math
from collections import defaultdict
from functools import cached_property

from . import said
from .commands import Command
from .history import Deletion, History, Reading, Span
from .ledger import Entry, Ledger
from .rules import differing
from .said import Said, Verdict
from .timeline import Timeline


class Evidence:
    def __init__(self, history: History, ledger: Ledger) -> None:
        self.history, self.ledger = history, ledger
        self.attempts = [said.of(attempt) for attempt in history.attempts]
        self._by_slot: dict[tuple[int, str], list[Said]] = defaultdict(list)
        for each in self.said():
            self._by_slot[_slot(each.command)].append(each)
        self._timelines: dict[int, Timeline] = {}
        self._inner = self._inner_states()
        for step in (self._acknowledged, self._made, self._edited, self._seen):
            step()
            for timeline in self._timelines.values():
                timeline.settle()

    @cached_property
    def beginning(self) -> float:
        spans = [*self.history.attempts, *self.history.readings]
        return min((it.span.started for it in spans), default=0)

    def said(self) -> list[Said]:
        return [each for attempt in self.attempts for each in attempt]

    def sent_under(self, key_or_reason: Command) -> list[Said]:
        """All that was said of commands with the same key, or without one of the same reason."""
        return self._by_slot.get(_slot(key_or_reason), [])

    def makers(self, entry: Entry) -> list[Said]:
        """What was said of the commands that the entry may come from."""
        if entry.kind == "transfer_in":
            other = self.ledger.entry(entry.related_user, entry.related_id)
            return self.makers(other) if other is not None else []
        slot = (entry.user, f"key {entry.key}" if entry.key else f"reason {entry.reason}")
        return [each for each in self._by_slot.get(slot, [])
                if not each.is_dry_run and differing(each.command, entry) is None]

    def entry(self, each: Said) -> Entry | None:
        """The one that a receipt names."""
        content = each.content or {}
        return self.ledger.entry(each.command.user, content.get("transaction_id"))

    def timeline(self, user: int) -> Timeline:
        if user not in self._timelines:
            self._timelines[user] = Timeline(len(self.ledger.of(user).entries))
            self._timelines[user].settle()
        return self._timelines[user]

    def states(self, user: int, span: Span) -> list[int]:
        """Those that others may have seen at some moment of the span."""
        return [index for index in self.timeline(user).states(span)
                if (user, index) not in self._inner]

    def deletion(self, user: int) -> Deletion:
        return self.history.deletions.get(user, Deletion(math.inf))

    def seen(self, reading: Reading) -> list[int]:
        """The states that the reading may be of."""
        content = said.parsed(reading.answer) or {}
        shown = (content.get("credits"), content.get("last_updated"))
        account = self.ledger.of(reading.user)
        newcomer = self.history.users.get(reading.user)
        found = []
        for index in self.states(reading.user, reading.span):
            entry = account.entries[index - 1] if index else None
            at = entry.at if entry else newcomer and newcomer.created_at
            if (account.balance(index), at) == shown:
                found.append(index)
        return found

    @cached_property
    def touching(self) -> dict[int, list[Said]]:
        """By user, recipients included, in the order of time."""
        found: dict[int, list[Said]] = defaultdict(list)
        for each in sorted(self.said(), key=lambda each: each.span.started):
            for user in {each.command.user, each.command.to} - {None}:
                found[user].append(each)
        return found

    # Bounds

    def _acknowledged(self) -> None:
        for each in self.said():
            if each.verdict not in (Verdict.DONE, Verdict.REPLAYED):
                continue
            entry = self.entry(each)
            for side in self._sides(entry):
                timeline = self.timeline(side.user)
                timeline.not_after(side.index, each.span.ended)
                if each.verdict is Verdict.DONE:
                    timeline.not_before(side.index, each.span.started)

    def _made(self) -> None:
        """What nobody was told of was not before its first request."""
        for entry in self.ledger:
            starts = [each.span.started for each in self.makers(entry)]
            if starts:
                self.timeline(entry.user).not_before(entry.index, min(starts))

    def _edited(self) -> None:
        for edit in self.history.edits:
            entry = self.ledger.entry(edit.user, edit.entry)
            if entry is not None:
                self.timeline(edit.user).not_before(entry.index, edit.span.started)
                self.timeline(edit.user).not_after(entry.index, edit.span.ended)

    def _seen(self) -> None:
        """What one reader has seen is seen by all who ask afterwards."""
        bounds = [(reading, self.seen(reading)) for reading in self.history.readings]
        for reading, states in bounds:
            if states:
                timeline = self.timeline(reading.user)
                timeline.not_after(states[0], reading.span.ended)
                timeline.not_before(states[-1] + 1, reading.span.started)

    def _inner_states(self) -> set[tuple[int, int]]:
        """What a user had in the middle of a batch: its transaction shows that to nobody."""
        found = set()
        for attempt in self.attempts:
            last: dict[int, int] = {}
            for each in attempt:
                entry = self.entry(each) if each.verdict is Verdict.DONE else None
                if entry is not None:
                    if entry.user in last:
                        found.update(
                            (entry.user, index) for index in range(last[entry.user], entry.index))
                    last[entry.user] = entry.index
        return found

    def _sides(self, entry: Entry | None) -> list[Entry]:
        if entry is None:
            return []
        other = None
        if entry.kind == "transfer_out":
            other = self.ledger.entry(entry.related_user, entry.related_id)
        return [entry] if other is None else [entry, other]


def _slot(command: Command) -> tuple[int, str]:
    name = f"reason {command.reason}" if command.key is None else f"key {command.key}"
    return command.user, name
