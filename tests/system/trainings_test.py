#!/usr/bin/env python3
"""Trainings that misbehave, and what a training is given: environment, descriptors, devices."""
import json
import os
import pathlib
import shutil
import signal
import tempfile
import time
import unittest

from daemon import REPORT, Daemon, is_alive, memory_peak, shell, study, wait_until

GPUS = 4
CAPTURE_BYTES_MAX = 64 << 20
RUNNER_BYTES_MAX = 16 << 20  # 3 MiB were seen
GIGABYTE_S = 30


class TrainingsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon.started(
            cls.addClassCleanup, config={"local": {"gpus": GPUS}},
            environment={"STRAY": "of the daemon's shell", "LC_ALL": "C"})

    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="hpo-training-"))
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)
        self.name = self._testMethodName[len("test_"):][:60].replace("_", "-")

    def tearDown(self):
        self.assertEqual(self.daemon.request("GET", "/readyz")[0], 200, "the daemon lives")

    def submit(self, command, **more):
        more.setdefault("trials", 1)
        self.daemon.post("/v1/studies", study(self.name, command, **more))

    def ended(self, command, **more):
        """Trial 0 of a study, after the study's end."""
        self.submit(command, **more)
        return self.daemon.only_trial(self.name)

    def file(self, name):
        """What trial 0 wrote into its directory."""
        return (self.daemon.state / "studies" / self.name / "trials/0/1" / name).read_bytes()

    def told(self, name):
        """A file in the scratch directory, once it is whole (it ends with a newline)."""
        path = self.scratch / name
        wait_until(lambda: path.exists() and path.read_text().endswith("\n"), what=name)
        return path.read_text().split()

    def runner(self):
        """The process that carries out trial 0's first attempt."""
        return json.loads(self.file("claim"))["pid"]

    def check_gone(self, pids):
        for pid in map(int, pids):
            wait_until(lambda: not is_alive(pid), 10, f"the end of {pid}")

    def test_a_command_that_does_not_exist_is_named_with_the_remedy(self):
        trial = self.ended(["no-such-program", "{x}"])
        self.assertEqual((trial["state"], trial["failure"]), ("failed", "spawn_failed"))
        for part in ("no-such-program", "PATH", "to mend it"):
            self.assertIn(part, trial["message"])

    def test_a_script_that_cannot_be_executed_is_told_why(self):
        script = self.scratch / "train.py"
        script.write_text("#!/no/such/interpreter\n")
        trial = self.ended([str(script)])
        self.assertEqual(trial["failure"], "spawn_failed")
        self.assertIn(str(script), trial["message"])
        script.chmod(0o755)
        self.name += "-2"
        trial = self.ended([str(script)])
        self.assertEqual(trial["failure"], "spawn_failed")
        self.assertIn("the interpreter in its first line", trial["message"])

    def test_a_workdir_that_is_gone_is_told(self):
        trial = self.ended(["true"], workdir=str(self.scratch / "gone"))
        self.assertEqual(trial["failure"], "spawn_failed")
        self.assertIn(str(self.scratch / "gone"), trial["message"])

    def test_what_is_wrong_with_reports_is_said_once_whatever_dies(self):
        script = ('for step in 1 1 -1 -2 4 5; do x=$((x + 1)); '
                  'echo "{{\\"step\\": $step, \\"loss\\": $x}}"; done > "$HPO_METRICS_FILE"; '
                  '(printf \'{{"step": 2, "loss": 9\'; printf \', "m%d": 1\' $(seq 64); '
                  'echo "}}") >> "$HPO_METRICS_FILE"; '
                  'test $HPO_FIDELITY_MAX = {fidelity_max}; '
                  'while [ ! -e "$1" ]; do sleep 0.02; done' + REPORT)
        self.submit(shell(script, self.scratch / "go"), pruner="median",
                    fidelity={"name": "epochs", "min": 1, "max": 3})
        self.daemon.wait_for_trial(self.name, 0, ["running"])
        wait_until(lambda: self.daemon.trial(self.name, 0)["doubts"], what="remarks")
        self.daemon.kill()
        self.daemon.start()
        (self.scratch / "go").touch()
        self.daemon.wait_for(self.name)
        told = [each["data"] for each in self.daemon.trial(self.name, 0)["doubts"]]
        self.assertEqual({each["remark"]: each["message"].split(":")[0] for each in told}, {
            "told_twice": "step 1 was told twice, with 1.0 and then with 2.0",
            "no_report": "line 3 of its metrics.jsonl is no report",
            "beyond_max": 'step 4 is beyond 3, the fidelity\'s "max"',
            "too_many": "step 2 told 64 numbers and 1 more"})
        self.assertEqual(len(told), 4)
        reports = self.daemon.get(f"/v1/studies/{self.name}/trials/0/reports")["reports"]
        self.assertEqual([(each["step"], each["value"]) for each in reports],
                         [(1, 1.0), (2, 9.0), (4, 5.0), (5, 6.0)])
        log = (self.daemon.state / "hpod.log").read_text()
        self.assertEqual(log.count(f"reports study={self.name} "), 4)
        self.assertIn("  remark", self.daemon.hpo("trial", self.name + "/0", check=0).stdout)

    def test_steps_counted_from_0_are_remarked_upon_once_whatever_dies(self):
        script = ('for step in 0 1 2; do echo "{{\\"step\\": $step, \\"loss\\": 1}}"; done > '
                  '"$HPO_METRICS_FILE"; while [ ! -e "$1" ]; do sleep 0.02; done' + REPORT)
        self.submit(shell(script, self.scratch / "go"), pruner="median",
                    fidelity={"name": "epochs", "min": 1, "max": 3})
        self.daemon.wait_for_trial(self.name, 0, ["running"])
        self.daemon.kill()
        (self.scratch / "go").touch()
        self.daemon.start()
        self.daemon.wait_for(self.name)
        told, = [each["data"] for each in self.daemon.trial(self.name, 0)["doubts"]]
        self.assertEqual(told["remark"], "from_zero")
        self.assertIn("it told steps 0 to 2 of max 3", told["message"])

    def test_children_that_are_left_behind_are_ended(self):
        script = 'sleep 600 & echo $! >> "$1"; setsid sh -c "sleep 600 & echo \\$! >> \\"$1\\"; ' \
                 'wait" & while [ $(wc -l < "$1") != 2 ]; do sleep 0.02; done' + REPORT
        trial = self.ended(shell(script, self.scratch / "pids"))
        self.assertEqual(trial["state"], "completed")
        self.assertIn("that the training left behind were ended", trial["message"])
        self.check_gone(self.told("pids"))

    def test_a_training_deaf_to_sigterm_is_killed_after_its_grace(self):
        script = 'trap "" TERM; sleep 600 & echo $$ $! > "$1"; while :; do wait; sleep 0.1; done'
        self.submit(shell(script, self.scratch / "pids"),
                    executor={"type": "local", "grace": "1s"})
        pids = self.told("pids")
        self.daemon.post(f"/v1/studies/{self.name}/trials/0:cancel")
        trial = self.daemon.wait_for_trial(self.name, 0, ["cancelled"], 20)
        self.assertIn("did not end within the grace of 1 s and was killed",
                      trial["history"][0]["message"])
        self.check_gone(pids)

    def test_a_stopped_training_hears_sigterm(self):
        script = 'echo $$ > "$1"; trap "exit 1" TERM; kill -STOP $$; sleep 600 & wait'
        self.submit(shell(script, self.scratch / "pids"))
        pids = self.told("pids")
        self.daemon.post(f"/v1/studies/{self.name}:cancel")
        self.daemon.wait_for(self.name, ["cancelled"], 20)
        self.check_gone(pids)

    def test_a_time_limit_ends_it_as_a_timeout(self):
        trial = self.ended(shell("sleep 600 & wait"), retry={"max": 0},
                           executor={"type": "local", "time": "1s", "grace": "1s"})
        self.assertEqual(trial["failure"], "timeout")
        for part in ("time limit of 1 s", 'Raise the executor\'s "time"'):
            self.assertIn(part, trial["message"])

    def test_the_training_dies_with_its_runner_and_is_tried_again(self):
        script = 'echo $$ >> "$1"; [ "$HPO_ATTEMPT" = 2 ] || sleep 600' + REPORT
        self.submit(shell(script, self.scratch / "pids"))
        first = self.told("pids")[0]
        os.kill(self.runner(), signal.SIGKILL)
        self.check_gone([first])
        ended = self.daemon.wait_for(self.name)
        self.assertEqual((ended["trials"]["completed"], ended["attempts"]), (1, 2))
        states = [a["state"] for a in self.daemon.trial(self.name, 0)["history"]]
        self.assertEqual(states, ["lost", "succeeded"])

    def test_all_that_a_training_started_dies_with_its_runner(self):
        """The kernel ends the shell with its runner; the daemon ends what is below it."""
        script = 'sleep 600 & echo $$ $! > "$1"; wait'
        self.submit(shell(script, self.scratch / "pids"), retry={"max": 0})
        pids = self.told("pids")
        self.assertEqual(len(pids), 2)
        os.kill(self.runner(), signal.SIGKILL)
        trial = self.daemon.wait_for_trial(self.name, 0, ["failed"])
        self.assertEqual(trial["failure"], "lost")
        for pid in map(int, pids):
            self.assertFalse(is_alive(pid), "it was said to be gone")

    def test_a_gigabyte_of_output_takes_little_disk_memory_and_time(self):
        script = 'echo first; head -c 1000000000 /dev/zero; echo; echo last; echo > "$1"; ' \
                 'while [ ! -e "$1.go" ]; do sleep 0.02; done' + REPORT
        self.submit(shell(script, self.scratch / "printed"))
        begin = time.monotonic()
        self.told("printed")
        self.assertLess(time.monotonic() - begin, GIGABYTE_S)
        self.assertLess(memory_peak(self.runner()), RUNNER_BYTES_MAX)
        (self.scratch / "printed.go").touch()
        self.daemon.wait_for(self.name)
        self.assertEqual(self.daemon.trial(self.name, 0)["state"], "completed")
        path = self.daemon.state / "studies" / self.name / "trials/0/1/stdout"
        self.assertLess(path.stat().st_size, CAPTURE_BYTES_MAX + 1000)
        text = path.read_bytes()
        self.assertTrue(text.startswith(b"first\n"))
        self.assertTrue(text.endswith(b"\nlast\n"))
        self.assertIn(b"bytes of output were dropped here", text)
        log = self.daemon.get(f"/v1/studies/{self.name}/trials/0/logs?tail=5")
        self.assertEqual(log["text"], "last\n")

    def test_the_environment_is_what_was_captured_and_set_and_hpos_own(self):
        captured = {"PATH": os.environ["PATH"], "TMPDIR": "/tmp", "LANG": "captured"}
        self.ended(["cp", "/proc/self/environ", "{trial_dir}/environ"],
                   environment={"captured": captured, "vars": {"LANG": "set", "EMPTY": ""}},
                   space={"x": {"float": [0, 1]}, "a-b.c": {"fixed": "$(id)\n-x 'y\" \u00e9"}})
        found = dict(entry.split("=", 1) for entry in
                     self.file("environ").decode().rstrip("\0").split("\0"))
        trial = self.daemon.trial(self.name, 0)
        directory = trial["history"][0]["directory"]
        seed = found.pop("HPO_SEED")
        self.assertTrue(seed.isdigit())
        self.assertEqual(float(found.pop("HPO_P_X")), trial["params"]["x"])
        self.assertEqual(found, {
            "PATH": captured["PATH"], "TMPDIR": "/tmp", "LANG": "set", "EMPTY": "",
            "HPO_STUDY": self.name, "HPO_TRIAL": "0", "HPO_ATTEMPT": "1", "HPO_SLOT": "0",
            "HPO_P_A_B_C": "$(id)\n-x 'y\" \u00e9", "HPO_JOB": trial["history"][0]["job"],
            "HPO_TRIAL_DIR": directory, "HPO_PARAMS_FILE": directory + "/params.json",
            "HPO_RESULT_FILE": directory + "/result.json",
            "HPO_METRICS_FILE": directory + "/metrics.jsonl",
            "HPO_STOP_FILE": directory + "/stop",
            "HPO_CHECKPOINT_DIR": str(pathlib.Path(directory).parent / "checkpoint/1")})
        params = json.loads(self.file("params.json"))
        self.assertEqual((params["params"], str(params["seed"])), (trial["params"], seed))

    def test_row_87_hostile_values_reach_argv_byte_by_byte(self):
        hostile = "-x $(id); `id` 'q\" \n\t\\ \u00e9\U0001f600 *"
        self.ended(["sh", "-c", 'cp /proc/$$/cmdline "$HPO_TRIAL_DIR/words"; exit', "{c}",
                    "a{c}b"], space={"c": {"fixed": hostile}, "x": {"float": [0, 1]}})
        words = self.file("words").decode().split("\0")
        self.assertEqual(words[3:5], [hostile, f"a{hostile}b"])

    def test_a_training_gets_three_descriptors_and_a_session_of_its_own(self):
        script = 'ls /proc/self/fd > "$HPO_TRIAL_DIR/fds"; readlink /proc/self/fd/0; ' \
                 'cut -d" " -f 6 /proc/$$/stat; pwd' + REPORT
        self.ended(shell(script), workdir=str(self.scratch))
        self.assertLessEqual(set(self.file("fds").split()), {b"0", b"1", b"2", b"3"})
        stdin, session, here = self.file("stdout").decode().splitlines()
        self.assertEqual((stdin, here), ("/dev/null", str(self.scratch)))
        self.assertNotEqual(int(session), os.getsid(self.daemon.process.pid))

    def test_devices_are_never_shared(self):
        """Each training takes its devices by mkdir, which fails where another has them."""
        script = """mine=$(echo "$CUDA_VISIBLE_DEVICES" | tr , " ")
        for d in $mine; do mkdir "$1/$d" || exit 1; done
        echo "$CUDA_VISIBLE_DEVICES" >> "$1.all"; sleep 0.05
        for d in $mine; do rmdir "$1/$d"; done""" + REPORT
        taken = self.scratch / "taken"
        taken.mkdir()
        base = self.name
        for gpus in (1, 2):
            name = f"{base}-{gpus}"
            self.daemon.post("/v1/studies", study(name, shell(script, taken), trials=12, parallel=8,
                                                  executor={"type": "local", "gpus": gpus}))
        for gpus in (1, 2):
            ended = self.daemon.wait_for(f"{base}-{gpus}")
            self.assertEqual(ended["trials"]["completed"], 12)
            for number in range(12):
                attempt = self.daemon.trial(f"{base}-{gpus}", number)["history"][0]
                self.assertEqual(len(set(attempt["devices"])), gpus)
        lines = (self.scratch / "taken.all").read_text().split()
        self.assertEqual({int(d) for line in lines for d in line.split(",")}, set(range(GPUS)))

    def test_slots_are_distinct_and_below_their_number(self):
        script = 'mkdir "$1/$HPO_SLOT" || exit 1; sleep 0.05; rmdir "$1/$HPO_SLOT"' + REPORT
        slots = self.scratch / "slots"
        slots.mkdir()
        self.submit(shell(script, slots), trials=20, parallel=3)
        ended = self.daemon.wait_for(self.name)
        self.assertEqual(ended["trials"]["completed"], 20)
        found = {self.daemon.trial(self.name, n)["history"][0]["slot"] for n in range(20)}
        self.assertEqual(found, {0, 1, 2})


if __name__ == "__main__":
    unittest.main(verbosity=2)
