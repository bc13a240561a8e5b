import json
import unittest
from xml.etree import ElementTree

from credits_bench.goals import Verdict
from credits_bench.grant_bench import memory_figures
from credits_bench.grant_report import BESIDE, OURS, PLAIN, WITHOUT, GrantResult
from credits_bench.rounds import Round, Run, Sample

WHERE = {"date": "2026-11-25T14:00:00+00:00", "commit": "abc", "cores": "2", "processor": "P"}


def adds(p99: float, longest: float) -> Sample:
    figures = {
        f"{load}_{name}": value for load in ("lone", "half") for name, value in {
            "adds": 1000, "rate": 500, "asked": 500, "p50_ms": 1, "p99_ms": p99,
            "longest_ms": longest, "p99_others_ms": p99, "longest_others_ms": longest,
            "checkpoints": 0}.items()}
    return Sample(figures)


def a_round(seconds: float, p99: float, longest: float) -> Round:
    return {
        OURS: Sample({"seconds": seconds, "users_per_second": 1000 / seconds,
                      "memory_mib": 20, "memory_growth": 1.02}),
        PLAIN: Sample({"seconds": 10, "users_per_second": 100}),
        WITHOUT: adds(4, 7), BESIDE: adds(p99, longest)}


def result(*rounds: Round) -> GrantResult:
    return GrantResult("T", WHERE, 1000, Run(list(rounds)))


class GrantReportTests(unittest.TestCase):
    def test_the_verdicts_are_those_of_the_goals(self):
        for rounds, expected in [
            ([a_round(11, 8, 20)], [Verdict.AIM] * 6),
            ([a_round(15, 12, 50)], [Verdict.MUST, Verdict.AIM, *[Verdict.MUST] * 4]),
            ([a_round(15.1, 12.1, 50.1)],
             [Verdict.MISSED, Verdict.AIM, *[Verdict.MISSED] * 4]),
        ]:
            with self.subTest(expected=expected):
                self.assertEqual(result(*rounds).verdicts, expected)

    def test_one_long_wait_in_any_round_misses_the_goal_of_waits(self):
        rounds = [a_round(11, 8, 20), a_round(11, 8, 51), a_round(11, 8, 20)]
        self.assertEqual(
            result(*rounds).verdicts,
            [Verdict.AIM] * 2 + [Verdict.MISSED] * 2 + [Verdict.AIM] * 2)

    def test_says_each_figure_and_each_goal(self):
        text = result(a_round(11, 8, 20), a_round(13, 8, 24), a_round(12, 8, 22)).text()
        for part in (
            "credits             12.0 (11.0..13.0)", "one statement       10.0 (10.0..10.0)",
            "a day's grant / one statement", "<= 1.5", "1.20 (1.10..1.30)",
            "adds beside the grant", "2.00 (2.00..2.00)", "24.00", "counts from that moment",
        ):
            with self.subTest(part):
                self.assertIn(part, text)

    def test_json_holds_what_was_measured(self):
        read = json.loads(json.dumps(result(a_round(11, 8, 20)).json()))
        self.assertEqual(
            read["figures"]["every user a grant"]["seconds"]["one statement"],
            {"median": 10, "low": 10, "high": 10})
        self.assertEqual(
            [goal["verdict"] for goal in read["goals"]], ["aim reached"] * 6)
        self.assertEqual(len(read["rounds"]), 1)

    def test_the_picture_is_of_what_was_measured(self):
        measured = a_round(11, 8, 20)
        del measured[BESIDE], measured[WITHOUT]
        for rounds, panels in ((measured, 1), (a_round(11, 8, 20), 5)):
            titles = [
                text.text for text in ElementTree.fromstring(result(rounds).picture()).iter(
                    "{http://www.w3.org/2000/svg}text") if text.get("class") == "title"]
            self.assertEqual(len(titles), 1 + panels)


class MemoryTests(unittest.TestCase):
    def test_memory_is_held_against_its_first_tenth(self):
        figures = memory_figures([10 << 20, 20 << 20, *[20 << 20] * 17, 22 << 20, 0])
        self.assertEqual(figures["memory_mib"], 22)
        self.assertAlmostEqual(figures["memory_growth"], 1.1)
