"""Outages of Slurm lose nothing and double nothing (rows 41 to 43 and 46); what ends a job from
outside has its reason (rows 49 to 52)."""
import signal
import time
import unittest

from cluster import Cluster
from login_node import BEGUN, PATIENT, Site, begun, recorded_training, slurm_study
from support import needs_cluster, wait_until

from daemon import UNTIL_TOLD, shell  # noqa: E402  (of tests/system, by support)

LIMIT_S = 150
# hpod takes silence for an end after these; the outage lasts twice as long as both.
SHORT_WAITS = {"absent_after": "6s", "lost_after": "3s"}
OUTAGE_S = 2 * (6 + 3)
RUNNING, QUEUED, OUTAGE_TRIALS = 8, 4, 16
RETRY = {"max": 3}  # a controller that is killed forgets jobs of its last seconds


class OnSite:
    """One cluster for a class; each test has a site of its own, and leaves the cluster usable."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster())

    def setUp(self):
        self.site = self.enterContext(Site(self.cluster, times=PATIENT))
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
        """Rows 42 and 46: it has forgotten its last seconds, and may give their ids again."""
        self.submit(1, trials=40, parallel=8, retry=RETRY)
        wait_until(lambda: len(begun(self.log)) > 8, what="a study under way")
        self.cluster.kill("slurmctld")
        asked = len(self.site.double.calls("squeue"))
        wait_until(lambda: len(self.site.double.calls("squeue")) > asked, what="a vain question")
        self.cluster.repair()
        self.check_end(40)

    def test_a_controller_that_hangs_answers_late_or_not_at_all(self):
        """Rows 42, 43 and 57."""
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
        """Rows 49 and 50: its partition would requeue it, which no job of ours allows."""
        self.submit(3, trials=1, executor={"partition": "low", "exclusive": True})
        self.job_of(0)
        self.slurm("sbatch", "-phigh", "-N4", "--exclusive", "--wrap=sleep 1")
        self.check_retried("preempted")

    def test_a_job_whose_node_fails_is_submitted_again(self):
        """Row 50."""
        self.submit(3, trials=1, retry={"max": 1})
        job = self.job_of(0)
        node = self.slurm("squeue", "-h", "-j", job, "-o", "%N")
        self.cluster.check(["scontrol", "update", f"nodename={node}", "state=down", "reason=test"])
        self.check_retried("node_fail")

    def test_a_training_on_a_node_that_was_given_up_ends_when_its_trial_goes_on(self):
        """Row 50: the node's slurmd hangs, so Slurm ends nothing there."""
        self.submit(60, trials=1, retry={"max": 1})
        job = self.job_of(0)
        node = self.slurm("squeue", "-h", "-j", job, "-o", "%N")
        self.cluster.kill(node, signal.SIGSTOP)
        self.cluster.check(["scontrol", "update", f"nodename={node}", "state=down", "reason=test"])
        exit_file = self.site.trial_directory("s", 0) / "exit.json"
        wait_until(exit_file.exists, LIMIT_S, "the end of the first training")
        self.assertIn("another attempt went on in its place", exit_file.read_text())
        self.site.post("/v1/studies/s:cancel")
        self.site.wait_for("s", ["cancelled"])
        self.cluster.repair()

    def test_a_job_that_a_person_cancels_is_not_submitted_again(self):
        """Row 52."""
        self.submit(600, trials=1)
        self.slurm("scancel", self.job_of(0))
        trial = self.site.only_trial("s")
        self.assertEqual((trial["state"], len(trial["history"])), ("cancelled", 1), trial)

    def test_a_held_job_is_waited_for(self):
        """Row 51."""
        self.submit(0, trials=1, executor={"extra": ["--hold"]})
        job = wait_until(lambda: self.site.jobs("PD"), what="the held job")[0][0]
        self.assertEqual(begun(self.log), [])
        remedy = f"scontrol release {job}"
        wait_until(lambda: any(remedy in wait["text"] for wait in
                               self.site.get("/v1/studies/s")["waits_for"]), what=remedy)
        self.slurm(*remedy.split())
        self.assertEqual(self.site.wait_for("s")["trials"]["completed"], 1)


@needs_cluster()
class LongOutage(unittest.TestCase):
    """Row 42: longer than all waits that could take silence for an end."""

    def setUp(self):
        self.cluster = self.enterContext(Cluster())
        self.site = self.enterContext(Site(self.cluster, times=SHORT_WAITS))
        self.log = self.site.scratch("begun")
        self.first, self.rest = self.site.scratch("first"), self.site.scratch("rest")

    def submit(self):
        """Half of the trials that run end at `first`, all others at `rest`."""
        choice = f'shift; [ "$HPO_TRIAL" -lt {RUNNING // 2} ] || shift\n'
        self.site.post("/v1/studies", slurm_study(
            "s", shell(BEGUN + choice + UNTIL_TOLD, self.log, self.first, self.rest),
            trials=OUTAGE_TRIALS, parallel=RUNNING + QUEUED, retry={"max": 0},
            executor={"cpus": 64 // RUNNING}))
        wait_until(lambda: len(begun(self.log)) == RUNNING, what="trainings on all CPUs")
        wait_until(lambda: len(self.site.jobs("PD")) == QUEUED, what="jobs in the queue")
        wait_until(lambda: self.states("running") == RUNNING, what="their jobs seen to run")

    def states(self, state):
        """How many last attempts are in it."""
        numbers = [trial["number"] for trial in self.site.trials("s")]
        last = [self.site.trial("s", number)["history"][-1:] for number in numbers]
        return sum(attempt["state"] == state for each in last for attempt in each)

    def stop_controller(self):
        """As a site does it: nothing that it has accepted is forgotten."""
        self.cluster.kill("slurmctld", signal.SIGTERM)
        wait_until(lambda: not self.cluster.processes.is_alive("slurmctld"), what="its end")
        return time.monotonic()

    def check_meanwhile(self):
        self.first.touch()
        wait_until(lambda: self.states("succeeded") == RUNNING // 2,
                   what="results, told by the files alone")
        what = "Unable to contact slurm controller"
        wait_until(lambda: any(what in wait["text"] for wait in
                               self.site.get("/v1/studies/s")["waits_for"]), what=what)
        self.assertIn(what, self.site.hpo("status", "s", check=0).stdout)

    def test_an_outage_longer_than_all_waits_burns_no_attempt(self):
        self.submit()
        down = self.stop_controller()
        self.check_meanwhile()
        wait_until(lambda: time.monotonic() - down > OUTAGE_S, what="a long outage")
        self.assertEqual(self.states("running"), RUNNING - RUNNING // 2)
        self.assertEqual(self.site.get("/v1/studies/s")["trials"]["failed"], 0)
        self.rest.touch()
        self.cluster.repair()
        study = self.site.wait_for("s")
        self.site.wait_for_no_jobs()
        self.assertEqual((study["trials"]["completed"], study["attempts"]),
                         (OUTAGE_TRIALS, OUTAGE_TRIALS), self.site.log_text()[-2000:])
        self.assertEqual(begun(self.log), [(number, 1) for number in range(OUTAGE_TRIALS)])


@needs_cluster()
class Commands(unittest.TestCase):
    def test_commands_that_are_missing_are_waited_for(self):
        """Row 41: a study fails nothing for them, and its user is told."""
        site = self.enterContext(Site(self.enterContext(Cluster(nodes=1))))
        site.kill()
        site.environment["PATH"] = str(site.home)
        site.start()
        site.post("/v1/studies", slurm_study("s", ["true"], trials=4, retry={"max": 0}))
        told = wait_until(lambda: site.get("/v1/studies/s")["waits_for"], what="why it waits")
        self.assertIn("the command 'sbatch' is not in PATH", told[0]["text"])
        self.assertIn("'sbatch' is not in PATH", site.hpo("status", "s", check=0).stdout)
        study = site.get("/v1/studies/s")
        self.assertEqual((study["state"], study["trials"]["failed"]), ("running", 0))


if __name__ == "__main__":
    unittest.main(verbosity=2)
