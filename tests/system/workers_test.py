#!/usr/bin/env python3
"""The promise: workers that pull trials may be killed, frozen and cut off, and so may the daemon,
and every trial still ends once, by one attempt at a time.

Real daemon, real `hpo worker` processes, trainings that are a few lines of shell. A training notes
in a common file when it begins.
"""
import collections
import json
import pathlib
import signal
import time
import unittest

from daemon import REPORT, is_alive, memory_peak, study, wait_until
from faults import needs_mount, small_disk
from pulled_trials import Pulled

LEASE = {"type": "external", "lease": "2s"}
LONG_LEASE = {"type": "external", "lease": "1m"}
STEPS, STEPS_AT_ONCE = 1_000_000, 12_500
WRITE_STEPS = f"""
seq 0 {STEPS - 1} | sed 's/.*/{{"step": &, "loss": 0.5}}/' > "$HPO_TRIAL_DIR/all"
mv "$HPO_TRIAL_DIR/all" "$HPO_METRICS_FILE"
"""
KEPT_MAX, DATABASE_BYTES_MAX, MEMORY_BYTES_MAX = 9_000, 16 << 20, 64 << 20


class WorkersTest(Pulled):
    def submit(self, script, trials, executor=None, **more):
        self.daemon.post("/v1/studies", study(
            "pulled", self.training(script), trials=trials, parallel=8,
            executor=executor or LEASE, **more))

    def histories(self):
        return {trial["number"]: self.daemon.trial("pulled", trial["number"])["history"]
                for trial in self.daemon.trials("pulled")}

    def check_ended_once(self, trials):
        """Every trial completed, with the value of its params, and one attempt that counted."""
        ended = self.daemon.wait_for("pulled")
        self.assertEqual((ended["state"], ended["trials"]["completed"]), ("finished", trials))
        for trial in self.daemon.trials("pulled"):
            self.assertAlmostEqual(trial["value"], trial["params"]["x"])
        for number, attempts in self.histories().items():
            states = [attempt["state"] for attempt in attempts]
            counted = [state for state in states if state in ("succeeded", "late")]
            self.assertEqual(len(counted), 1, (number, states))

    def test_two_workers_share_a_study_and_end_with_it(self):
        self.submit("sleep 0.05;" + REPORT, 40)
        with self.worker("--slots", "2") as one, self.worker("--slots", "2") as two:
            self.end_of(one)
            self.end_of(two)
        self.check_ended_once(40)
        self.assertEqual(sorted(self.begun()), [(number, 1) for number in range(40)])

    def test_the_trials_of_a_killed_worker_begin_again_elsewhere(self):
        self.submit('while [ ! -e "$2/well" ]; do sleep 0.02; done;' + REPORT, 4)
        with self.worker("--slots", "2") as one:
            self.wait_until_begun(2)
            claims = [json.loads(path.read_text()) for path in
                      pathlib.Path(self.daemon.state).glob("studies/pulled/trials/*/1/claim")]
            one.kill()
            one.wait()
        for claim in claims:
            wait_until(lambda pid=claim["pid"]: not is_alive(pid), what="the end of its runners")
        lost = dict(self.begun())
        (self.scratch / "well").touch()
        with self.worker("--slots", "4") as two:
            self.end_of(two)
        self.check_ended_once(4)
        for number, attempts in self.histories().items():
            states = [attempt["state"] for attempt in attempts]
            self.assertEqual(states, ["lost"] * (number in lost) + ["succeeded"])
        self.assertEqual(len(self.begun()), 6)

    def test_a_frozen_worker_loses_its_trials_and_its_late_results_are_kept(self):
        self.submit('if [ "$HPO_ATTEMPT" = 1 ]; then while [ ! -e "$2/go" ]; do sleep 0.02; done; '
                    'else while [ ! -e "$2/again" ]; do sleep 0.02; done; fi;' + REPORT, 1)
        with self.worker() as one:
            self.wait_until_begun(1)
            one.send_signal(signal.SIGSTOP)
            with self.worker() as two:
                self.wait_until_begun(2)  # the lease has run out
                (self.scratch / "go").touch()
                exit_file = self.daemon.state / "studies/pulled/trials/0/1/exit.json"
                wait_until(exit_file.exists, what="the end of the first training")
                one.send_signal(signal.SIGCONT)
                self.end_of(one)
                self.end_of(two)  # told to stop, as the late result counts
        self.check_ended_once(1)
        self.assertEqual(self.begun(), [(0, 1), (0, 2)])
        shown = self.daemon.hpo("trial", "pulled/0", check=0).stdout
        self.assertRegex(shown, "\n  1 +late: its lease had ended; its end counts")
        self.assertRegex(shown, "\n  files .*/trials/0/1\n")
        self.assertEqual(self.daemon.get("/v1/studies/pulled/trials/0/logs")["attempt"], 1)

    def test_kill_9_of_the_daemon_loses_nothing_and_repeats_nothing(self):
        self.submit("sleep 0.2;" + REPORT, 60, LONG_LEASE)
        with self.worker("--slots", "2") as one, self.worker("--slots", "2") as two:
            for count in (4, 12, 20, 28, 36, 44):
                self.wait_until_begun(count)
                self.daemon.kill()
                self.daemon.start()
            self.end_of(one)
            self.end_of(two)
        self.check_ended_once(60)
        self.assertEqual(sorted(self.begun()), [(number, 1) for number in range(60)])

    @needs_mount
    def test_a_full_disk_on_the_node_is_waited_out(self):
        disk = self.enterContext(small_disk(1))
        (self.scratch / "disk").symlink_to(disk)
        self.submit('if [ ! -e "$2/filled" ]; then touch "$2/filled"; '
                    'cat /dev/zero 2>/dev/null > "$2/disk/fill"; fi;' + REPORT, 2, LONG_LEASE)
        with self.worker("--directory", disk / "own") as one:
            told = ""
            while "cannot begin here" not in told:  # the next attempt, or the next trial
                told += one.stderr.readline()
            self.assertIn("No space left on device", told)
            (disk / "fill").unlink()
            self.end_of(one)
        self.check_ended_once(2)

    def test_at_the_end_of_its_wall_time_a_worker_hands_its_trials_on_with_checkpoints(self):
        script = ('if [ -n "$HPO_CHECKPOINT_FROM" ]; then cat "$HPO_CHECKPOINT_FROM/state" > '
                  '"$2/resumed"; else echo half > "$HPO_CHECKPOINT_DIR/state"; '
                  'while :; do sleep 0.05; done; fi;' + REPORT)
        self.submit(script, 1, {"type": "external", "lease": "1m", "grace": "1s"})
        with self.worker("--max-time", "3s") as one:
            self.end_of(one)
        first = self.histories()[0][0]
        self.assertEqual((first["state"], first["failure"]), ("failed", "preempted"))
        with self.worker() as two:
            self.end_of(two)
        self.check_ended_once(1)
        self.assertEqual((self.scratch / "resumed").read_text(), "half\n")

    def test_a_cancelled_study_ends_its_trainings_and_its_workers(self):
        self.submit("while :; do sleep 0.05; done", 4, LONG_LEASE)
        with self.worker("--slots", "2") as one:
            self.wait_until_begun(2)
            self.daemon.post("/v1/studies/pulled:cancel")
            self.end_of(one)
        self.assertEqual(self.daemon.wait_for("pulled")["state"], "cancelled")
        states = collections.Counter(trial["state"] for trial in self.daemon.trials("pulled"))
        self.assertEqual(set(states), {"cancelled"})

    def test_a_paused_study_keeps_its_worker_waiting(self):
        self.submit(REPORT, 6, LONG_LEASE)
        self.daemon.post("/v1/studies/pulled:pause")
        with self.worker() as one:
            self.assertIn("trains for pulled", one.stderr.readline())
            self.assertEqual(self.begun(), [])
            self.daemon.post("/v1/studies/pulled:resume")
            self.end_of(one)
        self.check_ended_once(6)

    def test_programs_of_ones_own_ask_and_tell(self):
        spec = study("pulled", ["unused"], trials=3, executor=LONG_LEASE)
        del spec["command"]
        self.daemon.post("/v1/studies", spec)
        self.assertIn("hpo ask pulled", self.daemon.hpo("worker", "--study", "pulled",
                                                        check=5).stderr)
        for _ in range(3):
            asked = self.daemon.hpo("ask", "pulled", "--wait", "30s", "--json", check=0)
            trial, = json.loads(asked.stdout)["trials"]
            words = (f"pulled/{trial['trial']}", "--fence", trial["fence"])
            self.assertEqual(self.daemon.hpo("heartbeat", *words, check=0).stdout, "go on\n")
            self.daemon.hpo("tell", *words, f"loss={trial['params']['x']}", check=0)
        self.check_ended_once(3)
        self.daemon.hpo("ask", "pulled", check=5)

    def test_who_has_not_been_heard_of_since_the_daemon_started_is_told(self):
        self.submit("exit 1;", 3, executor=LONG_LEASE)
        lease, = self.daemon.post("/v1/studies/pulled/trials:ask", {"wait_ms": 20000})["trials"]
        self.daemon.kill()
        self.daemon.start()

        def unheard():
            return self.daemon.get("/v1/studies/pulled")["unheard"]

        wait_until(lambda: unheard() == 1, what="one that is silent")
        self.assertIn("(1 not heard of for more than half a lease, or since hpod started)",
                      self.daemon.hpo("status", "pulled", check=0).stdout)
        self.daemon.post("/v1/studies/pulled/trials/0:report", {"fence": lease["fence"]})
        wait_until(lambda: unheard() == 0, what="it is heard")

    def curve(self, trial):
        """The steps that are kept of it."""
        steps = [-1]
        while True:
            page = self.daemon.get(f"/v1/studies/pulled/trials/{trial}/reports?after={steps[-1]}")
            if not page["reports"]:
                return steps[1:]
            steps += [report["step"] for report in page["reports"]]

    def test_a_million_steps_of_one_trial_keep_a_curve_and_that_is_said(self):
        self.submit("exit 1;", 1, executor=LONG_LEASE)
        lease, = self.daemon.post("/v1/studies/pulled/trials:ask", {"wait_ms": 20000})["trials"]
        pid, ignored = self.daemon.process.pid, []
        before, began = memory_peak(pid), time.monotonic()
        for first in range(0, STEPS, STEPS_AT_ONCE):
            reply = self.daemon.post("/v1/studies/pulled/trials/0:report", {
                "fence": lease["fence"], "reports": [
                    {"step": step, "metrics": {"loss": 1 / (1 + step)}}
                    for step in range(first, first + STEPS_AT_ONCE)]})
            ignored.append(reply["ignored"])
        seconds, grown = time.monotonic() - began, memory_peak(pid) - before
        kept = self.curve(0)
        size = sum(path.stat().st_size for path in self.daemon.state.glob("hpo.db*"))
        print(f"steps={STEPS} kept={len(kept)} seconds={seconds:.1f} database_kib={size >> 10} "
              f"memory_more_kib={grown >> 10}")
        self.assertEqual(kept[:1024], list(range(1024)))
        self.assertLess(len(kept), KEPT_MAX)
        self.assertGreater(kept[-1], STEPS - STEPS // 500)
        self.assertIn("only some are kept", min(ignored))  # by each answer
        self.assertLess(size, DATABASE_BYTES_MAX)
        self.assertLess(grown, MEMORY_BYTES_MAX)

    def test_a_million_lines_of_metrics_are_read_as_far_as_a_worker_keeps_up(self):
        self.submit(WRITE_STEPS + REPORT, 1, executor=LONG_LEASE)
        with self.worker() as one:
            told = self.end_of(one)
        self.check_ended_once(1)
        kept = self.curve(0)
        print(f"lines={STEPS} kept={len(kept)}")
        self.assertIn("bytes of steps that came too fast", told)
        self.assertIn("only some are kept", told)
        self.assertLess(len(kept), KEPT_MAX)
        self.assertGreater(kept[-1], STEPS - STEPS // 500)  # its end is always read


if __name__ == "__main__":
    unittest.main()
