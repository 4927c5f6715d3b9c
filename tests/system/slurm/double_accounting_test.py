"""Whatever sacct says, or does not: ends that only accounting can tell are told as they were.

squeue never shows what has ended, as where a controller forgets at once. Every other training kills
its runner, so that there is no exit.json and its end is to be had from accounting alone; the others
end well, and their exit.json outranks accounting. In each study sacct lies in a way of its own. All
studies go on at the same time, on one cluster with accounting.
"""
import os
import unittest

from checks import orphans, twice
from double import SEED, fault
from lies import END_S, Lied, names
from login_node import BEGUN, DOUBTFUL, REPORT, shell
from support import needs_cluster

TRIALS = 6
# In `tests/run.sh long` longer than hpod's patience with a command.
HANG_S = 75 if os.environ.get("HPO_TEST_LONG") else 3
KILLED = BEGUN + 'if [ $((HPO_TRIAL % 2)) = 0 ]; then kill -9 $PPID; sleep 60; fi' + REPORT
PURGED = [fault("purged")]
LIES = {
    "truth": [],
    "silent": [fault("empty")],
    "garbled": [fault("garbage", times=2)],
    "failing": [fault("no_contact", times=2)],
    "cut": [fault("cut", times=2)],
    "slow": [fault("hang", times=2, seconds=HANG_S)],
    "late": [fault("late", seconds=3)],
    "former": [fault("former")],
    "outranked": [fault("all_failed")],
}
FAILURES = {"silent": "lost", "outranked": "node_fail"}  # of what is killed; "signal" else


def killed_training(log):
    return shell(KILLED, log)


@needs_cluster(accounting=True)
class DoubleAccountingTest(Lied):
    options = dict(DOUBTFUL, accounting=True)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sites = {name: cls.submit(
            name, killed_training, {"squeue": PURGED, "sacct": rules}, trials=TRIALS,
            parallel=TRIALS, retry={"max": 0}) for name, rules in LIES.items()}

    def check_outcomes(self, name, site, failure):
        trials = [site.trial(name, number) for number in range(TRIALS)]
        told = [(t["state"], t["failure"], len(t["history"])) for t in trials]
        wanted = [("failed", failure, 1), ("completed", None, 1)] * (TRIALS // 2)
        self.assertEqual(told, wanted, f"seed {SEED}\n{site.log_text()[-2000:]}")

    def test_lies_of_accounting(self):
        for name, site in self.sites.items():
            with self.subTest(name):
                site.wait_for(name, limit_s=END_S)
                self.assertEqual(orphans(site), [])
                self.note(name, site, TRIALS)
                self.assertEqual(twice(site), [])
                self.check_outcomes(name, site, FAILURES.get(name, "signal"))
        self.check_struck("sacct", names(sum(LIES.values(), [])))
        self.check_struck("squeue", names(PURGED))


if __name__ == "__main__":
    unittest.main(verbosity=2)
