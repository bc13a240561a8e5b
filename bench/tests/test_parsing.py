import json
import os
import subprocess
import unittest

from credits_bench import answers, calls, load, proc
from credits_bench.load import Sizes
from credits_bench.proc import Process, ProcessorTimes
from credits_bench.spoiled import Spoiled

COUNTED = {
    "requests": 1000, "microseconds": 2_000_000, "bytes": 250_000, "p50": 700, "p99": 2100,
    "connect": 0, "read": 0, "write": 0, "timeout": 0, "status": 0,
}

EXACT = Sizes.exactly(250)


def wrk(**changes: int) -> str:
    return "Running 2s test\n  Requests/sec: 500\n" + json.dumps(COUNTED | changes) + "\n"


class LoadTests(unittest.TestCase):
    def test_reads_what_wrk_counted(self):
        result = load.parse(wrk(), 64, EXACT)
        self.assertEqual(result.requests_per_second, 500)
        self.assertEqual((result.p50_ms, result.p99_ms), (0.7, 2.1))

    def test_any_error_spoils_the_round(self):
        for error in ("connect", "read", "write", "timeout", "status"):
            with self.subTest(error=error), self.assertRaisesRegex(Spoiled, f"1 {error}"):
                load.parse(wrk(**{error: 1}), 64, EXACT)

    def test_no_answer_spoils_the_round(self):
        with self.assertRaises(Spoiled):
            load.parse(wrk(requests=0, bytes=0), 64, EXACT)

    def test_answers_of_another_size_spoil_the_round(self):
        unfinished = 64 * 250
        load.parse(wrk(bytes=250_000 + unfinished), 64, EXACT)
        for size in (249_999, 250_000 + unfinished + 1):
            with self.subTest(size=size), self.assertRaises(Spoiled):
                load.parse(wrk(bytes=size), 64, EXACT)


class CallsTests(unittest.TestCase):
    def test_reads_a_summary_of_strace(self):
        summary = (
            "    calls syscall\n--------- ----------------\n"
            "    12400 recvfrom\n    12399 sendto\n        1 epoll_wait\n"
            "--------- ----------------\n    24800 total\n")
        self.assertEqual(
            calls.parse(summary), {"recvfrom": 12400, "sendto": 12399, "epoll_wait": 1})

    def test_nothing_was_called(self):
        self.assertEqual(calls.parse(""), {})


class ProcTests(unittest.TestCase):
    def test_a_process_may_have_any_name(self):
        stat = "42 (a) b (c) S 7 42 42 0 -1 4194304 9 0 0 0 150 50 3 4 20 0 1 0 0"
        process = Process.parse(stat)
        self.assertEqual((process.pid, process.parent, process.name), (42, 7, "a) b (c"))
        self.assertEqual(process.cpu_seconds * 100, 200)

    def test_the_time_of_ended_children_stands_behind_that_of_the_process_itself(self):
        stat = "42 (a) b (c) S 7 42 42 0 -1 4194304 9 0 0 0 150 50 300 40 20 0 1 0 0"
        self.assertAlmostEqual(proc.parse_ended_children(stat) * 100, 340)

    def test_the_time_of_one_thread_is_exact_and_nothing_once_it_has_ended(self):
        before = proc.thread_seconds(os.getpid())
        while proc.thread_seconds(os.getpid()) == before:
            pass
        self.assertLess(proc.thread_seconds(os.getpid()) - before, 1)
        ended = subprocess.Popen(["true"])
        ended.wait()
        self.assertEqual(proc.thread_seconds(ended.pid), 0)

    def test_stolen_time_is_of_the_whole_machine(self):
        before = ProcessorTimes.parse("cpu  100 0 100 700 0 0 50 50 9 9\ncpu0 1 1 1 1 1 1 1 1\n")
        after = ProcessorTimes.parse("cpu  150 10 140 750 0 0 60 90 9 9\ncpu0 1 1 1 1 1 1 1 1\n")
        spent = after - before
        self.assertAlmostEqual(spent.total, 2.0)
        self.assertAlmostEqual(spent.busy, 1.0)
        self.assertAlmostEqual(spent.stolen, 0.4)

    def test_memory_is_the_proportional_share(self):
        rollup = ("55d0-7ff ---p 00000000 00:00 0 [rollup]\n", "Rss: 900 kB\n", "Pss: 300 kB\n",
                  "Pss_Anon: 1 kB\n")
        self.assertEqual(proc.parse_memory("".join(rollup)), 300 * 1024)


class AnswersTests(unittest.TestCase):
    WHOLE = b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\nX-Y: z:1\r\n\r\n{"status":"ok"}'

    def test_waits_until_the_answer_is_whole(self):
        for length in range(len(self.WHOLE)):
            self.assertIsNone(answers.parse(self.WHOLE[:length]))
        answer = answers.parse(self.WHOLE + b"more")
        assert answer is not None
        self.assertEqual((answer.status, answer.size), (200, len(self.WHOLE)))
        self.assertEqual(answer.fields["x-y"], "z:1")
        self.assertIsNone(answer.livez_fault())

    def test_a_wrong_answer_is_found(self):
        for right, wrong in [(b"200 OK", b"404 No"), (b'"ok"', b'"no"'), (b"{", b"<")]:
            with self.subTest(wrong=wrong):
                answer = answers.parse(self.WHOLE.replace(right, wrong))
                assert answer is not None
                self.assertIsNotNone(answer.livez_fault())
