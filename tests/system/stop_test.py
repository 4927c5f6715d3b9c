#!/usr/bin/env python3
"""Row 14 of the fault table where something holds the daemon up: it ends in time all the same,
starts nothing meanwhile, and what it left is carried on by the next one."""
import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import tempfile
import time
import unittest

from daemon import UNTIL_TOLD, Daemon, shell, study, wait_until
from times import seconds

STOP_S = 5
NOW_S = 1
CUT_SHORT = 1

NOTED = 'echo "$HPO_TRIAL $HPO_ATTEMPT" >> "$1.begun"; ' + UNTIL_TOLD


class StopTest(unittest.TestCase):
    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="hpo-stop-"))
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)
        self.flag = self.scratch / "go"
        self.daemon = Daemon.started(self.addCleanup)

    def begun(self):
        note = self.scratch / "go.begun"
        return note.read_text().splitlines() if note.exists() else []

    def log(self):
        return (self.daemon.state / "hpod.log").read_text()

    def signal(self, number):
        self.daemon.process.send_signal(number)
        wait_until(lambda: "stopping" in self.log(), what="the signal's arrival")

    def stop_s(self):
        """How long it took, by the log's stamps: on a busy machine a test learns of it late."""
        told = re.findall(r"^(\S+) \S+ (stopping|stopped)", self.log(), re.M)
        self.assertEqual((told[0][1], told[-1][1]), ("stopping", "stopped"))
        return seconds(told[-1][0]) - seconds(told[0][0])

    def check_ends_in_time(self):
        self.assertEqual(self.daemon.process.wait(2 * STOP_S), 0)
        self.assertLess(self.stop_s(), STOP_S)
        self.assertFalse(pathlib.Path(self.daemon.socket_path).exists())

    def executor_that_hangs(self):
        """Its next submission waits for a reader of the runner's log, which is a pipe."""
        place = self.daemon.state / "studies/stuck/trials/0/1"
        place.mkdir(parents=True)
        os.mkfifo(place / "runner.log")
        self.daemon.post("/v1/studies", study("stuck", shell(NOTED, self.flag), trials=1))
        wait_until((place / "attempt.json").exists, what="the submission")
        return place / "runner.log"

    def check_carried_on(self, pipe):
        pipe.unlink()
        self.flag.touch()
        self.daemon.start()
        ended = self.daemon.wait_for("stuck")
        self.assertEqual((ended["trials"]["completed"], ended["attempts"]), (1, 1))
        self.assertEqual(self.begun(), ["0 1"])

    def test_row_14_an_executor_that_hangs_does_not_hold_up_the_end(self):
        pipe = self.executor_that_hangs()
        self.signal(signal.SIGTERM)
        self.check_ends_in_time()
        self.assertIn("work under way", self.log())
        self.assertFalse((self.daemon.state / "endpoint.json").exists())
        self.check_carried_on(pipe)

    def test_row_14_a_second_signal_ends_it_now(self):
        for second in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(second=second), Daemon() as self.daemon:
                self.flag.unlink(missing_ok=True)
                (self.scratch / "go.begun").unlink(missing_ok=True)
                pipe = self.executor_that_hangs()
                self.signal(signal.SIGTERM)
                begin = time.monotonic()
                self.daemon.process.send_signal(second)
                self.assertEqual(self.daemon.process.wait(2 * STOP_S), CUT_SHORT)
                self.assertLess(time.monotonic() - begin, NOW_S)
                self.check_carried_on(pipe)

    @contextlib.contextmanager
    def slow_client(self):
        """A request of which half has arrived: the daemon waits for the rest, up to a limit."""
        with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as client:
            client.connect(self.daemon.socket_path)
            client.sendall(b"POST /v1/studies HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                           b"application/json\r\nContent-Length: 100\r\n\r\n{")
            yield

    def test_row_14_nothing_is_started_while_it_waits_for_a_slow_client(self):
        self.daemon.post("/v1/studies", study("many", shell(NOTED, self.flag), trials=9,
                                              parallel=2))
        wait_until(lambda: self.daemon.get("/v1/studies/many")["trials"]["running"] == 2)
        wait_until(lambda: len(self.begun()) == 2, what="two trainings")
        with self.slow_client():
            self.signal(signal.SIGTERM)
            self.flag.touch()
            self.daemon.wait_for_exits("many", 2)
            self.assertIsNone(self.daemon.process.poll(), "it waits for its client")
            self.check_ends_in_time()
        self.assertFalse((self.daemon.state / "endpoint.json").exists())
        self.assertEqual(sorted(self.begun()), ["0 1", "1 1"], "none more was started")
        self.daemon.start()
        ended = self.daemon.wait_for("many")
        self.assertEqual((ended["trials"]["completed"], ended["attempts"]), (9, 9))


if __name__ == "__main__":
    unittest.main(verbosity=2)
