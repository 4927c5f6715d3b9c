"""kill -9 of hpod at each step of a submission while sbatch and squeue lie: nothing is lost.

Each listing fault of the double meets kills at every step, and each of its faults of submissions
meets each step; squeue too, which is asked in every doubt, is a place to die. All studies go on at
the same time, on one cluster; a daemon that was killed is started again.
"""
import functools
import itertools
import random
import unittest

from double import SEED, STEPS, kill
from lies import CANCELS, END_S, LISTINGS, SUBMISSIONS, Lied, names
from login_node import recorded_training
from support import needs_cluster, wait_until

TRIALS = 12
FIRST = 5  # calls of sbatch, among which are those that are killed: later, each costs a whole doubt
brief_training = functools.partial(recorded_training, seconds=1)


def kills_of(name, turn):
    """Every step once, with a fault at each: as many names as there are faults make all pairs."""
    calls = random.Random(f"{SEED} {name}").sample(range(1, FIRST + 1), len(STEPS))
    faults = [SUBMISSIONS[(turn + 2 * i) % len(SUBMISSIONS)] for i in range(len(STEPS))]
    return [dict(rule, call=call, kill=step) for rule, call, step in zip(faults, calls, STEPS)]


def query_kill_of(turn):
    return kill(STEPS[turn % len(STEPS)], 0.2, times=1)


@needs_cluster()
class DoubleKillTest(Lied):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sites = {name: cls.submit(
            name, brief_training,
            {"sbatch": kills_of(name, turn), "squeue": [query_kill_of(turn), *rules],
             "scancel": CANCELS},
            trials=TRIALS, parallel=TRIALS)
            for turn, (name, rules) in enumerate(LISTINGS.items())}

    def all_have_ended(self):
        for site in self.sites.values():
            self.deaths += site.revive()
        studies = [site.try_get(f"/v1/studies/{name}") for name, site in self.sites.items()]
        return all(study and study["state"] == "finished" for study in studies)

    def test_kills_at_every_step_meet_every_fault_of_listings_and_of_submissions(self):
        self.deaths = 0
        wait_until(self.all_have_ended, END_S, "the end of all studies")
        for site in self.sites.values():
            site.double.play()
        wait_until(self.all_have_ended, END_S, "daemons that are not killed any more")
        for name, site in self.sites.items():
            with self.subTest(name):
                self.check(name, site, TRIALS)
                self.assertLessEqual(set(STEPS), set(site.double.faults("sbatch")))
        print(f"{self.deaths} deaths", flush=True)
        pairs = set().union(*(site.double.pairs("sbatch") for site in self.sites.values()))
        self.assertLessEqual(set(itertools.product(names(SUBMISSIONS), STEPS)), pairs)
        self.check_struck("squeue", names(sum(LISTINGS.values(), [])) | set(STEPS))


if __name__ == "__main__":
    unittest.main(verbosity=2)
