"""Slurm forgets finished jobs (MinJobAge) while hpod is down; the attempts' files do not.

What has no exit.json either is for accounting, or lost. One cluster with accounting and one without
go through it at the same time. Rows 46 and 52 of the fault table.
"""
import json
import os
import signal
import unittest

from cluster import Cluster
from double import fault
from login_node import Site, begun, slurm_study, told_training
from support import needs_cluster, wait_until

TRIALS = 5
# The trials that do not report: one's runner dies with it, one is cancelled by the user, one by an
# administrator.
KILLED, UNWANTED, FORBIDDEN = 2, 3, 4
# Where nobody knows who told a job to end, it passes for one that made room, or for one that died
# of a signal, if its training was gone before its runner had heard it.
TOLD = "preempted or signal"
EXPECTED = {  # the failures of each trial's attempts, by whether there is accounting
    False: [[None], [None], ["lost", None], [TOLD, None], [TOLD, None]],
    True: [[None], [None], ["signal", None], [None], [None]],
}


class Story:
    """Of one cluster, step by step."""

    def __init__(self, enter, accounting):
        self.cluster = enter(Cluster(conf={"MinJobAge": 2}, accounting=accounting))
        self.site = enter(Site(self.cluster))
        self.log, self.told = self.site.scratch("begun"), self.site.scratch("told")

    def begin(self):
        self.site.post("/v1/studies", slurm_study(
            "s", told_training(self.log, self.told), trials=TRIALS, parallel=TRIALS,
            retry={"max": 1, "on": ["lost", "preempted", "signal"]}))
        wait_until(lambda: len(begun(self.log)) == TRIALS, what="all trainings")
        for number in range(TRIALS):
            self.site.wait_for_trial("s", number, ["running"])
        self.site.kill()

    def end_all(self):
        """Two report, the others end as told above."""
        claim = json.loads((self.site.trial_directory("s", KILLED) / "claim").read_text())
        os.kill(claim["pid"], signal.SIGKILL)
        jobs = dict(line.split()[::2] for line in self.log.read_text().splitlines())
        for number, run in ((UNWANTED, self.cluster.run), (FORBIDDEN, self.cluster.admin)):
            run(["scancel", jobs[str(number)]])
            wait_until((self.site.trial_directory("s", number) / "exit.json").exists,
                       what="the end of the job that was cancelled")
        self.told.touch()

    def come_back(self):
        listing = ["squeue", "-h", "-t", "all", "-o", "%i"]
        wait_until(lambda: not self.cluster.run(listing).stdout, what="a queue that knows nothing")
        self.site.start()

    def histories(self):
        self.site.wait_for("s")
        self.site.wait_for_no_jobs()
        found = [[each["failure"] for each in self.site.trial("s", number)["history"]]
                 for number in range(TRIALS)]
        for failures in found[UNWANTED:]:
            if failures[0] in ("preempted", "signal"):
                failures[0] = TOLD
        return found


@needs_cluster(accounting=True)
class Forgotten(unittest.TestCase):
    def setUp(self):
        self.stories = {accounting: Story(self.enterContext, accounting)
                        for accounting in (True, False)}
        for step in (Story.begin, Story.end_all, Story.come_back):
            for story in self.stories.values():
                step(story)

    def test_results_are_read_and_what_left_none_is_for_accounting_or_lost(self):
        for accounting, story in self.stories.items():
            with self.subTest(accounting=accounting):
                self.assertEqual(story.histories(), EXPECTED[accounting])
                runs = begun(story.log)
                self.assertEqual(len(runs), len(set(runs)), "an attempt began twice")
                states = [trial["state"] for trial in story.site.trials("s")]
                last = "cancelled" if accounting else "completed"
                self.assertEqual(states, ["completed"] * UNWANTED + [last] * 2)
        who = "by the site's administrators" if os.geteuid() == 0 else "by its user"
        for number, by in ((UNWANTED, "by its user"), (FORBIDDEN, who)):
            message = self.stories[True].site.trial("s", number)["history"][0]["message"]
            self.assertIn("cancelled in Slurm " + by, message)


# Before the runner takes the job: it dies without a claim, and without a word. No shell is left
# that would go on when Slurm kills sleep a moment earlier.
HANGS_AT_THE_START = 'echo > "{}"; trap "" TERM; exec sleep 60'
# What would be waited for in vain, as in production.
LONG_WAITS = {"result_grace": "10m", "lost_after": "10m"}


@needs_cluster()
class ForgottenAtOnce(unittest.TestCase):
    """No listing shows the end of a worker job: Slurm forgets it before the next one is made."""

    def test_a_cancelled_start_that_slurm_forgets_holds_up_no_study(self):
        cluster = self.enterContext(Cluster(nodes=1, conf={"MinJobAge": 2}))
        site = self.enterContext(Site(cluster, times=LONG_WAITS))
        site.double.play(squeue=[fault("purged")])
        starts = site.scratch("starts")
        setup = {"captured": {"PATH": os.environ["PATH"]},
                 "setup": HANGS_AT_THE_START.format(starts)}
        body = slurm_study("s", ["true"], environment=setup)
        del body["parallel"]
        site.post("/v1/studies", dict(body, dispatch="workers", workers=1))
        wait_until(starts.exists, what="a job that starts")
        site.post("/v1/studies/s:cancel")
        ended = site.wait_for("s", limit_s=40)
        self.assertEqual((ended["state"], ended["workers"]["lost"]), ("cancelled", 0))
        self.assertEqual(list(site.state.glob("studies/s/workers/0/1/claim")), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
