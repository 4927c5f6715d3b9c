"""Outages of Slurm lose nothing and double nothing; what ends a job from outside has its reason."""
import signal
import unittest

from cluster import Cluster
from login_node import Site, begun, recorded_training, slurm_study
from support import needs_cluster, wait_until

LIMIT_S = 150
RETRY = {"max": 3}  # a controller that is killed forgets jobs of its last seconds


class OnSite:
    """One cluster for a class; each test has a site of its own, and leaves the cluster usable."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster())

    def setUp(self):
        self.site = self.enterContext(Site(self.cluster))
        self.addCleanup(self.cluster.repair)  # before the site's end, which needs the controller
        self.log = self.site.scratch("begun")

    def submit(self, seconds, **more):
        self.site.post("/v1/studies",
                       slurm_study("s", recorded_training(self.log, seconds), **more))

    def job_of(self, number):
        """The id of trial's job, once it runs its training."""
        wait_until(lambda: any(run[0] == number for run in begun(self.log)), what="its training")
        return self.site.wait_for_runner("s", number)

    def slurm(self, *words):
        """A command of the ordinary user's; what it printed."""
        done = self.cluster.run(words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()


@needs_cluster()
class Outages(OnSite, unittest.TestCase):
    def check_end(self, trials):
        study = self.site.wait_for("s", limit_s=LIMIT_S)
        self.site.wait_for_no_jobs()
        runs = begun(self.log)
        print(f"{len(self.site.double.jobs())} jobs, {study['attempts']} attempts for {trials} "
              f"trials, {self.site.duplicates()} surplus jobs left by the claim", flush=True)
        self.assertEqual(len(runs), len(set(runs)), "an attempt began twice")
        self.assertEqual(study["trials"]["completed"], trials, self.site.log_text()[-2000:])
        return study

    def test_a_controller_that_is_killed_and_comes_back(self):
        self.submit(1, trials=40, parallel=8, retry=RETRY)
        wait_until(lambda: len(begun(self.log)) > 8, what="a study under way")
        self.cluster.kill("slurmctld")
        asked = len(self.site.double.calls("squeue"))
        wait_until(lambda: len(self.site.double.calls("squeue")) > asked, what="a vain question")
        self.cluster.repair()
        self.check_end(40)

    def test_a_controller_that_hangs_answers_late_or_not_at_all(self):
        self.submit(1, trials=40, parallel=8)
        wait_until(lambda: len(begun(self.log)) > 8, what="a study under way")
        self.cluster.kill("slurmctld", signal.SIGSTOP)
        wait_until(lambda: any(a["state"] == "unknown" for t in self.site.trials("s")
                               for a in self.site.trial("s", t["number"])["history"]),
                   what="a submission in doubt")
        self.cluster.repair()
        study = self.check_end(40)
        self.assertEqual(study["attempts"], 40, "nothing was lost")


@needs_cluster()
class Ends(OnSite, unittest.TestCase):
    def check_retried(self, failure):
        trial = self.site.wait_for_trial("s", 0, ["completed"])
        self.assertEqual([attempt["failure"] for attempt in trial["history"]], [failure, None])
        self.assertEqual(begun(self.log), [(0, 1), (0, 2)])

    def test_a_preempted_job_is_submitted_again(self):
        self.submit(3, trials=1, executor={"partition": "low", "exclusive": True})
        self.job_of(0)
        self.slurm("sbatch", "-phigh", "-N4", "--exclusive", "--wrap=sleep 1")
        self.check_retried("preempted")

    def test_a_job_whose_node_fails_is_submitted_again(self):
        self.submit(3, trials=1, retry={"max": 1})
        job = self.job_of(0)
        node = self.slurm("squeue", "-h", "-j", job, "-o", "%N")
        self.cluster.check(["scontrol", "update", f"nodename={node}", "state=down", "reason=test"])
        self.check_retried("node_fail")

    def test_a_job_that_a_person_cancels_is_not_submitted_again(self):
        self.submit(600, trials=1)
        self.slurm("scancel", self.job_of(0))
        trial = self.site.only_trial("s")
        self.assertEqual((trial["state"], len(trial["history"])), ("cancelled", 1), trial)

    def test_a_held_job_is_waited_for(self):
        self.submit(0, trials=1, executor={"extra": ["--hold"]})
        job = wait_until(lambda: self.site.jobs("PD"), what="the held job")[0][0]
        self.assertEqual(begun(self.log), [])
        self.slurm("scontrol", "release", job)
        self.assertEqual(self.site.wait_for("s")["trials"]["completed"], 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
