"""Rounds in which every peer has its turn, so that what changes with time changes for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from .spoiled import Spoiled


@dataclass
class Sample:
    """What one turn of one peer gave. A figure that could not be measured is absent."""

    figures: dict[str, float] = field(default_factory=dict)
    calls: dict[str, float] = field(default_factory=dict)
    """System calls a request, by name."""
    stolen: float = 0
    """The worst share of the machine's time that was stolen in a timed part, 0...1."""
    foreign: float = 0
    """The worst share that other processes used in a timed part, 0...1."""
    notes: list[str] = field(default_factory=list)

    def note(self, stolen: float, foreign: float) -> None:
        self.stolen = max(self.stolen, stolen)
        self.foreign = max(self.foreign, foreign)


Round = dict[str, Sample]
"""A sample for each peer, or for each turn, by name."""


@dataclass
class Run:
    rounds: list[Round] = field(default_factory=list)
    spoiled: list[str] = field(default_factory=list)
    """Why turns were repeated, one reason for each."""


class Named(Protocol):
    @property
    def name(self) -> str: ...


Turn = TypeVar("Turn", bound=Named)
Item = TypeVar("Item")


def rotations(turns: Sequence[Turn], rounds: int) -> list[list[Turn]]:
    """An order for each round, so that nobody is always first."""
    return [rotated(turns, number) for number in range(rounds)] if turns else []


def rotated(items: Sequence[Item], number: int) -> list[Item]:
    first = number % len(items)
    return [*items[first:], *items[:first]]


def interleave(
    orders: Sequence[Sequence[Turn]], repeats: int, measure: Callable[[Turn], Sample],
    say: Callable[[str], None],
) -> Run:
    """Repeats a spoiled turn at once; after so many repeats, ends with the whole rounds it has."""
    run = Run()
    for number, order in enumerate(orders):
        waiting = list(order)
        samples: Round = {}
        while waiting:
            name = waiting[0].name
            say(f"round {number + 1} of {len(orders)}: {name}")
            try:
                samples[name] = measure(waiting[0])
                del waiting[0]
            except Spoiled as reason:
                run.spoiled.append(f"{name}: {reason}")
                say(f"spoiled: {run.spoiled[-1]}")
                if len(run.spoiled) > repeats:
                    return run
        run.rounds.append(samples)
    return run
