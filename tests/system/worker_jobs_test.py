#!/usr/bin/env python3
"""The promise: worker jobs that hpod starts may die, and so may hpod: they are replaced, none runs
twice, and every trial ends once.

Real daemon and real processes on this machine; a training notes in a common file when it begins.
"""
import json
import os
import signal
import subprocess
import unittest

from daemon import BIN, REPORT, is_alive, study, wait_until
from pulled_trials import Pulled, child_of

UNTIL_WELL = 'while [ ! -e "$2/well" ]; do sleep 0.02; done;'
STEP = 'echo "{\\"step\\": 1, \\"loss\\": 1}" >> "$HPO_METRICS_FILE"; sleep 0.5;'


class WorkerJobsTest(Pulled):
    def submit(self, script, trials, workers, **more):
        body = study("jobs", self.training(script), trials=trials,
                     executor={"type": "local", "slots": 2, "lease": "1h"}, **more)
        del body["parallel"]
        self.daemon.post("/v1/studies", dict(body, dispatch="workers", workers=workers))

    def directory(self, worker):
        return self.daemon.state / "studies/jobs/workers" / str(worker) / "1"

    def runner(self, worker):
        return json.loads((self.directory(worker) / "claim").read_text())["pid"]

    def workers(self):
        return self.daemon.get("/v1/studies/jobs")["workers"]

    def check_ended_once(self, trials, lost):
        ended = self.daemon.wait_for("jobs")
        self.assertEqual((ended["state"], ended["trials"]["completed"]), ("finished", trials))
        for trial in self.daemon.trials("jobs"):
            self.assertAlmostEqual(trial["value"], trial["params"]["x"])
        self.assertEqual(sorted(self.begun()), sorted(
            [(number, 1) for number in range(trials)] + [(number, 2) for number in lost]))
        claims = self.daemon.state.glob("studies/jobs/workers/*/1/claim")
        pids = [json.loads(claim.read_text())["pid"] for claim in claims]
        wait_until(lambda: not any(map(is_alive, pids)), what="the end of all worker jobs")

    def test_worker_jobs_that_are_killed_are_replaced_and_their_trials_begin_again_at_once(self):
        self.submit(UNTIL_WELL + REPORT, 10, 2)
        self.wait_until_begun(4)
        lost = [number for number, _ in self.begun()]
        for killed in (child_of(self.runner(0)), self.runner(1)):  # the worker, then a runner
            os.kill(killed, signal.SIGKILL)
        self.wait_until_begun(8)  # although the lease is an hour
        (self.scratch / "well").touch()
        self.check_ended_once(10, lost)
        self.assertEqual(self.workers(), {"jobs": 2, "slots": 2, "running": 0, "queued": 0,
                                          "ended": 2, "lost": 2})
        self.assertIn("2 ended, 2 lost", self.daemon.hpo("status", "jobs", check=0).stdout)

    def test_a_second_start_of_a_worker_job_leaves_at_once(self):
        self.submit(UNTIL_WELL + REPORT, 4, 1)
        self.wait_until_begun(2)
        again = subprocess.run([BIN / "hpo", "exec", self.directory(0)], timeout=20,
                               env=dict(self.daemon.environment, HPO_JOB="hpotwice"))
        self.assertEqual(again.returncode, 0)
        self.assertTrue((self.directory(0) / "duplicate.hpotwice").exists())
        (self.scratch / "well").touch()
        self.check_ended_once(4, [])
        self.assertEqual(self.workers()["ended"], 1)

    def test_kill_9_of_the_daemon_starts_no_worker_job_twice_and_loses_none(self):
        self.submit("sleep 0.3;" + REPORT, 40, 2)
        for count in (0, 0, 0, 4, 12, 20, 28):
            self.wait_until_begun(count)
            self.daemon.kill()
            self.daemon.start()
        self.check_ended_once(40, [])
        self.assertEqual((self.workers()["ended"], self.workers()["lost"]), (2, 0))
        self.assertEqual(len(list(self.daemon.state.glob("studies/jobs/workers/*"))), 2)

    def test_worker_jobs_that_cannot_work_pause_the_study_which_says_why(self):
        self.submit(REPORT, 4, 1, workdir=str(self.scratch / "missing"))
        paused = self.daemon.wait_for("jobs", ("paused",))
        self.assertEqual((paused["reason"], paused["workers"]["lost"]), ("workers", 3))
        self.assertIn("the working directory is missing", paused["detail"])
        (self.scratch / "missing").mkdir()
        self.daemon.post("/v1/studies/jobs:resume")
        self.check_ended_once(4, [])

    def test_in_a_pause_and_at_a_cancel_workers_leave(self):
        """Those too that hear of the pause while they train, and hold a trial ahead."""
        self.submit(UNTIL_WELL + STEP + REPORT, 9, 2)
        self.wait_until_begun(4)
        self.daemon.post("/v1/studies/jobs:pause")
        (self.scratch / "well").touch()
        wait_until(lambda: self.workers()["ended"] == 2, what="the end of both")
        self.assertLessEqual(len(self.begun()), 6)  # each may have begun what it held ahead
        (self.scratch / "well").unlink()
        self.daemon.post("/v1/studies/jobs:resume")
        self.wait_until_begun(8)
        self.daemon.post("/v1/studies/jobs:cancel")
        self.assertEqual(self.daemon.wait_for("jobs")["state"], "cancelled")
        self.assertEqual(self.workers()["running"], 0)


if __name__ == "__main__":
    unittest.main()
