#!/usr/bin/env python3
"""The promise: no step that a training wrote is missing from its trial's curve, whoever dies before
it was told: the worker, its job, the daemon.

Real processes. The oracle is each attempt's metrics.jsonl against `hpo export --reports`. Each
training goes from its checkpoint, or from the start, to step 6. The first attempt of a trial waits
after step 2 until the file `go` is there, and after step `last` until it is killed.
"""
import json
import os
import signal
import unittest

from daemon import REPORT, study, wait_until
from pulled_trials import Pulled, child_of

TRAINING = """
from=0
[ -z "$HPO_CHECKPOINT_FROM" ] || read -r from < "$HPO_CHECKPOINT_FROM/step"
first() { [ "$HPO_ATTEMPT" = 1 ]; }
for step in 1 2 3 4 5 6; do
  [ $step -gt "$from" ] || continue
  printf '{"step": %s, "loss": 0.%s%s}\\n' $step "$HPO_ATTEMPT" $step >> "$HPO_METRICS_FILE"
  [ CHECKPOINTS = 0 ] || echo $step > "$HPO_CHECKPOINT_DIR/step"
  if first && [ $step = 2 ]; then while [ ! -e "$2/go" ]; do sleep 0.02; done; fi
  if first && [ $step = LAST ]; then touch "$2/there"; while :; do sleep 0.02; done; fi
done
"""
SHORT_LEASE = {"type": "external", "lease": "1s"}
ALL = [1, 2, 3, 4, 5, 6]


class CurvesTest(Pulled):
    def submit(self, last, executor=None, checkpoints=1, script=TRAINING, **more):
        script = script.replace("LAST", str(last)).replace("CHECKPOINTS", str(checkpoints))
        body = study("pulled", self.training(script + REPORT), trials=1,
                     executor=executor or SHORT_LEASE, **more)
        if "workers" in more:
            del body["parallel"]
        self.daemon.post("/v1/studies", body)

    def curve(self):
        """{step: (attempt, value)} of the only trial, as users get it."""
        told = self.daemon.hpo("export", "pulled", "--reports", check=0).stdout
        return {row["step"]: (row["attempt"], row["value"]) for row in json.loads(told)["reports"]}

    def written(self, attempt):
        """The same of an attempt's file."""
        path = self.daemon.state / f"studies/pulled/trials/0/{attempt}/metrics.jsonl"
        lines = map(json.loads, path.read_text().splitlines())
        return {line["step"]: (attempt, line["loss"]) for line in lines}

    def wait_until_told(self, steps):
        return wait_until(lambda: len(self.curve()) >= steps, what=f"{steps} steps")

    def wait_until_there(self):
        wait_until((self.scratch / "there").exists, what="the last step of the first attempt")

    def freeze_untold(self, worker):
        """Two steps are told, and more written that the worker has no time to tell."""
        self.wait_until_told(2)
        worker.send_signal(signal.SIGSTOP)
        (self.scratch / "go").touch()

    def test_a_killed_worker_leaves_no_hole_before_the_checkpoint(self):
        self.submit(last=4)
        with self.worker() as one:
            self.freeze_untold(one)
            self.wait_until_there()
            one.kill()
        with self.worker() as two:
            self.end_of(two)
        self.assertEqual(self.daemon.wait_for("pulled")["trials"]["completed"], 1)
        self.assertEqual(self.curve(), self.written(1) | self.written(2))
        self.assertEqual((sorted(self.written(1)), sorted(self.written(2))), ([1, 2, 3, 4], [5, 6]))

    def test_the_next_attempt_tells_what_hpod_does_not_see(self):
        self.submit(last=4)
        own = ("--directory", self.scratch / "own")
        with self.worker(*own) as one:
            self.freeze_untold(one)
            self.wait_until_there()
            one.kill()
        with self.worker(*own) as two:
            self.end_of(two)
        self.assertEqual(self.daemon.wait_for("pulled")["trials"]["completed"], 1)
        self.assertEqual(self.curve(), {1: (1, 0.11), 2: (1, 0.12), 3: (2, 0.13), 4: (2, 0.14),
                                        5: (2, 0.25), 6: (2, 0.26)})

    def test_a_file_that_is_replaced_at_each_step_is_told_as_it_comes(self):
        append = '>> "$HPO_METRICS_FILE"'
        script = TRAINING.replace("printf", 'cp "$HPO_METRICS_FILE" all; printf')
        script = script.replace(append, '>> all; mv all "$HPO_METRICS_FILE"')
        self.submit(last=0, script=script, dispatch="workers", workers=1,
                    executor={"type": "local", "slots": 1})
        self.wait_until_told(2)  # it goes on when they are
        (self.scratch / "go").touch()
        self.daemon.wait_for("pulled")
        self.assertEqual((sorted(self.written(1)), self.curve()), (ALL, self.written(1)))

    def test_a_late_result_that_counts_brings_its_steps(self):
        self.submit(last=0, checkpoints=0)
        with self.worker() as one:
            self.wait_until_told(2)
            one.send_signal(signal.SIGSTOP)
            self.daemon.post("/v1/studies/pulled:pause")  # nobody else begins it
            wait_until(lambda: self.daemon.trial("pulled", 0)["state"] == "waiting",
                       what="the end of the lease")
            (self.scratch / "go").touch()
            exit_file = self.daemon.state / "studies/pulled/trials/0/1/exit.json"
            wait_until(exit_file.exists, what="the end of the training")
            self.assertEqual(sorted(self.curve()), [1, 2])
            one.send_signal(signal.SIGCONT)
            self.daemon.wait_for_trial("pulled", 0, ("completed",))
        self.assertEqual(self.daemon.trial("pulled", 0)["history"][0]["state"], "late")
        self.assertEqual((sorted(self.written(1)), self.curve()), (ALL, self.written(1)))

    def test_a_worker_that_leaves_while_the_daemon_is_killed_takes_no_step_with_it(self):
        self.submit(last=4)
        with self.worker() as one:
            self.wait_until_told(2)
            self.daemon.kill()
            (self.scratch / "go").touch()
            self.wait_until_there()
            one.send_signal(signal.SIGINT)
            while "told to end" not in one.stderr.readline():
                pass
            one.send_signal(signal.SIGINT)  # nobody hears that it hands the trial back
            one.wait(60)
        self.daemon.start()
        self.daemon.kill()  # before the lease has ended, which begins anew
        self.daemon.start()
        with self.worker() as two:
            self.end_of(two)
        self.assertEqual(self.daemon.wait_for("pulled")["trials"]["completed"], 1)
        self.assertEqual((sorted(self.curve()), self.curve()),
                         (ALL, self.written(1) | self.written(2)))

    def test_a_killed_worker_job_leaves_its_steps_though_nobody_goes_on(self):
        self.submit(last=4, dispatch="workers", workers=1, retry={"max": 0},
                    executor={"type": "local", "slots": 1, "lease": "1h"})
        self.wait_until_told(2)
        claim = self.daemon.state / "studies/pulled/workers/0/1/claim"
        worker = child_of(json.loads(claim.read_text())["pid"])
        os.kill(worker, signal.SIGSTOP)
        (self.scratch / "go").touch()
        self.wait_until_there()
        os.kill(worker, signal.SIGKILL)
        self.daemon.wait_for_trial("pulled", 0, ("failed",))  # although the lease is an hour
        self.assertEqual((sorted(self.written(1)), self.curve()), ([1, 2, 3, 4], self.written(1)))


if __name__ == "__main__":
    unittest.main()
