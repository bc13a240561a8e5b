import json
import unittest
from xml.etree import ElementTree

from credits_bench.goals import Goal
from credits_bench.report import Column, Result, table
from credits_bench.rounds import Run, Sample

from .support import peer, rounds


def result() -> Result:
    measured = rounds("x", credits=[90, 110, 100], nginx=[50, 50, 50])
    measured[0]["credits"].notes.append("system calls: strace is not installed")
    measured[1]["nginx"] = Sample({"x": 50}, calls={"read": 1}, stolen=0.05, foreign=0.02)
    return Result(
        title="A <test>",
        conditions={"date": "2026-11-24T21:00:00+00:00", "commit": "abc", "cores": "2",
                    "processor": "P"},
        settings={"connections": 64}, peers=[peer(name="credits"), peer(name="nginx")],
        absent={"go": "Go is not installed: bench/setup"}, answers={"nginx": "answers 9 bytes"},
        columns=[Column("x", "requests a second", "{:,.0f}"), Column("y", "unknown", "{:.1f}")],
        goals=[Goal("x / nginx", "x", 1.5, 3, beside="nginx"), Goal("y", "y", 1, 2)],
        ours="credits", run=Run(measured, ["wrk counted errors: 1 read"]))


class ReportTests(unittest.TestCase):
    def test_says_what_was_measured_and_what_was_not(self):
        text = result().text()
        for part in (
            "requests a second     100 (90..110)  50 (50..50)",
            "x / nginx  >= 1.5  >= 3  2.00 (1.80..2.20)           met",
            "y            >= 1  >= 2                  -  not measured",
            "go was left out: Go is not installed", "rounds: 3; repeated turns: 1",
            "because wrk counted errors: 1 read", "strace is not installed",
            "taken by the host: median 0.0%, most 5.0%", "nginx: 1; answers 9 bytes",
            "a request, nginx: read 1.00",
        ):
            with self.subTest(part):
                self.assertIn(part, text)

    def test_json_holds_every_sample_and_verdict(self):
        read = json.loads(json.dumps(result().json()))
        self.assertEqual([r["credits"]["figures"]["x"] for r in read["rounds"]], [90, 110, 100])
        self.assertEqual(read["figures"]["x"]["credits"], {"median": 100, "low": 90, "high": 110})
        self.assertIsNone(read["figures"]["y"]["credits"])
        self.assertEqual([goal["verdict"] for goal in read["goals"]], ["met", "not measured"])
        self.assertEqual(read["spoiled"], ["wrk counted errors: 1 read"])

    def test_a_table_is_aligned(self):
        self.assertEqual(table([["a", "b"], ["long", "1,000"]]), ["a         b", "long  1,000"])


class PictureTests(unittest.TestCase):
    SVG = "{http://www.w3.org/2000/svg}"

    def test_draws_what_was_measured_to_scale(self):
        picture = ElementTree.fromstring(result().picture())
        bars = [bar for bar in picture.iter(f"{self.SVG}rect") if bar.get("class") != "paper"]
        self.assertEqual([bar.get("class") for bar in bars], ["ours", "theirs"])
        ours, theirs = (float(bar.get("width", "")) for bar in bars)
        self.assertAlmostEqual(ours / theirs, 2, places=2)
        texts = [text.text for text in picture.iter(f"{self.SVG}text")]
        self.assertIn("A <test>", texts)
        self.assertNotIn("unknown", texts)
