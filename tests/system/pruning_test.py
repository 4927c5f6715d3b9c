#!/usr/bin/env python3
"""The promise: kill -9 of the daemon changes no decision of a pruner and loses no step.

Real daemon, real trainings that report nine steps and stop when they are told to: jobs of their own
in one study, pulled by a worker in the other.
"""
import subprocess
import sys
import time
import unittest

from daemon import BIN, study, wait_until
from pulled_trials import Pulled

TRAINING = """
import os, time
import hpo
hpo.stop_at_report()
x = hpo.params()["x"]
for step in range(1, 10):
    time.sleep(0.05)
    loss = x + 1 / step
    if hpo.report(step, loss=loss):
        break
hpo.result(loss=loss)
"""
TRIALS = 24
EARLY = {"fidelity": {"name": "steps", "min": 1, "max": 9, "eta": 3}, "pruner": "asha"}


class PruningTest(Pulled):
    def setUp(self):
        super().setUp()
        helper = subprocess.run([BIN / "hpo", "helper", "python"], capture_output=True, check=True)
        (self.scratch / "hpo.py").write_bytes(helper.stdout)
        (self.scratch / "train.py").write_text(TRAINING)

    def submit(self, name, **more):
        command = [sys.executable, str(self.scratch / "train.py")]
        self.daemon.post("/v1/studies", study(name, command, trials=TRIALS, parallel=4,
                                              **EARLY, **more))

    def kill_the_daemon_in_between(self, names):
        def finished():
            counts = [self.daemon.get(f"/v1/studies/{name}")["trials"] for name in names]
            return sum(each["completed"] + each["pruned"] for each in counts)

        for share in (0.2, 0.4, 0.6):
            wanted = share * TRIALS * len(names)
            wait_until(lambda wanted=wanted: finished() >= wanted, what=f"{wanted} trials")
            self.daemon.kill()
            time.sleep(0.2)
            self.daemon.start()

    def check(self, name):
        ended = self.daemon.wait_for(name)
        self.assertEqual(ended["state"], "finished")
        counts = ended["trials"]
        self.assertEqual(counts["completed"] + counts["pruned"], TRIALS, counts)
        self.assertGreater(counts["pruned"], 0)
        for trial in self.daemon.trials(name):
            path = f"/v1/studies/{name}/trials/{trial['number']}/reports"
            reports = self.daemon.get(path)["reports"]
            steps = [each["step"] for each in reports]
            self.assertEqual(steps, list(range(1, len(steps) + 1)))
            is_pruned = any(each["decision"] and each["decision"]["verdict"] == "stop"
                            for each in reports)
            # One that came to its last step while nobody could tell it to stop has a value.
            self.assertTrue(is_pruned if trial["state"] == "pruned" else len(steps) == 9, trial)
        told = self.daemon.hpo("replay", name, check=0).stdout
        self.assertIn("0 different\n", told.splitlines(keepends=True)[-1])

    def test_decisions_are_the_same_after_every_death_of_the_daemon(self):
        self.submit("jobs")
        self.submit("pulled", executor={"type": "external", "lease": "5s"})
        with self.worker("--slots", "4"):
            self.kill_the_daemon_in_between(["jobs", "pulled"])
            self.check("pulled")
        self.check("jobs")


if __name__ == "__main__":
    unittest.main()
