import unittest

from credits_bench import paced
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
        found = Latencies([float(n) for n in range(200)], seconds=2)
        self.assertEqual((found.percentile(50), found.percentile(99)), (100, 198))
        self.assertEqual((found.longest, found.requests_per_second), (199, 100))
