import unittest

from credits_bench.rounds import Run, Sample, interleave, rotations
from credits_bench.server import Peer
from credits_bench.spoiled import Spoiled
from credits_bench.usage import Calm, Usage

from .support import peer

PEERS = [peer(name=name) for name in "abc"]


class Measurement:
    """Notes whose turn it is; spoils the turns that are told, counted from 1."""

    def __init__(self, *spoiled: int) -> None:
        self.spoiled = spoiled
        self.turns = ""

    def __call__(self, peer: Peer) -> Sample:
        self.turns += peer.name
        if len(self.turns) in self.spoiled:
            raise Spoiled(f"turn {len(self.turns)}")
        return Sample({"x": len(self.turns)})


def run(measurement: Measurement) -> Run:
    return interleave(
        rotations(PEERS, rounds=3), repeats=2, measure=measurement, say=lambda _: None)


class RoundsTests(unittest.TestCase):
    def test_every_peer_has_its_turn_in_an_order_that_rotates(self):
        measurement = Measurement()
        result = run(measurement)
        self.assertEqual(measurement.turns, "abc" + "bca" + "cab")
        self.assertEqual([set(samples) for samples in result.rounds], [set("abc")] * 3)
        self.assertEqual(result.spoiled, [])

    def test_a_spoiled_turn_is_repeated_and_counted(self):
        measurement = Measurement(2, 9)
        result = run(measurement)
        self.assertEqual(measurement.turns, "abbc" + "bca" + "caab")
        self.assertEqual(len(result.rounds), 3)
        self.assertEqual(result.rounds[0]["b"].figures, {"x": 3})
        self.assertEqual(result.spoiled, ["b: turn 2", "a: turn 9"])

    def test_gives_up_with_the_whole_rounds_it_has(self):
        result = run(Measurement(5, 6, 7))
        self.assertEqual(len(result.rounds), 1)
        self.assertEqual(result.spoiled, ["c: turn 5", "c: turn 6", "c: turn 7"])

    def test_without_peers_there_is_nothing_to_do(self):
        self.assertEqual(interleave(rotations([], 3), 2, Measurement(), print), Run())

    def test_a_peer_that_always_fails_does_not_hang_the_run(self):
        result = run(Measurement(*range(1, 100)))
        self.assertEqual((len(result.rounds), len(result.spoiled)), (0, 3))


class CalmTests(unittest.TestCase):
    CALM = Calm(stolen=0.1, foreign=0.2, patience_seconds=0)

    def test_what_is_just_at_the_limits_counts(self):
        self.CALM.check(Usage(stolen=0.1, foreign=0.2))

    def test_more_spoils_the_turn(self):
        with self.assertRaisesRegex(Spoiled, "host took 11%"):
            self.CALM.check(Usage(stolen=0.11))
        with self.assertRaisesRegex(Spoiled, "other processes took 21%"):
            self.CALM.check(Usage(foreign=0.21))

    def test_patience_ends(self):
        Calm(stolen=0, foreign=-1, patience_seconds=0.6).wait()
