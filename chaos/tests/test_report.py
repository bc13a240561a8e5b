import json
import unittest
from collections import Counter
from pathlib import Path

from credits_chaos import checks, report
from credits_chaos.evidence import Evidence
from credits_chaos.findings import Findings
from credits_chaos.ledger import Ledger
from credits_chaos.run import Plan, Result

from .support import ADA, World, add, deduct


def result(world: World) -> Result:
    evidence = Evidence(world.history, Ledger(world.entries))
    findings = Findings()
    checks.check(evidence, findings)
    plan = Plan(Path("credits"), Path("/nowhere"), "7", 10, 1, 0, True)
    return Result(plan, evidence, findings, Counter({"kill -9": 2}), ({}, {}), Counter())


class ReportTests(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.world.send(add(10, "first"))
        self.world.send(deduct(4, "second", "key-2"))

    def test_kept_promises_are_counted(self):
        shown = result(self.world)
        self.assertIn("seed 7, 10 s: 2 writes sent", report.text(shown))
        self.assertIn("2 kill -9", report.text(shown))
        self.assertNotIn("BROKEN", report.text(shown))
        self.assertTrue(report.json(shown)["is_kept"])

    def test_a_broken_promise_comes_with_the_users_story(self):
        self.world.read(ADA, index=1)
        shown = report.text(result(self.world))
        for line in (
            "BROKEN: A read shows the newest balance",
            "ledger of user 1, 2 entries:",
            "#2 transaction 2 deduct -4 -> 6 (second) key-2, at 06.0, committed 3.0000 to 5.0000",
            "3.0000 to 5.0000 instance 0: deduct 4 of user 1 (second) key-2: done: balance 6",
            '6.0000 to 8.0000 instance 0: 200 {"user_id":1,"credits":10',
        ):
            self.assertIn(line, shown)

    def test_the_result_for_programs_has_the_same(self):
        self.world.read(ADA, index=1)
        shown = json.loads(json.dumps(report.json(result(self.world))))
        self.assertFalse(shown["is_kept"])
        self.assertEqual([it["user"] for it in shown["violations"]], [ADA])
        self.assertEqual(sum(it["broken"] for it in shown["promises"]), 1)

    def test_of_many_alike_the_first_are_told(self):
        for _ in range(9):
            self.world.read(ADA, index=1)
        shown = result(self.world)
        self.assertEqual(len(report.told(shown)), 3)
        self.assertIn("BROKEN 9 times", report.text(shown))
