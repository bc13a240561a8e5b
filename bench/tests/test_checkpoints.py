import unittest

from credits_bench import checkpoints
from credits_bench.checkpoints import Checkpoint, Stretch

LOG = """\
1764100000.100 LOG:  checkpoint starting: wal
1764100026.600 LOG:  checkpoint complete: wrote 2353 buffers (14.4%); 0 WAL file(s) added, \
0 removed, 33 recycled; write=26.172 s, sync=0.249 s, total=26.463 s; sync files=43, \
longest=0.141 s, average=0.006 s; distance=540683 kB, estimate=540683 kB
1764100030.000 ERROR:  deadlock detected
1764100040.000 LOG:  checkpoint complete: wrote 3 buffers (0.0%); 0 WAL file(s) added, \
0 removed, 0 recycled; write=0.010 s, sync=0.002 s, total=0.020 s; sync files=2
"""


class CheckpointTests(unittest.TestCase):
    def test_a_checkpoints_end_is_what_follows_its_writing(self):
        first, second = checkpoints.parse(LOG)
        self.assertEqual((first.sync_seconds, second.sync_seconds), (0.249, 0.002))
        self.assertAlmostEqual(first.end.started, 1764100026.600 - 0.291, places=3)
        self.assertAlmostEqual(first.end.ended, 1764100026.600, places=3)
        self.assertAlmostEqual(first.felt.seconds, 2 * 0.291, places=3)

    def test_those_that_were_felt_in_a_stretch_count(self):
        found = [Checkpoint(Stretch(start, start + 1), 1) for start in (10, 20, 30)]
        for stretches, expected in [
            ([Stretch(0, 9)], 0), ([Stretch(11.5, 19)], 1), ([Stretch(12.5, 19)], 0),
            ([Stretch(0, 15), Stretch(29, 30)], 2), ([Stretch(0, 40)], 3),
        ]:
            with self.subTest(stretches=stretches):
                self.assertEqual(len(checkpoints.during(found, stretches)), expected)
