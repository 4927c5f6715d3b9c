"""Conditional parameters, constraints and a grid, from study.json to what the training gets."""
import csv
import io
import os
import unittest

from support import HpoTest

SPACE = {"opt": {"choice": ["sgd", "adam"]},
         "m": {"int": [1, 4], "when": {"opt": "sgd"}},
         "n": {"int": [1, 4]}}
# Its arguments, and what it finds in its environment, go into the trial's own directory.
SCRIPT = ('echo "$*" > "$HPO_TRIAL_DIR/args"; echo "${HPO_P_M-absent}" > "$HPO_TRIAL_DIR/m"; '
          'cp "$HPO_PARAMS_FILE" "$HPO_TRIAL_DIR/p"; echo "hpo-result {\\"loss\\": $HPO_P_N}"')


class Conditions(HpoTest):
    def grid(self, **keys):
        return {"space": SPACE, "space_constraints": ["m + n <= 5", "opt == 'sgd' or n != 4"],
                "strategy": "grid", "budget": {"trials": 100}, "script": SCRIPT,
                "command": ["sh", "toy.sh", "--opt={opt}", "--m={m}", "--n={n}"], **keys}

    def test_a_grid_of_conditions_and_constraints_ends_by_itself(self):
        self.finished(**self.grid())
        status = self.hpo_json("status", "toy")
        self.assertEqual(status["reason"], "space_exhausted")
        trials = self.hpo_json("trials", "toy")["trials"]
        found = sorted((t["params"]["opt"], t["params"].get("m"), t["params"]["n"])
                       for t in trials if t["params"]["opt"] == "sgd")
        self.assertEqual(found, [("sgd", m, n) for m in range(1, 5) for n in range(1, 6 - m)])
        adam = [t["params"] for t in trials if t["params"]["opt"] == "adam"]
        self.assertEqual(sorted(p["n"] for p in adam), [1, 2, 3])
        self.assertTrue(all("m" not in p for p in adam))

    def test_what_has_no_value_reaches_the_training_in_no_way(self):
        self.finished(**self.grid())
        for trial in self.hpo_json("trials", "toy")["trials"]:
            told = self.hpo_json("trial", "toy/%d" % trial["number"])
            directory = told["history"][-1]["directory"]
            with open(os.path.join(directory, "args"), encoding="utf-8") as file:
                args = file.read().split()
            with open(os.path.join(directory, "m"), encoding="utf-8") as file:
                variable = file.read().strip()
            params = trial["params"]
            expected = ["--%s=%s" % (k, params[k]) for k in ("opt", "m", "n") if k in params]
            self.assertEqual(args, expected)
            self.assertEqual(variable, str(params.get("m", "absent")))
            with open(os.path.join(directory, "p"), encoding="utf-8") as file:
                self.assertEqual('"m"' in file.read(), "m" in params)

    def test_tables_leave_the_place_empty(self):
        self.finished(**self.grid())
        lines = [l.split("\t") for l in self.hpo("trials", "toy").stdout.splitlines()]
        self.assertEqual(lines[0][:6], ["TRIAL", "STATE", "VALUE", "opt", "m", "n"])
        self.assertTrue(all((line[4] == "") == (line[3] == "adam") for line in lines[1:]))
        rows = csv.DictReader(io.StringIO(self.hpo("export", "toy", "--format", "csv").stdout))
        self.assertTrue(all((r["param.m"] == "") == (r["param.opt"] == "adam") for r in rows))

    def test_enqueued_params_keep_conditions_and_constraints(self):
        self.hpo("submit", self.study(script="sleep 60", space=SPACE,
                                      space_constraints=["m + n <= 5"], parallel=1))
        told = self.hpo("enqueue", "toy", "opt=adam", "m=1", "n=1", code=None)
        self.assertNotEqual(told.returncode, 0)
        self.assertIn("opt is \"sgd\"", told.stderr)
        told = self.hpo("enqueue", "toy", "opt=sgd", "m=4", "n=4", code=None)
        self.assertNotEqual(told.returncode, 0)
        self.assertIn("m + n <= 5", told.stderr)
        self.hpo("enqueue", "toy", "opt=adam", "n=4")
        self.hpo("cancel", "toy", "--yes")


if __name__ == "__main__":
    unittest.main()
