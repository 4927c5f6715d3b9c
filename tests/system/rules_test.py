#!/usr/bin/env python3
"""The rules of a study, end to end: pausing by itself, budgets, parallel, and every command."""
import os
import pathlib
import shutil
import tempfile
import unittest

from daemon import REPORT, UNTIL_TOLD, Daemon, shell, study, wait_until
from times import most_at_once

PENDING = 8
NO_SUCCESS = 9
FAILURES = 10
CONFLICT = 5

# Thirty lines on stderr, of which the last twenty are to be shown.
ALIKE = 'for i in $(seq 30); do echo "line $i of the error" >&2; done; exit 7'


class RulesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon.started(cls.addClassCleanup)

    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="hpo-rules-"))
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)
        self.flag = self.scratch / "go"
        self.name = self._testMethodName[len("test_"):][:50].replace("_", "-")
        self.url = f"/v1/studies/{self.name}"

    def submit(self, command, budget=None, **more):
        if budget is not None:
            more["budget"] = budget
        self.daemon.post("/v1/studies", study(self.name, command, **more))

    def held(self, trials, parallel=2, **more):
        """A study whose trials run until `self.flag` is there."""
        self.submit(shell(UNTIL_TOLD, self.flag), trials=trials, parallel=parallel, **more)
        self.wait_for_running(min(trials, parallel))

    def shown(self):
        return self.daemon.get(self.url)

    def wait_for_running(self, count):
        wait_until(lambda: self.shown()["trials"]["running"] == count, what=f"{count} running")

    def order(self, verb, trial=None, body=None):
        place = self.url if trial is None else f"{self.url}/trials/{trial}"
        return self.daemon.post(f"{place}:{verb}", body)

    def test_three_first_failures_alike_pause_it_and_everything_to_mend_it_is_shown(self):
        self.submit(shell(ALIKE), trials=50, parallel=1, workdir=str(self.scratch))
        paused = self.daemon.wait_for(self.name, ["paused"])
        self.assertEqual(paused["reason"], "failures_alike")
        self.assertEqual((paused["trials"]["failed"], paused["trials"]["created"]), (3, 3))
        status = self.daemon.hpo("status", self.name, check=0).stdout
        watch = self.daemon.hpo("watch", self.name, check=PENDING).stdout
        for text in (status, watch):
            for number in range(11, 31):
                self.assertIn(f"line {number} of the error", text)
            self.assertNotIn("line 10 of the error", text)
            self.assertIn("exit code 7", text)
            self.assertRegex(text, f"cd {self.scratch} && .* sh -c ")
            self.assertIn("exit 7", text)
            self.assertIn(f"when mended: hpo resume {self.name}\n    goes on with new", text)
            self.assertIn(f"; hpo retry {self.name} before it adds its 3 failed trials\n", text)

    def test_the_example_of_failures_alike_is_one_of_those(self):
        script = """
if [ $HPO_TRIAL = 0 ]; then
  while [ ! -e "$1" ]; do sleep 0.02; done; echo 'hpo-result {"loss": NaN}'
else echo 'hpo-result {'; fi"""
        self.submit(shell(script, self.flag), trials=50, parallel=2)
        self.daemon.wait_for(self.name, ["paused"])
        self.flag.touch()
        wait_until(lambda: self.shown()["trials"]["failed"] == 4, what="the last failure")
        status = self.daemon.hpo("status", self.name, check=0).stdout
        self.assertIn("3 attempts failed alike (bad_result exit 0)", status)
        self.assertRegex(status, "trial [123]: bad_result")
        self.assertNotIn("non_finite", status)

    def test_resumed_after_three_alike_it_goes_on_and_needs_three_more_to_pause(self):
        script = '[ -e "$1" ] || exit 7' + REPORT
        self.submit(shell(script, self.flag), trials=9, parallel=1)
        self.daemon.wait_for(self.name, ["paused"])
        self.daemon.hpo("resume", self.name, check=0)
        paused = self.daemon.wait_for(self.name, ["paused"])
        self.assertEqual(paused["trials"]["failed"], 6)
        self.flag.touch()
        self.daemon.hpo("resume", self.name, check=0)
        ended = self.daemon.wait_for(self.name)
        self.assertEqual((ended["trials"]["completed"], ended["trials"]["failed"]), (3, 6))

    def test_paused_with_its_budget_used_up_it_is_told_to_retry(self):
        self.submit(shell(ALIKE), trials=3, parallel=1)
        self.daemon.wait_for(self.name, ["paused"])
        told = self.daemon.hpo("status", self.name, check=0).stdout
        self.assertIn(f"when mended: hpo retry {self.name}, then hpo resume {self.name}\n", told)
        self.assertIn("resumed alone it ends", told)

    def test_a_study_that_has_ended_is_told_what_fits_its_end(self):
        for trials, script in ((1, REPORT), (2, "exit $((HPO_TRIAL + 10))")):
            with self.subTest(script=script):
                self.name = f"ended-{trials}"
                self.url = f"/v1/studies/{self.name}"
                self.submit(shell(script), trials=trials)
                self.daemon.wait_for(self.name)
                told = self.daemon.hpo("pause", self.name, check=CONFLICT).stderr
                self.assertIn("'hpo submit FILE'", told)
                (self.assertIn if trials == 2 else self.assertNotIn)("hpo retry", told)

    def test_attempts_that_are_tried_again_count_as_first_failures_too(self):
        self.submit(shell(ALIKE), trials=50, parallel=2, retry={"on": ["exit_code"], "max": 5})
        paused = self.daemon.wait_for(self.name, ["paused"])
        self.assertEqual(paused["reason"], "failures_alike")
        self.wait_for_running(0)
        self.assertLessEqual(self.shown()["attempts"], 4, "three, and one that ran beside them")
        self.assertEqual(self.shown()["trials"]["created"], 2)
        self.assertIn("hpo status", self.shown()["detail"])

    def test_exit_code_75_asks_for_another_try(self):
        self.submit(shell('[ "$HPO_ATTEMPT" = 3 ] || exit 75' + REPORT), trials=1,
                    retry={"max": 2})
        ended = self.daemon.wait_for(self.name, ["finished", "paused"])
        self.assertEqual((ended["trials"]["completed"], ended["attempts"]), (1, 3))
        history = self.daemon.trial(self.name, 0)["history"]
        self.assertEqual([a["state"] for a in history], ["failed", "failed", "succeeded"])
        self.assertEqual([a["exit_code"] for a in history], [75, 75, 0])

    def test_exit_code_75_is_a_failure_when_the_tries_are_used_up(self):
        self.submit(shell("exit 75"), trials=1, retry={"max": 1})
        ended = self.daemon.wait_for(self.name)
        self.assertEqual((ended["trials"]["failed"], ended["attempts"]), (1, 2))

    def test_failures_that_differ_do_not_pause_it(self):
        self.submit(shell("exit $((HPO_TRIAL + 10))"), trials=6, parallel=1)
        ended = self.daemon.wait_for(self.name, ["paused", "finished"])
        self.assertEqual((ended["state"], ended["reason"]), ("finished", "trials"))
        self.daemon.hpo("watch", self.name, check=NO_SUCCESS)

    def test_budget_trials_is_exact(self):
        self.submit(shell(REPORT), trials=13, parallel=5)
        ended = self.daemon.wait_for(self.name)
        self.assertEqual((ended["state"], ended["reason"]), ("finished", "trials"))
        self.assertEqual([t["number"] for t in self.daemon.trials(self.name)], list(range(13)))

    def test_budget_time_ends_it_and_lets_what_runs_finish(self):
        self.held(100, budget={"trials": 100, "time": "1s"})
        wait_until(lambda: self.shown()["spent_s"] >= 1, what="the time")
        self.flag.touch()
        ended = self.daemon.wait_for(self.name)
        self.assertEqual((ended["state"], ended["reason"]), ("finished", "time"))
        started = ended["attempts"]  # 2, or 1 on a machine that took longer for the second
        self.assertIn(started, (1, 2))
        self.assertEqual(ended["trials"]["completed"], started)
        self.assertLess(ended["trials"]["created"], 100)

    def test_budget_time_stands_still_while_the_study_is_paused(self):
        self.held(3, parallel=1, budget={"trials": 3, "time": "1h"})
        self.order("pause")
        spent = self.shown()["spent_s"]
        self.daemon.kill()
        self.daemon.start()
        self.assertEqual(self.shown()["spent_s"], spent)
        self.order("resume")
        self.flag.touch()
        self.assertGreater(self.daemon.wait_for(self.name)["spent_s"], spent)

    def test_budget_patience_counts_trials_since_the_best(self):
        script = """printf '{"loss": %s}' $((HPO_TRIAL < 3 ? 9 - HPO_TRIAL : 100)) """ \
                 '> "$HPO_RESULT_FILE"'
        self.submit(shell(script), parallel=1, budget={"trials": 100, "patience": 4})
        ended = self.daemon.wait_for(self.name)
        self.assertEqual((ended["state"], ended["reason"]), ("finished", "patience"))
        self.assertEqual(ended["best"]["trial"], 2)
        self.assertEqual(ended["trials"]["completed"], 7)

    def test_budget_max_failures_ends_it_as_failed(self):
        script = '[ "$HPO_TRIAL" != 0 ] && exit 7' + REPORT
        self.submit(shell(script), parallel=1, budget={"trials": 100, "max_failures": 5})
        ended = self.daemon.wait_for(self.name)
        self.assertEqual((ended["state"], ended["reason"]), ("failed", "max_failures"))
        self.assertEqual((ended["trials"]["completed"], ended["trials"]["failed"]), (1, 6))
        self.daemon.hpo("watch", self.name, check=FAILURES)

    def test_parallel_is_kept_and_used(self):
        self.held(7, parallel=3)
        self.assertEqual(self.shown()["trials"]["running"], 3)
        self.flag.touch()
        self.daemon.wait_for(self.name)
        spans = [(t["started_at"], t["ended_at"]) for t in self.daemon.trials(self.name)]
        self.assertEqual(most_at_once(spans), 3)

    def test_pause_starts_nothing_more_and_resume_goes_on(self):
        self.held(6)
        self.assertEqual(self.order("pause")["state"], "paused")
        self.flag.touch()
        self.wait_for_running(0)
        self.assertEqual(self.shown()["trials"]["completed"], 2)
        self.assertEqual(self.order("resume")["state"], "running")
        self.assertEqual(self.daemon.wait_for(self.name)["trials"]["completed"], 6)
        self.assertEqual(self.daemon.hpo("resume", self.name).returncode, CONFLICT)

    def test_a_pause_survives_kill_9(self):
        self.held(4)
        self.order("pause")
        self.flag.touch()
        self.wait_for_running(0)
        self.daemon.kill()
        self.daemon.start()
        self.assertEqual(self.shown()["state"], "paused")
        self.assertEqual(self.shown()["trials"]["created"], 2)
        self.order("resume")
        self.assertEqual(self.daemon.wait_for(self.name)["trials"]["completed"], 4)

    def test_cancelling_a_study_ends_its_trainings(self):
        script = 'echo $$ >> "$1.pids"; while :; do sleep 0.02; done'
        self.submit(shell(script, self.flag), trials=20, parallel=3)
        pids = self.scratch / "go.pids"
        wait_until(lambda: pids.exists() and len(pids.read_text().split()) == 3, what="three")
        self.order("cancel")
        ended = self.daemon.wait_for(self.name)
        self.assertEqual((ended["state"], ended["reason"]), ("cancelled", "user"))
        self.assertEqual((ended["trials"]["cancelled"], ended["trials"]["failed"]), (3, 0))
        for pid in pids.read_text().split():
            self.assertFalse(os.path.exists(f"/proc/{pid}"), "a training goes on")

    def test_cancelling_a_trial_ends_it_alone(self):
        self.held(4)
        self.order("cancel", trial=0)
        self.daemon.wait_for_trial(self.name, 0, ["cancelled"])
        self.flag.touch()
        ended = self.daemon.wait_for(self.name)
        self.assertEqual((ended["trials"]["cancelled"], ended["trials"]["completed"]), (1, 3))
        status, _ = self.daemon.request("POST", f"{self.url}/trials/0:cancel", {})
        self.assertEqual(status, 409)

    def test_retry_opens_a_finished_study_again(self):
        script = '[ "$HPO_TRIAL" = 0 ] || [ -e "$1" ] || exit 7' + REPORT
        self.submit(shell(script, self.flag), trials=3, parallel=1)
        self.assertEqual(self.daemon.wait_for(self.name)["trials"]["failed"], 2)
        self.flag.touch()
        self.daemon.hpo("retry", f"{self.name}/2", check=0)
        self.assertEqual(self.daemon.wait_for(self.name)["trials"]["completed"], 2)
        again = self.daemon.trial(self.name, 3)
        self.assertEqual((again["origin"], again["retry_of"]), ("retry", 2))
        self.assertEqual(again["params"], self.daemon.trial(self.name, 2)["params"])
        refused = self.daemon.hpo("retry", f"{self.name}/0")
        self.assertEqual(refused.returncode, CONFLICT, refused.stderr)

    def test_retry_while_it_is_paused_or_running_repeats_all_that_failed(self):
        script = """case "$HPO_TRIAL" in
            0) ;;
            [123]) exit $((HPO_TRIAL + 10)) ;;
            *) while [ ! -e "$1" ]; do sleep 0.02; done ;;
        esac""" + REPORT
        self.submit(shell(script, self.flag), trials=100, parallel=1)
        wait_until(lambda: self.shown()["trials"]["failed"] >= 3, what="three failures")
        self.order("pause")
        self.flag.touch()
        self.wait_for_running(0)
        before = {t["number"]: t for t in self.daemon.trials(self.name)}
        new = self.order("retry")["trials"]
        self.assertEqual(len(new), 3)
        self.order("resume")
        ended = self.daemon.wait_for(self.name)
        self.assertEqual(ended["trials"]["total"], 100 + len(new))
        self.assertEqual(ended["trials"]["completed"], 100 + len(new) - ended["trials"]["failed"])
        for number in new:
            trial = self.daemon.trial(self.name, number)
            self.assertEqual((trial["state"], trial["origin"]), ("completed", "retry"))
            self.assertEqual(trial["params"], before[trial["retry_of"]]["params"])

    def test_an_enqueued_point_is_the_next_to_start(self):
        self.held(6)
        params = [{"x": 0.125}, {"x": 0.25}]
        numbers = self.daemon.post(f"{self.url}/trials", {"params": params})["trials"]
        self.flag.touch()
        ended = self.daemon.wait_for(self.name)
        self.assertEqual([self.daemon.trial(self.name, n)["params"] for n in numbers], params)
        self.assertEqual({self.daemon.trial(self.name, n)["origin"] for n in numbers}, {"enqueued"})
        self.assertEqual(ended["trials"]["completed"], ended["trials"]["total"])

    def test_initial_points_and_defaults_come_first(self):
        self.submit(shell(REPORT), trials=5, parallel=1, initial=[{"x": 0.75}],
                    space={"x": {"float": [0, 1], "default": 0.5}})
        self.daemon.wait_for(self.name)
        first = [(t["params"]["x"], t["origin"]) for t in self.daemon.trials(self.name)[:2]]
        self.assertEqual(first, [(0.75, "initial"), (0.5, "default")])


if __name__ == "__main__":
    unittest.main(verbosity=2)
