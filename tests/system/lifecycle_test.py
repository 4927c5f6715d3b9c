#!/usr/bin/env python3
"""How a daemon begins and ends: fault table rows 14 to 19, 32, 34, 90, and `hpo daemon`."""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import tempfile
import time
import unittest

from daemon import BIN, UNTIL_TOLD, Daemon, is_alive, shell, study, wait_until

STOP_S = 5
START_S = 5
HELD = 6
TEMPORARY = 75


def hpod(state, *arguments):
    """An hpod that is expected to refuse at once."""
    return subprocess.run([BIN / "hpod", "--state-dir", str(state), *arguments], text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=20)


def daemons_of(state):
    """The ids of all hpod processes with this state directory."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = path.read_bytes().split(b"\0")
            if words[0].endswith(b"/hpod") and str(state).encode() in words:
                found.append(int(path.parent.name))
    return [pid for pid in found if is_alive(pid)]


class LifecycleTest(unittest.TestCase):
    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="hpo-life-"))
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)
        self.flag = self.scratch / "go"

    def daemon(self, **options):
        """One for hpo to start; what has started and was not adopted ends with the test, too."""
        daemon = Daemon(**options)
        self.addCleanup(self.end_all, daemon.state)
        self.addCleanup(daemon.__exit__)
        return daemon

    def end_all(self, state):
        for pid in daemons_of(state):
            os.kill(pid, signal.SIGKILL)

    def busy(self, daemon, name="busy", trials=2):
        """A study all of whose trials run until the flag is there; their processes' ids."""
        daemon.post("/v1/studies", study(name, shell(UNTIL_TOLD, self.flag), trials=trials,
                                         parallel=trials))
        return [daemon.wait_for_runner(name, number) for number in range(trials)]

    def check_adopted(self, daemon, ids, name="busy"):
        self.flag.touch()
        ended = daemon.wait_for(name)
        self.assertEqual(ended["trials"]["completed"], len(ids))
        self.assertEqual(ended["attempts"], len(ids), "nothing was begun again")
        found = [daemon.trial(name, number)["history"][-1]["native_id"]
                 for number in range(len(ids))]
        self.assertEqual(found, ids)

    def test_row_14_sigterm_ends_it_at_once_and_trials_go_on(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number):
                self.flag.unlink(missing_ok=True)
                daemon = Daemon.started(self.addCleanup)
                ids = self.busy(daemon)
                begin = time.monotonic()
                self.assertEqual(daemon.kill(number), 0)
                self.assertLess(time.monotonic() - begin, STOP_S)
                self.assertFalse((daemon.state / "endpoint.json").exists())
                self.assertFalse(pathlib.Path(daemon.socket_path).exists())
                for each in ids:
                    self.assertTrue(is_alive(int(each.split(":")[0])), each)
                daemon.start()
                self.check_adopted(daemon, ids)

    def test_row_14_what_ended_while_no_daemon_ran_is_counted(self):
        daemon = Daemon.started(self.addCleanup)
        ids = self.busy(daemon)
        daemon.kill(signal.SIGTERM)
        self.flag.touch()
        daemon.wait_for_exits("busy", len(ids))
        daemon.start()
        self.check_adopted(daemon, ids)

    def test_row_15_sighup_at_logout_is_ignored(self):
        daemon = Daemon.started(self.addCleanup)
        os.kill(daemon.process.pid, signal.SIGHUP)
        self.assertEqual(daemon.get("/v1/studies")["studies"], [])
        self.assertIsNone(daemon.process.poll())

    def test_row_16_a_stopped_daemon_goes_on_where_it_was(self):
        daemon = Daemon.started(self.addCleanup)
        ids = self.busy(daemon)
        os.kill(daemon.process.pid, signal.SIGSTOP)
        self.flag.touch()
        daemon.wait_for_exits("busy", len(ids))
        os.kill(daemon.process.pid, signal.SIGCONT)
        self.check_adopted(daemon, ids)

    def test_row_17_a_second_daemon_says_who_holds_it(self):
        daemon = Daemon.started(self.addCleanup)
        begin = time.monotonic()
        second = hpod(daemon.state)
        self.assertLess(time.monotonic() - begin, 2)
        self.assertEqual(second.returncode, HELD, second.stderr)
        for part in (f"pid {daemon.process.pid}", socket.gethostname(), str(daemon.state),
                     "hpo daemon stop"):
            self.assertIn(part, second.stderr)
        self.assertEqual(daemon.get("/version")["pid"], daemon.process.pid)

    def test_what_no_daemon_holds_is_not_said_to_be_held(self):
        daemon = Daemon.started(self.addCleanup)
        daemon.kill(signal.SIGTERM)
        with contextlib.closing(sqlite3.connect(daemon.state / "hpo.db")) as database:
            database.execute("BEGIN EXCLUSIVE")
            done = hpod(daemon.state)
            self.assertEqual(done.returncode, TEMPORARY, done.stderr)
            self.assertIn("another process holds the database", done.stderr)
        pathlib.Path(daemon.socket_path).write_text("precious")
        done = hpod(daemon.state)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("no socket", done.stderr)
        self.assertEqual(pathlib.Path(daemon.socket_path).read_text(), "precious")

    def test_row_19_a_stale_lock_and_socket_hold_nobody(self):
        daemon = Daemon.started(self.addCleanup)
        daemon.kill()
        self.assertTrue((daemon.state / "daemon.lock").exists())
        self.assertTrue(pathlib.Path(daemon.socket_path).is_socket())
        daemon.start_by_hpo()
        self.assertEqual(daemon.get("/version")["pid"], daemon.process.pid)

    def test_row_19_a_start_right_after_a_kill_takes_over(self):
        daemon = self.daemon()
        daemon.start_by_hpo()
        for _ in range(10):
            os.kill(daemon.process.pid, signal.SIGKILL)  # and no wait for its end
            before = daemon.process.pid
            daemon.start_by_hpo()
            self.assertNotEqual(daemon.process.pid, before)

    def test_row_19_a_reused_pid_proves_nothing(self):
        daemon = Daemon.started(self.addCleanup)
        daemon.kill()
        stranger = subprocess.Popen(["sleep", "600"])
        self.addCleanup(stranger.wait)
        self.addCleanup(stranger.kill)
        endpoint = daemon.state / "endpoint.json"
        told = json.loads(endpoint.read_text())
        told["pid"] = stranger.pid
        endpoint.write_text(json.dumps(told))
        (daemon.state / "daemon.lock").write_text(f"pid {stranger.pid} on {told['host']}\n")
        self.assertEqual(daemon.hpo("daemon", "stop").returncode, HELD)
        self.assertIsNone(stranger.poll(), "a stranger was ended")
        daemon.start_by_hpo()
        self.assertNotEqual(daemon.process.pid, stranger.pid)
        daemon.hpo("daemon", "stop", check=0)
        self.assertIsNone(stranger.poll(), "a stranger was ended")

    def test_row_32_a_damaged_database_is_refused_and_left_as_it_is(self):
        daemon = Daemon.started(self.addCleanup)
        daemon.kill(signal.SIGTERM)
        path = daemon.state / "hpo.db"
        damaged = b"\xa5" * 100 + path.read_bytes()[100:]
        path.write_bytes(damaged)
        done = hpod(daemon.state)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(str(path), done.stderr)
        self.assertEqual(path.read_bytes(), damaged)

    def test_row_34_a_newer_database_is_refused_with_its_version(self):
        daemon = Daemon.started(self.addCleanup)
        daemon.post("/v1/studies", study("kept", ["true"], trials=1))
        daemon.wait_for("kept")
        daemon.kill(signal.SIGTERM)
        path = daemon.state / "hpo.db"
        with contextlib.closing(sqlite3.connect(path)) as database:
            known = database.execute("PRAGMA user_version").fetchone()[0]
            database.execute("PRAGMA user_version = 999")
        before = path.read_bytes()
        done = hpod(daemon.state)
        self.assertEqual(done.returncode, 1, done.stderr)
        for part in ("999", f"up to {known}", str(path)):
            self.assertIn(part, done.stderr)
        self.assertEqual(path.read_bytes(), before)
        told = daemon.hpo("daemon", "start")
        self.assertIn("999", told.stderr)
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.execute(f"PRAGMA user_version = {known}")
        daemon.start()
        self.assertEqual(daemon.get("/v1/studies/kept")["name"], "kept")

    def test_row_90_a_long_state_path_still_has_a_socket(self):
        state = self.scratch / ("long" * 30) / "state"
        daemon = self.daemon(state_dir=state)
        told = daemon.start_by_hpo().stdout.strip()
        self.assertLessEqual(len(told), 107)
        self.assertTrue(pathlib.Path(told).is_socket())
        self.assertEqual(stat.S_IMODE(os.stat(told).st_mode), 0o600)
        self.assertEqual(json.loads(daemon.hpo("status", "--json", check=0).stdout)["studies"], [])
        daemon.hpo("daemon", "stop", check=0)
        self.assertFalse(pathlib.Path(told).exists())

    def test_start_makes_a_missing_state_directory_for_its_owner_alone(self):
        state = self.scratch / "not" / "yet" / "there"
        daemon = self.daemon(state_dir=state)
        begin = time.monotonic()
        daemon.start_by_hpo()
        self.assertLess(time.monotonic() - begin, START_S)
        self.assertEqual(stat.S_IMODE(state.stat().st_mode), 0o700)
        self.assertEqual(stat.S_IMODE(os.stat(daemon.socket_path).st_mode), 0o600)

    def test_start_hands_no_descriptor_to_the_daemon(self):
        daemon = self.daemon()
        reader, writer = os.pipe()
        daemon.hpo("daemon", "start", check=0, pass_fds=[writer])
        daemon.adopt()
        os.close(writer)
        self.assertEqual(os.read(reader, 1), b"", "the daemon holds the pipe")
        os.close(reader)
        files = [os.readlink(f"/proc/{daemon.process.pid}/fd/{n}") for n in range(3)]
        self.assertEqual(files, ["/dev/null"] + [str(daemon.state / "hpod.log")] * 2)

    def test_starts_at_once_leave_one_daemon(self):
        daemon = self.daemon()
        starts = [subprocess.Popen([BIN / "hpo", "daemon", "start"], env=daemon.environment,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True) for _ in range(4)]
        told = [start.communicate(timeout=30) for start in starts]
        self.assertEqual([start.returncode for start in starts], [0] * 4, told)
        self.assertEqual({out for out, _ in told}, {daemon.socket_path + "\n"})
        daemon.adopt()
        wait_until(lambda: daemons_of(daemon.state) == [daemon.process.pid], 10, "one daemon")

    def test_stop_leaves_trials_to_the_next_daemon(self):
        daemon = self.daemon()
        daemon.start_by_hpo()
        ids = self.busy(daemon)
        self.assertIn("running trials go on", daemon.hpo("daemon", "stop", check=0).stderr)
        self.assertEqual(daemons_of(daemon.state), [])
        daemon.start_by_hpo()
        self.check_adopted(daemon, ids)

    def test_a_wrong_address_for_tcp_is_refused_before_anything_is_made(self):
        state = self.scratch / "none"
        done = hpod(state, "--listen", "127.0.0.1:0")
        self.assertEqual(done.returncode, 2)
        self.assertIn("tcp://10.0.0.5:4711", done.stderr)
        self.assertFalse(state.exists())

    def test_the_version_is_one_and_the_same_everywhere(self):
        daemon = Daemon.started(self.addCleanup)
        version = daemon.get("/version")["version"]
        self.assertEqual(daemon.hpo("--version", check=0).stdout, f"hpo {version}\n")
        self.assertEqual(daemon.hpo("version", check=0).stdout, f"hpo {version}\n")
        self.assertEqual(hpod(self.scratch, "--version").stdout.strip(), version)


if __name__ == "__main__":
    unittest.main(verbosity=2)
