#!/usr/bin/env python3
"""Files of a running daemon removed under it: what it ends for, and what it makes again."""
import json
import pathlib
import shutil
import signal
import tempfile
import unittest

from daemon import READY_S, UNTIL_TOLD, Daemon, is_alive, shell, study, wait_until

TEMPORARY = 75


class LostFilesTest(unittest.TestCase):
    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="hpo-lost-"))
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)
        self.flag = self.scratch / "go"

    def busy(self, daemon):
        """The id of a runner whose training runs until the flag is there."""
        daemon.post("/v1/studies", study("busy", shell(UNTIL_TOLD, self.flag), trials=1))
        runner = int(daemon.wait_for_runner("busy", 0).split(":")[0])
        self.addCleanup(self.end, runner)
        return runner

    def end(self, runner):
        self.flag.touch()
        wait_until(lambda: not is_alive(runner), what="the end of the training")

    def test_what_ended_a_daemon_is_told_by_status_and_by_the_next_start(self):
        daemon = Daemon.started(self.addCleanup)
        self.assertNotIn("removed", daemon.hpo("daemon", "status").stderr)
        (daemon.state / "hpo.db").unlink()
        daemon.process.wait(READY_S)
        self.assertIn("removed or replaced", daemon.hpo("daemon", "status").stderr)
        for name in ("hpo.db-wal", "hpo.db-shm"):
            (daemon.state / name).unlink(missing_ok=True)
        self.assertIn("removed or replaced", daemon.start_by_hpo().stderr)
        daemon.hpo("daemon", "stop", check=0)
        self.assertNotIn("removed", daemon.hpo("daemon", "status").stderr)

    def check_it_ends_without_its_files(self, daemon, runner):
        """It ends by itself, and says why; its trainings go on and a new daemon starts."""
        old = daemon.process
        wait_until(lambda: old.poll() is not None, 10, "the end of the daemon")
        self.assertEqual(old.returncode, TEMPORARY)
        self.assertTrue(is_alive(runner))
        daemon.start()
        self.assertEqual(daemon.get("/v1/studies")["studies"], [])

    def test_a_daemon_whose_database_was_removed_ends(self):
        daemon = Daemon.started(self.addCleanup)
        runner = self.busy(daemon)
        for path in daemon.state.glob("hpo.db*"):
            path.unlink()
        self.check_it_ends_without_its_files(daemon, runner)
        self.assertIn("removed or replaced", (daemon.state / "hpod.log").read_text())

    def test_a_daemon_whose_state_directory_was_removed_ends(self):
        daemon = Daemon.started(self.addCleanup)
        moved = self.scratch / "removed"
        runner = self.busy(daemon)
        daemon.state.rename(moved)
        self.check_it_ends_without_its_files(daemon, runner)
        self.assertIn("removed or replaced", (moved / "hpod.log").read_text())

    def test_an_ending_daemon_leaves_the_endpoint_of_another(self):
        daemon = Daemon.started(self.addCleanup)
        endpoint = daemon.state / "endpoint.json"
        others = json.dumps(dict(json.loads(endpoint.read_text()), pid=1))
        endpoint.write_text(others)
        self.assertEqual(daemon.kill(signal.SIGTERM), 0)
        self.assertEqual(endpoint.read_text(), others)

    def test_a_lost_endpoint_and_a_lost_socket_come_back(self):
        daemon = Daemon.started(self.addCleanup)
        for path in (daemon.state / "endpoint.json", pathlib.Path(daemon.socket_path)):
            with self.subTest(path=path.name):
                path.unlink()
                wait_until(path.exists, 10, f"another {path.name}")
                wait_until(daemon.answers, 10, "an answer")
                self.assertEqual(daemon.hpo("daemon", "start", check=0).stdout.strip(),
                                 daemon.socket_path)
                self.assertEqual(daemon.get("/version")["pid"], daemon.process.pid)
        self.assertEqual(daemon.kill(signal.SIGTERM), 0)
        self.assertFalse(pathlib.Path(daemon.socket_path).exists())

    def test_stop_finds_a_daemon_by_its_lock(self):
        for name in ("endpoint.json", "hpo.sock"):
            with self.subTest(lost=name):
                daemon = Daemon.started(self.addCleanup)
                (daemon.state / name).unlink()
                daemon.hpo("daemon", "stop", check=0)
                self.assertEqual(daemon.process.wait(READY_S), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
