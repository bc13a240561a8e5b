"""Reads, edits and deletions: what is right beside what is not, planted and found."""

import unittest
from dataclasses import replace

from credits_chaos.findings import Promise
from credits_chaos.history import Answer, Deletion, Edit, Page, Span
from credits_chaos.ledger import Entry

from .support import ADA, World, add, problem


class PlantedReadsTests(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.world.send(add(10, "first"))

    def assert_broken(self, *promises: Promise):
        self.assertEqual(self.world.broken(), set(promises))

    def test_a_stale_read(self):
        self.world.send(add(5, "second"))
        self.world.read(ADA, index=1)
        self.assert_broken(Promise.READ)

    def test_a_read_that_is_older_than_another_read_of_a_write_that_nobody_acknowledged(self):
        self.world.send(add(5, "second"), lost=True)
        self.world.read(ADA)
        self.world.read(ADA, index=1)
        self.assert_broken(Promise.READ)

    def test_a_time_at_which_nothing_changed(self):
        reading = self.world.read(ADA)
        body = reading.answer.body.replace(b"at 03.0", b"at 04.0")
        self.world.history.readings[-1] = replace(reading, answer=Answer(200, body))
        self.assert_broken(Promise.TIME)

    def test_a_read_during_a_write_may_show_either_state(self):
        written = self.world.send(add(5, "second"))
        for index in (1, 2):
            reading = self.world.read(ADA, index)
            self.world.history.readings[-1] = replace(reading, span=written.span)
        self.assert_broken()

    def test_a_read_in_the_middle_of_a_batch(self):
        attempt = self.world.send(add(5, "a"), add(5, "b"), is_batch=True)
        reading = self.world.read(ADA, index=2)
        self.world.history.readings[-1] = replace(reading, span=attempt.span)
        self.assert_broken(Promise.READ)

    def test_a_page_with_a_gap(self):
        self.world.send(add(1, "second"))
        self.world.send(add(1, "third"))
        shown = tuple(
            {"transaction_id": entry.id, "balance_after": entry.after, "created_at": entry.at}
            for entry in reversed(self.world.entries))
        span = self.world.pass_time()
        self.world.history.pages.append(Page(ADA, span, shown))
        self.assert_broken()
        self.world.history.pages.append(Page(ADA, span, shown[::2]))
        self.assert_broken(Promise.PAGE)

    def test_a_write_after_the_deletion_of_its_user(self):
        self.world.history.deletions[ADA] = Deletion(self.world.now, self.world.now + 1)
        self.world.now += 2
        self.world.send(add(1, "late"))
        self.assert_broken(Promise.DELETED)

    def test_a_user_who_is_not_found_and_was_not_deleted(self):
        self.world.spoil(self.world.lose(add(1, "x")), problem("user-not-found"))
        self.assert_broken(Promise.DELETED)

    def test_an_edit_counts_as_seen_from_its_end_on(self):
        self.world.entries.append(Entry(ADA, 2, "external", 90, 100, "at 7"))
        self.world.history.edits.append(Edit(ADA, self.world.pass_time(), 2))
        self.world.read(ADA, index=1)
        self.assert_broken(Promise.READ)

    def test_a_lost_request_may_happen_long_after_it(self):
        self.world.lose(add(7, "late"))
        self.world.read(ADA)
        self.world.entries.append(Entry(ADA, 2, "add", 7, 17, "at 9", "late"))
        self.world.read(ADA)
        self.assert_broken()

    def test_a_write_that_was_seen_before_it_was_asked_for(self):
        self.world.read(ADA)
        reading = self.world.history.readings[-1]
        self.world.history.readings[-1] = replace(reading, span=Span(-2, -1))
        self.assertNotEqual(self.world.broken(), set())
