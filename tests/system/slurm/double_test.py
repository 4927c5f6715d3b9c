"""Whatever sbatch and squeue say, or do not: every attempt runs once, none is lost, no job stays.

Each listing fault of the double meets all its faults of submissions, in a study of its own; all
studies go on at the same time, on one cluster. Rows 43, 44, 46, 47, 48 and 57 of the fault table.
"""
import unittest

from cluster import Cluster
from double import fault
from login_node import (ABSENT_AFTER_S, DOUBTFUL, DOUBTS, POLL_S, Site, begun,
                        recorded_training, slurm_study)
from support import needs_cluster

TRIALS = 24
SUBMISSIONS = [
    fault("accepted_unsaid", 0.1), fault("refused_unsaid", 0.1), fault("garbage", 0.1),
    fault("silence", 0.1), fault("twice", 0.1), fault("twice_unsaid", 0.1),
    fault("id_of_another", 0.1), fault("accepted_late", 0.1, seconds=4)]
LISTINGS = {
    "faithful": [],
    "failing": [fault("no_contact", 0.3)],
    "cut": [fault("cut", 0.3)],
    "partial": [fault("partial", 0.5)],
    "forgetful": [fault("forgetful", every=3)],
    "empty": [fault("empty", 0.3)],
    "lagging": [fault("lagging", seconds=3 * POLL_S)],
    "slow": [fault("hang", 0.3, seconds=3)],
    "garbled": [fault("garbage", 0.3)],
}
CANCELS = [fault("no_contact", 0.3), fault("does_nothing", 0.3)]
END_S = 140 + 6 * ABSENT_AFTER_S


@needs_cluster()
class DoubleTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster(**DOUBTFUL))

    def submit(self, name, training_s, submissions, listings, **more):
        """A site of its own with the study `name`; the training's log is in `begun`."""
        site = self.enterContext(Site(self.cluster, times=DOUBTS))
        site.double.play(sbatch=submissions, squeue=listings, scancel=CANCELS)
        command = recorded_training(site.scratch("begun"), training_s)
        site.post("/v1/studies", slurm_study(name, command, **more))
        return site

    def check(self, name, site, trials):
        """All has ended well; what happened is printed."""
        study = site.wait_for(name, limit_s=END_S)
        site.double.play()
        site.wait_for_no_jobs()
        jobs = len(site.double.jobs())
        print(f"{name}: {jobs} jobs for {trials} trials, {site.duplicates()} surplus jobs left by "
              f"the claim; {dict(site.double.faults())}", flush=True)
        runs = begun(site.scratch("begun"))
        self.assertEqual(len(runs), len(set(runs)), "an attempt began twice")
        self.assertEqual((study["state"], study["reason"]), ("finished", "trials"))
        self.assertEqual(study["trials"]["completed"], trials)
        self.assertEqual(study["attempts"], trials, site.log_text()[-2000:])

    def test_faults_of_listings_and_of_submissions_at_the_same_time(self):
        sites = {name: self.submit(name, 1, SUBMISSIONS, listings, trials=TRIALS, parallel=TRIALS)
                 for name, listings in LISTINGS.items()}
        for name, site in sites.items():
            with self.subTest(name):
                self.check(name, site, TRIALS)


if __name__ == "__main__":
    unittest.main(verbosity=2)
