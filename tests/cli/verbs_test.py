"""Each verb against the real daemon, with trainings that are one line of shell."""
import csv
import io
import json
import os
import stat
import subprocess
import unittest

from support import HPOD, REPORT, UNTIL_TOLD, HpoTest, wait_until


class Verbs(HpoTest):
    def test_submit_starts_a_daemon_and_prints_the_name(self):
        done = self.hpo("submit", self.study())
        self.assertEqual(done.stdout, "toy\n")
        self.assertIn("the daemon was started", done.stderr)
        status = self.hpo_json("daemon", "status")
        self.assertEqual(status["state_dir"], self.state)
        self.assertEqual(status["studies"], 1)
        self.assertTrue(os.path.exists(status["socket"]))
        self.assertEqual(stat.S_IMODE(os.stat(self.state).st_mode), 0o700)
        self.assertNotIn("daemon was started", self.hpo("submit", self.study("b")).stderr)

    def test_the_same_study_again_says_so(self):
        path = self.study(script="sleep 60")
        self.hpo("submit", path)
        done = self.hpo("submit", path)
        self.assertEqual(done.stdout, "toy\n")
        self.assertNotEqual(done.stderr, "")
        other = self.hpo("submit", self.study(script="sleep 60", seed=7))
        self.assertEqual(other.stdout, "toy-2\n")
        self.hpo("cancel", "toy", "--yes")
        self.hpo("cancel", "toy-2", "--yes")

    def test_a_configuration_may_be_named_relative_to_where_hpo_is_typed(self):
        self.write("mine.json", '{"local": {"slots_max": 3}}')
        self.hpo("daemon", "start", env={"HPO_CONFIG": "mine.json"})
        self.assertEqual(self.hpo_json("daemon", "status")["state_dir"], self.state)

    def test_no_autostart_starts_none(self):
        self.hpo("submit", self.study(), "--no-autostart", code=6)
        self.assertFalse(os.path.exists(self.state))

    def test_a_terminal_gets_the_next_commands(self):
        done = self.hpo("submit", self.study(), env={"HPO_FORCE_TTY": "100"})
        self.assertIn("hpo watch toy", done.stdout)
        self.assertIn("hpo best toy", done.stdout)

    def test_beside_sbatch_a_local_study_is_told_where_it_trains(self):
        self.write("sbatch", "#!/bin/sh\n", 0o755)
        path = self.root + ":" + self.env["PATH"]
        self.assertIn("trains on this node", self.hpo("submit", self.study(),
                                                      env={"PATH": path}).stderr)

    def test_start_and_stop_are_calm_when_repeated(self):
        first = self.hpo("daemon", "start")
        again = self.hpo("daemon", "start")
        self.assertEqual(first.stdout, again.stdout)
        self.assertIn("running already", again.stderr)
        pid = self.hpo_json("daemon", "status")["pid"]
        self.hpo("daemon", "stop")
        self.assertFalse(os.path.exists("/proc/%d/exe" % pid))
        self.hpo("daemon", "stop", code=6)
        self.assertNotEqual(self.hpo("daemon", "logs").stdout, "")

    def test_the_daemon_keeps_nothing_of_its_starter(self):
        self.hpo("daemon", "start")
        pid = self.hpo_json("daemon", "status")["pid"]
        self.assertEqual(os.getsid(pid), pid)
        self.assertEqual(os.readlink("/proc/%d/cwd" % pid), "/")
        self.assertEqual(os.readlink("/proc/%d/fd/0" % pid), "/dev/null")

    def test_a_daemon_that_cannot_start_says_why(self):
        os.makedirs(self.state)
        self.write("state/hpo.db", "this is no database, " * 1000)
        done = self.hpo("daemon", "start", code=None)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("the daemon did not start", done.stderr)
        self.assertGreater(len(done.stderr.splitlines()), 3, done.stderr)

    def test_config_is_hpods_own(self):
        ours = self.hpo("daemon", "config").stdout
        theirs = subprocess.run([HPOD, "--print-config"], env=self.env, capture_output=True,
                                text=True, check=True).stdout
        self.assertEqual(json.loads(ours), json.loads(theirs))

    def test_a_finished_study_in_every_form(self):
        self.finished(space={"x": {"float": [0.25, 1]}, "a-b.c": {"choice": ["p q", "r"]}})
        best = self.hpo_json("best", "toy")
        status = self.hpo_json("status", "toy")
        self.assertEqual(status["best"]["trial"], best["trial"])
        self.assertEqual(status["spec"]["workdir"], self.root)
        self.assertEqual(best["value"], best["params"]["x"])
        words = self.hpo("best", "toy", "--format", "args").stdout
        shell = subprocess.run(["sh", "-c", "printf '%s\\n' " + words], capture_output=True,
                               text=True, check=True).stdout.splitlines()
        self.assertEqual(shell, ["--x=%s" % best["params"]["x"],
                                 "--a-b.c=%s" % best["params"]["a-b.c"]])
        env = self.hpo("best", "toy", "--format", "env").stdout
        child = "sh -c 'echo \"$HPO_P_X/$HPO_P_A_B_C\"'"
        shell = subprocess.run(["sh", "-c", "eval \"$1\"; " + child, "sh", env],
                               capture_output=True, text=True, check=True).stdout
        self.assertEqual(shell, "%s/%s\n" % (best["params"]["x"], best["params"]["a-b.c"]))
        self.assertIn("trial\t%d\n" % best["trial"], self.hpo("best", "toy").stdout)

    def test_trials_are_listed_sorted_and_limited(self):
        self.finished()
        lines = self.hpo("trials", "toy").stdout.splitlines()
        self.assertEqual(lines[0].split("\t")[:4], ["TRIAL", "STATE", "VALUE", "x"])
        self.assertEqual(len(lines), 5)
        values = [t["value"] for t in self.hpo_json("trials", "toy", "--sort", "-value")["trials"]]
        self.assertEqual(values, sorted(values, reverse=True))
        top = self.hpo_json("trials", "toy", "--sort", "value", "--limit", "1")["trials"]
        self.assertEqual([t["value"] for t in top], values[-1:])
        self.assertEqual(top[0]["attempts"], 1)
        self.assertEqual(self.hpo_json("trials", "toy", "--state", "failed"), {"trials": []})

    def test_submit_warns_of_a_program_that_is_not_there_and_sends_the_study(self):
        for name, command, said in (("gone", ["./fit.sh"], "does not exist"),
                                    ("line", ["python3 fit.py > out"], "each word"),
                                    ("plain", ["fit.sh"], "fit.sh")):
            done = self.hpo("submit", self.study(name, command=command))
            self.assertIn("trials will fail to start", done.stderr)
            self.assertIn(said, done.stderr)
            self.hpo("cancel", name, "--yes")
        done = self.hpo("submit", self.study("good"))
        self.assertNotIn("will fail", done.stderr)

    def test_a_trial_and_its_logs(self):
        self.finished(script="echo out; echo err >&2; echo \"hpo-result {\\\"loss\\\": 1}\"")
        text = self.hpo("trial", "toy/0").stdout
        for part in ("completed", "HPO_P_X", "sh toy.sh", "attempts"):
            self.assertIn(part, text)
        rows = [line.split() for line in text.split("environment\n")[1].splitlines()]
        self.assertEqual([row[0] for row in rows], sorted(row[0] for row in rows))
        starts = {line.index(row[1], 2 + len(row[0])) for row, line in
                  zip(rows, text.split("environment\n")[1].splitlines()) if len(row) > 1}
        self.assertEqual(len(starts), 1, text)
        self.assertEqual(self.hpo_json("trial", "toy", "0")["number"], 0)
        self.assertEqual(self.hpo("logs", "toy/0").stdout.splitlines()[0], "out")
        self.assertEqual(self.hpo("logs", "toy/0", "--stderr").stdout, "err\n")
        self.assertEqual(self.hpo("logs", "toy/0", "-f").stdout.splitlines()[0], "out")
        self.hpo("logs", "toy/0", "--attempt", "7", code=3)
        self.hpo("trial", "toy/99", code=3)
        self.hpo("best", "nothing", code=3)

    def test_logs_of_a_trial_that_has_ended_in_silence_say_so(self):
        silent = ("echo '{\"loss\": 1}' > \"$HPO_RESULT_FILE\"; "
                  "if [ $HPO_TRIAL = 2 ]; then echo err >&2; else exit $HPO_TRIAL; fi")
        self.finished(script=silent, budget={"trials": 3})  # two complete, one fails
        self.assertEqual(self.hpo("logs", "toy/2").stderr, "hpo: next: hpo logs toy/2 --stderr\n")
        for words in (["toy/0"], ["toy/0", "-f"], ["toy/0", "--stderr"], ["toy/1"]):
            done = self.hpo("logs", *words)
            stream = "stderr" if "--stderr" in words else "stdout"
            self.assertEqual((done.stdout, done.stderr), ("", "hpo: it has ended, and printed "
                             "nothing to %s; next: hpo trial %s\n" % (stream, words[0])))

    @unittest.skipUnless(len(os.sched_getaffinity(0)) > 1, "asks for two cores")
    def test_a_dry_run_shows_the_environment_that_a_trial_gets(self):
        path = self.study(script="env > env.txt; echo 'hpo-result {\"loss\": 1}'",
                          space={"x": {"float": [0, 1], "default": 0.25}},
                          executor={"type": "local", "cpus": 2}, parallel=1,
                          environment={"vars": {"LANG": "C", "B": "a=b c"}, "inherit": ["MINE"]},
                          budget={"trials": 1})
        env = {"MINE": "m", "OTHER": "o", "OMP_NUM_THREADS": "9"}
        text = self.hpo("submit", path, "--dry-run", env=env).stdout
        shown = text.split("environment\n")[1].split("\nstudy\n")[0].splitlines()
        shown = dict(line.strip().split("=", 1) for line in shown)
        self.hpo("submit", path, env=env)
        self.wait_for_state("toy", "finished")
        with open(os.path.join(self.root, "env.txt")) as file:
            got = dict(line.split("=", 1) for line in file.read().splitlines())
        for name in ("PWD", "OLDPWD", "SHLVL", "_"):  # the shell's own
            got.pop(name, None)
        later = {name for name, value in shown.items() if value == "(given at the start)"}
        self.assertEqual(later, {"HPO_JOB", "HPO_SEED"})
        self.assertEqual({name: "" if name in later else got[name] for name in got},
                         {name: "" if name in later else shown[name] for name in shown})
        self.assertEqual(got["OMP_NUM_THREADS"], "2")

    def test_logs_follow_a_running_trial_to_its_end(self):
        script = "echo first; " + UNTIL_TOLD + "echo last; " + REPORT
        self.hpo("submit", self.study(script=script, budget={"trials": 1}, parallel=1))
        with self.running("logs", "toy/0", "-f") as logs:
            self.assertEqual(logs.stdout.readline(), "first\n")
            self.go_on()
            self.assertEqual(logs.stdout.readline(), "last\n")
            self.assertEqual(logs.wait(timeout=30), 0)

    def test_logs_follow_a_trial_into_its_next_attempt(self):
        script = "echo attempt $HPO_ATTEMPT; " + UNTIL_TOLD + \
                 "[ $HPO_ATTEMPT = 2 ] || exit 75; " + REPORT
        self.hpo("submit", self.study(script=script, budget={"trials": 1}, retry={"max": 1}))
        with self.running("logs", "toy/0", "-f") as logs:
            self.assertEqual(logs.stdout.readline(), "attempt 1\n")
            self.go_on()
            out, err = logs.communicate(timeout=60)
        self.assertEqual((logs.returncode, out.splitlines()[0]), (0, "attempt 2"))
        self.assertIn("attempt 2 of toy/0", err)

    def test_a_result_line_that_begins_with_something_else_is_named(self):
        for name, before, is_near in (("a", "  ", True), ("b", "50 %\\r", True),
                                      ("c", "> ", False)):
            script = "printf '%s'; echo 'hpo-result {\"loss\": 1}'" % before.replace("%", "%%")
            self.hpo("submit", self.study(name, script=script, budget={"trials": 1}))
            self.wait_for_state(name, "failed", "finished")
            message = self.hpo_json("trial", name + "/0")["message"]
            self.assertIn("left no result", message)
            self.assertEqual("begin a line with it" in message, is_near, message)

    def test_best_of_a_study_without_a_completed_trial_is_exit_9(self):
        self.hpo("submit", self.study(script="exit 1", budget={"trials": 1}))
        self.wait_for_state("toy", "failed", "finished")
        done = self.hpo("best", "toy", code=9)
        self.assertIn("no trial completed", done.stderr)
        self.assertIn("next hpo logs toy --failed", done.stderr)
        self.assertIn("'hpo retry toy' retries its failed", self.hpo("pause", "toy", code=5).stderr)
        message = self.hpo_json("trial", "toy/0")["message"].splitlines()[0]
        self.assertEqual(self.hpo("trial", "toy/0").stdout.count(message), 1)

    def test_pause_resume_cancel(self):
        self.hpo("submit", self.study(script="sleep 600", budget={"trials": 3}))
        self.assertIn("toy is paused", self.hpo("pause", "toy").stderr)
        self.assertIn("paused by you", self.hpo("status", "toy").stdout)
        self.assertEqual(self.hpo_json("resume", "toy")["state"], "running")
        self.hpo("cancel", "toy", code=2)
        self.assertIn("there is no trial 99", self.hpo("cancel", "toy/99", code=3).stderr)
        wait_until(lambda: self.hpo_json("status", "toy")["trials"]["running"], "a trial runs")
        self.assertIn("trial 0 of toy is being cancelled", self.hpo("cancel", "toy/0", "-y").stderr)
        self.hpo("cancel", "toy", "--yes")
        self.wait_for_state("toy", "cancelled")
        self.assertIn("to go on searching, type 'hpo submit FILE': another study",
                      self.hpo("pause", "toy", code=5).stderr)
        done = self.hpo("watch", "toy", code=9)
        self.assertEqual(len(done.stdout.splitlines()), 1, done.stdout)
        self.assertNotIn("--failed", done.stderr)
        self.assertIn("next: hpo trials toy", done.stderr)

    def test_failed_trials_are_grouped_and_retried(self):
        script = ("echo \"[$$] CUDA out of memory\" >&2; [ -e %s/mended ] &&"
                  " echo 'hpo-result {\"loss\": 1}'" % self.root)
        self.hpo("submit", self.study(script=script, budget={"trials": 3, "max_failures": 9},
                                      retry={"max": 0}))
        wait_until(lambda: self.hpo_json("status", "toy")["trials"]["failed"] == 3, "all fail")
        text = self.hpo("logs", "toy", "--failed").stdout
        self.assertRegex(text, r"^3 × \[\d+\] CUDA out of memory \(e\.g\. trial \d\)\n$")
        self.write("mended", "")
        self.assertIn("next: hpo resume toy", self.hpo("retry", "toy/1").stderr)
        self.hpo("resume", "toy")
        wait_until(lambda: self.hpo_json("status", "toy")["trials"]["completed"] == 1, "it works")

    def test_enqueued_params_are_tried(self):
        script = UNTIL_TOLD + REPORT  # else all could end before the params come
        self.hpo("submit", self.study(script=script, budget={"trials": 30}, parallel=1))
        number = self.hpo_json("enqueue", "toy", "x=0.125")["trials"][0]
        self.assertIn("one of: x", self.hpo("enqueue", "toy", "z=1", code=2).stderr)
        self.hpo("enqueue", "toy", "x=7", code=2)
        self.assertIn("hpo status toy --json", self.hpo("enqueue", "toy", "x=y", code=2).stderr)
        self.go_on()
        wait_until(lambda: self.hpo_json("trial", "toy/%d" % number)["value"] == 0.125, "tried")

    def test_an_export_holds_every_trial(self):
        self.finished(executor={"type": "simulated", "seconds": [0, 0]}, parallel=8,
                      budget={"trials": 24})
        export = json.loads(self.hpo("export", "toy").stdout)
        numbers = sorted(trial["number"] for trial in export["trials"])
        self.assertEqual(numbers, list(range(24)))
        self.assertEqual(export["study"]["spec"]["name"], "toy")
        rows = list(csv.DictReader(io.StringIO(self.hpo("export", "toy", "--format",
                                                        "csv").stdout)))
        self.assertEqual(len(rows), 24)
        self.assertTrue(all(0 <= float(row["param.x"]) <= 1 for row in rows))

    def test_status_lists_all_studies(self):
        self.finished("a")
        self.finished("b")
        lines = self.hpo("status").stdout.splitlines()
        self.assertEqual([line.split("\t")[0] for line in lines], ["STUDY", "a", "b"])
        self.assertEqual([s["name"] for s in self.hpo_json("status")["studies"]], ["a", "b"])
        self.assertEqual(self.hpo().stdout.splitlines(), lines)


if __name__ == "__main__":
    unittest.main()
