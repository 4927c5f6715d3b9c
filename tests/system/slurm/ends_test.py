"""Row 50: jobs that Slurm itself ends. Each end has its class, its sentence and its retry.

All studies go on at the same time on one cluster, as Slurm looks at limits of time only every 30 s.
"""
import pathlib
import shutil
import tempfile
import unittest

import host
from cluster import Cluster
from login_node import PATIENT, Site, begun, recorded_training, slurm_study
from support import needs_cluster, wait_until

from daemon import REPORT, shell  # noqa: E402  (of tests/system, by support)

RESUME_S = 5
# A node that is to be woken and never comes: as those of a cloud, or with power saving. An end is
# shown for longer than hpod waits for its exit.json.
CONF = {"SuspendProgram": "/bin/true", "ResumeProgram": "/bin/true", "SuspendTime": 100000,
        "SuspendTimeout": 1, "ResumeTimeout": RESUME_S, "MinJobAge": 30}
OVER_MEMORY = {"JobAcctGatherType": "jobacct_gather/linux", "JobAcctGatherFrequency": "task=1",
               "JobAcctGatherParams": "OverMemoryKill"}
BAD_PROLOG = """#!/bin/sh
[ "$SLURMD_NODENAME" != n3 ] || [ ! -e "{}" ]
"""
# Its first attempt outlives whatever it is told.
DEAF_AT_FIRST = """
[ "$HPO_ATTEMPT" != 1 ] || { trap '' TERM; echo > "$1"; while :; do sleep 1; done; }
""" + REPORT
TAKES_MEMORY = ["python3", "-c", """
import os
taken = b"x" * (200 << 20)
open(os.environ["HPO_RESULT_FILE"], "w").write('{"loss": %s}' % os.environ["HPO_P_X"])
"""]


class Ended(unittest.TestCase):
    def submit(self, name, command, **more):
        self.site.post("/v1/studies", slurm_study(name, command, trials=1, **more))

    def trial(self, name, failures, *words):
        """After its study's end, with these failures of its attempts; the first says the words."""
        trial = self.site.only_trial(name)
        self.assertEqual([each["failure"] for each in trial["history"]], failures, trial)
        for word in words:
            self.assertIn(word, trial["history"][0]["message"])
        return trial

    def failed_job(self):
        """The id of somebody's job that has failed."""
        run = self.cluster.run
        job = run(["sbatch", "--parsable", "--wrap=false"]).stdout.strip()
        ask = ["squeue", "-h", "-t", "all", "-j", job, "-o", "%T"]
        wait_until(lambda: run(ask).stdout.strip() == "FAILED", what="a job that failed")
        return job


@needs_cluster()
class Ends(Ended):
    @classmethod
    def setUpClass(cls):
        cls.scratch = pathlib.Path(tempfile.mkdtemp(prefix="hpo-prolog-"))
        cls.addClassCleanup(shutil.rmtree, cls.scratch)
        cls.scratch.chmod(0o755)
        cls.fault = cls.scratch / "fault"
        prolog = cls.scratch / "prolog.sh"
        prolog.write_text(BAD_PROLOG.format(cls.fault))
        prolog.chmod(0o755)
        cls.cluster = cls.enterClassContext(Cluster(
            conf=CONF | {"Prolog": prolog}, limits_memory=host.has_memory_cgroups()))
        cls.site = cls.enterClassContext(Site(cls.cluster, times=PATIENT | {"stuck_after": "4s"}))
        cls.start_all(cls())

    def start_all(self):
        """Those whose ends take long."""
        self.cluster.kill("n4")
        self.cluster.check(["scontrol", "update", "nodename=n4", "state=power_down_force"])
        self.submit("no-boot", shell(REPORT), retry={"max": 0},
                    executor={"extra": ["--nodelist=n4"]})
        self.submit("overtime", shell(DEAF_AT_FIRST, self.site.scratch("deaf")),
                    retry={"on": ["timeout"], "max": 1, "scale": {"time": 2}})
        self.submit("heeding", recorded_training(self.site.scratch("begun"), 600))
        self.submit("memory", TAKES_MEMORY, retry={
            "on": ["out_of_memory"], "max": 1, "scale": {"memory": 4}})
        self.submit("refused", recorded_training(self.site.scratch("refused"), 600),
                    executor={"partition": "short"},
                    retry={"on": ["timeout"], "max": 1, "scale": {"time": 2}})
        self.cut_short("overtime", "deaf")
        self.cut_short("heeding", "begun")
        self.cut_short("refused", "refused")

    def cut_short(self, name, begun_file):
        """Its time is over in a second, to Slurm; for hpo it has its ten minutes."""
        job = self.site.wait_for_runner(name, 0)
        wait_until(self.site.scratch(begun_file).exists, what="its training")
        done = self.cluster.run(["scontrol", "update", f"jobid={job}", "endtime=now+1"])
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_training_that_ends_when_slurm_tells_it_is_a_timeout_too(self):
        trial = self.trial("heeding", ["timeout"], "time limit was reached")
        self.assertEqual((trial["state"], begun(self.site.scratch("begun"))), ("failed", [(0, 1)]))

    def test_a_retry_that_asks_for_more_than_there_is_does_not_hide_the_first_failure(self):
        trial = self.trial("refused", ["timeout", "rejected"], "time limit was reached")
        self.assertEqual(trial["failure"], "rejected")
        first = "attempt 1 had ended as timeout: "
        refusal = "it asks for more time than the partition gives"
        for part in (refusal, "\n" + first, "time limit was reached"):
            self.assertIn(part, trial["message"])
        shown = self.site.hpo("logs", "refused", "--failed").stdout
        self.assertRegex(shown, refusal + ".*; " + first)
        self.assertIn(first, self.site.hpo("trial", "refused/0").stdout)
        done = self.site.hpo("logs", "refused/0")
        self.assertIn("attempt 2 was refused", done.stderr)
        self.assertIn("DUE TO TIME LIMIT", done.stdout)  # of its job.log, as it printed nothing

    def test_a_job_that_cannot_end_before_its_deadline_is_a_timeout_that_names_it(self):
        blocker = self.cluster.run(["sbatch", "--parsable", "-Lhpo:8", "--wrap=sleep 600"])
        self.addCleanup(self.cluster.run, ["scancel", blocker.stdout.strip()])
        self.submit("deadline", shell(REPORT), executor={
            "time": "1m", "licenses": "hpo:8", "extra": ["--deadline=now+63seconds"]})
        self.trial("deadline", ["timeout"], "deadline passed", 'Take "--deadline" out of "extra"')

    @unittest.skipUnless(host.has_memory_cgroups(), f"needs {host.CGROUPS}, writable")
    def test_a_job_that_takes_too_much_memory_is_out_of_memory_and_gets_more_of_it(self):
        trial = self.trial("memory", ["out_of_memory", None], "memory", "make the training smaller")
        self.assertEqual([each["asked_memory_bytes"] >> 20 for each in trial["history"]],
                         [100, 400])
        self.assertEqual(trial["state"], "completed")

    def test_a_dependency_that_never_holds_is_told_and_then_rejected(self):
        self.submit("dependent", shell(REPORT), executor={
            "extra": [f"--dependency=afterok:{self.failed_job()}"]})
        what = 'take the dependency out of "extra"'
        wait_until(lambda: any(what in wait["text"] for wait in
                               self.site.get("/v1/studies/dependent")["waits_for"]), what=what)
        self.trial("dependent", ["rejected"], "could never start and was cancelled", what)

    def test_a_job_that_slurm_cancels_for_its_dependency_says_so(self):
        self.submit("killed", shell(REPORT), executor={
            "extra": [f"--dependency=afterok:{self.failed_job()}", "--kill-on-invalid-dep=yes"]})
        trial = self.trial("killed", [None], 'Take the dependency out of "extra"')
        self.assertEqual(trial["state"], "cancelled")

    def test_a_node_whose_prolog_fails_costs_an_attempt_and_is_named(self):
        self.fault.touch()
        self.submit("prolog", shell(REPORT), retry={"max": 1},
                    executor={"extra": ["--nodelist=n3"]})
        self.site.wait_for_trial("prolog", 0, ["waiting", "running"])
        wait_until(lambda: len(self.site.trial("prolog", 0)["history"]) == 2, what="its retry")
        self.fault.unlink()
        self.cluster.check(["scontrol", "update", "nodename=n3", "state=resume"])
        trial = self.trial("prolog", ["infrastructure", None], "ended on node n3 before its script "
                           "began; Slurm says CANCELLED", "the site's prolog failed there",
                           "Error running slurm prolog")
        self.assertEqual(trial["state"], "completed")

    def test_a_node_that_never_boots_is_a_failed_node(self):
        """Slurm 22.05 says NODE_FAIL of its job, not BOOT_FAIL."""
        self.trial("no-boot", ["node_fail"], "node n4 failed", '"--exclude=…"')

    def test_the_time_of_a_job_that_outlives_it_is_a_timeout_and_raised(self):
        trial = self.trial("overtime", ["timeout", None], "time limit was reached",
                           'Raise the executor\'s "time"')
        self.assertEqual([each["asked_s"] for each in trial["history"]], [600, 1200])
        self.assertEqual(trial["state"], "completed")
        asked = [[word for word in call["argv"] if word.startswith("--time=")]
                 for call in self.site.double.calls("sbatch")
                 if call["name"] in [each["job"] for each in trial["history"]]]
        self.assertEqual(asked, [["--time=0-00:10:00"], ["--time=0-00:20:00"]])


@needs_cluster()
class PolledMemory(Ended):
    def test_a_job_that_slurmd_kills_for_its_memory_is_out_of_memory_and_says_what_to_raise(self):
        """Slurm calls it FAILED by a signal, as if anybody had killed it; its log says more."""
        self.cluster = self.enterContext(Cluster(nodes=1, conf=OVER_MEMORY))
        self.site = self.enterContext(Site(self.cluster))
        self.submit("memory", [*TAKES_MEMORY[:2], TAKES_MEMORY[2] + "import time; time.sleep(60)"],
                    retry={"max": 0})
        trial = self.trial("memory", ["out_of_memory"], "exceeded memory limit", '"memory"')
        self.assertEqual(trial["state"], "failed")


if __name__ == "__main__":
    unittest.main(verbosity=2)
