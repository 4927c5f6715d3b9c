"""hpo.sh, the helper of trainings in shell, in each shell that is there."""
import json
import os
import shutil
import subprocess
import unittest

from helper_case import HELPERS, HelperCase

SHELLS = [words for words in (["dash"], ["bash"], ["bash", "--posix"], ["busybox", "sh"])
          if shutil.which(words[0])]


class Shell(HelperCase):
    def in_each(self, script, code=0):
        """What the script printed, in each shell, with set -eu; in a directory that is fresh."""
        for words in SHELLS:
            with self.subTest(shell=" ".join(words)):
                done = self.run_words([*words, "-euc", f'. "{HELPERS}/hpo.sh"\n{script}'], code)
                yield done.stdout, done.stderr
            for name in ("result.json", "metrics.jsonl"):
                if os.path.exists(self.path(name)):
                    os.unlink(self.path(name))

    def test_there_are_dash_and_bash(self):
        self.assertLessEqual({"dash", "bash"}, {words[0] for words in SHELLS})

    def test_by_hand_params_are_the_defaults_and_the_result_is_printed(self):
        script = 'x=$(hpo_param x 0.5)\nhpo_report 1 loss="$x"\nhpo_result loss="$x"'
        for out, err in self.in_each(script):
            self.assertEqual((json.loads(out), err), ({"loss": 0.5}, ""))

    def test_a_trials_params_reach_it_as_they_are(self):
        self.in_trial(OPT_LR="0.25", WORD="it's $a *  \\n`b`")
        script = 'printf "%s|" "$(hpo_param opt.lr 1)" "$(hpo_param word none)" "$(hpo_param y -3)"'
        for out, _ in self.in_each(script):
            self.assertEqual(out, "0.25|it's $a *  \\n`b`|-3|")

    def test_a_param_that_no_variable_can_hold_is_named(self):
        self.in_trial(x="1")
        del self.environment["HPO_P_X"]
        for _, err in self.in_each("hpo_param x 5", code=2):
            self.assertIn("HPO_P_X is not set", err)

    def test_the_last_step_is_the_fidelitys_or_the_default(self):
        for variables, steps in ({}, "40"), ({"HPO_FIDELITY_MAX": "81"}, "81"):
            self.environment.update(variables)
            for out, _ in self.in_each("hpo_last_step 40"):
                self.assertEqual(out, steps + "\n")

    def test_reports_and_result_go_to_the_files(self):
        self.in_trial()
        script = "hpo_report 1 auc=0.5\nhpo_report 2 auc=nan loss=3\nhpo_result loss=.5 auc=+07.e2"
        for out, _ in self.in_each(script):
            self.assertEqual(out, "")
            self.assertEqual(self.metrics()[0], {"auc": 0.5, "step": 1})
            self.assertIn('{"auc": NaN, "loss": 3, "step": 2}', self.read("metrics.jsonl"))
            self.assertEqual(json.loads(self.read("result.json")), {"loss": 0.5, "auc": 700.0})

    def test_a_status_comes_with_its_message(self):
        self.in_trial()
        for _ in self.in_each("hpo_result -s infeasible -m 'a \"b\" \\c\n\td'"):
            self.assertEqual(json.loads(self.read("result.json")),
                             {"values": {}, "status": "infeasible", "message": 'a "b" \\c  d'})

    def test_numbers_become_those_of_json(self):
        for text, number in (("3", 3), ("-0", 0), ("007", 7), ("-.5e-3", -5e-4), ("1.", 1),
                             ("+1E+2", 100), ("0.10", 0.1)):
            for out, _ in self.in_each(f"hpo_result v={text}"):
                self.assertEqual(json.loads(out), {"v": number}, text)

    def test_what_is_no_number_is_named_and_nothing_is_written(self):
        self.in_trial()
        for words in ("v=", "v=1x", "v=0x10", "v=1e", "v=.", "v", "=1", "v=1,5", "'a\"b=1'"):
            for command in (f"hpo_result {words}", f"hpo_report 1 {words}"):
                for _, err in self.in_each(command, code=2):
                    self.assertIn("hpo.sh: metric", err)
        for command in ("hpo_result", "hpo_result -s done v=1", "hpo_report x v=1"):
            for _, err in self.in_each(command, code=2):
                self.assertIn("hpo.sh: ", err)
        self.assertFalse(os.path.exists(self.path("result.json")))

    def test_a_step_is_a_whole_number_from_0(self):
        self.in_trial()
        for step in ("-1", "2.5", "nan", "''", "9999999999999999"):
            for _, err in self.in_each(f"hpo_report {step} v=1", code=2):
                self.assertIn("no whole number from 0", err)
        for _ in self.in_each("hpo_report 007 v=1\nhpo_report 0 v=1"):
            self.assertEqual([line["step"] for line in self.metrics()], [7, 0])

    def test_a_report_says_when_to_stop_by_the_stop_file_or_by_sigterm(self):
        self.in_trial()
        loop = ("for step in 1 2 3 4; do [ $step -ne 2 ] || {}; hpo_report $step v=1 || break\n"
                "done; echo stopped at $step; rm -f \"$HPO_STOP_FILE\"")
        for act in (': > "$HPO_STOP_FILE"', "{ hpo_stop_at_report; kill -TERM $$; }"):
            for out, _ in self.in_each(loop.replace("{}", act)):
                self.assertEqual(out, "stopped at 2\n")

    def test_a_checkpoint_takes_the_place_of_the_last_one_whole(self):
        self.in_trial()
        script = ('for n in 1 2 3; do folder=$(hpo_checkpoint); echo $n > "$folder/state"\n'
                  'find "$HPO_CHECKPOINT_DIR" -name state; hpo_checkpoint_done "$folder"; done\n'
                  'HPO_CHECKPOINT_FROM=$HPO_CHECKPOINT_DIR; cat "$(hpo_checkpoint_from)/state"')
        for out, _ in self.in_each(script):
            self.assertEqual(out.splitlines()[-1], "3")
            self.assertEqual(len(os.listdir(self.path("checkpoint/2"))), 1)
            self.assertEqual(os.listdir(self.path("checkpoint")), ["2"])

    def test_by_hand_there_is_no_checkpoint_to_go_on_from(self):
        script = ('hpo_checkpoint_from || echo afresh; folder=$(hpo_checkpoint)\n'
                  'hpo_checkpoint_done "$folder"; [ -e "$folder" ] || echo gone')
        for out, _ in self.in_each(script):
            self.assertEqual(out, "afresh\ngone\n")

    def test_files_that_did_not_come_from_the_helper_are_found_too(self):
        self.in_trial()
        self.environment["HPO_CHECKPOINT_FROM"] = self.path("checkpoint/1")
        os.makedirs(self.path("checkpoint/1"))
        for out, _ in self.in_each("hpo_checkpoint_from"):
            self.assertEqual(out, self.path("checkpoint/1") + "\n")


class File(unittest.TestCase):
    @unittest.skipUnless(shutil.which("shellcheck"), "needs shellcheck (tests/deps.sh --tests)")
    def test_it_is_plain_posix(self):
        done = subprocess.run(["shellcheck", "-s", "sh", HELPERS / "hpo.sh"],
                              stdout=subprocess.PIPE, text=True)
        self.assertEqual(done.stdout, "")


if __name__ == "__main__":
    unittest.main()
