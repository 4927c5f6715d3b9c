"""hpo on a login node: the job of a dry run, what the site allows, and the doctor's test job."""
import contextlib
import json
import os
import pathlib
import re
import shlex
import signal
import subprocess
import time
import unittest

from cluster import Cluster
from login_node import copy_programs
from support import needs_cluster, wait_until

QUICK_S = 8  # what a submit takes at most when Slurm hangs


class LoginNode(unittest.TestCase):
    """One cluster for a class; each test has a home with its own state directory."""
    options = {}

    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster(**cls.options))
        cls.hpo_program = cls.cluster.home / "hpo"
        copy_programs(cls.cluster.home)

    def setUp(self):
        self.home = self.cluster.home / self._testMethodName
        self.home.mkdir()
        self.cluster.give(self.home)
        self.env = dict(self.cluster.env(), HPO_STATE_DIR=str(self.home / "a state"),
                        HOME=str(self.home))

    def study(self, name="toy", **more):
        body = {"name": name, "space": {"x": {"float": [0, 1], "default": 0.5}},
                "objective": {"minimize": "loss"}, "command": ["sh", "-c", "true"]}
        body.update(more)
        body["executor"] = dict({"type": "slurm"}, **more.get("executor", {}))
        path = self.home / f"{name}.json"
        path.write_text(json.dumps(body))
        path.chmod(0o644)
        return path

    def hpo(self, *words, code=0, env=None):
        done = self.cluster.run([self.hpo_program, *words], env=dict(self.env, **(env or {})),
                                cwd=self.home)
        self.assertEqual(done.returncode, code, (words, done.stdout, done.stderr))
        return done

    def queue(self):
        return self.cluster.run(["squeue", "-h", "-o", "%i"]).stdout.split()


@needs_cluster(accounting=True)
class AccountedSite(LoginNode):
    options = {"accounting": True}

    def test_a_dry_run_shows_what_sbatch_takes(self):
        setup = "export A='b c'\nmodule() { :; }"
        path = self.study(executor={"partition": "short", "time": "5m", "gpus": 1},
                          environment={"setup": setup})
        text = self.hpo("submit", path, "--dry-run").stdout
        for part in ("job.sh\n  #!/bin/bash\n", "setup.sh\n  export A='b c'\n  module() { :; }\n",
                     "SLURM_EXPORT_ENV=ALL"):
            self.assertIn(part, text)
        typed = shlex.split(re.search(r"^sbatch\n  (.*)$", text, re.MULTILINE).group(1))
        job = json.loads(self.hpo("submit", path, "--dry-run", "--json").stdout)["job"]
        self.assertEqual(job["sbatch"], typed)
        self.assertEqual(job["setup"], setup + "\n")
        self.assertEqual((job["attempt"]["trial"], job["attempt"]["attempt"]), (0, 1))
        self.assertIn("attempt.json\n  {", text)
        self.assertIn(job["script"].splitlines()[-1], text)
        self.assertIn("--gpus-per-node=1", typed)
        # As it is printed, Slurm takes it.
        script = next(word for word in typed if word.endswith("/job.sh"))
        made = pathlib.Path(script)
        self.cluster.run(["mkdir", "-p", made.parent])
        self.cluster.run(["sh", "-c", 'printf %s "$1" > "$2"', "sh", job["script"], script])
        taken = self.cluster.run(["sbatch", "--test-only", *typed[1:]])
        self.assertEqual(taken.returncode, 0, taken.stderr)

    def test_validate_shows_what_the_user_may_use_and_what_slurm_says(self):
        path = self.study(executor={"time": "5m"})
        done = self.hpo("validate", path, "--check")
        for row in ("batch*\tUP\tno limit\t4\t16\t64000M\t2", "short\tUP\t00:10:00\t",
                    "hpo\tall\tnormal,tiny\tnormal", "tiny\t00:10:00\t2\t4"):
            self.assertIn(row, done.stdout)
        self.assertRegex(done.stderr, r"Slurm says: Job .* to start at (\w+ \d+ )?\d\d:\d\d ")
        check = json.loads(self.hpo("validate", path, "--check", "--json").stdout)["check"]
        self.assertEqual((check["problems"], check["test"]["accepted"]), ([], True))
        self.assertEqual(check["accounts"][0]["qos"], ["normal", "tiny"])
        self.assertEqual(self.queue(), [])

    def test_each_limit_is_named_with_its_place_and_the_study_is_not_sent(self):
        for executor, words in (
                ({"partition": "short", "time": "1h"},
                 ['"short" allows 00:10:00', "MaxTime in slurm.conf; scontrol show partition s"]),
                ({"partition": "shrot"}, ['no partition "shrot"', "batch, short, low"]),
                ({"partition": "down"}, ["is not up: DOWN"]),
                ({"gpus": 3}, ["3 GPUs", "more than 2", "Gres in slurm.conf"]),
                ({"memory": "70G"}, ["70G of memory", "64000M", "RealMemory"]),
                ({"cpus": 9, "tasks_per_node": 2}, ["18 CPUs (2 × 9)", "more than 16"]),
                ({"account": "theirs"}, ['the account "theirs"', "hpo (QOS normal, tiny)"]),
                ({"qos": "long"}, ['no QOS "long"', "normal, tiny"]),
                ({"qos": "tiny", "time": "1h"}, ['"tiny" allows 00:10:00', "MaxWall of the QOS"]),
                ({"constraint": "nvme"}, ['the feature "nvme"', "cpu, fast"]),
                ({"reservation": "x"}, ["Slurm would refuse a job", "reservation"])):
            path = self.study(executor=executor)
            for verb in (["submit", path], ["validate", path, "--check"]):
                done = self.hpo(*verb, code=2)
                for word in words:
                    self.assertIn(word, done.stderr)
        self.assertFalse(os.path.exists(self.env["HPO_STATE_DIR"]))  # no daemon was started

    def test_more_jobs_than_the_qos_takes_are_refused_before_the_first(self):
        """Row 45."""
        path = self.study(executor={"qos": "tiny", "time": "5m"}, parallel=8)
        for verb in (["submit", path], ["validate", path, "--check"]):
            told = self.hpo(*verb, code=2).stderr
            self.assertIn("lets you have 4 in the queue", told)
            self.assertIn("MaxSubmitPU of the QOS", told)
        self.assertFalse(os.path.exists(self.env["HPO_STATE_DIR"]))  # no daemon was started

    def test_the_doctor_goes_the_whole_way_and_leaves_nothing(self):
        path = self.study(executor={"partition": "short"}, environment={"setup": "export A=1"})
        done = self.hpo("doctor", path, "--wait", "2m")
        steps = [line.split()[:2] for line in done.stdout.splitlines() if line[0] != " "]
        for step in ("commands", "configuration", "partition", "accounts", "limits", "submission",
                     "start", "directory", "environment", "program", "end", "cleanup"):
            self.assertIn(["ok", step], steps)
        self.assertFalse(os.path.exists(self.env["HPO_STATE_DIR"] + "/doctor"))
        self.assertEqual(self.queue(), [])
        report = json.loads(self.hpo("doctor", "--json", "--partition", "high").stdout)
        self.assertTrue(report["ok"])

    def test_the_doctor_explains_a_job_that_fails_before_the_training(self):
        path = self.study(environment={"setup": "echo no such thing >&2; false"})
        done = self.hpo("doctor", path, code=1)
        self.assertRegex(done.stdout, r'(?m)^failed +environment +the study\'s "setup" ended with '
                                      r"exit code 1; its line 1 had failed: echo no such thing")
        self.assertRegex(done.stdout, r"(?m)^ +no such thing$")
        done = self.hpo("doctor", self.study(command=["no-such-program", "{x}"]), code=1)
        self.assertIn("the node does not find 'no-such-program'", done.stdout)
        self.assertEqual(self.queue(), [])

    def test_the_doctor_takes_a_profile_by_its_name(self):
        config = self.home / "hpod.json"
        config.write_text(json.dumps({"profiles": {
            "quick": {"type": "slurm", "qos": "tiny", "partition": "short", "time": "5m",
                      "environment": {"setup": "echo hello from the profile; false"}}}}))
        config.chmod(0o644)
        done = self.hpo("doctor", "--executor", "quick", code=1, env={"HPO_CONFIG": str(config)})
        self.assertIn("short: UP, 00:10:00 at most", done.stdout)
        self.assertIn("hello from the profile", done.stdout)
        self.hpo("doctor", "--executor", "nosuch", code=2)
        self.assertIn("no queue to examine", self.hpo("doctor", "--executor", "local",
                                                      code=2).stderr)

    def test_the_doctor_stops_at_a_limit(self):
        done = self.hpo("doctor", "--partition", "down", code=1)
        self.assertRegex(done.stdout, r"(?m)^failed +limits +partition \"down\" is not up")
        self.assertNotIn("submission", done.stdout)


@needs_cluster()
class PlainSite(LoginNode):
    def block(self):
        """A job that leaves no room for another one."""
        job = self.cluster.run(["sbatch", "--parsable", "-N4", "--exclusive", "--wrap",
                                "sleep 600"]).stdout.strip()
        self.addCleanup(self.cluster.run, ["scancel", job])
        running = ["squeue", "-h", "-t", "R", "-o", "%i"]
        wait_until(lambda: self.cluster.run(running).stdout.split() == [job],
                   what="the blocking job's start")
        return job

    @contextlib.contextmanager
    def doctor(self):
        """One that is ended with the block, so that a test that fails does not wait for it."""
        with subprocess.Popen([self.hpo_program, "doctor"], env=self.env, cwd=self.home,
                              text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              **self.cluster.identity()) as doctor:
            try:
                yield doctor
            finally:
                doctor.kill()

    def test_without_accounting_accounts_are_not_known_and_no_error(self):
        path = self.study(executor={"account": "any", "qos": "any"})
        done = self.hpo("validate", path, "--check")
        self.assertIn("not known  accounts and QOS: the site keeps no accounting", done.stdout)

    def test_a_doctor_whose_job_waits_says_why_and_gives_up_in_time(self):
        blocker = self.block()
        done = self.hpo("doctor", "--wait", "6s", code=1)
        self.assertRegex(done.stdout, r"(?m)^note +waiting ")
        self.assertRegex(done.stdout, r"(?m)^failed +start +the job has not started within 6\.0 s")
        wait_until(lambda: self.queue() == [blocker], what="the end of the doctor's job")
        with self.doctor() as doctor:
            wait_until(lambda: len(self.queue()) == 2, what="the doctor's job in the queue")
            doctor.send_signal(signal.SIGINT)
            self.assertEqual(doctor.wait(30), 130)
            self.assertIn("the job is cancelled", doctor.stdout.read())
        wait_until(lambda: self.queue() == [blocker], what="the end of the doctor's job")

    def test_a_state_directory_that_the_node_does_not_see_is_told(self):
        """The files go away before the job starts, as if its node had another file system."""
        blocker = self.block()
        with self.doctor() as doctor:
            wait_until(lambda: len(self.queue()) == 2, what="the doctor's job in the queue")
            files = pathlib.Path(self.env["HPO_STATE_DIR"]) / "doctor"
            files.rename(files.with_name("elsewhere"))
            self.cluster.run(["scancel", blocker])
            self.assertEqual(doctor.wait(90), 1)
            text = doctor.stdout.read()
        self.assertRegex(text, r"(?m)^failed +directory +the job ended and left no file in ")
        self.assertIn("set HPO_STATE_DIR to a directory on a file system that all nodes", text)

    def test_a_state_directory_that_cannot_be_made_is_told(self):
        done = self.hpo("doctor", code=1, env={"HPO_STATE_DIR": "/proc/self/none"})
        self.assertRegex(done.stdout, r"(?m)^failed +submission ")

    def test_a_hanging_controller_delays_a_submit_by_seconds_only(self):
        """Row 57."""
        path = self.study()
        self.cluster.kill("slurmctld", signal.SIGSTOP)
        self.addCleanup(self.cluster.repair)
        begin = time.monotonic()
        done = self.hpo("submit", path, "--no-autostart", code=6)  # it went on: there is no daemon
        self.assertLess(time.monotonic() - begin, QUICK_S)
        self.assertIn("the limits of the site were not checked", done.stderr)
        done = self.hpo("submit", path, "--no-autostart", "--no-check", code=6)
        self.assertNotIn("not checked", done.stderr)

    def test_without_slurms_commands_the_next_step_is_told(self):
        """Row 41."""
        env = {"PATH": str(self.home)}
        done = self.hpo("doctor", code=1, env=env)
        self.assertIn("sbatch, squeue, scancel, scontrol are not in PATH", done.stdout)
        done = self.hpo("validate", self.study(), "--check", code=75, env=env)
        self.assertIn("scontrol", done.stderr)


if __name__ == "__main__":
    unittest.main()
