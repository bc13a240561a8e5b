import unittest

from credits_bench import paced
from credits_bench.checkpoints import Stretch
from credits_bench.paced import Latencies, Pace
from credits_bench.spoiled import Spoiled

from .support import served

USERS = 10


def add(behaviour: str, pace: Pace, seconds: float, users: int = USERS) -> Latencies:
    with served(behaviour) as server:
        return paced.add(server.port, users, pace, paced.for_seconds(seconds), seed=1)


class PacedTests(unittest.TestCase):
    def test_so_many_are_sent_a_second_as_are_asked_for(self):
        # An answer takes 40 ms where its head and its body are two packets.
        found = add("works", Pace(connections=16, per_second=100), seconds=0.5)
        self.assertAlmostEqual(found.requests, 50, delta=2)
        self.assertAlmostEqual(found.requests_per_second, 100, delta=15)

    def test_one_by_one_is_as_fast_as_the_answers(self):
        found = add("works", Pace(connections=1, per_second=None), seconds=0.3)
        self.assertGreater(found.requests, 3)
        self.assertAlmostEqual(sum(found.sorted) / 1000, found.seconds, delta=0.2)

    def test_what_waits_behind_a_slow_answer_counts_its_wait(self):
        # Each answer takes 100 ms: of one connection, the fourth add is answered after 400 ms, and
        # was due after 30.
        found = add("slow", Pace(connections=1, per_second=100), seconds=0.45)
        self.assertGreater(found.longest, 250)
        self.assertLess(found.sorted[0], 200)

    def test_another_status_spoils_it(self):
        with self.assertRaisesRegex(Spoiled, "answered with 400"):
            add("works", Pace(1, None), seconds=5, users=10_000)

    def test_percentiles_are_of_the_sorted_latencies(self):
        found = Latencies([float(n) for n in range(200, 0, -1)], [0.0] * 200, [Stretch(3, 5)])
        self.assertEqual((found.percentile(50), found.percentile(99)), (101, 199))
        self.assertEqual((found.longest, found.requests_per_second), (200, 100))
        self.assertEqual([found.above(bound) for bound in (0, 150, 199.5, 200)],
                         [100_000, 25_000, 500, 0])

    def test_stretches_are_joined(self):
        found = Latencies.joined([
            Latencies([1.0, 3.0], [1.0, 2.0], [Stretch(0, 2)]),
            Latencies([2.0], [9.0], [Stretch(8, 10)])])
        self.assertEqual((found.sorted, found.seconds), ([1, 2, 3], 4))

    def test_requests_are_told_apart_by_when_they_were_under_way(self):
        # From 0.9 to 1.0, from 1.5 to 2.5, and from 2.99 to 3.
        found = Latencies([100.0, 1000.0, 10.0], [1.0, 2.5, 3.0], [Stretch(0, 4)])
        for time, expected in [
            (Stretch(2.0, 2.1), [1000]), (Stretch(2.5, 2.98), [1000]), (Stretch(1.1, 1.4), []),
            (Stretch(1.0, 1.6), [100, 1000]), (Stretch(0, 9), [100, 1000, 10]),
        ]:
            with self.subTest(time=time):
                within, others = found.split([time])
                self.assertEqual(list(within.milliseconds), expected)
                self.assertEqual(within.requests + others.requests, 3)
