#!/usr/bin/env python3
"""Users' own programs as strategies: real hpod, real programs, killed and misbehaving."""
import json
import os
import pathlib
import signal
import sys
import tempfile
import unittest

from daemon import Daemon, is_alive, study, wait_until

EXAMPLES = pathlib.Path(os.environ["HPO_SOURCE"]) / "examples/strategies"
EVOLVE = [sys.executable, str(EXAMPLES / "evolve.py")]
SIMULATED = {"type": "simulated", "seconds": [0.01, 0.05], "failures": 0.1}

# Answers as told by $HERE/mode, one line of shell at most; "good" is 0.5 for every trial.
PROGRAM = """
import json, os, sys, time
here = os.environ["HERE"]
open(here + "/starts", "a").write(str(os.getpid()) + "\\n")
print("hello from", os.getpid(), file=sys.stderr, flush=True)
for line in sys.stdin:
    request, mode = json.loads(line), open(here + "/mode").read()
    if request["request"] != "ask":
        print('{"ok": true}', flush=True)
    elif mode == "good":
        print(json.dumps({"proposals": [{"params": {"x": 0.5}}] * request["count"]}), flush=True)
    elif mode == "silence":
        time.sleep(1000)
    elif mode == "crash":
        sys.exit("my own words")
    else:
        print(mode, flush=True)
"""


def external(command, **more):
    return {"type": "external", "command": command, **more}


class ExternalTest(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon.started(self.addCleanup)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.here = pathlib.Path(folder.name)

    def pids(self):
        return [int(line) for line in (self.here / "starts").read_text().split()]

    def submit(self, name, mode, trials=10, **limits):
        (self.here / "mode").write_text(mode)
        self.daemon.post("/v1/studies", study(
            name, ["true"], trials=trials, executor=SIMULATED,
            environment={"captured": {"PATH": os.environ["PATH"]},
                         "vars": {"HERE": str(self.here)}},
            strategy=external([sys.executable, "-c", PROGRAM], **limits)))

    def test_an_external_study_replays_with_kills_of_program_and_daemon_between(self):
        script = f"echo $$ >> {self.here}/starts; exec {EVOLVE[0]} {EVOLVE[1]}"
        self.daemon.post("/v1/studies", study(
            "own", ["true"], trials=150, parallel=16, executor=SIMULATED,
            strategy=external(["sh", "-c", script])))
        done = lambda: self.daemon.get("/v1/studies/own")["trials"]["completed"]
        wait_until(lambda: done() >= 20, what="some results")
        os.kill(self.pids()[-1], signal.SIGKILL)
        wait_until(lambda: len(self.pids()) == 2 and done() >= 40, what="results of a second one")
        self.daemon.kill()
        wait_until(lambda: not is_alive(self.pids()[1]), what="the end of the program with hpod")
        self.daemon.start()
        self.daemon.wait_for("own")
        self.assertEqual(len(self.pids()), 3)
        told = json.loads(self.daemon.hpo("replay", "own", "--json", check=0).stdout)
        self.assertEqual((told["strategy"], told["suggestions_different"]), ("external", 0))
        self.assertEqual(told["suggestions_equal"], 150)

    def test_what_a_program_does_wrong_pauses_its_study_alone_and_is_quoted(self):
        self.daemon.post("/v1/studies", study("other", ["true"], executor=SIMULATED))
        for number, (mode, words) in enumerate((
                ("garbage\x1b[0m", "its reply is no JSON"),
                ("silence", "did not answer within 1 s"),
                ("crash", "its last words: my own words"),
                ('{"proposals": [{"params": {"x": 7}}]}', "x = 7 (the value is not in the domain"),
                (json.dumps({"proposals": [{"params": {"x": 0}}] * 3}), "it proposed 3 trials"),
                ("x" * 5_000_000, "longer than 4194304 bytes"),
                ('{"error": "no such option"}', "it says: no such option"))):
            with self.subTest(mode=mode[:40]):
                name = f"wrong{number}"
                self.submit(name, mode, time="1s")
                paused = self.daemon.wait_for(name, ["paused"])
                self.assertEqual(paused["reason"], "strategy_error")
                self.assertIn(words, paused["detail"])
                self.assertLess(len(paused["detail"]), 1000)
                self.assertNotIn("\x1b", paused["detail"])
        self.assertEqual(self.daemon.wait_for("other")["state"], "finished")

    def test_a_paused_study_goes_on_when_its_program_is_mended(self):
        self.submit("mended", "garbage")
        self.daemon.wait_for("mended", ["paused"])
        self.assertEqual(len(self.pids()), 3, "the third failure in a row pauses")
        (self.here / "mode").write_text("good")
        self.daemon.hpo("resume", "mended", check=0)
        self.assertEqual(self.daemon.wait_for("mended")["state"], "finished")
        self.assertEqual(len(self.pids()), 4)
        wait_until(lambda: not any(map(is_alive, self.pids())), what="the end of all programs")

    def test_stderr_is_shown_by_logs(self):
        self.submit("talks", "crash")
        self.daemon.wait_for("talks", ["paused"])
        log = self.daemon.hpo("logs", "talks", "--strategy", check=0).stdout
        self.assertEqual(log.count("hello from"), 3, log)
        self.assertEqual(log.count("my own words"), 6, log)
        self.assertIn("hpod: it ended with exit code 1; its last words: my own words; "
                      "it is started again", log)
        told = json.loads(self.daemon.hpo("logs", "talks", "--strategy", "--json", check=0).stdout)
        self.assertEqual(told, {"stream": "strategy", "text": log})
        self.daemon.post("/v1/studies", study("house", ["true"], executor=SIMULATED))
        silent = self.daemon.hpo("logs", "house", "--strategy", check=0)
        self.assertIn("its strategy is sobol", silent.stderr)
        self.daemon.hpo("logs", "nope", "--strategy", check=3)

    def test_submit_refuses_a_program_that_is_not_there(self):
        (self.here / "plain.py").write_text("pass\n")
        for word, why in (("./plain.py", "is not executable"), ("./nothing", "does not exist"),
                          ("no-such-program", "was not found")):
            body = study("lost", ["true"], workdir=str(self.here), strategy=external([word]))
            del body["environment"]
            (self.here / "study.json").write_text(json.dumps(body))
            done = self.daemon.hpo("submit", self.here / "study.json", check=2)
            self.assertIn(why, done.stderr)
            self.assertIn("/strategy/command/0", done.stderr)
        body["strategy"] = {"type": "external"}
        (self.here / "study.json").write_text(json.dumps(body))
        for verb in ("validate", "submit"):
            done = self.daemon.hpo(verb, self.here / "study.json", check=2)
            self.assertIn('the strategy "external" has no "command"', done.stderr)

    def test_a_program_is_tried_by_strategy_test(self):
        good = self.daemon.hpo("strategy", "test", *EVOLVE, check=0).stdout
        self.assertIn("ok      after a kill and a restart it proposes the same", good)
        self.assertIn("it says: evolve.py knows plain floats only", good)
        self.daemon.hpo("strategy", "test", "sobol", check=0)
        (self.here / "bad.py").write_text(
            EVOLVE_TEXT.replace('random.Random(f"{study[\'seed\']} {number}")', "random"))
        bad = self.daemon.hpo("strategy", "test", sys.executable, self.here / "bad.py", check=1)
        self.assertIn("failed  the same question gets the same answer twice", bad.stdout)
        self.assertIn("mend:", bad.stdout)
        self.assertIn("was not found",
                      self.daemon.hpo("strategy", "test", "no-such-program").stderr)


EVOLVE_TEXT = (EXAMPLES / "evolve.py").read_text()

if __name__ == "__main__":
    unittest.main(verbosity=2)
