import unittest

from credits_bench import figures
from credits_bench.figures import Spread
from credits_bench.rounds import Sample

from .support import rounds


class FiguresTests(unittest.TestCase):
    def test_a_spread_is_median_least_and_most(self):
        self.assertEqual(Spread.of([30, 10, 20]), Spread(20, 10, 30))
        self.assertEqual(Spread.of([10, 20]), Spread(15, 10, 20))
        self.assertIsNone(Spread.of([]))

    def test_a_ratio_is_the_median_of_each_rounds_own(self):
        # The medians alone would give 100 / 50 = 2.
        measured = rounds("x", credits=[100, 200, 30], nginx=[50, 50, 60])
        self.assertEqual(figures.ratio(measured, "credits", "nginx", "x"), Spread(2, 0.5, 4))
        uneven = rounds("x", credits=[10, 20, 90], nginx=[10, 40, 30])
        self.assertEqual(figures.ratio(uneven, "credits", "nginx", "x"), Spread(1, 0.5, 3))

    def test_what_was_not_measured_has_no_figure(self):
        measured = rounds("x", credits=[100])
        self.assertIsNone(figures.spread(measured, "credits", "y"))
        self.assertIsNone(figures.spread(measured, "nginx", "x"))
        self.assertIsNone(figures.ratio(measured, "credits", "nginx", "x"))
        self.assertIsNone(figures.ratio([], "credits", "nginx", "x"))

    def test_a_ratio_to_nothing_does_not_count(self):
        measured = rounds("x", credits=[1, 6], nginx=[0, 3])
        self.assertEqual(figures.ratio(measured, "credits", "nginx", "x"), Spread(2, 2, 2))

    def test_calls_are_ordered_and_rare_ones_left_out(self):
        measured = [
            {"credits": Sample(calls={"read": 1, "write": 1.5, "futex": 0.001})},
            {"credits": Sample(calls={"read": 1, "write": 1.7})},
        ]
        calls = figures.calls(measured, "credits", 0.01)
        self.assertEqual(list(calls), ["write", "read"])
        self.assertAlmostEqual(calls["write"], 1.6)
