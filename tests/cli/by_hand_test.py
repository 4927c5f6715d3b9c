"""The command that hpo prints to run a trial by hand: pasted, it gives what the trial gave."""
import json
import os
import re
import subprocess
import unittest

from support import HpoTest

PLAIN = """import json, os
params = json.load(open(os.environ["HPO_PARAMS_FILE"]))["params"]
print("hpo-result " + json.dumps({"loss": (params["x"] - 0.3) ** 2}))
"""
HELPED = """import hpo
p = hpo.params({"x": 7.0, "word": "default"})
hpo.report(1, loss=p["x"])
hpo.result(loss=p["x"] + len(p["word"]))
"""
FILES = """printf '{"loss": %s}' "$HPO_P_X" > "$1"
echo "$HPO_STUDY $HPO_TRIAL $HPO_ATTEMPT $HPO_SEED $A ${HPO_JOB:-none}" > "$HPO_TRIAL_DIR/said"
cat "$1"
"""


class ByHand(HpoTest):
    def trained(self, script, name, **keys):
        path = self.study(**keys)
        self.write(name, script)
        self.hpo("submit", path)
        self.wait_for_state("toy", "finished")
        return self.hpo_json("trial", "toy/1")

    def line(self, text):
        return re.search(r"by hand:?\s+(cd .*)", text).group(1)

    def pasted(self):
        line = self.line(self.hpo("trial", "toy/1").stdout)
        done = subprocess.run(["sh", "-c", line], env=self.env, cwd="/", stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, line + done.stderr)
        return done.stdout

    def files(self, trial):
        directory = trial["history"][-1]["directory"]
        found = {}
        for name in ("result.json", "metrics.jsonl", "stdout", "said"):
            path = os.path.join(directory, name)
            if os.path.exists(path):
                with open(path) as file:
                    found[name] = file.read()
        return found

    def test_the_readmes_training_gives_the_trials_value(self):
        trial = self.trained(PLAIN, "train.py", command=["python3", "train.py"])
        words = self.pasted().split(" ", 1)
        self.assertEqual(words[0], "hpo-result")
        self.assertEqual(json.loads(words[1])["loss"], trial["value"])

    def test_a_training_with_the_helper_prints_the_trials_value_and_leaves_its_files(self):
        self.write("hpo.py", self.hpo("helper", "python").stdout)
        trial = self.trained(HELPED, "train.py", command=["python3", "train.py"],
                             space={"x": {"float": [0, 1]},
                                    "word": {"choice": ["it's $a", "b c"]}})
        before = self.files(trial)
        self.assertIn("metrics.jsonl", before)
        self.assertEqual(json.loads(self.pasted())["loss"], trial["value"])
        self.assertEqual(self.files(trial), before)

    def test_what_a_shell_script_reads_is_there_and_it_writes_beside_the_attempt(self):
        trial = self.trained(FILES, "t.sh", command=["sh", "t.sh", "{result_file}"],
                             environment={"vars": {"A": "a 'b'"}})
        before = self.files(trial)
        self.assertEqual(json.loads(self.pasted())["loss"], trial["value"])
        self.assertEqual(self.files(trial), before)
        directory = trial["history"][-1]["directory"]
        with open(os.path.join(directory, "by-hand", "said")) as file:
            said = file.read()
        self.assertEqual(said.rsplit(" ", 1), [before["said"].rsplit(" ", 1)[0], "none\n"])

    def test_a_study_that_pauses_itself_prints_the_same_line(self):
        self.hpo("submit", self.study(script="exit 1", budget={"trials": 50}))
        self.wait_for_state("toy", "paused")
        line = self.line(self.hpo("status", "toy").stdout)
        self.assertIn("HPO_PARAMS_FILE=", line)
        number = re.search(r"HPO_TRIAL=(\d+) ", line).group(1)
        self.assertEqual(line, self.line(self.hpo("trial", "toy/" + number).stdout))


if __name__ == "__main__":
    unittest.main()
