#!/usr/bin/env python3
"""One daemon of all login nodes: a home on a network file system, whose locks are blind."""
import json
import os
import signal
import time
import unittest

from daemon import Daemon, is_alive, study, wait_until
from login_nodes import SharedHome, end, needs_fuse

WATCH_S = 90  # of another host's lease
TRIALS = 400  # ten a second


@needs_fuse
class LoginNodesTest(unittest.TestCase):
    def setUp(self):
        self.home = self.enterContext(SharedHome())
        self.one, self.two = self.home.node("login1"), self.home.node("login2")

    def start(self, node):
        done = node.run("daemon", "start")
        self.assertEqual(done.returncode, 0, done.stderr)
        pid = json.loads(node.run("daemon", "status", "--json").stdout)["pid"]
        self.addCleanup(end, pid)
        return pid, done.stderr

    def submit(self, node):
        path = self.home.root / "disk" / "study.json"
        path.write_text(json.dumps(study(
            "shared", ["true"], trials=TRIALS, parallel=10,
            executor={"type": "simulated", "seconds": [0, 0.02]})))
        done = node.run("submit", f"{node.mount_point}/study.json")
        self.assertEqual(done.returncode, 0, done.stderr)

    def completed(self, node):
        return json.loads(node.run("status", "shared", "--json").stdout)["trials"]["completed"]

    def test_a_lease_keeps_the_others_out_until_its_holder_is_silent(self):
        first, told = self.start(self.one)
        self.assertIn("network file system (FUSE)", told)
        self.submit(self.one)
        self.check_that_the_others_are_sent_to(self.one)
        self.check_that_the_daemon_is_refused_on(self.two, first)
        os.kill(first, signal.SIGSTOP)
        second = self.take_over(self.two)
        os.kill(first, signal.SIGCONT)
        wait_until(lambda: not is_alive(first), 20, "the end of the daemon that was paused")
        log = (self.home.state / "hpod.log").read_text()
        self.assertIn(f"the daemon on login2 (pid {second}) has taken this state directory", log)
        wait_until(lambda: self.completed(self.two) == TRIALS, 60, "the study's end on login2")
        self.hand_back()

    def test_what_is_a_local_disk_to_the_daemon_keeps_out_who_sees_it_by_a_network(self):
        """As a home that its own server exports to the login nodes."""
        with Daemon(state_dir=self.home.state) as daemon:
            for node in (self.one, self.two):
                done = node.run("daemon", "start")
                self.assertEqual(done.returncode, 6, done.stderr)
                self.assertIn(f"(pid {daemon.process.pid}) has this state directory", done.stderr)
            self.assertTrue(is_alive(daemon.process.pid))

    def check_that_the_others_are_sent_to(self, node):
        for words in (["status"], ["trials", "shared"], ["daemon", "stop"]):
            done = self.two.run(*words)
            self.assertEqual(done.returncode, 6, done.stderr)
            self.assertIn(f"ssh {node.name} hpo {words[0]}", done.stderr)

    def check_that_the_daemon_is_refused_on(self, node, holder):
        done = node.run("daemon", "start")
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertIn(f"login1 (pid {holder})", done.stderr)
        self.assertTrue(is_alive(holder))

    def take_over(self, node):
        begin = time.monotonic()
        second, told = self.start(node)
        self.assertGreaterEqual(time.monotonic() - begin, WATCH_S)
        for left in (90, 80, 10):
            self.assertIn(f"it is ours in {left} s", told)
        return second

    def hand_back(self):
        """A daemon that was stopped is not waited for."""
        self.assertEqual(self.two.run("daemon", "stop").returncode, 0)
        self.assertFalse((self.home.state / "lease.json").exists())
        begin = time.monotonic()
        self.start(self.one)
        self.assertLess(time.monotonic() - begin, WATCH_S / 2)
        self.assertEqual(self.completed(self.one), TRIALS)
        self.assertEqual(self.one.run("daemon", "stop").returncode, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
