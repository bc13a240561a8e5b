"""Medians and ratios over rounds."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .rounds import Round


@dataclass(frozen=True)
class Spread:
    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread | None:
        """None of nothing."""
        found = list(values)
        if not found:
            return None
        return cls(statistics.median(found), min(found), max(found))


def spread(rounds: Sequence[Round], peer: str, figure: str) -> Spread | None:
    return Spread.of(
        samples[peer].figures[figure] for samples in rounds
        if peer in samples and figure in samples[peer].figures)


def ratio(
    rounds: Sequence[Round], peer: str, other: str, figure: str, other_figure: str | None = None
) -> Spread | None:
    """Of the two in the same round: what disturbed both cancels out."""
    quotients = []
    for samples in rounds:
        ours, theirs = (
            samples[name].figures.get(measured) if name in samples else None
            for name, measured in ((peer, figure), (other, other_figure or figure)))
        if ours is not None and theirs:
            quotients.append(ours / theirs)
    return Spread.of(quotients)


def best(rounds: Sequence[Round], peer: str, among: Sequence[str]) -> str | None:
    """Which figure of the peer has the highest median."""
    medians = [
        (found.median, figure) for figure in among
        if (found := spread(rounds, peer, figure)) is not None]
    return max(medians)[1] if medians else None


def calls(rounds: Sequence[Round], peer: str, at_least: float) -> dict[str, float]:
    """Median system calls a request by name, the most frequent first; rare ones are left out."""
    samples = [samples[peer].calls for samples in rounds if samples[peer].calls]
    names = {name for counted in samples for name in counted}
    medians = {
        name: statistics.median(counted.get(name, 0) for counted in samples) for name in names}
    ordered = sorted(medians.items(), key=lambda item: (-item[1], item[0]))
    return {name: value for name, value in ordered if value >= at_least}
