import json
import unittest
from collections import deque

from credits_chaos.choices import Chooser
from credits_chaos.commands import Request
from credits_chaos.habits import MIXED, PLAIN, Habits
from credits_chaos.town import Town

ALL = 77


def chosen(seed: str, count: int = 2000, habits: Habits = MIXED) -> list[Request]:
    town = Town(poor=[1, 2], rich=[3], plain=[4, 5], focus=1, balances={1: ALL},
                entries={user: deque([10, 11]) for user in range(1, 6)})
    chooser = Chooser("caller", seed, town, habits)
    requests = []
    for _ in range(count):
        request = chooser.request()
        if request is not None:
            requests.append(request)
            if request.is_keyed and not request.is_dry_run:
                town.sent.append(request)
    return requests


class ChoicesTests(unittest.TestCase):
    def test_the_same_seed_asks_for_the_same(self):
        self.assertEqual(chosen("1", 300), chosen("1", 300))
        self.assertNotEqual(chosen("1", 300), chosen("2", 300))

    def test_all_that_there_is_comes_up(self):
        requests = chosen("1")
        commands = [command for request in requests for command in request.commands]
        self.assertEqual(
            {command.change for command in commands},
            {"add", "deduct", "reset", "transfer", "reverse"})
        for name in ("is_batch", "is_atomic", "is_dry_run"):
            self.assertEqual({getattr(each, name) for each in requests}, {True, False})
        self.assertTrue(any(command.metadata for command in commands))
        self.assertGreater(len(requests), len(set(requests)))

    def test_plain_callers_mostly_add_and_deduct(self):
        requests = chosen("1", habits=PLAIN)
        plain = [each for each in requests if not each.is_batch
                 and each.commands[0].change in ("add", "deduct")]
        self.assertGreater(len(plain), 0.9 * len(requests))

    def test_a_keyed_deduction_of_all_there_is_comes_up_and_again(self):
        taken = [each for each in chosen("1") if each.commands[0].change == "deduct"
                 and each.commands[0].amount == ALL and each.commands[0].key is not None]
        self.assertGreater(len(taken), len(set(taken)))

    def test_reasons_name_commands_but_under_a_key_that_is_shared(self):
        names: dict[str, set[object]] = {}
        for request in chosen("1"):
            for command in request.commands:
                if command.key is None:
                    names.setdefault(command.reason, set()).add(command)
        self.assertEqual({len(commands) for commands in names.values()}, {1})

    def test_a_request_is_what_the_interface_takes(self):
        for request in chosen("1"):
            message = request.message()
            content = json.loads(message.body)
            self.assertEqual("?dry_run=true" in message.path, request.is_dry_run)
            if request.is_batch:
                self.assertEqual(len(content["operations"]), len(request.commands))
                self.assertNotIn("Idempotency-Key", message.fields)
            else:
                key = message.fields.get("Idempotency-Key")
                self.assertEqual(key, request.commands[0].key)
