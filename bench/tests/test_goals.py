import unittest

from credits_bench.figures import Spread
from credits_bench.goals import Goal, Verdict
from credits_bench.grant_report import GOALS as GRANT_GOALS
from credits_bench.http_bench import GOALS

from .support import rounds


def verdict(goal: Goal, median: float) -> Verdict:
    return goal.verdict(Spread(median, median, median))


class GoalTests(unittest.TestCase):
    def test_larger_is_better_unless_said_otherwise(self):
        goal = Goal("throughput", "x", must=0.9, aim=1.0)
        for median, expected in [
            (1.0, Verdict.AIM), (0.99, Verdict.MUST), (0.9, Verdict.MUST), (0.89, Verdict.MISSED),
        ]:
            with self.subTest(median=median):
                self.assertEqual(verdict(goal, median), expected)

    def test_smaller_is_better_where_said(self):
        goal = Goal("latency", "x", must=1.5, aim=0.5, smaller_is_better=True)
        for median, expected in [
            (0.5, Verdict.AIM), (0.51, Verdict.MUST), (1.5, Verdict.MUST), (1.51, Verdict.MISSED),
        ]:
            with self.subTest(median=median):
                self.assertEqual(verdict(goal, median), expected)

    def test_a_bound_that_no_round_may_pass_is_judged_by_the_worst(self):
        goal = Goal("wait", "x", must=50, aim=30, smaller_is_better=True, worst=True)
        for high, expected in [
            (30, Verdict.AIM), (31, Verdict.MUST), (51, Verdict.MISSED),
        ]:
            with self.subTest(high=high):
                self.assertEqual(goal.verdict(Spread(10, 5, high)), expected)
        self.assertEqual(
            Goal("rate", "x", must=5, aim=9, worst=True).verdict(Spread(10, 4, 20)),
            Verdict.MISSED)

    def test_what_was_not_measured_is_neither_met_nor_missed(self):
        goal = Goal("throughput", "x", 1, 2, beside="nginx")
        measured = goal.measured(rounds("x", credits=[5]), "credits")
        self.assertIsNone(measured)
        self.assertEqual(goal.verdict(measured), Verdict.UNKNOWN)

    def test_a_figure_is_given_in_the_goals_unit(self):
        goal = Goal("memory, KiB", "bytes", 10, 4, scale=1024)
        self.assertEqual(
            goal.measured(rounds("bytes", credits=[1024, 3072, 2048]), "credits"),
            Spread(2, 1, 3))

    def test_every_aim_is_beyond_its_must(self):
        for goal in [*GOALS, *(goal for goal, _ in GRANT_GOALS)]:
            with self.subTest(goal=goal.title):
                better = goal.must - goal.aim if goal.smaller_is_better else goal.aim - goal.must
                self.assertGreater(better, 0)
