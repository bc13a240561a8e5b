import json
import unittest
from xml.etree import ElementTree

from credits_bench import tables
from credits_bench.cells import GO, ONE_BY_ONE, OURS, PGBENCH, add, get
from credits_bench.goals import Goal, Verdict
from credits_bench.rounds import Round, Run, Sample
from credits_bench.service_peers import ServicePeer
from credits_bench.service_report import ServiceResult

FIGURES = ("requests_per_second", "p50_ms", "p99_ms", "server_us", "database_us", "load_us",
           "cpu_share")


def sample(rate: float) -> Sample:
    values = dict.fromkeys(FIGURES, 0.5) | {"requests_per_second": rate}
    return Sample({get(64).figure(name): value for name, value in values.items()})


def result() -> ServiceResult:
    rounds: list[Round] = [
        {OURS: sample(ours), GO: sample(100), ONE_BY_ONE: sample(50)} for ours in (300, 400, 500)]
    return ServiceResult(
        title="T", conditions={"date": "2026-11-24T21:00:00+00:00", "commit": "abc", "cores": "2",
                               "processor": "P"},
        settings={"users": 100}, absent={PGBENCH: "there is none: bench/setup"},
        peers=[ServicePeer(name, f"version of {name}", tables.PLAIN, None)
               for name in (OURS, ONE_BY_ONE, GO)],
        goals=[
            Goal("GET / Go", "get64.requests_per_second", 3, 5, beside=GO),
            Goal("add / Go", add(64).figure("requests_per_second"), 1, 2, beside=GO)],
        run=Run(rounds, ["get64/go: the host took 20% of the CPU"]))


class ServiceReportTests(unittest.TestCase):
    def test_says_each_figure_with_its_ratios_and_that_requests_are_gathered(self):
        text = result().text()
        for part in (
            "go                                100 (100..100)           4.00             0.50",
            "credits                           400 (300..500)           1.00             0.12",
            "* credits gathers concurrent requests", "answered only after it",
            "GET / Go  >= 3  >= 5  4.00 (3.00..5.00)           met        0.50",
            "add / Go  >= 1  >= 2                  -  not measured           -",
            "go: version of go", "pgbench was left out: there is none",
            "because get64/go: the host took 20% of the CPU", "of all cores",
        ):
            with self.subTest(part):
                self.assertIn(part, text)
        self.assertNotIn("POST add, 64", text.partition("goal ")[0])

    def test_the_verdicts_are_ours_and_not_those_without_gathering(self):
        self.assertEqual(result().verdicts, [Verdict.MUST, Verdict.UNKNOWN])

    def test_json_holds_what_was_measured(self):
        read = json.loads(json.dumps(result().json()))
        self.assertEqual(
            read["cells"]["get64"]["requests_per_second"]["go"],
            {"median": 100, "low": 100, "high": 100})
        self.assertEqual(read["goals"][0]["one_by_one"]["median"], 0.5)
        self.assertEqual(len(read["rounds"]), 3)
        self.assertIn("one commit", read["gathering"])

    def test_the_picture_is_of_what_was_measured(self):
        texts = [text.text for text in ElementTree.fromstring(result().picture()).iter(
            "{http://www.w3.org/2000/svg}text")]
        self.assertIn("GET a balance, 64 connections: requests a second", texts)
        self.assertFalse([text for text in texts if text and "POST add" in text])


class BestOfSeveralTests(unittest.TestCase):
    def test_the_best_of_a_peers_figures_is_the_one_with_the_best_median(self):
        rounds: list[Round] = [
            {OURS: Sample({"a": 100}), PGBENCH: Sample({"a": low, "b": 50})}
            for low in (10, 20, 90)]
        goal = Goal("of the best", "a", 1, 2, beside=PGBENCH, among=("a", "b", "c"))
        measured = goal.measured(rounds, OURS)
        assert measured is not None
        self.assertEqual(measured.median, 2)
