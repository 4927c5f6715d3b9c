"""hpo ask, report, tell and heartbeat: what a program of one's own says, and what it hears."""
import json
import os
import unittest

from fake_daemon import FakeDaemon
from support import HpoTest

TRIALS = [{"trial": 9, "attempt": 1, "fence": 2, "params": {"lr": 0.1, "layers": 3}},
          {"trial": 10, "attempt": 1, "fence": 1, "params": {"lr": 0.2, "name": "a b"}}]
WORK = (200, {"study": "a", "attempt": {"metric": "loss"}})


def asked(trials, state="running"):
    return 200, {"state": state, "lease_s": 120, "trials": trials}


def told(**keys):
    return 200, dict({"trial": 9, "state": "completed", "counted": True, "note": ""}, **keys)


class AskTell(HpoTest):
    def body(self, fake, number=-1):
        return json.loads(fake.requests[number][2])

    def test_ask_prints_a_line_a_trial_with_its_fence_and_params(self):
        fake = FakeDaemon(self.state, [asked(TRIALS)])
        lines = self.hpo("ask", "a", "--worker", "w1", "--count", "2").stdout.splitlines()
        self.assertEqual(lines, ["trial\tfence\tattempt\tlr\tlayers\tname",
                                 "a/9\t2\t1\t0.1\t3\t", "a/10\t1\t1\t0.2\t\ta b"])
        self.assertEqual(fake.requests[0][0], "POST /v1/studies/a/trials:ask HTTP/1.1")
        self.assertEqual(self.body(fake), {"worker": "w1", "count": 2, "wait_ms": 0})

    def test_ask_in_json_is_the_daemons_own(self):
        FakeDaemon(self.state, [asked(TRIALS)])
        self.assertEqual(self.hpo_json("ask", "a")["trials"], TRIALS)

    def test_ask_waits_for_a_trial_in_requests_that_the_daemon_bounds(self):
        fake = FakeDaemon(self.state, [asked([]), asked([]), asked(TRIALS)])
        self.hpo("ask", "a", "--wait", "1h")
        self.assertEqual([self.body(fake, n)["wait_ms"] for n in range(3)], [20000] * 3)

    def test_without_a_trial_ask_says_whether_there_may_be_one_later(self):
        FakeDaemon(self.state, [asked([]), asked([], "finished"), asked([], "finished")])
        self.assertIn("next hpo ask a --wait", self.hpo("ask", "a", code=75).stderr)
        self.assertIn("next hpo best a", self.hpo("ask", "a", "--wait", "1h", code=5).stderr)
        self.assertEqual(self.hpo_json("ask", "a", code=5)["trials"], [])

    def test_of_a_paused_study_ask_says_why_and_how_it_goes_on(self):
        paused = {"name": "a", "state": "paused", "reason": "failures_alike", "detail": "3 alike"}
        FakeDaemon(self.state, [asked([], "paused"), (200, paused), asked([], "paused"),
                                (200, dict(paused, reason="user"))])
        self.assertRegex(self.hpo("ask", "a", code=75).stderr,
                         "a is paused: its attempts fail alike; 3 alike\n +next hpo resume a")
        self.assertIn("a is paused by you\n", self.hpo("ask", "a", code=75).stderr)

    def test_tell_sends_the_objective_as_the_value(self):
        fake = FakeDaemon(self.state, [WORK, told()])
        done = self.hpo("tell", "a/9", "--fence", "2", "loss=0.1", "n=3")
        self.assertIn("a/9 is completed", done.stderr)
        self.assertEqual(fake.requests[1][0], "POST /v1/studies/a/trials/9:tell HTTP/1.1")
        body = self.body(fake)
        self.assertEqual(body["fence"], 2)
        self.assertEqual((body["outcome"]["status"], body["outcome"]["value"],
                          body["outcome"]["metrics"]), ("completed", 0.1, {"n": 3}))

    def test_tell_knows_other_ends(self):
        for words, status, failure in ((["--failed", "no beam"], "failed", "exit_code"),
                                       (["--infeasible"], "infeasible", None),
                                       (["--pruned", "loss=3"], "pruned", None)):
            fake = FakeDaemon(self.state, [told(state=status)])
            self.hpo("tell", "a/9", "--fence", "2", *words)
            outcome = self.body(fake)["outcome"]
            self.assertEqual((outcome["status"], outcome.get("failure")), (status, failure))
            os.unlink(self.state + "/hpo.sock")

    def test_a_failure_says_that_it_was_told_and_why(self):
        for words, message in ((["--failed", "no beam"], "told as failed: no beam"),
                               (["--failed", ""], "told as failed, without a reason"),
                               (["loss=nan"], "told as loss=nan, no finite number"),
                               (["loss=-inf"], "told as loss=-inf, no finite number")):
            fake = FakeDaemon(self.state, [WORK, told(state="failed")] if "loss" in words[0]
                              else [told(state="failed")])
            self.hpo("tell", "a/9", "--fence", "2", *words)
            self.assertEqual(self.body(fake)["outcome"]["message"], message)
            os.unlink(self.state + "/hpo.sock")

    def test_a_result_and_a_failure_at_once_are_refused(self):
        for end in (["--failed", "x"], ["--infeasible"]):
            fake = FakeDaemon(self.state, [WORK, WORK, told(state="failed")])
            words = ["tell", "a/9", "--fence", "2", *end]
            refused = self.hpo(*words, "loss=0.1", code=2).stderr
            self.assertIn("next leave out loss=…, or %s if" % end[0], refused)
            self.assertEqual(len(fake.requests), 1)  # nothing was told
            self.hpo(*words, "n=3")
            self.assertEqual(self.body(fake)["outcome"]["metrics"], {"n": 3})
            os.unlink(self.state + "/hpo.sock")

    def test_an_objective_that_is_not_finite_is_a_failure(self):
        fake = FakeDaemon(self.state, [WORK, told(state="failed")])
        self.hpo("tell", "a/9", "--fence", "2", "loss=nan")
        self.assertEqual(self.body(fake)["outcome"]["failure"], "non_finite")

    def test_a_result_that_does_not_count_is_told_as_such(self):
        FakeDaemon(self.state, [WORK, told(counted=False, note="another attempt was first")])
        done = self.hpo("tell", "a/9", "--fence", "1", "loss=1", code=5)
        self.assertIn("does not count: another attempt was first", done.stderr)

    def test_after_the_last_trial_tell_says_that_the_study_has_ended(self):
        FakeDaemon(self.state, [WORK, told(more=True, awaited=0), WORK, told(more=True, awaited=2),
                                WORK, told(more=False, awaited=0)])
        for end in ("is completed; next: hpo ask a\n",
                    "; nothing is left to ask for, 2 trials still awaited; next: hpo status a\n",
                    "is completed; the study has ended; next: hpo best a\n"):
            self.assertIn(end, self.hpo("tell", "a/9", "--fence", "2", "loss=1").stderr)

    def test_heartbeat_says_go_on_or_stop_in_words_and_in_its_exit_code(self):
        fake = FakeDaemon(self.state, [
            (200, {"stop": False, "reason": "", "lease_s": 120}),
            (200, {"stop": True, "reason": "the study was cancelled", "lease_s": 120})])
        words = ("heartbeat", "a/9", "--fence", "2")
        self.assertEqual(self.hpo(*words).stdout, "go on\n")
        self.assertEqual(fake.requests[0][0], "POST /v1/studies/a/trials/9:report HTTP/1.1")
        self.assertEqual(self.body(fake), {"fence": 2})
        done = self.hpo(*words, code=11)
        self.assertEqual(done.stdout, "stop\n")
        self.assertIn("it should stop: the study was cancelled", done.stderr)

    def test_report_tells_a_step_and_hears_whether_to_go_on(self):
        answer = {"stop": False, "pause": False, "reason": "", "ignored": "", "remark": "",
                  "lease_s": 120}
        fake = FakeDaemon(self.state, [
            (200, answer), (200, dict(answer, ignored="it has no 'loss'")),
            (200, dict(answer, remark="step 3 is beyond 2")),
            (200, dict(answer, stop=True, reason="worse than half")),
            (200, dict(answer, stop=True, pause=True, reason="not in the best third"))])
        words = ("report", "a/9", "3", "loss=0.5", "norm=nan", "--fence", "2")
        self.assertEqual(self.hpo(*words).stdout, "go on\n")
        self.assertEqual(fake.requests[0][0], "POST /v1/studies/a/trials/9:report HTTP/1.1")
        self.assertEqual(self.body(fake), {"fence": 2, "step": 3,
                                           "metrics": {"loss": 0.5, "norm": None}})
        done = self.hpo(*words)
        self.assertEqual(done.stdout, "go on\n")
        self.assertIn("was not kept: it has no 'loss'", done.stderr)
        self.assertIn("step 3 is beyond 2", self.hpo(*words).stderr)
        for word, reason in (("stop", "stop: worse than half"), ("pause", "best third")):
            done = self.hpo(*words, code=11)
            self.assertEqual(done.stdout, word + "\n")
            self.assertIn(reason, done.stderr)

    def test_mistakes_end_with_the_next_command(self):
        FakeDaemon(self.state, [WORK] * 3)
        for words in (("ask", "a/3"), ("ask", "a", "--wait", "soon"), ("tell", "a/9", "loss=1"),
                      ("tell", "a", "--fence", "1", "loss=1"),
                      ("tell", "a/9", "--fence", "1", "n=1"),
                      ("tell", "a/9", "--fence", "1", "--infeasible", "--pruned"),
                      ("tell", "a/9", "--fence", "1", "loss"),
                      ("report", "a/9", "1.5", "loss=1", "--fence", "1"),
                      ("report", "a/9", "-1", "loss=1", "--fence", "1"),
                      ("report", "a/9", "1", "loss", "--fence", "1"),
                      ("report", "a/9", "1", "--fence", "1"), ("report", "a/9", "1", "loss=1"),
                      ("heartbeat", "a/9")):
            self.assertIn("next", self.hpo(*words, code=2).stderr, words)


if __name__ == "__main__":
    unittest.main()
