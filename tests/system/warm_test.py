#!/usr/bin/env python3
"""The promise: where a study is warm, its script is loaded once per slot, each trial is forked from
it and ends as any, a script that dies costs no trial, and a worker leaves no process behind.
"""
import json
import os
import pathlib
import signal
import unittest

from daemon import is_alive, study, wait_until
from pulled_trials import Pulled

HELPERS = pathlib.Path(__file__).resolve().parents[2] / "executors/runner/helpers"

# Notes the script's own process when it has loaded; when a trial begins, the trial, that process
# and its own: begun() tells these.
SCRIPT = """
import os, signal, sys, time
sys.path.insert(0, sys.argv[1])
import hpo
scratch, loaded = sys.argv[2], os.getpid()

def server():
    with open("/proc/thread-self/children") as file:
        return int(file.read().split()[0])

def note(name, text):
    with open(os.path.join(scratch, name), "a") as file:
        file.write(text + "\\n")

note("loaded", str(loaded))
def train(p):
    note("begun", "%%d %%d %%d" %% (hpo.trial(), loaded, os.getpid()))
    note("servers", str(server()))
    %s
    hpo.result(loss=p["x"])
%s
"""


class WarmTest(Pulled):
    way = ("--study", "warm")

    def submit(self, trials, training="pass", end="hpo.serve(train)", **more):
        script = self.scratch / "train.py"
        script.write_text(SCRIPT % (training, end))
        command = ["/usr/bin/python3", str(script), str(HELPERS), str(self.scratch)]
        self.daemon.post("/v1/studies", study("warm", command, trials=trials, parallel=4, warm=True,
                                              executor={"type": "external", "grace": "5s"}, **more))

    def lines(self, name):
        path = self.scratch / name
        return path.read_text().splitlines() if path.exists() else []

    def check_all_gone(self):
        pids = {int(line) for line in self.lines("loaded") + self.lines("servers")}
        pids |= {pid for _, _, pid in self.begun()}
        wait_until(lambda: not any(map(is_alive, pids)), what="the end of all processes")

    def test_a_script_that_dies_is_loaded_again_and_no_trial_is_lost_or_doubled(self):
        self.submit(20, "if hpo.trial() == 7: os.kill(server(), signal.SIGKILL)")
        with self.worker("--slots", "2") as worker:
            self.assertEqual(worker.wait(60), 0, worker.stderr.read())
        ended = self.daemon.wait_for("warm")
        self.assertEqual((ended["state"], ended["trials"]["completed"]), ("finished", 20))
        self.assertEqual(sorted(trial for trial, _, _ in self.begun()), list(range(20)))
        self.assertLessEqual(len(self.lines("loaded")), 3)  # one per slot, and one more
        for trial in self.daemon.trials("warm"):
            self.assertAlmostEqual(trial["value"], trial["params"]["x"])
            self.assertEqual(len(self.daemon.trial("warm", trial["number"])["history"]), 1)
        self.check_all_gone()

    def test_a_worker_that_is_told_to_end_or_killed_leaves_nothing_behind(self):
        self.submit(4, "if not os.path.exists(scratch + '/well'): time.sleep(1000)")
        for number in (signal.SIGTERM, signal.SIGKILL):
            with self.worker("--slots", "2") as worker:
                count = len(self.begun()) + 2
                wait_until(lambda c=count: len(self.begun()) >= c, what="two trainings")
                worker.send_signal(number)
                worker.wait(30)
            self.check_all_gone()

    def test_a_slot_that_is_killed_loses_its_trial_to_another_attempt(self):
        self.submit(2, "if not os.path.exists(scratch + '/well'): time.sleep(1000)")
        with self.worker() as worker:
            wait_until(self.begun, what="the first training")
            claim, = self.daemon.state.glob("studies/warm/trials/*/1/claim")
            os.kill(json.loads(claim.read_text())["pid"], signal.SIGKILL)
            (self.scratch / "well").touch()
            self.assertEqual(worker.wait(60), 0, worker.stderr.read())
        states = [[attempt["state"] for attempt in self.daemon.trial("warm", number)["history"]]
                  for number in range(2)]
        self.assertEqual(sorted(states), [["lost", "succeeded"], ["succeeded"]])
        self.check_all_gone()

    def test_a_cancelled_trial_ends_and_its_slot_goes_on(self):
        self.submit(2, "if hpo.trial() == 0: time.sleep(1000)")
        with self.worker() as worker:
            wait_until(self.begun, what="the first training")
            self.daemon.post("/v1/studies/warm/trials/0:cancel")
            self.assertEqual(worker.wait(60), 0, worker.stderr.read())
        self.assertEqual([trial["state"] for trial in self.daemon.trials("warm")],
                         ["cancelled", "completed"])
        self.assertEqual(len(self.lines("loaded")), 1)
        self.check_all_gone()

    def test_a_script_that_never_serves_is_told_with_what_it_printed(self):
        self.submit(1, end="print('no data.npz')", budget={"trials": 1, "max_failures": 1})
        with self.worker() as worker:
            worker.wait(60)
        failed = self.daemon.trial("warm", 0)
        self.assertEqual((failed["state"], failed["history"][0]["failure"]),
                         ("failed", "spawn_failed"))
        message = failed["history"][0]["message"]
        for word in ("was not ready for trials", "no data.npz", "hpo.serve(train)"):
            self.assertIn(word, message)


if __name__ == "__main__":
    unittest.main()
