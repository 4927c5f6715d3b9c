"""Row 43: sbatch's answer is lost, and its job comes when the attempt has another one already.

The first submission of each trial is accepted when the test says so: after `absent_after`, when it
was given up and the second one waits. Both are held; the late one is let go first.
"""
import unittest

from cluster import Cluster
from double import fault
from login_node import Site, begun, slurm_study, told_training
from support import needs_cluster, wait_until

ABSENT_AFTER = "8s"  # as long, hpod looks for late jobs after the last one


@needs_cluster()
class Late(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())
        self.site = self.enterContext(Site(self.cluster, times={"absent_after": ABSENT_AFTER}))
        self.log, self.told = self.site.scratch("begun"), self.site.scratch("told")
        self.done = self.site.scratch("done")

    def release(self, job):
        done = self.cluster.run(["scontrol", "release", job["id"]])
        self.assertEqual(done.returncode, 0, done.stderr)

    def wait_for_jobs(self, count):
        return wait_until(lambda: len(self.site.double.jobs()) == count and self.site.double.jobs(),
                          what=f"{count} jobs")

    def start_late_ones(self, trials):
        """(late, second) jobs, in order of their trials; the late ones run, the second are held."""
        self.site.double.play(sbatch=[fault("accepted_when_told", times=trials,
                                            told=str(self.told))])
        self.site.post("/v1/studies", slurm_study(
            "s", told_training(self.log, self.done), trials=trials, parallel=trials,
            executor={"extra": ["--hold"]}))
        self.wait_for_jobs(trials)
        self.told.touch()
        jobs = self.wait_for_jobs(2 * trials)
        for job in jobs[trials:]:
            self.release(job)
        wait_until(lambda: len(begun(self.log)) == trials, what="the trainings of the late jobs")
        names = [call["name"] for call in self.site.double.calls("sbatch")]
        jobs.sort(key=lambda job: names.index(job["name"]))
        return jobs[:trials], jobs[trials:]

    def runs(self):
        """{trial: job id}"""
        rows = [line.split() for line in self.log.read_text().splitlines()]
        self.assertEqual(len(rows), len({row[0] for row in rows}), "an attempt began twice")
        return {int(row[0]): row[2] for row in rows}

    def test_the_late_job_carries_out_the_attempt_and_the_other_leaves(self):
        late, second = self.start_late_ones(2)
        self.assertEqual(sorted(self.runs().values()), sorted(job["id"] for job in late))
        number = next(trial for trial, job in self.runs().items() if job == late[0]["id"])
        attempt = self.site.trial("s", number)["history"][0]
        self.assertNotEqual(attempt["job"], late[0]["name"])
        of_cancelled = next(job for job in second if job["name"] == attempt["job"])
        self.release(of_cancelled)
        wait_until(lambda: self.site.duplicates() == 1, what="the second job's leave by the claim")
        self.site.wait_for_trial("s", number, ["running"])
        self.site.post(f"/v1/studies/s/trials/{number}:cancel")
        wait_until(lambda: late[0]["id"] not in [job[0] for job in self.site.jobs()],
                   what="the end of the late job")
        self.done.touch()
        study = self.site.wait_for("s")
        self.site.wait_for_no_jobs()  # the other second one, which was held all the time
        self.assertEqual(len(self.runs()), 2)
        self.assertEqual(study["attempts"], 2)
        states = [self.site.trial("s", each)["state"] for each in (number, 1 - number)]
        self.assertEqual(states, ["cancelled", "completed"], self.site.log_text()[-2000:])


if __name__ == "__main__":
    unittest.main(verbosity=2)
