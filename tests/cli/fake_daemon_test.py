"""The client against a daemon that misbehaves: drops connections, refuses, stays silent."""
import os
import threading
import unittest

from fake_daemon import FakeDaemon
from support import HpoTest

FULL = (503, {"ready": False, "reason": "the disk is full"})
VERSION = (200, {"version": "0", "pid": 1, "state_dir": "/s", "socket": "/s/hpo.sock",
                 "started_at": "2026-01-01T00:00:00Z", "studies": 1})


def event(kind, attempt, job, message):
    return {"seq": 1, "at": "2026-01-01T00:00:05Z", "study": "a", "kind": kind,
            "data": {"trial": 3, "attempt": attempt, "job": job, "message": message}}


class Client(HpoTest):
    def test_a_trial_tells_under_each_attempt_what_was_in_doubt_and_what_was_mended(self):
        attempts = [{"number": number, "state": state, "native_id": "7", "directory": "/s/1",
                     "message": ""} for number, state in ((1, "lost"), (2, "running"))]
        doubts = [event("attempt_unknown", 1, "hpoaaaa1", "sbatch: Socket timed out"),
                  event("attempt_absent", 1, "hpoaaaa1", "looked for in vain"),
                  event("attempt_incident", 2, "hpoaaaa2", "there twice")]
        trial = {"number": 3, "state": "running", "params": {}, "metrics": {}, "wait_s": 65.0,
                 "history": attempts, "doubts": doubts, "directory": "/s"}
        FakeDaemon(self.state, [(200, trial)])
        lines = [line.split() for line in self.hpo("trial", "a/3").stdout.splitlines()]
        begin = lines.index(["attempts"])
        self.assertEqual([line[:2] for line in lines[begin + 1:begin + 6]],
                         [["1", "lost,"], ["in", "doubt"], ["put", "off"], ["2", "running,"],
                          ["incident", "2026-01-01T00:00:05Z"]])
        self.assertIn("2026-01-01T00:00:05Z hpoaaaa1: sbatch: Socket timed out",
                      " ".join(lines[begin + 2]))
        self.assertIn(["waited", "1", "min", "5", "s"], lines)

    def test_what_best_prints_to_paste_is_of_the_recommended_trial_where_there_is_one(self):
        seen = {"study": "a", "trial": 3, "value": 0.1, "params": {"x": 1}, "metrics": {}}
        recommended = {"trial": 5, "value": 0.2, "params": {"x": 2}}
        for other, args, env in ((None, "--x=1\n", "export HPO_P_X=1\n"),
                                 (dict(recommended, params=None), "--x=1\n", "export HPO_P_X=1\n"),
                                 (recommended, "--x=2\n", "export HPO_P_X=2\n")):
            reply = (200, dict(seen, recommended=other))
            FakeDaemon(self.state, [reply, reply])
            self.assertEqual(self.hpo("best", "a", "--format", "args").stdout, args)
            self.assertEqual(self.hpo("best", "a", "--format", "env").stdout, env)
            os.unlink(os.path.join(self.state, "hpo.sock"))

    def test_a_dropped_connection_is_asked_once_more_with_the_same_key(self):
        daemon = FakeDaemon(self.state, [None, (200, {"study": "a", "state": "paused"})])
        done = self.hpo("pause", "a")
        self.assertIn("a is paused", done.stderr)
        keys = [headers["Idempotency-Key"] for _, headers, _ in daemon.requests]
        self.assertEqual(len(keys), 2)
        self.assertEqual(keys[0], keys[1])
        self.assertEqual(daemon.requests[0][0], "POST /v1/studies/a:pause HTTP/1.1")

    def test_of_a_daemon_that_does_not_answer_it_says_who_is_waited_for(self):
        let_go = threading.Event()
        study = {"name": "a", "state": "paused", "reason": "user"}
        FakeDaemon(self.state, [(200, study, let_go), (200, {"ready": True})])
        with self.running("status", "a") as status:
            self.assertIn("waiting for the daemon, process %d, which does not" % os.getpid(),
                          status.stderr.readline())
            let_go.set()
            told, remarks = status.communicate(timeout=60)
        self.assertIn("paused by you", told)
        self.assertEqual((remarks, status.returncode), ("", 0))

    def test_two_invocations_have_two_keys(self):
        reply = (200, {"study": "a", "state": "paused"})
        daemon = FakeDaemon(self.state, [reply, reply])
        self.hpo("pause", "a")
        self.hpo("pause", "a")
        keys = {headers["Idempotency-Key"] for _, headers, _ in daemon.requests}
        self.assertEqual(len(keys), 2)

    def test_a_connection_that_drops_twice_is_an_error(self):
        FakeDaemon(self.state, [None, None])
        self.assertIn("next hpo daemon status", self.hpo("pause", "a", code=6).stderr)

    def test_the_daemons_words_and_status_are_passed_on(self):
        for status, code in ((404, 3), (409, 5), (422, 2), (503, 75), (507, 75), (500, 1)):
            problem = {"title": "t", "status": status, "detail": "the reason", "where": "place",
                       "remedy": "hpo status"}
            FakeDaemon(self.state, [(status, problem)])
            done = self.hpo("resume", "a", code=code)
            self.assertIn("error: the reason\n  at   place\n  next hpo status", done.stderr)
            os.unlink(os.path.join(self.state, "hpo.sock"))

    def test_a_daemon_without_space_is_running_and_no_second_one_is_started(self):
        problem = {"title": "no space left", "detail": "the disk is full", "where": "/s",
                   "remedy": "free some space"}
        daemon = FakeDaemon(self.state, [FULL, VERSION, (507, problem)])
        done = self.hpo("submit", self.study(), code=75)
        self.assertIn("error: the disk is full\n  at   /s\n  next free some space", done.stderr)
        self.assertEqual(daemon.requests[-1][0], "POST /v1/studies HTTP/1.1")
        self.assertEqual(sorted(os.listdir(self.state)), ["endpoint.json", "hpo.sock"])

    def test_daemon_start_says_that_the_running_one_is_not_ready(self):
        FakeDaemon(self.state, [FULL, VERSION, VERSION, FULL])
        done = self.hpo("daemon", "start")
        self.assertEqual(done.stdout, "/s/hpo.sock\n")
        self.assertIn("running already", done.stderr)
        self.assertIn("not ready: the disk is full", done.stderr)

    def test_daemon_status_gives_the_reason(self):
        FakeDaemon(self.state, [VERSION, FULL, VERSION, FULL, VERSION, (200, {"ready": True})])
        done = self.hpo("daemon", "status", code=75)
        self.assertIn("state_dir\t/s\n", done.stdout)
        self.assertIn("not ready: the disk is full\n  at   /s\n  next df -h /s", done.stderr)
        status = self.hpo_json("daemon", "status")
        self.assertEqual(status, dict(VERSION[1], ready=False, reason="the disk is full"))
        self.assertTrue(self.hpo_json("daemon", "status")["ready"])

    def test_a_study_that_waits_for_space_says_so(self):
        study = {"name": "a", "state": "running", "slots": 2,
                 "trials": {"total": 9, "created": 1, "waiting": 1}}
        FakeDaemon(self.state, [(200, study), FULL])
        self.assertIn("starts nothing: the disk is full", self.hpo("status", "a").stdout)

    def test_watch_tells_when_the_disk_is_full_and_when_it_has_space_again(self):
        study = {"name": "a", "state": "running", "slots": 2, "objective": {"metric": "loss"},
                 "trials": {"total": 9, "created": 1, "waiting": 1}}
        ended = dict(study, state="finished", reason="trials", trials={"total": 9, "completed": 9})
        none = (200, {"events": [], "next": 0})
        FakeDaemon(self.state, [VERSION, (200, study), FULL, none, (200, ended),
                                (200, {"ready": True}), none])
        lines = self.hpo("watch", "a").stdout.splitlines()
        self.assertEqual(lines[0], "the daemon is not ready: the disk is full")
        self.assertIn("the daemon is ready again", lines)
        self.assertTrue(lines[-1].startswith("a finished: 9/9"), lines)

    def test_pages_are_joined_and_the_limit_is_kept(self):
        trial = {"state": "completed", "params": {}, "attempts": 1, "value": 1.0}
        pages = [{"trials": [dict(trial, number=n)], "next": cursor}
                 for n, cursor in ((0, "c d"), (1, None))]
        daemon = FakeDaemon(self.state, [(200, pages[0]), (200, pages[1]), (200, pages[0])])
        numbers = [each["number"] for each in self.hpo_json("trials", "a")["trials"]]
        self.assertEqual(numbers, [0, 1])
        self.assertIn("cursor=c%20d", daemon.requests[1][0])
        self.assertEqual(len(self.hpo_json("trials", "a", "--limit", "1")["trials"]), 1)

    def test_a_name_from_the_command_line_stays_in_its_place(self):
        daemon = FakeDaemon(self.state, [(200, {"study": "a", "state": "paused"})])
        self.hpo("pause", "../a b")
        self.assertEqual(daemon.requests[0][0], "POST /v1/studies/..%2Fa%20b:pause HTTP/1.1")

    def test_escape_sequences_of_the_daemon_do_not_reach_the_terminal(self):
        FakeDaemon(self.state, [(200, {"studies": [{"name": "a\x1b[2J", "state": "running"}]})])
        self.assertNotIn("\x1b[2J", self.hpo("status", env={"HPO_FORCE_TTY": "100",
                                                            "NO_COLOR": "1"}).stdout)


if __name__ == "__main__":
    unittest.main()
