"""Whatever sacct says, or does not: ends that only accounting can tell are told as they were.

squeue never shows what has ended, as where a controller forgets at once. Every other training kills
its runner, so that there is no exit.json and its end is to be had from accounting alone; the others
end well, and their exit.json outranks accounting. In each study sacct lies in a way of its own. All
studies go on at the same time, on one cluster with accounting.
"""
import os
import unittest

from checks import findings, orphans, twice
from double import SEED, fault
from lies import END_S, Lied, names
from login_node import BEGUN, DOUBTFUL, REPORT, begun, recorded_training, shell
from support import needs_cluster, wait_until

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

    def test_the_end_of_a_surplus_job_is_not_that_of_the_attempt(self):
        """It left by the claim; its twin runs on, and every third listing shows nothing."""
        site = self.submit(
            "surplus", lambda log: recorded_training(log, 25),
            {"sbatch": [fault("twice")], "squeue": [fault("empty", 0.3), *PURGED]},
            trials=2, parallel=2)
        site.wait_for("surplus", limit_s=END_S)
        self.note("surplus", site, 2)
        self.assertEqual(findings(site, "surplus", 2), [])

    def test_what_a_person_cancels_is_not_submitted_again_though_no_listing_shows_it(self):
        """Accounting tells who it was, three seconds later: well within result_grace."""
        site = self.submit(
            "cancelled", lambda log: recorded_training(log, 20),
            {"squeue": PURGED, "sacct": [fault("late", seconds=3)]}, trials=1,
            times={"result_grace": "10s"})
        log = site.scratch("begun")
        wait_until(lambda: begun(log), what="its training")
        done = self.cluster.run(["scancel", log.read_text().split()[2]])
        self.assertEqual(done.returncode, 0, done.stderr)
        trial = site.only_trial("cancelled")
        self.assertEqual((trial["state"], len(trial["history"])), ("cancelled", 1), trial)


if __name__ == "__main__":
    unittest.main(verbosity=2)
