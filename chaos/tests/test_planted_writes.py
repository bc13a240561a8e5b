"""Each fault that a write could have, planted into a history without any, must be found."""

import unittest
from dataclasses import replace

from credits_chaos.commands import Command
from credits_chaos.findings import Promise
from credits_chaos.history import Answer
from credits_chaos.ledger import Entry

from .support import ADA, BEN, World, add, deduct, insufficient, problem


class PlantedWritesTests(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.first = self.world.send(add(10, "first"))

    def assert_broken(self, *promises: Promise):
        self.assertEqual(self.world.broken(), set(promises))

    def test_a_history_without_faults_breaks_nothing(self):
        self.world.send(deduct(10, "all", "k"))
        self.world.send(deduct(10, "all", "k"))
        self.world.send(deduct(11, "all", "k"))
        self.world.send(deduct(1, "none left", "again"))
        self.world.send(add(5, "more"), add(1, "of Ben", user=BEN), is_batch=True, is_atomic=True)
        self.world.send(deduct(1, "none left", "again"))
        self.world.send(Command(ADA, "reverse", "undo", undone=1))
        self.world.send(Command(ADA, "reset", "zero"))
        self.world.lose(add(3, "lost"))
        self.world.send(add(3, "lost, and done"), lost=True)
        self.world.read(ADA)
        self.assert_broken()

    def test_a_lost_write(self):
        self.world.entries.pop()
        self.assert_broken(Promise.KEPT)

    def test_a_write_that_is_there_twice(self):
        entry = self.world.entries[0]
        self.world.entries.append(replace(entry, id=2, after=20))
        self.assert_broken(Promise.ASKED)

    def test_a_write_that_lost_its_key_and_was_done_again(self):
        self.world.send(add(5, "keyed", "k"))
        self.world.entries.append(replace(self.world.entries[1], id=3, after=20, key=None))
        self.assert_broken(Promise.ASKED)

    def test_an_answer_with_another_number_than_the_ledger(self):
        body = self.first.answer.body.replace(b'"credits":10', b'"credits":11')
        self.world.spoil(self.first, Answer(200, body))
        self.assert_broken(Promise.KEPT)

    def test_a_write_that_was_said_to_have_changed_nothing(self):
        self.world.spoil(self.first, problem("unavailable"))
        self.assert_broken(Promise.REFUSED)

    def test_a_refusal_of_what_there_was(self):
        self.world.spoil(self.world.lose(deduct(10, "all")), insufficient(9, 10))
        self.assert_broken(Promise.REFUSAL)

    def test_a_refusal_with_a_wrong_number(self):
        attempt = self.world.send(deduct(11, "too much"))
        body = attempt.answer.body.replace(b'"shortfall":1', b'"shortfall":2')
        self.world.spoil(attempt, replace(attempt.answer, body=body))
        self.assert_broken(Promise.REFUSAL)

    def test_a_refusal_by_a_balance_that_had_been(self):
        self.world.send(add(5, "second"))
        self.world.spoil(self.world.lose(deduct(11, "enough")), insufficient(10, 11))
        self.assert_broken(Promise.REFUSAL)

    def test_a_retry_that_is_judged_by_the_balance_that_it_left(self):
        self.world.send(deduct(10, "all", "k"))
        retried = self.world.send(deduct(10, "all", "k"))
        self.world.spoil(retried, insufficient(0, 10))
        self.assert_broken(Promise.REPLAY)

    def test_a_replay_with_other_bytes(self):
        self.world.send(add(1, "keyed", "k"))
        retried = self.world.send(add(1, "keyed", "k"))
        self.world.spoil(retried, replace(retried.answer, body=retried.answer.body + b"\n"))
        self.assert_broken(Promise.REPLAY)

    def test_a_replay_that_does_not_say_so(self):
        self.world.send(add(1, "keyed", "k"))
        retried = self.world.send(add(1, "keyed", "k"))
        self.world.spoil(retried, replace(retried.answer, is_replayed=False))
        self.assertIn(Promise.REPLAY, self.world.broken())

    def test_a_replay_of_what_nobody_had_asked_for(self):
        first = self.world.send(add(1, "keyed", "k"))
        self.world.spoil(first, replace(first.answer, is_replayed=True))
        self.assertEqual(self.world.broken(), {Promise.REPLAY, Promise.REFUSED})

    def test_another_request_under_a_key_that_is_told_the_wrong_member(self):
        self.world.send(add(1, "keyed", "k"))
        other = self.world.send(add(2, "keyed", "k"))
        body = other.answer.body.replace(b"The amount", b"The reason")
        self.world.spoil(other, replace(other.answer, body=body))
        self.assert_broken(Promise.REUSE)

    def test_half_a_batch(self):
        self.world.send(add(5, "a"), add(5, "b"), is_batch=True, is_atomic=True, lost=True)
        self.world.entries.pop()
        self.assert_broken(Promise.WHOLE)

    def test_a_batch_whose_refused_half_was_judged_on_another_state_than_the_rest(self):
        attempt = self.world.send(
            add(5, "a"), deduct(16, "b"), is_batch=True)
        body = attempt.answer.body.replace(b'"available":15', b'"available":10').replace(
            b'"shortfall":1', b'"shortfall":6')
        self.world.spoil(attempt, replace(attempt.answer, body=body))
        self.assert_broken(Promise.REFUSAL)

    def test_a_chain_that_does_not_add_up(self):
        self.world.send(add(5, "second"))
        self.world.entries[1] = replace(self.world.entries[1], amount=6)
        self.assertIn(Promise.CHAIN, self.world.broken())

    def test_half_a_transfer(self):
        self.world.entries += [
            Entry(ADA, 2, "transfer_out", -4, 6, "at 9", "gift", None, None, BEN, 3),
            Entry(BEN, 3, "transfer_in", 4, 4, "at 9", "gift", None, None, ADA, 2)]
        self.world.lose(Command(ADA, "transfer", "gift", 4, to=BEN))
        self.assert_broken()
        self.world.entries.pop()
        self.assert_broken(Promise.CHAIN)

    def test_an_entry_that_was_reversed_twice(self):
        for reason in ("undo", "again"):
            self.world.entries.append(Entry(
                ADA, len(self.world.entries) + 1, "reversal", -10, 0, "at 9", reason,
                related_user=ADA, related_id=1))
        self.assertIn(Promise.CHAIN, self.world.broken())

    def test_a_dry_run_that_wrote(self):
        self.world.send(add(5, "trial"), is_dry_run=True)
        self.assertIn(Promise.ASKED, self.world.broken())

    def test_an_answer_that_the_interface_does_not_have(self):
        for answer in (Answer(500, b"{}"), Answer(200, b"{"), Answer(503, b'{"type":"x"}')):
            with self.subTest(answer=answer):
                self.world.spoil(self.world.lose(add(1, "x")), answer)
                self.assertIn(Promise.ANSWERED, self.world.broken())
