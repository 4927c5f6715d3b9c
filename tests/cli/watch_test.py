"""hpo watch: live on a terminal (a pty), a line per change in a pipe, and how it ends."""
import os
import re
import signal
import unittest

from support import DEADLINE_S, REPORT, UNTIL_TOLD, HpoTest, wait_until

FRAME = re.compile(r"\x1b\[\d+A\r")  # the cursor goes back to the top of the frame


def whole_frames(text):
    """Those that differ; not the first, which hides the cursor, nor the last, which may be cut."""
    return set(FRAME.split(text)[1:-1])


class Watch(HpoTest):
    FAILS = "echo 'cannot open data.root' >&2; exit 1"

    def test_on_a_terminal_frames_differ_and_the_end_is_told(self):
        script = "[ $HPO_TRIAL -lt 2 ] || " + UNTIL_TOLD + REPORT
        self.hpo("submit", self.study(script=script, budget={"trials": 6}))
        terminal = self.terminal("watch", "toy")
        text = terminal.read_until(lambda text: "2/6" in text and "  trial 2  " in text and
                                   len(whole_frames(text)) >= 2, "two frames that differ")
        self.assertIn("\x1b[?25l", text)
        self.assertGreaterEqual(len(whole_frames(text)), 2)
        self.go_on()
        self.assertEqual(terminal.exit_code(), 0)
        end = terminal.text[-1500:]
        self.assertIn("\x1b[?25h", end)
        self.assertIn("6/6", end)
        self.assertIn("toy finished: 6/6 trials, best loss", end)
        self.assertRegex(terminal.text, "[\u2801-\u28ff]")  # the curve

    def test_ctrl_c_leaves_the_study_running_and_says_so(self):
        self.hpo("submit", self.study(script="sleep 600"))
        terminal = self.terminal("watch", "toy")
        terminal.read_until(lambda text: "trial 0" in text, "a running trial")
        os.write(terminal.fd, b"\x03")
        self.assertEqual(terminal.exit_code(), 130)
        self.assertIn("study toy goes on; next: hpo watch toy", terminal.text)
        self.assertIn("\x1b[?25h", terminal.text)
        self.assertEqual(self.hpo_json("status", "toy")["state"], "running")
        self.hpo("cancel", "toy", "--yes")
        self.wait_for_state("toy", "cancelled")

    def test_in_a_pipe_each_change_is_a_line(self):
        script = UNTIL_TOLD + REPORT  # else trials could end before the watch begins
        with self.running("submit", self.study(script=script), "--watch") as watch:
            self.assertEqual(watch.stdout.readline(), "toy\n")
            self.assertTrue(watch.stdout.readline().startswith("toy running: 0/4"))
            self.go_on()
            text = watch.communicate(timeout=DEADLINE_S)[0]
        self.assertNotIn("\x1b", text)
        lines = text.splitlines()
        self.assertEqual(len([line for line in lines if " completed: loss " in line]), 4)
        self.assertTrue(lines[-1].startswith("toy finished: 4/4 trials, best loss "), lines[-1])

    def test_a_pipe_is_told_at_once(self):
        self.hpo("submit", self.study(script=UNTIL_TOLD + REPORT, budget={"trials": 2}))
        with self.running("watch", "toy") as watch:
            self.assertTrue(watch.stdout.readline().startswith("toy running: 0/2"))
            self.go_on()
            self.assertIn("trial ", watch.stdout.readline())
            watch.communicate(timeout=DEADLINE_S)
            self.assertEqual(watch.returncode, 0)

    def test_a_study_of_failures_ends_with_9_or_10(self):
        self.hpo("submit", self.study(script=self.FAILS, budget={"trials": 2}))
        self.assertIn("next: hpo logs toy --failed", self.hpo("watch", "toy", code=9).stderr)
        self.hpo("submit", self.study("b", script=self.FAILS,
                                      budget={"trials": 4, "max_failures": 1}))
        self.hpo("watch", "b", code=10)

    def test_a_study_that_pauses_itself_shows_why_and_the_way_on(self):
        self.hpo("submit", self.study(script=self.FAILS, budget={"trials": 50}))
        done = self.hpo("watch", "toy", code=8)
        for shown in (done.stdout, self.hpo("status", "toy").stdout):
            self.assertIn("cannot open data.root", shown)
            self.assertRegex(shown, r"cd %s && .* sh toy\.sh" % self.root)
            self.assertIn("hpo resume toy", shown)

    def test_failures_that_wait_for_another_try_are_shown_too(self):
        script = "for i in $(seq 1 25); do echo \"line $i\" >&2; done; exit 7"
        self.hpo("submit", self.study(script=script, budget={"trials": 50}, parallel=3,
                                      retry={"max": 3, "on": ["exit_code"]}))
        shown = self.hpo("watch", "toy", code=8).stdout
        self.assertEqual(self.hpo_json("status", "toy")["trials"]["failed"], 0)
        for number in range(6, 26):
            self.assertRegex(shown, r"\bline %d\n" % number)
        self.assertNotIn("line 5\n", shown)
        self.assertIn("exit_code", shown)
        self.assertRegex(shown, r"cd %s && .* sh toy\.sh" % self.root)

    def test_sigint_in_a_pipe_exits_130(self):
        self.hpo("submit", self.study(script="sleep 600"))
        with self.running("watch", "toy") as watch:
            watch.stdout.readline()
            watch.send_signal(signal.SIGINT)
            _, err = watch.communicate(timeout=DEADLINE_S)
            self.assertEqual(watch.returncode, 130)
            self.assertIn("goes on", err)
        self.hpo("cancel", "toy", "--yes")
        self.wait_for_state("toy", "cancelled")

    def test_a_daemon_that_comes_back_is_watched_on(self):
        self.hpo("submit", self.study(script=UNTIL_TOLD + REPORT))
        with self.running("watch", "toy") as watch:
            watch.stdout.readline()
            self.hpo("daemon", "stop")
            wait_until(lambda: "is away" in watch.stdout.readline(), "its end told")
            self.hpo("daemon", "start")
            wait_until(lambda: "is back" in watch.stdout.readline(), "its start told")
            self.go_on()
            text, err = watch.communicate(timeout=DEADLINE_S)
            self.assertEqual(watch.returncode, 0, err)
            self.assertIn("toy finished: 4/4 trials", text)

    def test_a_daemon_that_goes_away_is_told(self):
        self.hpo("submit", self.study(script="sleep 600"))
        with self.running("watch", "toy") as watch:
            watch.stdout.readline()
            self.hpo("daemon", "stop")
            _, err = watch.communicate(timeout=DEADLINE_S)
            self.assertIn(watch.returncode, (6, 75), err)  # gone, or heard saying goodbye
            self.assertIn("hpo daemon start", err.splitlines()[-1])
        self.hpo("daemon", "start")
        self.hpo("cancel", "toy", "--yes")
        self.wait_for_state("toy", "cancelled")


if __name__ == "__main__":
    unittest.main()
