#!/usr/bin/env python3
"""kill -9 at a chosen moment of a trial's life: rows 4 to 7 and 11 of the fault table. The rows of
which a COMMIT decides, 4, 8 and 10, are in commit_kill_test.py.

strace kills the daemon as it enters a system call that only that moment makes, for the first and
for later times it does so. Afterwards each training has begun once, each trial has one attempt, and
params and values are those of an undisturbed study.
"""
import pathlib
import shutil
import tempfile
import unittest

from daemon import READY_S, REPORT, Daemon, is_alive, shell, study, wait_until
from faults import injected, needs_strace

TRIALS = 6
SEED = 11
TRAINING = 'printf "%s %s\\n" "$HPO_TRIAL" "$HPO_ATTEMPT" >> "$1"' + REPORT


@needs_strace
class RecoveryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = pathlib.Path(tempfile.mkdtemp(prefix="hpo-recovery-"))
        cls.addClassCleanup(shutil.rmtree, cls.scratch, ignore_errors=True)
        with Daemon() as daemon:
            cls.submit(daemon, "calm", cls.scratch / "calm")
            daemon.wait_for("calm")
            cls.calm = cls.values(daemon, "calm")

    @staticmethod
    def submit(daemon, name, log, parallel=2):
        daemon.post("/v1/studies", study(name, shell(TRAINING, log), trials=TRIALS,
                                         parallel=parallel, seed=SEED))

    @staticmethod
    def values(daemon, name):
        return [(t["number"], t["params"], t["value"]) for t in daemon.trials(name)]

    def killed(self, rule, parallel=2):
        """A study whose daemon is killed by `rule` once; checks what must hold. Did it strike?"""
        log = self.scratch / rule
        with self.subTest(rule=rule), Daemon() as daemon:
            self.submit(daemon, "warm", self.scratch / "warm")  # its strategy's first ask is over
            daemon.wait_for("warm")
            with injected(daemon, rule):
                try:
                    self.submit(daemon, "killed", log, parallel)
                except (OSError, AssertionError):
                    pass
                wait_until(lambda: not is_alive(daemon.process.pid) or self.is_over(daemon),
                           READY_S, "a kill, or the end of the study")
                struck = not is_alive(daemon.process.pid)
            if struck:
                daemon.start()
                if daemon.request("GET", "/v1/studies/killed")[0] == 404:
                    self.submit(daemon, "killed", log, parallel)
            self.check(daemon, log)
            return struck
        return False

    def is_over(self, daemon):
        return (daemon.try_get("/v1/studies/killed") or {}).get("state") == "finished"

    def check(self, daemon, log):
        ended = daemon.wait_for("killed")
        self.assertEqual(ended["trials"]["completed"], TRIALS)
        self.assertEqual(ended["attempts"], TRIALS, "a kill of the daemon costs no attempt")
        begun = sorted(log.read_text().splitlines())
        self.assertEqual(begun, [f"{n} 1" for n in range(TRIALS)], "each begins once")
        self.assertEqual(self.values(daemon, "killed"), self.calm)
        wait_until(lambda: not list((daemon.state / "ended").iterdir()), 10, "a clean ended/")

    def strike(self, calls, moments):
        struck = [self.killed(f"{calls}:signal=KILL:when={when}") for when in moments]
        self.assertTrue(any(struck), "the moment never came")

    def test_row_4_killed_before_a_suggestion_is_stored_the_next_is_identical(self):
        self.strike("pwrite64", (2, 9, 30))

    def test_row_5_killed_after_the_intent_is_stored_the_same_attempt_goes_on(self):
        self.strike("mkdir", (1, 2, 4))

    def test_row_6_killed_while_files_are_written_they_are_written_again(self):
        self.strike("rename", (1, 2, 3))

    def test_row_7_killed_before_the_job_is_started_it_is_started_once(self):
        self.strike("clone3,clone,vfork", (1, 2))

    def test_killed_when_a_commit_is_written_but_not_synced_it_holds(self):
        self.strike("fdatasync", (2, 3, 5, 7, 9))

    def test_row_11_killed_before_the_cleaning_it_goes_on_by_itself(self):
        self.strike("unlink", (1, 2, 4))


if __name__ == "__main__":
    unittest.main(verbosity=2)
