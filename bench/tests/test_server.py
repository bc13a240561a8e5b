import shutil
import unittest
from pathlib import Path

from credits_bench import answers, calls, idle, load, proc
from credits_bench.spoiled import Spoiled
from credits_bench.usage import measured

from .support import served

CONNECTIONS = 20
WORK_SECONDS = 0.1


class ServerTests(unittest.TestCase):
    def test_a_peer_runs_until_it_is_no_longer_needed(self):
        with served() as server:
            self.assertEqual(server.answer.status, 200)
            self.assertEqual(server.closing_answer.fields["connection"], "close")
            self.assertGreater(server.memory_bytes(), 1_000_000)
            self.assertIn(server.pid, proc.all_processes())
        self.assertNotIn(server.pid, proc.all_processes())

    def test_a_peer_is_stopped_when_the_measurement_fails(self):
        with self.assertRaises(ZeroDivisionError), served() as server:
            raise ZeroDivisionError
        self.assertNotIn(server.pid, proc.all_processes())

    def test_a_peer_that_does_not_start_says_why(self):
        with self.assertRaisesRegex(Spoiled, "no port will do"), served("dies"):
            self.fail("it cannot run")

    def test_a_wrong_answer_spoils_the_round(self):
        with self.assertRaisesRegex(Spoiled, "answers wrongly"), served("wrong"):
            self.fail("it must not be measured")

    def test_idle_connections_are_counted_only_while_they_are_open(self):
        with served() as server, idle.connections(server, CONNECTIONS):
            pass
        with served("closes") as server, \
                self.assertRaisesRegex(Spoiled, f"closed {CONNECTIONS} of {CONNECTIONS}"), \
                idle.connections(server, CONNECTIONS):
            # A thread serves each connection, and ends after it has closed it.
            while len(list(Path(f"/proc/{server.pid}/task").iterdir())) > 1:
                pass

    def test_the_cpu_of_the_server_and_of_others_is_told_apart(self):
        with served() as server:
            with measured(server) as usage:
                served_before = server.cpu_seconds()
                while server.cpu_seconds() - served_before < WORK_SECONDS:
                    with idle.connections(server, CONNECTIONS):
                        pass
            self.assertGreaterEqual(usage.server_seconds, WORK_SECONDS)
            self.assertTrue(0 <= usage.foreign <= 1 and 0 <= usage.stolen <= 1)

    @unittest.skipUnless(shutil.which("wrk"), "wrk is not installed")
    def test_wrk_loads_a_server_and_sees_its_errors(self):
        with served() as server:
            result = load.run(
                server.url("/livez"), 4, 1, load.Sizes.exactly(server.answer.size))
            self.assertGreater(result.requests, 10)
        with served("breaks") as server, self.assertRaisesRegex(Spoiled, "status"):
            load.run(
                server.url("/livez"), 4, 1, load.Sizes.exactly(server.answer.size))

    @unittest.skipUnless(shutil.which("wrk"), "wrk is not installed")
    def test_wrk_adds_for_the_users_that_it_is_told(self):
        with served() as server:
            size = len(answers.fetch(server.port, "/api/credits/1/add", body='{"amount":1}').body)
            sizes = load.Sizes(size, size + 300)
            result = load.run(server.url("/"), 4, 1, sizes, load.Requests.of_users("add", 10, 7))
            self.assertGreater(result.requests, 10)
            with self.assertRaisesRegex(Spoiled, "status"):
                load.run(server.url("/"), 4, 1, sizes, load.Requests.of_users("add", 1000, 7))

    @unittest.skipUnless(shutil.which("strace"), "strace is not installed")
    def test_system_calls_are_those_of_the_work(self):
        def work() -> None:
            with idle.connections(server, CONNECTIONS):
                pass

        with served() as server:
            try:
                counts, _ = calls.count(server, work)
            except calls.CannotTrace as reason:
                self.skipTest(str(reason))
        self.assertEqual(counts["accept4"], CONNECTIONS)


class DescriptorTests(unittest.TestCase):
    def test_no_more_connections_are_promised_than_fit(self):
        self.assertEqual(idle.raise_descriptor_limit(100), 100)
        self.assertLess(idle.raise_descriptor_limit(10**9), 10**9)
