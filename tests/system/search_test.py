#!/usr/bin/env python3
"""What a study proposes and meets hangs on the study alone: nothing deterministic is tried twice,
and simulated trainings have the same fates on every daemon."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from daemon import REPORT, Daemon, shell, study, wait_until

POINTS = 16
TRIALS, ENQUEUED = 200, 3
SPACE = {"x": {"float": [0, 1], "default": 0.5}, "width": {"int": [1, 64], "default": 8},
         "kind": {"choice": ["a", "b", "c"], "default": "a"}}
OPTIONS = {"grid": {"type": "grid", "options": {"values": {"x": [0.1, 0.2, 0.4, 0.6, 0.8]}}}}
KEYS = {name: {"fidelity": {"name": "epochs", "min": 1, "max": 9}} for name in ("bohb", "mobster")}


def strategies():
    """All but `auto`, which stands for one of them, and `external`, which external_test.py has."""
    path = pathlib.Path(os.environ["HPO_SOURCE"]) / "schema/json/study.schema.json"
    known = json.loads(path.read_text())["$defs"]["strategyName"]["enum"]
    return [name for name in known if name not in ("auto", "external")]


class SearchTest(unittest.TestCase):
    def test_what_was_tried_without_noise_is_not_proposed_again(self):
        """Some points are enqueued while it runs, then comes a kill; at last none is left."""
        script = 'while [ ! -e "$1" ] && [ "$HPO_TRIAL" -gt 3 ]; do sleep 0.02; done' + REPORT
        with tempfile.TemporaryDirectory() as scratch, Daemon() as daemon:
            flag = pathlib.Path(scratch) / "go"
            daemon.post("/v1/studies", study(
                "calm", shell(script, flag), trials=40, space={"x": {"int": [0, POINTS - 1]}},
                objective={"minimize": "loss", "noise": "none"}))
            wait_until(lambda: self.counts(daemon, "calm") == (4, 2), what="two that wait")
            tried = {trial["params"]["x"] for trial in daemon.trials("calm")}
            chosen = [x for x in range(POINTS) if x not in tried][:3]
            daemon.post("/v1/studies/calm/trials", {"params": [{"x": x} for x in chosen]})
            daemon.kill()
            daemon.start()
            flag.touch()
            ended = daemon.wait_for("calm")
            self.assertEqual((ended["state"], ended["reason"]), ("finished", "space_exhausted"))
            trials = daemon.trials("calm")
            self.assertEqual(sorted(t["params"]["x"] for t in trials), list(range(POINTS)))
            self.assertEqual(sum(t["origin"] == "enqueued" for t in trials), len(chosen))

    def counts(self, daemon, name):
        trials = daemon.get(f"/v1/studies/{name}")["trials"]
        return trials["completed"], trials["running"]

    def test_simulated_fates_are_the_same_on_another_daemon(self):
        body = study("fates", ["true"], parallel=20, seed=3, retry={"max": 2},
                     budget={"trials": 40, "max_failures": 40},
                     executor={"type": "simulated", "seconds": [0, 0.02], "failures": 0.2,
                               "losses": 0.2})
        fates = []
        for _ in range(2):
            with Daemon() as daemon:
                daemon.post("/v1/studies", body)
                daemon.wait_for("fates")
                fates.append([(t["state"], t["value"], t["attempts"], t["failure"])
                              for t in daemon.trials("fates")])
        self.assertEqual(fates[0], fates[1])
        self.assertGreater(len({fate[0] for fate in fates[0]}), 1, "some complete, some fail")
        self.assertGreater(len({fate[2] for fate in fates[0]}), 1, "some are lost and tried again")

    def test_with_much_noise_a_trial_is_recommended_and_a_restart_keeps_it(self):
        with Daemon() as daemon:
            daemon.post("/v1/studies", study(
                "noisy", ["true"], trials=30, parallel=4, executor={"type": "simulated"},
                objective={"minimize": "loss", "noise": "high"}))
            ended = daemon.wait_for("noisy")
            daemon.kill()
            daemon.start()
            told = daemon.get("/v1/studies/noisy")["recommended"]
            self.assertEqual(told, ended["recommended"])
            self.assertEqual(told["finished"], 30)
            trial = daemon.trials("noisy")[told["trial"]]
            self.assertEqual((trial["state"], trial["params"]), ("completed", told["params"]))
            status = daemon.hpo("status", "noisy", check=0).stdout
            self.assertIn(f"recommended: trial {told['trial']}, by a model loss", status)
            best = daemon.hpo("best", "noisy", check=0).stdout.splitlines()
            self.assertEqual(best[0], "NAME\tBEST SEEN\tRECOMMENDED")
            self.assertEqual(best[1].split("\t")[2], str(told["trial"]))

    def test_every_strategy_replays_with_64_in_flight_and_a_kill_between(self):
        for name in strategies():
            with self.subTest(strategy=name), Daemon() as daemon:
                self.make_history(daemon, name)
                done = daemon.hpo("replay", name, "--json", check=0)
                told = json.loads(done.stdout)
                self.assertEqual((told["strategy"], told["suggestions_different"]), (name, 0))
                self.assertEqual(told["suggestions_equal"], TRIALS - ENQUEUED - 1, told)
                self.check_that_a_change_is_found(daemon, name)

    def test_a_study_whose_strategy_is_late_says_who_answered_and_replays(self):
        with Daemon(config={"strategies": {"ask_deadline": "1ms"}}) as daemon:
            daemon.post("/v1/studies", study(
                "late", ["true"], trials=80, parallel=8, space=SPACE, strategy="gp",
                executor={"type": "simulated", "seconds": [0.005, 0.02]}))
            wait_until(lambda: self.counts(daemon, "late")[0] >= 30, what="some results")
            daemon.kill()
            daemon.start()
            told = daemon.wait_for("late")["suggestions"]
            export = json.loads(daemon.hpo("export", "late", check=0).stdout)
            late = [trial["number"] for trial in export["trials"]
                    if (trial["suggestion"] or {}).get("instead_of") == "gp"]
            self.assertGreater(len(late), 0)
            self.assertEqual(told["stand_ins"], len(late))
            self.assertGreater(told["slot_waited_ms"]["count"], 0)
            self.assertIn("answered by sobol: gp did not answer within 1 ms",
                          daemon.hpo("trial", f"late/{late[0]}", check=0).stdout)
            self.assertIn(f"{len(late)} of 80 trials", daemon.hpo("status", "late", check=0).stdout)
            replay = json.loads(daemon.hpo("replay", "late", "--json", check=0).stdout)
            self.assertEqual((replay["stand_ins"], replay["suggestions_different"]),
                             (len(late), 0))

    def make_history(self, daemon, name):
        daemon.post("/v1/studies", study(
            name, ["true"], trials=TRIALS, parallel=64, space=SPACE,
            strategy=OPTIONS.get(name, name), **KEYS.get(name, {}),
            executor={"type": "simulated", "seconds": [0.01, 0.1], "failures": 0.1}))
        some = lambda: daemon.get(f"/v1/studies/{name}")["trials"]["completed"] >= TRIALS // 4
        wait_until(some, what="a quarter of the results")
        daemon.post(f"/v1/studies/{name}/trials", {"params": [{"x": 0.5}] * ENQUEUED})
        daemon.kill()
        daemon.start()
        daemon.wait_for(name)

    def check_that_a_change_is_found(self, daemon, name):
        export = json.loads(daemon.hpo("export", name, check=0).stdout)
        trial = next(t for t in reversed(export["trials"]) if t["suggestion"])
        trial["params"]["x"] = 0.123
        done = subprocess.run([daemon.programs / "hpod", "--replay=text"], input=json.dumps(export),
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(f"trial {trial['number']}: recorded", done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
