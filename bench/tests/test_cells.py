import unittest

from credits_bench import cells
from credits_bench.cells import ASYNCPG, GO, ONE_BY_ONE, OURS, PGBENCH, Turn, add, get
from credits_bench.service_goals import GOALS


class CellTests(unittest.TestCase):
    def test_names_and_titles_tell_cells_apart(self):
        self.assertEqual(get(64).name, "get64")
        self.assertEqual(add(64, users=10).name, "add64_10hot")
        self.assertEqual(get(1).title, "GET a balance, 1 connection")
        self.assertEqual(add(64, users=1).title, "POST add, 64 connections, all for one user")
        self.assertEqual(len({cell.name for cell in cells.CELLS}), len(cells.CELLS))
        self.assertEqual(len({cell.title for cell in cells.CELLS}), len(cells.CELLS))

    def test_who_has_a_turn_and_the_order_rotates_within_a_cell(self):
        def peers(number: int) -> list[str]:
            return [turn.peer for turn in cells.order(number, cells.NAMES)
                    if turn.cell == add(64)]

        self.assertEqual(peers(1), [ONE_BY_ONE, PGBENCH, GO, ASYNCPG, OURS])
        self.assertEqual(peers(2), [PGBENCH, GO, ASYNCPG, OURS, ONE_BY_ONE])

    def test_some_turns_come_in_every_third_round_only(self):
        rare = Turn(add(64, users=1), OURS)
        found = [rare in cells.order(number, cells.NAMES) for number in range(7)]
        self.assertEqual(found, [True, False, False, True, False, False, True])

    def test_no_turn_comes_twice_in_a_round(self):
        turns = [turn.name for turn in cells.order(0, cells.NAMES)]
        self.assertEqual(len(turns), len(set(turns)))

    def test_a_peer_that_is_absent_has_no_turn(self):
        turns = cells.order(0, [OURS, GO])
        self.assertEqual({turn.peer for turn in turns}, {OURS, GO})
        self.assertNotIn(get(2), {turn.cell for turn in turns})

    def test_what_the_goals_need_is_measured_in_every_round(self):
        measured = {(turn.cell.name, turn.peer) for turn in cells.order(1, cells.NAMES)}
        for goal in GOALS:
            with self.subTest(goal=goal.title):
                self.assertIn((goal.figure.partition(".")[0], OURS), measured)
                for figure in goal.among or (goal.figure,) if goal.beside else ():
                    self.assertIn((figure.partition(".")[0], goal.beside), measured)

    def test_every_goal_has_a_figure_without_gathering_beside_it(self):
        measured = {(turn.cell.name, turn.peer) for turn in cells.order(0, cells.NAMES)}
        for goal in GOALS:
            with self.subTest(goal=goal.title):
                self.assertIn((goal.figure.partition(".")[0], ONE_BY_ONE), measured)

    def test_every_aim_is_beyond_its_must(self):
        for goal in GOALS:
            with self.subTest(goal=goal.title):
                better = goal.must - goal.aim if goal.smaller_is_better else goal.aim - goal.must
                self.assertGreater(better, 0)
