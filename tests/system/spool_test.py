#!/usr/bin/env python3
"""The promise: a worker that reaches the daemon by files alone carries out a study; a daemon that
is killed meanwhile and a spool full of junk lose no trial and double none.
"""
import json
import os
import signal
import unittest

from daemon import REPORT, study, wait_until
from pulled_trials import Pulled

STEP = """printf '{"step": 1, "loss": 0.5}\\n' >> "$HPO_METRICS_FILE";"""
LEASE = {"type": "external", "lease": "1m"}


class SpoolTest(Pulled):
    def setUp(self):
        super().setUp()
        self.spool = self.daemon.state / "spool"
        self.elsewhere = self.scratch / "state"  # of the worker: no daemon, no socket
        self.elsewhere.mkdir(mode=0o700)
        wait_until((self.spool / "answers").exists, what="the spool")

    def submit(self, script, trials, executor=None):
        self.daemon.post("/v1/studies", study("pulled", self.training(script), trials=trials,
                                              parallel=8, executor=executor or LEASE))

    def worker_environment(self):
        return dict(self.daemon.environment, HPO_STATE_DIR=str(self.elsewhere))

    def check_ended_once(self, trials):
        ended = self.daemon.wait_for("pulled")
        self.assertEqual((ended["state"], ended["trials"]["completed"]), ("finished", trials))
        self.assertEqual(sorted(self.begun()), [(number, 1) for number in range(trials)])
        for trial in self.daemon.trials("pulled"):
            self.assertAlmostEqual(trial["value"], trial["params"]["x"])

    def fill_with_junk(self):
        requests = self.spool / "requests"
        for number in range(2000):
            (requests / f"junk {number}").write_text("?")
        (requests / "huge.1").write_bytes(b"hpo-spool 1 exchange pulled\n" + b" " * (4 << 20))
        (requests / "torn.1").write_text("hpo-spool 1 exch")
        (requests / "foreign.1").write_text("hpo-spool 1 exchange pulled\n{\"slots\": -1}")
        (requests / "half.1.tmp").write_text("hpo-spool 1")
        os.mkfifo(requests / "pipe.1")
        os.symlink("/dev/zero", requests / "link.1")
        (requests / "folder.1").mkdir()

    def test_a_study_by_files_alone_with_junk_and_a_daemon_that_is_killed(self):
        self.fill_with_junk()
        self.submit(STEP + "sleep 0.2;" + REPORT, 24)
        with self.worker("--slots", "4", "--spool", str(self.spool)) as worker:
            for count in (4, 12):
                wait_until(lambda c=count: len(self.begun()) >= c, what=f"{count} trainings")
                self.daemon.kill()
                self.daemon.start()
            told = self.end_of(worker)
        self.check_ended_once(24)
        for number in range(24):
            told = self.daemon.get(f"/v1/studies/pulled/trials/{number}/reports")["reports"]
            self.assertEqual(len(told), 1, told)
        self.assertEqual(list((self.spool / "answers").iterdir()), [])
        names = {path.name for path in (self.spool / "requests").iterdir()}
        self.assertEqual({name for name in names if not name.startswith("junk ")},
                         {"huge.1", "torn.1", "half.1.tmp", "pipe.1", "link.1", "folder.1"})
        log = (self.daemon.state / "hpod.log").read_text()
        self.assertIn("left alone in the spool", log)
        self.assertLess(log.count("left alone in the spool"), 60)  # three daemons, 16 each

    def test_it_is_chosen_where_the_daemon_runs_on_another_host_and_a_stop_goes_through(self):
        (self.elsewhere / "endpoint.json").write_text(json.dumps(
            {"host": "login1", "boot_id": "another", "pid": 1, "socket": "/none", "version": "0"}))
        os.symlink(self.spool, self.elsewhere / "spool")
        self.submit("while :; do sleep 0.05; done", 2)
        with self.worker("--slots", "2") as worker:
            self.assertIn("the daemon runs on login1", worker.stderr.readline())
            wait_until(lambda: len(self.begun()) == 2, what="two trainings")
            self.daemon.post("/v1/studies/pulled:cancel")
            told = self.end_of(worker)
        self.assertEqual(self.daemon.wait_for("pulled")["state"], "cancelled")

    def test_a_killed_worker_leaves_its_trials_to_another_one(self):
        self.submit('while [ ! -e "$2/well" ]; do sleep 0.02; done;' + REPORT, 2,
                    {"type": "external", "lease": "4s"})
        with self.worker("--slots", "2", "--spool", str(self.spool)) as one:
            wait_until(lambda: len(self.begun()) == 2, what="two trainings")
            one.send_signal(signal.SIGKILL)
        (self.scratch / "well").touch()
        with self.worker("--slots", "2", "--spool", str(self.spool)) as two:
            self.assertEqual(two.wait(60), 0, two.stderr.read())
        ended = self.daemon.wait_for("pulled")
        self.assertEqual((ended["state"], ended["trials"]["completed"]), ("finished", 2))

    def test_a_spool_that_nobody_made_is_told_with_the_remedy(self):
        self.submit(REPORT, 1)
        with self.worker("--spool", str(self.scratch), "--patience", "1s") as worker:
            told = self.end_of(worker, 6)
        self.assertIn("no daemon of this user has made the spool", told)


if __name__ == "__main__":
    unittest.main()
