#!/usr/bin/env python3
"""Disks that are full, read-only or broken, and processes that cannot be made: rows 24 and 26 to
30 of the fault table. Small file systems need root, failing system calls need strace."""
import contextlib
import http.client
import subprocess
import unittest

from daemon import BIN, READY_S, REPORT, UNTIL_TOLD, Daemon, shell, study, wait_until
from faults import injected, needs_mount, needs_strace, small_disk

RESTART = 75
DISK_MB = 160  # more than what ends the read-only time: 64 MiB free and a reserve of 32


def fill(path):
    """Writes until the disk is full to its last byte."""
    for size in (1 << 20, 1 << 12, 1):
        with contextlib.suppress(OSError), open(path, "ab", buffering=0) as file:
            while file.write(b"\0" * size) == size:
                pass


class DiskTest(unittest.TestCase):
    def disk(self, megabytes=DISK_MB):
        """A small disk that outlives the daemons on it, whatever becomes of the test."""
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        return stack.enter_context(small_disk(megabytes))

    def post_until_full(self, daemon, filler):
        """Submits studies while the disk fills up; the acknowledged names and the refusal."""
        told = []
        for number in range(2000):
            fill(filler)
            name = f"s{number}"
            body = study(name, ["true"], trials=1, description="x" * 2000)
            status, reply = daemon.request("POST", "/v1/studies", body)
            if status == 507:
                return told, reply
            self.assertIn(status, (200, 201), reply)
            told.append(name)
        self.fail("the disk never became full")

    def check_told(self, daemon, told):
        for name in told:
            self.assertEqual(daemon.get(f"/v1/studies/{name}")["name"], name)

    def on_full_disk(self, disk):
        """A daemon that runs two trials on a full disk; what it acknowledged, and its refusal."""
        self.flag = disk.parent / (disk.name + ".go")
        self.addCleanup(lambda: self.flag.unlink(missing_ok=True))
        daemon = Daemon.started(self.addCleanup, state_dir=disk / "state",
                                arguments=["--ephemeral"])
        daemon.post("/v1/studies", study("busy", shell(UNTIL_TOLD, self.flag), trials=6))
        wait_until(lambda: daemon.get("/v1/studies/busy")["trials"]["running"] == 2, what="two")
        told, refusal = self.post_until_full(daemon, disk / "filler")
        return daemon, told, refusal

    @needs_mount
    def test_row_26_a_full_disk_is_told_and_it_resumes_by_itself(self):
        disk = self.disk()
        daemon, told, refusal = self.on_full_disk(disk)
        for part in ("nothing was changed", "disk is full"):
            self.assertIn(part, refusal["detail"])
        self.assertIn("free some space", refusal["remedy"])
        self.assertIn(str(daemon.state), refusal["where"])
        ready, body = daemon.request("GET", "/readyz")
        self.assertEqual(ready, 503)
        self.assertIn("disk", body["reason"])
        self.check_told(daemon, told)
        self.assertNotEqual(daemon.hpo("pause", "busy").returncode, 0)
        (disk / "filler").unlink()
        wait_until(daemon.answers, READY_S, "the return of writes")
        self.flag.touch()
        self.assertEqual(daemon.wait_for("busy")["trials"]["completed"], 6)
        self.check_told(daemon, told)
        daemon.post("/v1/studies", study("after", shell(REPORT), trials=1))
        self.assertEqual(daemon.wait_for("after")["trials"]["completed"], 1)
        self.assertEqual((daemon.state / "reserve.bin").stat().st_size, 32 << 20)
        daemon.kill()

    @needs_mount
    def test_a_file_system_of_40_mb_says_how_much_is_needed_and_goes_on_with_that(self):
        disk = self.disk(megabytes=40)
        daemon, _, _ = self.on_full_disk(disk)
        reason = daemon.request("GET", "/readyz")[1]["reason"]
        self.assertIn("when 14 MiB are free", reason)  # a tenth, and a reserve of a quarter
        self.assertNotIn("nothing was changed", reason)
        refusal = daemon.request("POST", "/v1/studies", study("more", ["true"]))[1]
        self.assertIn("when 14 MiB are free", refusal["remedy"])
        (disk / "filler").unlink()
        wait_until(daemon.answers, READY_S, "the return of writes")
        daemon.kill()

    @needs_mount
    def test_row_26_killed_on_a_full_disk_nothing_acknowledged_is_lost(self):
        disk = self.disk()
        daemon, told, _ = self.on_full_disk(disk)
        daemon.kill()
        fill(disk / "filler")
        self.flag.touch()  # their results find no room on the disk
        daemon.start(wait=False)
        wait_until(lambda: daemon.process.poll() is not None or
                   daemon.try_get("/v1/studies") is not None, READY_S)
        if daemon.process.poll() is None:
            self.check_told(daemon, told)
        else:
            self.assertIn("full", daemon.process.stderr.read().decode())
        (disk / "filler").unlink()
        if daemon.process.poll() is not None:
            daemon.start()
        wait_until(daemon.answers, READY_S, "the return of writes")
        self.check_told(daemon, told)
        ended = daemon.wait_for("busy")
        self.assertEqual(ended["trials"]["completed"], 6)
        daemon.kill()

    @needs_mount
    def test_a_state_directory_in_memory_is_refused_unless_it_is_meant(self):
        disk = self.disk()
        done = subprocess.run([BIN / "hpod", "--state-dir", disk / "state"], text=True,
                              capture_output=True, timeout=READY_S)
        self.assertEqual(done.returncode, 1)
        self.assertIn("--ephemeral", done.stderr)

    def broken_by(self, rule):
        """A daemon whose disk breaks under a write: it must not answer as if it had written."""
        with self.subTest(rule=rule), Daemon() as daemon:
            daemon.post("/v1/studies", study("before", shell(REPORT), trials=2))
            daemon.wait_for("before")
            with injected(daemon, rule):
                try:
                    status, reply = daemon.request("POST", "/v1/studies", study("doubt", ["true"]))
                    self.assertEqual(status, 503, reply)
                    self.assertIn("the outcome is unknown", reply["detail"])
                    self.assertIn("hpo daemon start", reply["remedy"])
                except (OSError, http.client.HTTPException):
                    pass
                self.assertEqual(daemon.process.wait(READY_S), RESTART)
            self.assertIn("fatal", (daemon.state / "hpod.log").read_text())
            daemon.start()
            self.assertEqual(daemon.get("/v1/studies/before")["trials"]["completed"], 2)
            status, reply = daemon.request("POST", "/v1/studies", study("doubt", ["true"]))
            self.assertIn(status, (200, 201))
            self.assertEqual(reply["name"], "doubt")

    @needs_strace
    def test_row_29_an_io_error_ends_it_with_75_and_the_disk_decides(self):
        self.broken_by("fdatasync:error=EIO")
        self.broken_by("pwrite64:error=EIO")

    @needs_strace
    def test_row_30_a_disk_that_turns_read_only_ends_it_with_75(self):
        self.broken_by("pwrite64:error=EROFS")

    @needs_mount
    def test_row_30_a_read_only_state_directory_is_refused_with_its_name(self):
        disk = self.disk()
        daemon = Daemon.started(self.addCleanup, state_dir=disk / "state",
                                arguments=["--ephemeral"])
        daemon.post("/v1/studies", study("kept", shell(REPORT), trials=2))
        daemon.wait_for("kept")
        daemon.kill()
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        done = subprocess.run([BIN / "hpod", "--ephemeral"], env=daemon.environment,
                              text=True, capture_output=True, timeout=READY_S)
        self.assertNotIn(done.returncode, (0, -6, -11))
        self.assertIn(str(daemon.state), done.stderr)
        self.assertIn("Read-only", done.stderr)
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
        daemon.start()
        self.assertEqual(daemon.get("/v1/studies/kept")["trials"]["completed"], 2)
        daemon.kill()

    @needs_strace
    def test_row_24_processes_that_cannot_be_made_burn_no_attempt(self):
        with Daemon() as daemon, injected(daemon, "clone3,clone,vfork:error=EAGAIN:when=1..2"):
            daemon.post("/v1/studies", study("late", shell(REPORT), trials=3))
            ended = daemon.wait_for("late", limit_s=40)
            self.assertEqual((ended["trials"]["completed"], ended["attempts"]), (3, 3))

    @needs_strace
    def test_row_28_a_quota_on_attempt_directories_is_waited_out(self):
        with Daemon() as daemon, injected(daemon, "mkdir:error=EDQUOT:when=1..2"):
            daemon.post("/v1/studies", study("late", shell(REPORT), trials=3))
            ended = daemon.wait_for("late", limit_s=40)
            self.assertEqual((ended["trials"]["completed"], ended["attempts"]), (3, 3))

    @needs_strace
    def test_storage_that_fails_for_a_while_burns_no_attempt(self):
        for error in ("EROFS", "EIO", "ESTALE", "EACCES"):
            with self.subTest(error), Daemon() as daemon:
                with injected(daemon, f"mkdir:error={error}:when=1..2"):
                    daemon.post("/v1/studies", study("late", shell(REPORT), trials=3))
                    ended = daemon.wait_for("late", limit_s=40)
                    self.assertEqual((ended["trials"]["completed"], ended["attempts"]), (3, 3))


if __name__ == "__main__":
    unittest.main(verbosity=2)
