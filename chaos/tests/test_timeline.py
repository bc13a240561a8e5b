import unittest

from credits_chaos.history import Span
from credits_chaos.timeline import Timeline


def timeline(*bounds: tuple[float | None, float | None]) -> Timeline:
    """Of entries that were committed between these moments."""
    made = Timeline(len(bounds))
    for index, (earliest, latest) in enumerate(bounds, 1):
        if earliest is not None:
            made.not_before(index, earliest)
        if latest is not None:
            made.not_after(index, latest)
    made.settle()
    return made


class TimelineTests(unittest.TestCase):
    def test_a_state_lasts_until_the_next_entry(self):
        two = timeline((10, 20), (30, 40))
        for span, expected in [
            (Span(0, 9), [0]), (Span(0, 10), [0, 1]), (Span(15, 15), [0, 1]), (Span(21, 29), [1]),
            (Span(35, 35), [1, 2]), (Span(41, 50), [2]), (Span(0, 50), [0, 1, 2]),
        ]:
            with self.subTest(span=span):
                self.assertEqual(list(two.states(span)), expected)

    def test_what_bounds_an_entry_bounds_its_neighbours(self):
        three = timeline((10, None), (None, None), (None, 30))
        self.assertEqual(list(three.states(Span(31, 32))), [3])
        self.assertEqual(list(three.states(Span(5, 9))), [0])

    def test_without_bounds_every_state_is_possible(self):
        self.assertEqual(list(timeline((None, None)).states(Span(1, 2))), [0, 1])

    def test_without_entries_there_is_one_state(self):
        self.assertEqual(list(timeline().states(Span(1, 2))), [0])

    def test_an_entry_that_was_seen_before_it_was_asked_for_is_impossible(self):
        self.assertFalse(timeline((10, 5)).is_possible(1))
        self.assertFalse(timeline((10, None), (None, 5)).is_possible(1))
        self.assertTrue(timeline((5, 10)).is_possible(1))
