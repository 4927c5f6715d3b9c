#!/usr/bin/env python3
"""Files of a daemon removed, damaged, copied or moved: what it ends for, what it makes again."""
import json
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

from daemon import READY_S, UNTIL_TOLD, Daemon, is_alive, shell, study, wait_until

NO_DAEMON = 6
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

    def test_a_damaged_endpoint_beside_a_living_daemon_is_no_dead_end(self):
        daemon = Daemon.started(self.addCleanup)
        endpoint = daemon.state / "endpoint.json"
        whole = endpoint.read_text()
        endpoint.write_text("garbage")
        wait_until(lambda: endpoint.read_text() == whole, 10, "another endpoint.json")
        endpoint.write_text("garbage")
        self.assertEqual(daemon.hpo("daemon", "start", check=0).stdout.strip(), daemon.socket_path)
        endpoint.write_text("garbage")
        daemon.hpo("daemon", "stop", check=0)
        self.assertEqual(daemon.process.wait(READY_S), 0)

    def copy_of(self, daemon):
        """One for hpo to start, on a copy of another's state directory."""
        copy = Daemon(state_dir=self.scratch / "copy")
        self.addCleanup(copy.__exit__)
        subprocess.run(["cp", "-a", daemon.state, copy.state], check=True)
        return copy

    def test_what_is_typed_at_a_copy_never_reaches_the_originals_daemon(self):
        daemon = Daemon.started(self.addCleanup)
        self.busy(daemon)
        copy = self.copy_of(daemon)
        for words in (["status"], ["cancel", "busy", "--yes"], ["daemon", "status"],
                      ["daemon", "stop"], ["worker", "--study", "busy"]):
            told = copy.hpo(*words, check=NO_DAEMON).stderr
            self.assertIn(f"is of the daemon of {daemon.state}", told)
            self.assertIn("next hpo daemon start", told)
        told = copy.hpo("daemon", "start", check=NO_DAEMON).stderr
        self.assertIn(f"copy of {daemon.state}, whose daemon (pid {daemon.process.pid})", told)
        self.assertIn(f"HPO_STATE_DIR={daemon.state} hpo daemon stop", told)
        self.assertEqual(daemon.get("/v1/studies/busy")["state"], "running")
        daemon.hpo("daemon", "stop", check=0)
        self.assertEqual(copy.start_by_hpo().stdout.strip(), copy.socket_path)
        self.assertEqual(copy.get("/v1/studies/busy")["state"], "running")

    def test_a_copy_whose_lease_was_removed_has_a_daemon_of_its_own(self):
        daemon = Daemon.started(self.addCleanup)
        copy = self.copy_of(daemon)
        (copy.state / "lease.json").unlink()
        self.assertEqual(copy.start_by_hpo().stdout.strip(), copy.socket_path)
        copy.hpo("daemon", "stop", check=0)
        self.assertEqual(daemon.get("/version")["pid"], daemon.process.pid)

    def test_a_directory_moved_from_under_a_killed_daemon_is_not_the_next_ones(self):
        for deep in ("", "long" * 30 + "/"):  # a socket of its own, one in /tmp
            with self.subTest(deep=deep):
                state = self.scratch / (deep + "state")
                first = Daemon(state_dir=state)
                self.addCleanup(first.__exit__)
                first.start_by_hpo()
                first.kill()
                moved = Daemon(state_dir=self.scratch / (deep + "moved"))
                self.addCleanup(moved.__exit__)
                state.rename(moved.state)
                first.start_by_hpo()
                told = moved.hpo("daemon", "stop", check=NO_DAEMON).stderr
                self.assertIn(f"is of the daemon of {state}", told)
                moved.start_by_hpo()
                self.assertNotEqual(moved.process.pid, first.process.pid)
                for each in (first, moved):
                    told = each.hpo("daemon", "status", check=0).stdout
                    self.assertIn(f"state_dir\t{each.state}\n", told)

    def test_stop_finds_a_daemon_by_its_lock(self):
        for name in ("endpoint.json", "hpo.sock"):
            with self.subTest(lost=name):
                daemon = Daemon.started(self.addCleanup)
                (daemon.state / name).unlink()
                daemon.hpo("daemon", "stop", check=0)
                self.assertEqual(daemon.process.wait(READY_S), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
