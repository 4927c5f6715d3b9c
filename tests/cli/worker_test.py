"""hpo worker against a scripted daemon: real processes, trainings that are a line of shell."""
import contextlib
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import unittest

from fake_study import FakeStudy
from support import HPO, REPORT, HpoTest, daemon, wait_until

HELPER = pathlib.Path(__file__).resolve().parents[2] / "executors/runner/helpers/hpo.py"
FOREVER = 'echo $$ > "$HPO_TRIAL_DIR/pid"; while :; do sleep 0.05; done'


class Worker(HpoTest):
    def fake(self, script, trials, **options):
        return FakeStudy(self.state, ["sh", "-c", script], trials, self.root, **options)

    @contextlib.contextmanager
    def worker(self, *words):
        with self.running("worker", "--study", "toy", *words) as process:
            yield process

    def end_of(self, process, code=0):
        told = process.communicate(timeout=60)[1]
        self.assertEqual(process.returncode, code, told)
        return told

    def pids(self, fake):
        """Of trainings that have said so."""
        found = []
        for path in pathlib.Path(fake.directory).glob("trials/*/*/pid"):
            text = path.read_text().strip()
            found += [int(text)] if text else []
        return found

    def test_it_carries_out_a_study_and_ends_with_it(self):
        fake = self.fake(REPORT, 20)
        told = self.hpo("worker", "--study", "toy", "--slots", "4").stderr
        self.assertIn("ends after 20 attempts: toy is finished\n", told)
        for trial in range(20):
            outcome, = fake.results[trial]
            self.assertEqual((outcome["status"], outcome["value"]), ("completed", trial / 10))
        directory = pathlib.Path(fake.directory, "trials", "7", "1")
        self.assertLessEqual({"attempt.json", "params.json", "claim", "stdout", "exit.json"},
                             {path.name for path in directory.iterdir()})
        spec = json.loads((directory / "attempt.json").read_text())
        self.assertEqual((spec["trial"], spec["seed"]), (7, "7"))
        self.assertEqual(json.loads((directory / "claim").read_text())["job"], "hpoaaaa00000007")

    def test_its_slots_are_side_by_side_and_a_result_brings_the_start_of_the_next(self):
        fake = self.fake("echo $HPO_SLOT > slot-$HPO_TRIAL; sleep 0.2;" + REPORT, 8)
        self.hpo("worker", "--study", "toy", "--slots", "4")
        slots = [pathlib.Path(self.root, "slot-%d" % n).read_text().strip() for n in range(4)]
        self.assertEqual(slots, ["0", "1", "2", "3"])
        self.assertEqual((fake.requests[0]["start"], fake.requests[0]["ahead"]), (4, 1))
        together = [each for each in fake.requests if each.get("ended") and each.get("started")]
        self.assertNotEqual(together, [])

    def test_steps_come_once_each_and_before_the_result(self):
        shutil.copy(HELPER, self.root)
        self.write("train.py", "import hpo\n"
                   "for step in range(300):\n"
                   "    hpo.report(step, loss=step / 1000, bad=float('nan'))\n"
                   "hpo.result(loss=1.0)\n")
        fake = FakeStudy(self.state, ["python3", "train.py"], 2, self.root)
        self.hpo("worker", "--study", "toy", "--slots", "2")
        for trial in range(2):
            steps = [(step, metrics) for number, step, metrics in fake.steps if number == trial]
            told = [(step, {"loss": step / 1000, "bad": None}) for step in range(300)]
            self.assertEqual(steps, told)  # null: no finite number
        self.assertLessEqual(max(len(each.get("reports", [])) for each in fake.requests), 256)

    def test_a_training_is_told_to_stop_at_the_step_that_the_daemon_names(self):
        script = """
            trap 'cat "$HPO_STOP_FILE" > stopped; exit 4' TERM
            step=0
            while :; do
              step=$((step + 1)); echo "{\\"step\\": $step, \\"loss\\": 0.5}" >> "$HPO_METRICS_FILE"
              sleep 0.02
            done"""
        fake = self.fake(script, 1)
        fake.stop_at[0] = 3
        self.hpo("worker", "--study", "toy")
        outcome, = fake.results[0]
        self.assertEqual(outcome["status"], "cancelled")
        self.assertTrue(os.path.exists(os.path.join(self.root, "stopped")))

    def test_told_to_end_it_gives_back_what_has_not_begun_and_says_what_was_preempted(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            fake = self.fake(FOREVER, 3)
            with self.worker("--slots", "2") as process:
                wait_until(lambda f=fake: len(self.pids(f)) == 2 and len(f.held) == 3, "all held")
                process.send_signal(number)
                self.end_of(process)
            self.assertEqual(fake.returned, [2])
            for trial in range(2):
                outcome, = fake.results[trial]
                self.assertEqual((outcome["status"], outcome["failure"]), ("failed", "preempted"))
            self.assertFalse(any(daemon.is_alive(pid) for pid in self.pids(fake)))
            fake.hang_up()
            shutil.rmtree(self.state)

    def test_a_second_signal_ends_it_at_once(self):
        fake = self.fake("trap '' TERM INT;" + FOREVER, 1)
        fake.work["attempt"]["grace_s"] = 3600
        with self.worker() as process:
            wait_until(lambda: self.pids(fake), "it trains")
            process.send_signal(signal.SIGTERM)
            wait_until(lambda: os.path.exists(fake.directory + "/trials/0/1/stop"), "it is told")
            process.send_signal(signal.SIGINT)
            self.assertIn("its trials are given back", self.end_of(process, code=130))
        self.assertFalse(daemon.is_alive(self.pids(fake)[0]))
        outcome, = fake.results[0]
        self.assertEqual(outcome["failure"], "preempted")  # it is tried again now, not later

    def test_a_second_sigterm_close_to_the_first_is_the_same_one(self):
        fake = self.fake("trap 'sleep 0.5;" + REPORT + "; exit 0' TERM;" + FOREVER, 1)
        with self.worker() as process:
            wait_until(lambda: self.pids(fake), "it trains")
            process.send_signal(signal.SIGTERM)
            wait_until(lambda: os.path.exists(fake.directory + "/trials/0/1/stop"), "it is told")
            process.send_signal(signal.SIGTERM)
            self.end_of(process)
        outcome, = fake.results[0]
        self.assertEqual((outcome["failure"], outcome["exit_code"], outcome["metrics"]),
                         ("preempted", 0, {"loss": 0.0}))  # it had its grace, and was not killed

    def test_a_worker_that_is_killed_takes_its_trainings_along(self):
        fake = self.fake(FOREVER + " & wait", 2)
        with self.worker("--slots", "2") as process:
            wait_until(lambda: len(self.pids(fake)) == 2, "both train")
            process.kill()
        for pid in self.pids(fake):
            wait_until(lambda p=pid: not daemon.is_alive(p), "the training ends")

    def test_without_a_daemon_trainings_go_on_and_results_are_kept(self):
        fake = self.fake('while [ ! -e go-$HPO_TRIAL ]; do sleep 0.02; done;' + REPORT, 4)
        with self.worker("--slots", "2") as process:
            wait_until(lambda: len(fake.held) == 3, "two train, one is held ahead")
            fake.hang_up()
            self.write("go-0", "")
            exit_file = pathlib.Path(fake.directory, "trials", "0", "1", "exit.json")
            wait_until(exit_file.exists, "trial 0 ends meanwhile")
            self.assertIn("trains for toy", process.stderr.readline())
            self.assertIn("trainings go on", process.stderr.readline())
            self.assertEqual(fake.results, {})
            for number in range(1, 4):
                self.write("go-%d" % number, "")
            fake.listen()
            self.assertIn("answers again", self.end_of(process))
        self.assertEqual({trial: len(each) for trial, each in fake.results.items()},
                         {0: 1, 1: 1, 2: 1, 3: 1})

    def test_it_gives_up_when_its_patience_is_over(self):
        fake = self.fake(FOREVER, 1)
        with self.worker("--patience", "1s") as process:
            wait_until(lambda: self.pids(fake), "it trains")
            fake.hang_up()
            self.assertIn("next", self.end_of(process, code=6))
        self.assertFalse(daemon.is_alive(self.pids(fake)[0]))

    def test_it_waits_for_a_daemon_that_is_on_its_way_up(self):
        fake = self.fake(REPORT, 1)
        fake.hang_up()
        with self.worker() as process:
            self.assertIn("asked again", process.stderr.readline())
            fake.listen()
            self.end_of(process)
        self.assertTrue(fake.is_over())

    def test_near_its_wall_time_it_takes_nothing_that_would_not_end(self):
        fake = self.fake("sleep 1;" + REPORT, 50)
        self.hpo("worker", "--study", "toy", "--max-time", "4s")
        outcomes = [outcome for each in fake.results.values() for outcome in each]
        self.assertTrue(outcomes)
        self.assertEqual({outcome["status"] for outcome in outcomes}, {"completed"})
        self.assertEqual(fake.held, {})

    def test_at_its_wall_time_it_tells_what_trains_to_end(self):
        fake = self.fake(FOREVER, 1)
        fake.work["attempt"]["grace_s"] = 1
        self.hpo("worker", "--study", "toy", "--max-time", "3s")
        outcome, = fake.results[0]
        self.assertEqual(outcome["failure"], "preempted")
        self.assertIn("--max-time", outcome["message"])

    def test_a_wall_time_within_the_grace_is_told_and_begins_nothing(self):
        fake = self.fake(FOREVER, 1)
        told = self.hpo("worker", "--study", "toy", "--max-time", "2s", code=2).stderr
        self.assertIn("of its 2 s the study's grace takes 2 s", told)
        self.assertEqual(fake.requests, [])

    def test_slots_see_their_gpus(self):
        fake = self.fake("echo $CUDA_VISIBLE_DEVICES > gpus-$HPO_SLOT; sleep 0.3;" + REPORT, 2)
        self.hpo("worker", "--study", "toy", "--slots", "2", "--gpus", "4,5,6,7")
        self.assertEqual([pathlib.Path(self.root, "gpus-%d" % n).read_text().strip()
                          for n in range(2)], ["4,6", "5,7"])
        self.assertTrue(fake.is_over())

    def test_a_full_disk_costs_an_attempt_and_a_pause_and_the_worker_lives(self):
        fake = self.fake(REPORT, 2)
        pathlib.Path(fake.directory).mkdir(parents=True)
        pathlib.Path(fake.directory, "trials").write_text("no directory")
        with self.worker() as process:
            wait_until(lambda: 0 in fake.results, "its end is told")
            pathlib.Path(fake.directory, "trials").unlink()
            self.assertIn("cannot begin here", self.end_of(process))
        self.assertEqual(fake.results[0][0]["failure"], "infrastructure")
        self.assertEqual(fake.results[1][0]["status"], "completed")

    def test_a_runner_that_is_killed_is_told_as_lost_and_leaves_nothing(self):
        fake = self.fake("(" + FOREVER + ") & wait", 1)
        with self.worker() as process:
            pid, = wait_until(lambda: self.pids(fake), "it trains")
            claim = json.loads(pathlib.Path(fake.directory, "trials/0/1/claim").read_text())
            os.kill(claim["pid"], signal.SIGKILL)
            self.end_of(process)
        self.assertEqual(fake.results[0][0]["failure"], "lost")
        wait_until(lambda: not daemon.is_alive(pid), "what it had started ends")

    def test_steps_that_the_daemon_refuses_do_not_keep_the_result_back(self):
        fake = self.fake('echo \'{"step": 1, "a": 1}\' > "$HPO_METRICS_FILE"; sleep 0.3;' + REPORT,
                         1)
        exchange = fake.exchange
        fake.exchange = lambda worker, body: (
            (422, {"detail": "no steps today"}) if body.get("reports") else exchange(worker, body))
        told = self.hpo("worker", "--study", "toy").stderr
        self.assertIn("no steps today", told)
        self.assertIn("left out: 1 steps that the daemon refused", told)
        self.assertEqual(fake.results[0][0]["status"], "completed")

    def test_a_daemon_that_cannot_at_present_is_asked_again(self):
        fake = self.fake(REPORT, 1)
        fake.refuse = (503, {"detail": "the disk is full"})
        with self.worker() as process:
            wait_until(lambda: len(fake.requests) >= 2, "it asks again")
            fake.refuse = None
            self.assertIn("the disk is full", self.end_of(process))
        self.assertTrue(fake.is_over())

    def test_a_study_that_has_ended_is_a_good_end(self):
        fake = self.fake(REPORT, 1)
        fake.state = "finished"
        told = self.hpo("worker", "--study", "toy").stderr
        self.assertEqual(told, "hpo: toy is finished, so there is nothing to train; "
                               "next: hpo status toy\n")
        fake.state = "running"
        fake.refuse = (409, {"detail": "the study has ended"})
        exchange = fake.exchange
        fake.exchange = lambda *words: (setattr(fake, "state", "finished"), exchange(*words))[1]
        self.hpo("worker", "--study", "toy")

    def test_what_it_cannot_work_for_ends_with_the_next_command(self):
        fake = self.fake(REPORT, 1)
        self.assertIn("next", self.hpo("worker", "--study", "other", code=3).stderr)
        fake.work["attempt"]["command"] = []
        self.assertIn("next its programs ask by themselves: hpo ask toy",
                      self.hpo("worker", "--study", "toy", code=5).stderr)
        fake.refuse = (409, {"detail": "its trials are not pulled", "remedy": "hpo status toy"})
        fake.work["attempt"]["command"] = ["true"]
        self.assertIn("its trials are not pulled",
                      self.hpo("worker", "--study", "toy", code=5).stderr)

    def test_words_that_make_no_sense_are_refused(self):
        for words in ((), ("--study", "a", "--max-time", "soon"), ("--study", "a", "--slots", "0"),
                      ("--study", "a", "--gpus", "0,0"), ("--study", "a/3"),
                      ("--study", "a", "--slots", "5000")):
            self.assertIn("next", self.hpo("worker", *words, code=2).stderr)

    def test_a_trial_costs_the_worker_little(self):
        """Not a test of speed: a bound that only a loop that spins would break."""
        self.fake("exit 3", 200)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([HPO, "worker", "--study", "toy"], env=self.env, check=True,
                       capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.assertLess(cpu_s / 200, 0.05)


if __name__ == "__main__":
    unittest.main()
