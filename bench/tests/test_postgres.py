import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from credits_bench import grant_bench, pgbench, postgres, proc, service_turn, tables
from credits_bench.cells import Cell
from credits_bench.grant_plan import Plan
from credits_bench.missing import Missing
from credits_bench.postgres import DatabaseError
from credits_bench.progress import Progress
from credits_bench.service_peers import ServicePeer
from credits_bench.service_turn import Settings, Stage, Wrong
from credits_bench.tables import LEDGER, PLAIN, Totals
from credits_bench.usage import Calm

from .support import peer

SCHEMA = Path(__file__).resolve().parent.parent.parent / "schema.sql"
USERS = 200
DURABLE = "fsync on, synchronous_commit on, full_page_writes on"


class PostgresTests(unittest.TestCase):
    """On one PostgreSQL, which is started for all of them."""

    @classmethod
    def setUpClass(cls):
        cls.top = Path(cls.enterClassContext(tempfile.TemporaryDirectory(dir="/var/tmp")))
        cls.top.chmod(0o755)
        try:
            cls.postgres = cls.enterClassContext(postgres.running(cls.top / "postgres"))
        except (Missing, KeyError) as reason:
            raise unittest.SkipTest(str(reason)) from reason
        for template in (LEDGER, PLAIN):
            tables.make(cls.postgres, template, SCHEMA, USERS)

    def stage(self, tried: ServicePeer) -> Stage:
        return Stage(self.postgres, Settings(1, 1), Calm(1, 1, 0), lambda _: self.top,
                     {tried.database})

    def test_it_is_durable_and_on_no_port(self):
        self.assertIn(DURABLE, self.postgres.durability)
        self.assertEqual(self.postgres.run("postgres", "SHOW listen_addresses"), [[""]])
        self.assertNotEqual(Path(f"/proc/{self.postgres.pid}").stat().st_uid, 0)

    def test_an_error_of_sql_is_an_error_here(self):
        with self.assertRaisesRegex(DatabaseError, "does not exist"):
            self.postgres.run("postgres", "SELECT 1; SELECT * FROM nothing; SELECT 2")

    def test_a_renewed_database_is_as_it_was_at_first(self):
        first = USERS * 1000
        for template, expected in (
            (LEDGER, Totals(first, first, 0)), (PLAIN, Totals(first)),
        ):
            with self.subTest(template=template.name):
                tables.renew(self.postgres, "renewed", template)
                self.postgres.run("renewed", "UPDATE credits SET credits = 5 WHERE user_id = 1")
                tables.renew(self.postgres, "renewed", template)
                self.assertEqual(tables.totals(self.postgres, "renewed", template), expected)

    def test_the_cpu_of_ended_backends_is_not_forgotten(self):
        before = self.postgres.cpu_seconds()
        self.postgres.run(
            "postgres", "SELECT sum(n) FROM generate_series(1, 3000000) AS n")
        self.assertGreater(self.postgres.cpu_seconds() - before, 0.05)

    def test_pgbench_writes_an_entry_with_each_add(self):
        tried = ServicePeer("tried_pgbench", "1", LEDGER, None)
        for operation in ("get", "add"):
            cell = Cell(operation, 4, USERS)
            sample = service_turn.measure(tried, cell, self.stage(tried))
            self.assertGreater(sample.figures[cell.figure("requests_per_second")], 1)
            self.assertEqual(sample.figures[cell.figure("server_us")], 0)
            self.assertGreater(sample.figures[cell.figure("database_us")], 0)
            self.assertGreaterEqual(
                sample.figures[cell.figure("p99_ms")], sample.figures[cell.figure("p50_ms")])
        # No entry came from the trigger for changes past the service.
        kinds = self.postgres.run("tried_pgbench", "SELECT DISTINCT kind FROM credit_transactions")
        self.assertEqual(sorted(kinds), [["add"], ["opening"]])

    def test_credits_that_were_not_asked_for_are_found(self):
        scripts = self.top / "scripts"
        scripts.mkdir()
        (scripts / "add.sql").write_text(
            "UPDATE credits SET credits = credits + 2 WHERE user_id = 1;\n")
        tried = ServicePeer("generous", "1", PLAIN, None)
        with patch.object(pgbench, "SCRIPTS", scripts), self.assertRaisesRegex(Wrong, "grew by"):
            service_turn.measure(tried, Cell("add", 1, USERS), self.stage(tried))

    def test_a_server_that_only_says_that_it_added_is_found_out(self):
        lying = replace(
            peer(name="lying"), path="/api/credits/1", closing_path="/api/credits/1",
            fault=lambda answer: answer.balance_fault(1))
        tried = ServicePeer("lying", "1", PLAIN, lying)
        with self.assertRaisesRegex(Wrong, "answers wrongly"):
            service_turn.measure(tried, Cell("add", 4, 1), self.stage(tried))

    def test_the_one_statement_does_a_days_whole_work(self):
        plan = Plan(
            SCHEMA.parent, Path("credits"), self.top, users=USERS, rounds=1, seconds=1,
            calm=Calm(1, 1, 0))
        grant_bench.make(self.postgres, plan, Progress())
        sample = grant_bench.plain(plan, self.postgres, "2024-01-01")
        self.assertGreater(sample.figures["seconds"], 0)
        self.assertEqual(
            self.postgres.run("plain", """
                SELECT count(*), sum(balance_after), count(DISTINCT user_id),
                    count(*) FILTER (WHERE kind = 'daily_grant' AND grant_day = '2024-01-01'),
                    (SELECT count(*) FROM credits c JOIN credit_transactions t
                        ON t.transaction_id = c.last_transaction_id AND t.user_id = c.user_id
                        AND t.balance_after = c.credits AND t.created_at = c.last_updated)
                FROM credit_transactions"""),
            [[str(USERS), str(5 * USERS), str(USERS), str(USERS), str(USERS)]])

    def test_it_stops_when_it_is_no_longer_needed(self):
        with postgres.running(self.top / "another") as another:
            self.assertIn(another.pid, proc.all_processes())
        self.assertNotIn(another.pid, proc.all_processes())
