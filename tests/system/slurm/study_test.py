"""A study on Slurm ends with all its results; its jobs are asked for politely, ended when told."""
import os
import statistics
import time
import unittest

from cluster import Cluster
from login_node import POLL_S, Site, begun, recorded_training, slurm_study
from support import needs_cluster, wait_until

from daemon import REPORT, shell  # noqa: E402  (of tests/system, by support)
from times import seconds  # noqa: E402

QUEUED = 1000 if os.environ.get("HPO_TEST_LONG") else 100
TOLD_S = 2.0  # from a job's end to its result in the database, and from there to the next job
CANARY = "canary-90b1f2"
FAKE_RUNTIME = """#!/bin/sh
while [ "${1##*/}" != ml.sif ]; do shift; done
shift
IN_CONTAINER=yes exec "$@"
"""
RANKS = 'if [ "$SLURM_PROCID" = 0 ]; then' + REPORT + "fi; "


class Results:
    """What holds with accounting and without."""
    options = {}

    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster(**cls.options))
        cls.site = cls.enterClassContext(Site(
            cls.cluster, {"SECRET_OF_DAEMON": "told to nobody", "SBATCH_PARTITION": "down"}))

    def setUp(self):
        self.name = self._testMethodName[len("test_"):][:50].replace("_", "-")
        self.log = self.site.scratch(self.name)

    def submit(self, command, **more):
        more.setdefault("trials", 1)
        self.site.post("/v1/studies", slurm_study(self.name, command, **more))

    def ended(self, command, **more):
        """Trial 0 of a study, after the study's end."""
        self.submit(command, **more)
        return self.site.only_trial(self.name)

    def file(self, name, number=0):
        return (self.site.trial_directory(self.name, number) / name).read_text()

    def test_a_study_ends_with_all_its_results(self):
        self.submit(recorded_training(self.log, 0), trials=24, parallel=12)
        study = self.site.wait_for(self.name)
        self.assertEqual((study["state"], study["reason"]), ("finished", "trials"))
        self.assertEqual(study["trials"]["completed"], 24)
        trials = self.site.trials(self.name)
        self.assertEqual([t["value"] for t in trials], [t["params"]["x"] for t in trials])
        self.assertEqual(begun(self.log), [(number, 1) for number in range(24)])
        self.site.wait_for_no_jobs()
        for trial in trials:
            about = f"study={self.name} trial={trial['number']} attempt=1"
            self.assertRegex(self.site.log_text(), rf"info submitted {about} job=\w+ native_id=\d+")
            self.assertIn(f"info ended {about} status=completed", self.site.log_text())

    def test_the_time_in_the_queue_is_not_taken_for_run_time(self):
        self.submit(recorded_training(self.log, 3), trials=2, parallel=2,
                    executor={"exclusive": True, "extra": ["--nodelist=n1"]})
        self.site.wait_for(self.name)
        first, second = sorted(self.site.trials(self.name), key=lambda trial: trial["wait_s"])
        self.assertLess(max(first["run_s"], second["run_s"]), 5)
        self.assertGreaterEqual(second["wait_s"], 3)

    def test_what_fails_is_a_failure_of_its_class_and_is_not_repeated(self):
        for what, command, failure in (
                ("code", shell("exit 7"), "exit_code"), ("none", ["true"], "no_result"),
                ("program", ["no-such-program"], "spawn_failed")):
            self.name = f"fails-{what}-{len(self.options)}"
            trial = self.ended(command)
            self.assertEqual((trial["state"], trial["failure"]), ("failed", failure), trial)
            self.assertEqual(len(trial["history"]), 1)

    def test_a_cancel_ends_what_runs_and_what_is_queued(self):
        self.submit(recorded_training(self.log, 600), trials=40, parallel=12,
                    executor={"licenses": "hpo:1"})
        wait_until(lambda: len(begun(self.log)) == 8, what="as many jobs as there are licences")
        wait_until(lambda: len(self.site.jobs("PD")) == 4, what="the others in the queue")
        running = begun(self.log)[0][0]
        self.site.wait_for_trial(self.name, running, ["running"])
        self.site.post(f"/v1/studies/{self.name}/trials/{running}:cancel")
        self.site.wait_for_trial(self.name, running, ["cancelled"])
        wait_until(lambda: len(begun(self.log)) == 9, what="the next job, on the free licence")
        self.site.post(f"/v1/studies/{self.name}:cancel")
        study = self.site.wait_for(self.name, ["cancelled"])
        self.assertEqual(study["trials"]["completed"], 0)
        self.site.wait_for_no_jobs()


@needs_cluster()
class PlainSite(Results, unittest.TestCase):
    def test_a_job_has_the_environment_of_its_study_and_nothing_of_the_daemon_s(self):
        environment = {"vars": {"MINE": "a,b\n'c' $HOME"}, "captured": {"PATH": "/bin:/usr/bin"},
                       "setup": 'FROM_SETUP="$SLURM_JOB_ID"; export FROM_SETUP'}
        self.ended(shell('env -0 > "$HPO_TRIAL_DIR/seen"; id -u > "$HPO_TRIAL_DIR/who"' + REPORT),
                   environment=environment)
        seen = dict(line.split("=", 1) for line in self.file("seen").split("\0") if line)
        self.assertEqual(seen["MINE"], "a,b\n'c' $HOME")
        self.assertEqual(seen["PATH"], "/bin:/usr/bin")
        self.assertEqual(seen["FROM_SETUP"], seen["SLURM_JOB_ID"])
        self.assertEqual(seen["SLURM_JOB_PARTITION"], "batch")
        self.assertEqual([key for key in seen if "SECRET" in key or "SBATCH" in key], [])
        self.assertEqual(int(self.file("who")), self.cluster.user.pw_uid)

    def test_the_training_is_told_to_end_before_its_wall_time_and_has_its_grace(self):
        """Row 50."""
        script = """trap 'date +%s.%N > "$HPO_TRIAL_DIR/told"; sleep 2; echo > "$1"; exit 0' TERM
                    sleep 600 & wait"""
        trial = self.ended(shell(script, self.log), executor={"time": "1m", "grace": "50s"})
        self.assertEqual((trial["state"], trial["failure"]), ("failed", "timeout"), trial)
        self.assertTrue(self.log.exists(), "it had its grace")
        began = self.site.trial_directory(self.name, 0) / "claim"
        self.assertLess(float(self.file("told")) - began.stat().st_mtime, 10)
        self.assertIn('it is the executor\'s "time" of 60 s less its "grace" of 50 s and 5 s for '
                      "the job's start", trial["message"])

    def test_a_job_has_its_secret_in_its_container_and_nothing_of_ours_shows_it(self):
        home = self.site.scratch("secret-home")
        secret, runtime = home / ".config/hpo/secrets/API_TOKEN", home / "bin/apptainer"
        image = home / "ml.sif"
        for path, text, mode in ((secret, CANARY, 0o600), (runtime, FAKE_RUNTIME, 0o755),
                                 (image, "", 0o644)):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            path.chmod(mode)
        self.cluster.give(home)
        check = '[ "$API_TOKEN" = "$(cat "$1")" ] && [ "$IN_CONTAINER" = yes ] || exit 9' + REPORT
        trial = self.ended(shell(check, secret), environment={
            "secrets": ["API_TOKEN"], "container": {"image": str(image)},
            "captured": {"HOME": str(home), "PATH": f"{runtime.parent}:/bin:/usr/bin"}})
        self.assertEqual(trial["state"], "completed", trial)
        kept = {str(path): path.read_bytes() for path in self.site.state.rglob("*")
                if path.is_file()}
        self.assertIn(str(self.site.state / "hpo.db"), kept)
        self.assertEqual([path for path, text in kept.items() if CANARY.encode() in text], [])
        self.assertNotIn(CANARY, str(self.site.double.calls()))

    def test_srun_starts_every_rank_with_the_job_s_environment(self):
        rank = f'echo "$SLURM_PROCID $HPO_TRIAL" >> "{self.log}"; {RANKS}'
        trial = self.ended(["srun", "--ntasks=2", "sh", "-c", rank],
                           executor={"tasks_per_node": 2})
        self.assertEqual(trial["state"], "completed", trial)
        self.assertEqual(sorted(self.log.read_text().splitlines()), ["0 0", "1 0"])

    def test_an_end_is_told_and_followed_by_the_next_job_in_time(self):
        self.submit(recorded_training(self.log, 0.2), trials=4, parallel=1)
        self.site.wait_for(self.name)
        ends = [(self.site.trial_directory(self.name, number) / "exit.json").stat().st_mtime
                for number in range(4)]
        told = [seconds(trial["ended_at"]) for trial in self.site.trials(self.name)]
        asked = [call["at"] for call in self.site.double.calls("sbatch")][-4:]
        waits = [b - a for a, b in zip(ends, told)]
        next_waits = [b - a for a, b in zip(told, asked[1:])]
        print(f"end to result {max(waits):.3f} s at most, result to next sbatch "
              f"{max(next_waits):.3f} s (median {statistics.median(next_waits):.3f} s)", flush=True)
        self.assertLess(max(waits), TOLD_S)
        self.assertLess(max(next_waits), TOLD_S)

    def test_submissions_keep_the_distance_that_the_study_allows(self):
        self.submit(recorded_training(self.log, 0), trials=6, parallel=6,
                    executor={"submit_rate": 4})
        self.site.wait_for(self.name)
        calls = [call["at"] for call in self.site.double.calls("sbatch")][-6:]
        self.assertGreater(calls[-1] - calls[0], 5 / 4 * 0.9)

    def test_a_study_that_submits_slowly_holds_up_no_other(self):
        self.submit(recorded_training(self.log, 0), trials=3, parallel=3,
                    executor={"submit_rate": "1/10min"})
        slow = self.name
        wait_until(lambda: self.site.double.calls("sbatch"), what="its first submission")
        self.name = "fast"
        self.submit(recorded_training(self.log, 0), trials=4, parallel=4,
                    executor={"submit_rate": 4})
        self.site.wait_for(self.name)
        # While its one job waits for a node, the status says that.
        wait_until(lambda: '"submit_rate"' in self.site.hpo("status", slow, check=0).stdout,
                   what="the reason why it does not go on")
        self.assertEqual(self.site.get(f"/v1/studies/{slow}")["attempts"], 1)
        self.site.post(f"/v1/studies/{slow}:cancel")
        self.site.wait_for(slow, ["cancelled"])

    def waiting(self):
        """Trials of which a listing has told, since hpod's start, that they wait."""
        study = self.site.get(f"/v1/studies/{self.name}")
        return sum(wait["trials"] for wait in study["waits_for"])

    def check_restart(self):
        self.site.kill()
        begin, before = time.time(), len(self.site.double.calls())
        self.site.start()
        wait_until(lambda: self.waiting() == QUEUED, what="the first listing since the start")
        commands = [call["command"] for call in self.site.double.calls()[before:]]
        spent = time.time() - begin
        print(f"all known {spent:.2f} s after the start, {commands}", flush=True)
        self.assertEqual(set(commands), {"squeue"})
        self.assertLessEqual(len(commands), 1 + int(spent / POLL_S))

    def test_one_query_an_interval_and_at_a_restart_whatever_the_number_of_jobs(self):
        """Row 58, but for the number."""
        self.submit(recorded_training(self.log, 0), trials=QUEUED, parallel=QUEUED,
                    executor={"extra": ["--hold"], "submit_rate": 100})
        wait_until(lambda: len(self.site.jobs("PD")) == QUEUED, 120, "all jobs in the queue")
        begin, before = time.time(), len(self.site.double.calls("squeue"))
        wait_until(lambda: len(self.site.double.calls("squeue")) - before > 3, what="four queries")
        spent = time.time() - begin
        print(f"{QUEUED} jobs queued: 4 squeue in {spent:.1f} s, an interval is {POLL_S} s",
              flush=True)
        self.assertGreater(spent, 3 * POLL_S * 0.9)
        self.assertEqual([c["command"] for c in self.site.double.calls() if c["at"] > begin],
                         ["squeue"] * 4)
        self.check_restart()
        self.site.post(f"/v1/studies/{self.name}:cancel")
        self.site.wait_for(self.name, ["cancelled"])
        self.site.wait_for_no_jobs()


@needs_cluster(accounting=True)
class AccountedSite(Results, unittest.TestCase):
    options = {"accounting": True}

    def test_a_limit_of_the_qos_is_told_with_its_number(self):
        """Row 45."""
        self.submit(recorded_training(self.log, 600), trials=3, parallel=3,
                    executor={"qos": "tiny", "time": "5m"})
        cancel = ("POST", f"/v1/studies/{self.name}:cancel", {}, {})
        self.addCleanup(self.site.request, *cancel)  # whatever happens: the nodes are for all
        told = "your QOS runs 2 jobs at a time"
        study = lambda: self.site.get(f"/v1/studies/{self.name}")
        wait_until(lambda: any(told in wait["text"] for wait in study()["waits_for"]), what=told)
        counts = lambda: [study()["trials"][state] for state in ("running", "queued")]
        wait_until(lambda: counts() == [3, 1], what="two jobs that run, and one that waits")
        states = [line.split("\t")[1] for line in
                  self.site.hpo("trials", self.name, check=0).stdout.splitlines()[1:]]
        self.assertEqual(sorted(states), ["queued", "running", "running"])
        self.assertIn("2 running, 1 queued", self.site.hpo("status", self.name, check=0).stdout)
        self.site.post(f"/v1/studies/{self.name}:cancel")
        self.site.wait_for(self.name, ["cancelled"])

    def test_submissions_that_the_qos_refuses_wait_and_cost_no_attempt(self):
        """Row 45: it takes four, of which two run."""
        self.submit(recorded_training(self.log, 0), trials=6, parallel=6, retry={"max": 0},
                    executor={"qos": "tiny", "time": "5m"})
        what = "QOSMaxSubmitJobPerUserLimit"
        wait_until(lambda: any(what in wait["text"] for wait in
                               self.site.get(f"/v1/studies/{self.name}")["waits_for"]), what=what)
        study = self.site.wait_for(self.name)
        self.assertEqual((study["trials"]["completed"], study["attempts"]), (6, 6))


if __name__ == "__main__":
    unittest.main(verbosity=2)
