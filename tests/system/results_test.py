#!/usr/bin/env python3
"""What a training may leave as its result: fault table rows 59 to 68, with real trainings.

Each row is a study whose trial 0 succeeds and whose trial 1 does as the row says. It must fail
alone, say what happened and how to mend it, and leave the daemon and its study well.
"""
import json
import os
import shutil
import signal
import unittest

from daemon import REPORT, Daemon, is_alive, memory_peak, shell, study, wait_until

SPOILT = """
if [ "$HPO_TRIAL" = 0 ]; then """ + REPORT + """ exit; fi
R=$HPO_RESULT_FILE
"""
HOSTILE_BYTES_MAX = 8 << 20  # what one result may add to the daemon's memory


class ResultsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon.started(cls.addClassCleanup)

    def tearDown(self):
        self.assertEqual(self.daemon.request("GET", "/readyz")[0], 200, "the daemon lives")

    def name(self):
        return self._testMethodName[len("test_"):][:60].replace("_", "-")

    def spoilt(self, script, failure, *parts, name=None, **more):
        """Trial 1 of a study, which `script` has spoilt."""
        name = name or self.name()
        self.daemon.post("/v1/studies", study(name, shell(SPOILT + script), trials=2, parallel=1,
                                              retry={"max": 0}, **more))
        ended = self.daemon.wait_for(name, limit_s=30)
        self.assertEqual((ended["state"], ended["reason"]), ("finished", "trials"))
        self.assertEqual((ended["trials"]["completed"], ended["trials"]["failed"]), (1, 1))
        trial = self.daemon.trial(name, 1)
        self.assertEqual((trial["state"], trial["failure"]), ("failed", failure), trial["message"])
        self.assertIsNone(trial["value"])
        for part in parts:
            self.assertIn(part, trial["message"])
        return trial

    def test_row_59_a_missing_result_is_told_with_place_and_remedy(self):
        trial = self.spoilt('echo 0.5 > "$HPO_TRIAL_DIR/loss.txt"; echo "saved" >&2',
                            "no_result", "exit code 0 and left no result", "result.json",
                            "loss.txt", "to mend it", "HPO_RESULT_FILE", "hpo-result", "saved")
        self.assertIn(trial["history"][0]["directory"], trial["message"])

    def test_row_60_a_half_written_result_is_told_to_be_renamed_into_place(self):
        self.spoilt('printf "{\\"loss\\": 0." > "$R"', "bad_result", "line 1", "rename it")

    def test_row_60_an_empty_result_is_told_as_such(self):
        self.spoilt(': > "$R"', "bad_result", "it is empty", "rename it")

    def test_row_61_not_a_number_is_a_failure_and_no_value(self):
        for text, word in (("NaN", "NaN"), ("Infinity", "infinite"), ("-Infinity", "infinite")):
            with self.subTest(text=text):
                self.spoilt(f'echo "{{\\"loss\\": {text}}}" > "$R"', "non_finite",
                            f"'loss' is {word}", "diverging", "exit code 3",
                            name="non-finite" + text.strip("-") + str(len(text)))

    def test_row_62_a_number_too_large_for_a_double_is_infinite(self):
        self.spoilt('echo "{\\"loss\\": 1e999}" > "$R"', "non_finite", "'loss' is infinite")

    def test_row_63_ten_mebibytes_are_over_the_limit(self):
        before = memory_peak(self.daemon.process.pid)
        self.spoilt('head -c 10485760 /dev/zero > "$R"', "bad_result", "has 10485760 bytes",
                    "the limit is 1048576", "max_bytes")
        self.assertLess(memory_peak(self.daemon.process.pid) - before, HOSTILE_BYTES_MAX)

    def test_row_63_a_symbolic_link_is_not_followed(self):
        self.spoilt('echo "{\\"loss\\": 1}" > "$R.real"; ln -s "$R.real" "$R"', "bad_result",
                    "symbolic link", "write the result itself there")

    def test_row_63_a_link_to_an_endless_device_is_not_followed(self):
        self.spoilt('ln -s /dev/zero "$R"', "bad_result", "symbolic link")

    def test_row_63_a_directory_is_no_result(self):
        self.spoilt('mkdir "$R"', "bad_result", "is a directory", "plain file")

    def test_row_63_a_named_pipe_is_not_waited_for(self):
        self.spoilt('mkfifo "$R"', "bad_result", "is a named pipe", "plain file")

    def test_row_64_a_duplicate_key_is_ambiguous(self):
        self.spoilt('echo "{\\"loss\\": 1, \\"loss\\": 2}" > "$R"', "bad_result", "loss", "line 1")

    def test_row_65_broken_text_is_refused_and_shown_legibly(self):
        for name, text in (("latin", r'{"loss": 1, "note": "\351"}'), ("nul", r'{"loss": 1\000}'),
                           ("binary", r'\377\376\000\001'),
                           ("bom", r'\357\273\277{"loss": 1}')):
            with self.subTest(name=name):
                trial = self.spoilt(f"printf '{text}' > \"$R\"; printf '\\377\\033[2J' >&2",
                                    "bad_result", "no valid JSON at line 1", name=name)
                self.assertNotIn("\x1b", trial["message"])
                self.assertNotIn("\0", trial["message"])

    def test_row_66_a_wrong_metric_name_gets_the_nearest(self):
        self.spoilt('echo "{\\"Loss\\": 1, \\"epochs\\": 3}" > "$R"', "bad_result",
                    "'loss' is missing", "'Loss'", "'epochs'", 'did you mean "Loss"?',
                    'Write {"loss": <number>}')

    def test_row_66_a_lone_wrong_name_is_told_once(self):
        self.spoilt('echo "{\\"los\\": 1}" > "$R"', "bad_result",
                    "the objective 'loss' is missing; did you mean \"los\"? Write")

    def test_row_67_a_string_is_no_number(self):
        self.spoilt('echo "{\\"loss\\": \\"0.12\\"}" > "$R"', "bad_result", "is a string",
                    "0.12", "without quotes")

    def test_row_67_other_types_are_no_numbers(self):
        for name, text in (("null", "null"), ("bool", "true"), ("list", "[1]"), ("object", "{}")):
            with self.subTest(type=name):
                self.spoilt(f'echo \'{{"loss": {text} }}\' > "$R"', "bad_result", "write a number",
                            name="type-" + name)

    def test_row_67_a_result_that_is_no_object_is_refused(self):
        self.spoilt('echo 0.12 > "$R"', "bad_result", "no JSON object", '{"loss": <number>}')

    def test_failures_after_a_success_end_the_study_at_its_limit(self):
        name = self.name()
        script = SPOILT + 'echo "{\\"loss\\": \\"x\\"}" > "$R"'
        self.daemon.post("/v1/studies", study(name, shell(script), trials=50, parallel=1,
                                              budget={"trials": 50, "max_failures": 4}))
        ended = self.daemon.wait_for(name, ["failed", "paused", "finished"])
        self.assertEqual((ended["state"], ended["reason"]), ("failed", "max_failures"))
        self.assertEqual(ended["trials"]["failed"], 5)
        self.assertEqual(ended["best"]["trial"], 0)

    def test_row_68_a_copied_directory_is_no_result_of_another_trial(self):
        """Trial 0's files lie in trial 1's place when the daemon comes back: it is lost, not told
        with the value of trial 0, and its next attempt brings its own."""
        with Daemon() as daemon:
            script = SPOILT + 'while [ "$HPO_ATTEMPT" = 1 ]; do sleep 0.02; done' + REPORT
            daemon.post("/v1/studies", study("copied", shell(script), trials=2, parallel=1))
            daemon.wait_for_trial("copied", 0, ["completed"])
            daemon.wait_for_trial("copied", 1, ["running"])
            trials = daemon.state / "studies/copied/trials"
            wait_until((trials / "1/1/claim").exists, what="the claim")
            daemon.kill()
            runner = json.loads((trials / "1/1/claim").read_text())["pid"]
            os.kill(runner, signal.SIGKILL)
            wait_until(lambda: not is_alive(runner), what="the runner's end")
            shutil.rmtree(trials / "1/1")
            shutil.copytree(trials / "0/1", trials / "1/1")
            daemon.start()
            ended = daemon.wait_for("copied")
            self.assertEqual(ended["trials"]["completed"], 2)
            first, second = daemon.trial("copied", 0), daemon.trial("copied", 1)
            self.assertEqual(second["value"], second["params"]["x"])
            self.assertNotEqual(second["value"], first["value"])
            self.assertEqual([a["state"] for a in second["history"]], ["lost", "succeeded"])
            self.assertIn("another attempt", second["history"][0]["message"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
