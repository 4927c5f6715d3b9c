"""kill -9 of hpod at each step of a submission, and at any time: every training begins once.

300 trials (HPO_SLURM_SUBMISSIONS) of one study go to a real Slurm. The double kills hpod before
sbatch runs, while it runs, when it has a job but has not told it, and just after it told it; the
test kills it at random moments besides. In the end every trial has one attempt with its value, and
no job of ours is left. Row 43 at each step.
"""
import os
import random
import time
import unittest

from cluster import Cluster
from double import STEPS, kill
from login_node import (ABSENT_AFTER_S, DOUBTFUL, DOUBTS, Site, begun, recorded_training,
                        slurm_study)
from support import needs_cluster, wait_until

TRIALS = int(os.environ.get("HPO_SLURM_SUBMISSIONS", "300"))
RANDOM_KILLS = TRIALS // 10
CHANCE = 0.08       # of each step, at each submission
QUIET_AFTER = 0.95  # of the trials: then the doubts of the last kills are resolved in peace
END_S = 100 + TRIALS + 3 * ABSENT_AFTER_S


@needs_cluster()
class KillTest(unittest.TestCase):
    def test_kill_9_loses_no_trial_and_begins_none_twice(self):
        seed = int(os.environ.get("HPO_SEED", "1"))
        self.chance = random.Random(seed)
        self.deaths = self.random_kills = 0
        with Cluster(**DOUBTFUL) as cluster, Site(cluster, times=DOUBTS) as self.site:
            log = self.site.scratch("begun")
            began = time.monotonic()
            self.site.post("/v1/studies", slurm_study(
                "killed", recorded_training(log, 0), trials=TRIALS, parallel=min(TRIALS, 400),
                seed=seed))
            self.site.double.play(sbatch=[kill(step, CHANCE) for step in STEPS])
            self.disturb()
            ended = wait_until(self.ended, END_S, "the end of the study")
            self.site.wait_for_no_jobs()
            self.tell(seed, time.monotonic() - began)
            self.check(ended, log)

    def disturb(self):
        """Until nearly all trials are submitted; dead daemons rise, and some are killed."""
        while len(self.site.double.jobs()) < QUIET_AFTER * TRIALS:
            self.revive()
            time.sleep(self.chance.uniform(0, 0.3))
            if self.random_kills < RANDOM_KILLS and self.chance.random() < 0.3:
                self.random_kills += 1
                self.site.kill()
        self.site.double.play()

    def ended(self):
        self.revive()  # the double may yet do what it had begun
        study = self.site.try_get("/v1/studies/killed")
        return study if study and study["state"] == "finished" else None

    def revive(self):
        self.deaths += self.site.revive()

    def tell(self, seed, spent_s):
        jobs = self.site.double.jobs()
        print(f"seed {seed}: {len(jobs)} jobs for {TRIALS} trials, {self.deaths} deaths in "
              f"{spent_s:.0f} s, {dict(self.site.double.faults())} and {self.random_kills} at "
              f"random; {self.site.duplicates()} surplus jobs left by the claim; "
              f"{len(self.site.double.calls('squeue'))} squeue", flush=True)

    def check(self, ended, log):
        self.assertEqual((ended["state"], ended["reason"]), ("finished", "trials"))
        self.assertEqual(begun(log), [(number, 1) for number in range(TRIALS)])
        self.assertEqual(ended["trials"]["completed"], TRIALS)
        self.assertEqual(ended["attempts"], TRIALS, "a kill of the daemon costs no attempt")
        trials = self.site.trials("killed")
        self.assertEqual([t["value"] for t in trials], [t["params"]["x"] for t in trials])
        self.assertGreater(min(self.site.double.faults()[step] for step in STEPS), TRIALS // 60)


if __name__ == "__main__":
    unittest.main(verbosity=2)
