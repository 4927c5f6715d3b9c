#!/usr/bin/env python3
"""A database that was removed leaves the trials' directories behind: none of their values may come
back in a study of the same name, nor may what still runs there write into it."""
import pathlib
import shutil
import tempfile
import unittest

from daemon import REPORT, Daemon, is_alive, shell, study, wait_until

TRIALS = 8


class StaleTest(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon.started(self.addCleanup)

    def without_database(self):
        """The same state directory with a new database."""
        self.daemon.kill()
        for path in self.daemon.state.glob("hpo.db*"):
            path.unlink()
        self.daemon.start()

    def submit(self, low, high, command=REPORT):
        self.daemon.post("/v1/studies", study("crash", shell(command), trials=TRIALS,
                                              space={"x": {"float": [low, high]}}))

    def check_values(self, low, high):
        ended = self.daemon.wait_for("crash")
        self.assertEqual(ended["trials"]["completed"], TRIALS)
        for trial in self.daemon.trials("crash"):
            self.assertEqual(trial["value"], trial["params"]["x"])
            self.assertTrue(low <= trial["value"] <= high)

    def test_a_new_database_gets_no_value_of_an_old_one(self):
        self.submit(0, 1)
        self.check_values(0, 1)
        self.without_database()
        self.submit(10, 11)
        self.check_values(10, 11)
        kept = list(self.daemon.state.glob("studies/crash/trials/*/1.stale.1/exit.json"))
        self.assertEqual(len(kept), TRIALS, "nothing is deleted")

    def test_a_training_of_an_old_database_is_ended_before_the_new_one_starts(self):
        scratch = pathlib.Path(tempfile.mkdtemp(prefix="hpo-stale-"))
        self.addCleanup(shutil.rmtree, scratch, ignore_errors=True)
        told = scratch / "pid"
        self.submit(0, 1, f"echo $$ >> {told}; exec sleep 1000")
        wait_until(lambda: told.exists() and told.read_text().count("\n") == 2, what="two pids")
        self.without_database()
        self.submit(10, 11)
        self.check_values(10, 11)
        for pid in map(int, told.read_text().split()):
            self.assertFalse(is_alive(pid))


if __name__ == "__main__":
    unittest.main(verbosity=2)
