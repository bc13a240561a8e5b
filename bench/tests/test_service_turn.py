import unittest
from dataclasses import replace

from credits_bench import pgbench, service_bench, tables
from credits_bench.answers import Answer
from credits_bench.rounds import Sample
from credits_bench.service_peers import ServicePeer
from credits_bench.service_turn import Wrong, account
from credits_bench.spoiled import Spoiled
from credits_bench.tables import Totals

LEDGER = ServicePeer("tried", "1", tables.LEDGER, None)
PLAIN = replace(LEDGER, template=tables.PLAIN)
LOSING = replace(PLAIN, loses_adds=True)


class AccountTests(unittest.TestCase):
    """100 adds were answered, and up to 8 more may have been under way."""

    def lost(self, peer: ServicePeer, before: Totals, after: Totals) -> int:
        return account(before, after, added=100, unheard=8, peer=peer)

    def test_exactly_what_was_answered_and_what_was_under_way_may_be_added(self):
        for grown in (100, 104, 108):
            with self.subTest(grown=grown):
                self.assertEqual(self.lost(PLAIN, Totals(1000), Totals(1000 + grown)), 0)

    def test_one_too_few_or_too_many_is_a_fault(self):
        for grown in (99, 109):
            with self.subTest(grown=grown), self.assertRaisesRegex(Wrong, f"grew by {grown}"):
                self.lost(PLAIN, Totals(1000), Totals(1000 + grown))

    def test_a_peer_known_to_lose_adds_may_lose_but_not_invent(self):
        self.assertEqual(self.lost(LOSING, Totals(1000), Totals(1097)), 3)
        with self.assertRaises(Wrong):
            self.lost(LOSING, Totals(1000), Totals(1109))

    def test_each_add_has_its_ledger_entry(self):
        before = Totals(balances=1000, entries=1000, adds=5)
        self.assertEqual(self.lost(LEDGER, before, Totals(1102, 1102, 107)), 0)
        for after in (Totals(1102, 1101, 107), Totals(1102, 1102, 106), Totals(1102, 1102, 108)):
            with self.subTest(after=after), self.assertRaisesRegex(Wrong, "entries"):
                self.lost(LEDGER, before, after)

    def test_reads_change_nothing(self):
        self.assertEqual(account(Totals(7), Totals(7), 0, 0, PLAIN), 0)
        with self.assertRaises(Wrong):
            account(Totals(7), Totals(8), 0, 0, PLAIN)


class BalanceAnswerTests(unittest.TestCase):
    RIGHT = b'{"user_id":7,"credits":20,"last_updated":"2026-11-22T07:18:29.093827Z"}'

    def fault(self, body: bytes, status: int = 200) -> str | None:
        return Answer(status, {}, body, len(body)).balance_fault(7, 20)

    def test_the_users_credits_are_right(self):
        self.assertIsNone(self.fault(self.RIGHT))
        self.assertIsNone(Answer(200, {}, self.RIGHT, 1).balance_fault(7))

    def test_anything_else_is_wrong(self):
        for body in (
            self.RIGHT.replace(b"7,", b"8,"), self.RIGHT.replace(b"20,", b"21,"),
            self.RIGHT.replace(b"last_updated", b"updated"), b"[]", b"not found",
        ):
            with self.subTest(body=body):
                self.assertIsNotNone(self.fault(body))
        self.assertIn("201", str(self.fault(self.RIGHT, status=201)))


class PgbenchTests(unittest.TestCase):
    OUTPUT = (
        "number of transactions actually processed: 3000\n"
        "number of failed transactions: 0 (0.000%)\n"
        "initial connection time = 12.3 ms\ntps = 1500.5 (without initial connection time)\n")

    def test_reads_rate_and_percentiles(self):
        result = pgbench.parse(self.OUTPUT, [float(n) for n in range(101)])
        self.assertEqual(result.requests, 3000)
        self.assertAlmostEqual(result.requests_per_second, 1500.5)
        self.assertEqual((result.p50_ms, result.p99_ms), (50, 99))

    def test_reads_logged_latencies(self):
        self.assertEqual(
            pgbench.parse_log("0 199 2241 0 1175850568 995598\n1 3 970 0 1 2\n"), [2.241, 0.97])

    def test_a_failed_transaction_spoils_the_turn(self):
        failed = self.OUTPUT.replace("transactions: 0", "transactions: 1")
        for output in (failed, self.OUTPUT.replace("3000", "0"), "nothing"):
            with self.subTest(output=output), self.assertRaises(Spoiled):
                pgbench.parse(output, [1, 2, 3])


class ByPeerTests(unittest.TestCase):
    def test_a_peers_turns_of_a_round_become_one_sample(self):
        merged = service_bench.by_peer({
            "get4/go": Sample({"get4.p99_ms": 1}, stolen=0.1, foreign=0.3),
            "add4/go": Sample({"add4.p99_ms": 2}, stolen=0.2, foreign=0.1, notes=["lost 1"]),
            "get4/credits": Sample({"get4.p99_ms": 3}),
        })
        self.assertEqual(set(merged), {"go", "credits"})
        self.assertEqual(merged["go"].figures, {"get4.p99_ms": 1, "add4.p99_ms": 2})
        self.assertEqual((merged["go"].stolen, merged["go"].foreign), (0.2, 0.3))
        self.assertEqual(merged["go"].notes, ["lost 1"])
