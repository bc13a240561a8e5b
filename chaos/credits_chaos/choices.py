"""What a caller asks for next: random, and the same again for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import count

from .commands import Command, Request
from .habits import Habits
from .instance import INSTANCES
from .town import Town

_NOBODY = 10**15
_MOST = 10**12
_BATCHABLE = ("add", "deduct", "reset")


class Chooser:
    def __init__(self, name: str, seed: str, town: Town, habits: Habits) -> None:
        self.random = random.Random(f"{seed}/{name}")
        self.habits = habits
        self._name, self._town = name, town
        self._numbers = count(1)

    def instance(self, request: Request | None = None) -> int:
        if request is not None and self.is_now(self.habits.at_home):
            return request.commands[0].user % INSTANCES
        return self.random.randrange(INSTANCES)

    def _one_of(self, weights: dict[str, int]) -> str:
        return self.random.choices(list(weights), list(weights.values()))[0]

    def is_now(self, share: float) -> bool:
        return self.random.random() < share

    def request(self) -> Request | None:
        makers = {"single": self.single, "batch": self.batch, "again": self.again,
                  "other": self.other}
        return makers[self._one_of(self.habits.requests)]()

    def single(self) -> Request:
        user = _NOBODY if self.is_now(0.003) else self._town.pick(self.random)
        change = self._one_of(self.habits.changes)
        return Request((self._command(user, change),), is_dry_run=self.is_now(0.03))

    def batch(self) -> Request:
        users = [self._town.pick(self.random) for _ in range(self.random.randint(1, 4))]
        are_keyed = self.is_now(0.6)
        commands = [
            self._command(
                self.random.choice(users), self.random.choices(_BATCHABLE, [55, 40, 5])[0],
                are_keyed)
            for _ in range(self.random.choice([1, 2, 5, 12]))]
        if are_keyed and self.is_now(0.4):
            commands.append(self.random.choice(commands))
        if are_keyed and self.is_now(0.2) and (old := self.again()) is not None:
            commands += [each for each in old.commands if each.change in _BATCHABLE]
        return Request(
            tuple(commands), is_batch=True, is_atomic=self.is_now(0.5),
            is_dry_run=self.is_now(0.1))

    def again(self) -> Request | None:
        """One that was sent before: as it was, or one command of a batch by itself."""
        request = self._town.remembered(self.random)
        if request is not None and request.is_batch and self.is_now(0.3):
            return Request((self.random.choice(request.commands),))
        return request

    def other(self) -> Request | None:
        """Another request under the key of one that was sent before."""
        request = self._town.remembered(self.random)
        if request is None:
            return None
        command = self.random.choice(request.commands)
        return Request((self.random.choice(self._others(command))(command),))

    def _others(self, command: Command) -> list[Callable[[Command], Command]]:
        found: list[Callable[[Command], Command]] = [
            lambda it: replace(it, reason=it.reason + "!"),
            lambda it: replace(it, metadata='{"another": true}'),
        ]
        if command.amount is not None:
            found.append(lambda it: replace(it, amount=it.amount % _MOST + 1))
        if command.change in _BATCHABLE:
            change = "deduct" if command.change == "add" else "add"
            found.append(lambda it: replace(it, change=change, amount=it.amount or 1))
        if command.change == "transfer":
            found.append(lambda it: replace(it, to=self._town.pick(self.random)))
        if command.change == "reverse":
            found.append(lambda it: replace(it, undone=it.undone + 1))
        return found

    def _command(self, user: int, change: str, is_keyed: bool | None = None) -> Command:
        reason = f"{self._name}-{next(self._numbers)}"
        is_keyed = self.is_now(0.6) if is_keyed is None else is_keyed
        command = Command(
            user, change, reason, key=f"key-{reason}" if is_keyed else None,
            metadata='{"from": "chaos", "n": [1, 2.5]}' if self.is_now(0.1) else None)
        if change in ("add", "deduct", "transfer"):
            command = replace(command, amount=self._amount(user, change))
        if change == "transfer":
            command = replace(
                command, to=_NOBODY if self.is_now(0.01) else self._town.pick(self.random))
        if change == "reverse":
            known = list(self._town.entries.get(user, [])) or [1]
            command = replace(command, undone=self.random.choice(known))
        return command

    def _amount(self, user: int, change: str) -> int:
        balance = self._town.balances.get(user, 0)
        if change != "add" and 0 < balance <= _MOST and self.is_now(0.3):
            return balance  # All there is, as far as anybody knows.
        if self._town.is_poor(user):
            return self.random.choice([1, 1, 2, 3] if change == "add" else [1, 2, 4, 9])
        if self._town.is_rich(user):
            return self.random.choice([1, 10, 40])
        return self.random.choice([1, 2, 3, 7, 10, 50, 200, _MOST if self.is_now(0.02) else 5])
