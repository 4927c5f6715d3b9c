#!/usr/bin/env python3
"""kill -9 before each single write of a COMMIT: rows 4, 8 and 10 of the fault table.

Two trials, one slot. The end of the first makes two COMMITs: its result with the next proposal and
that one's intent, then the id of the job that was started for it. strace kills the daemon as it
enters the N-th pwrite64, for N = 1, 2, … until none strikes. What the kill left is read from a copy
of the database, so that each row is known to have met its fault; then the next daemon goes on.
"""
import contextlib
import pathlib
import shutil
import sqlite3
import tempfile
import unittest

from daemon import READY_S, REPORT, Daemon, is_alive, shell, study, wait_until
from faults import injected, needs_strace

SEED = 11
KILLS_MAX = 200  # far above the writes of two COMMITs
TRAINING = 'echo "$HPO_TRIAL $HPO_ATTEMPT" >> "$1.begun"; ' \
           'while [ ! -e "$1$HPO_TRIAL" ]; do sleep 0.02; done' + REPORT


class Left:
    """What a killed daemon has left: rows of a copy of its database, and files."""

    def __init__(self, daemon, scratch):
        for name in ("hpo.db", "hpo.db-wal"):
            shutil.copy(daemon.state / name, scratch / name)
        self.wal = (scratch / "hpo.db-wal").read_bytes()
        with contextlib.closing(sqlite3.connect(scratch / "hpo.db")) as database:
            self.trials = dict(database.execute("SELECT number, state FROM trials"))
            self.attempts = dict(database.execute("SELECT trial, state FROM attempts"))
        for name in ("hpo.db", "hpo.db-wal"):
            (scratch / name).unlink(missing_ok=True)


@needs_strace
class CommitKillTest(unittest.TestCase):
    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="hpo-commit-"))
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)

    def begin(self, daemon, flag):
        """Trial 0 runs until its flag is there; meanwhile the proposal for trial 1 is made."""
        daemon.post("/v1/studies", study("killed", shell(TRAINING, flag), trials=2, parallel=1,
                                         seed=SEED))
        daemon.wait_for_trial("killed", 0, ["running"])
        wait_until(lambda: daemon.trial("killed", 0)["history"][-1]["state"] == "running",
                   what="the first training")

    def killed(self, when, flag):
        """Ends trial 0 under the kill; what was left, or None if the kill did not strike."""
        with Daemon() as daemon:
            self.begin(daemon, flag)
            trials = daemon.state / "studies/killed/trials"
            with injected(daemon, f"pwrite64:signal=KILL:when={when}"):
                pathlib.Path(f"{flag}0").touch()
                wait_until(lambda: not is_alive(daemon.process.pid) or self.has_started(daemon),
                           READY_S, "a kill, or the start of trial 1")
                left = None if is_alive(daemon.process.pid) else Left(daemon, self.scratch)
            if left:
                self.check_files(left, trials)
                daemon.start()
            pathlib.Path(f"{flag}1").touch()
            self.check_carried_on(daemon, flag)
            return left

    def has_started(self, daemon):
        trial = daemon.try_get("/v1/studies/killed/trials/1")
        return trial and trial["history"] and trial["history"][-1]["native_id"]

    def check_files(self, left, trials):
        self.assertTrue((trials / "0/1/exit.json").exists(), "the first training has ended")
        if left.attempts.get(1) == "submitting":  # the next write was that of its id
            wait_until((trials / "1/1/claim").exists, 10, "the claim of the accepted job")

    def check_carried_on(self, daemon, flag):
        ended = daemon.wait_for("killed")
        self.assertEqual((ended["trials"]["completed"], ended["attempts"]), (2, 2))
        begun = pathlib.Path(f"{flag}.begun").read_text().split("\n")
        self.assertEqual(begun, ["0 1", "1 1", ""], "each begins once")
        ends = [event for event in daemon.get("/v1/events?limit=1000")["events"]
                if event["kind"] == "attempt_ended"]
        self.assertEqual(len(ends), 2, "each result is counted once")
        found = [(t["params"], t["value"]) for t in daemon.trials("killed")]
        self.params = self.params or found
        self.assertEqual(found, self.params, "the same proposals, whatever was killed")

    def test_rows_4_8_10_killed_before_any_write_of_a_commit_nothing_is_lost_or_doubled(self):
        self.params = None
        unstored, adopted, recounted = 0, 0, 0
        for when in range(1, KILLS_MAX):
            left = self.killed(when, self.scratch / f"at{when}-")
            if not left:
                break
            recounted += left.attempts[0] == "running"
            adopted += left.attempts.get(1) == "submitting"
            text = b'{"x":%s}' % repr(self.params[1][0]["x"]).encode()
            unstored += 1 not in left.trials and text in left.wal
        print(f"{when - 1} kills: result read, not committed {recounted}; proposal made, not "
              f"stored {unstored}; job accepted, id not stored {adopted}", flush=True)
        self.assertLess(when, KILLS_MAX - 1, "the kills never ended")
        self.assertGreater(recounted, 0, "row 10 never met its fault")
        self.assertGreater(unstored, 0, "row 4 never met its fault")
        self.assertGreater(adopted, 0, "row 8 never met its fault")


if __name__ == "__main__":
    unittest.main(verbosity=2)
