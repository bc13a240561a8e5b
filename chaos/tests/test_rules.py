import unittest
from dataclasses import replace

from credits_chaos.commands import Command
from credits_chaos.ledger import Account, Entry
from credits_chaos.rules import LIMIT, View, differing, judge

from .support import ADA, BEN, add, deduct

KEYED = Entry(ADA, 1, "add", 10, 10, "at 1", "first", '{"a": 1}', "k")
SENT = Entry(ADA, 2, "transfer_out", -4, 6, "at 2", "gift", None, "t", BEN, 3)
UNDONE = Entry(ADA, 4, "reversal", -6, 0, "at 3", "undo", None, "r", ADA, 1)


def view(*entries: Entry) -> View:
    return View(Account(ADA, entries), len(entries))


class RulesTests(unittest.TestCase):
    def test_each_change_is_judged_by_the_balance(self):
        full = Account(BEN, [Entry(BEN, 9, "external", LIMIT, LIMIT, "at 1")])
        transfer = Command(ADA, "transfer", "x", 6, to=BEN)
        for command, recipient, expected in [
            (add(1, "x"), None, "done, balance 7"),
            (add(LIMIT, "x"), None, f"balance-limit-reached there is room for {LIMIT - 6} more, "
                                    f"and {LIMIT} was to be added"),
            (deduct(6, "x"), None, "done, balance 0"),
            (deduct(7, "x"), None, "insufficient-credits available 6 requested 7 shortfall 1"),
            (Command(ADA, "reset", "x"), None, "done, balance 0"),
            (transfer, None, "done, balance 0"),
            (transfer, View(full, 0), "done, balance 0"),
            (transfer, View(full, 1), "balance-limit-reached there is room for 0 more, "
                                      "and 6 was to be added"),
            (replace(transfer, to=ADA), None, "invalid-value"),
            (Command(ADA, "reverse", "x", undone=1), None,
             "insufficient-credits available 6 requested 10 shortfall 4"),
            (Command(ADA, "reverse", "x", undone=2), None, "not-reversible"),
            (Command(ADA, "reverse", "x", undone=4), None, "transaction-not-found"),
        ]:
            with self.subTest(command=str(command)):
                self.assertEqual(str(judge(command, view(KEYED, SENT), recipient)), expected)

    def test_an_entry_is_reversed_once(self):
        again = Command(ADA, "reverse", "again", undone=1)
        self.assertEqual(
            str(judge(again, view(KEYED, SENT, UNDONE))),
            "already-reversed reversal_transaction_id 4")

    def test_a_key_stands_for_its_request_from_its_entry_on(self):
        account = Account(ADA, [SENT, replace(KEYED, id=5, after=16)])
        command = add(10, "first", "k")
        command = replace(command, metadata='{"a":1}')
        self.assertEqual(judge(command, View(account, 1)).earlier, None)
        self.assertEqual(judge(command, View(account, 2)).earlier.id, 5)

    def test_the_first_member_that_differs_is_named(self):
        transfer = Command(ADA, "transfer", "gift", 4, to=BEN, key="t")
        reverse = Command(ADA, "reverse", "undo", undone=1, key="r")
        first = replace(add(10, "first", "k"), metadata='{"a": 1.0}')
        for command, entry, member in [
            (first, KEYED, None), (transfer, SENT, None), (reverse, UNDONE, None),
            (deduct(9, "other", "k"), KEYED, "kind"), (replace(first, amount=9), KEYED, "amount"),
            (replace(first, reason="x", metadata=None), KEYED, "reason"),
            (replace(first, metadata=None), KEYED, "metadata"),
            (replace(transfer, to=3, amount=9), SENT, "to"),
            (replace(transfer, amount=9), SENT, "amount"),
            (replace(reverse, undone=2), UNDONE, "transaction_id"),
        ]:
            with self.subTest(command=str(command)):
                self.assertEqual(differing(command, entry), member)

    def test_a_batch_is_judged_on_what_it_has_done_so_far(self):
        begun = view(KEYED).after(add(5, "x", "new"), 15)
        self.assertEqual(judge(deduct(15, "y"), begun).balance, 0)
        self.assertIsNotNone(judge(add(5, "x", "new"), begun).earlier)
