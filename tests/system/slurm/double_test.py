"""Whatever sbatch and squeue say, or do not: every attempt runs once, none is lost, no job stays.

Each listing fault of the double meets all its faults of submissions, in a study of its own; all
studies go on at the same time, on one cluster. Rows 43, 44, 46, 47, 48 and 57 of the fault table.
"""
import functools
import unittest

from lies import CANCELS, LISTINGS, SUBMISSIONS, Lied, names
from login_node import recorded_training
from support import needs_cluster

TRIALS = 24
brief_training = functools.partial(recorded_training, seconds=1)


@needs_cluster()
class DoubleTest(Lied):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lied = {name: cls.submit(
            name, brief_training, {"sbatch": SUBMISSIONS, "squeue": rules, "scancel": CANCELS},
            trials=TRIALS, parallel=TRIALS) for name, rules in LISTINGS.items()}

    def test_faults_of_listings_and_of_submissions_at_the_same_time(self):
        for name, site in self.lied.items():
            with self.subTest(name):
                self.check(name, site, TRIALS)
        self.check_struck("sbatch", names(SUBMISSIONS))
        self.check_struck("squeue", names(sum(LISTINGS.values(), [])))


if __name__ == "__main__":
    unittest.main(verbosity=2)
