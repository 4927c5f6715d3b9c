"""A small instance of the whole: few problems and seeds, beside Optuna's TPE and CMA-ES.

Optuna and the tables come from PyPI; where it is not reached, this is skipped and says why. All is
repeatable: seeds and versions are fixed, and no time is judged.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["HPO_BIN"]).resolve().parent
os.environ["HPO_SEARCH_PEERS"] = str(BUILD / "peers")
os.environ["HPO_BENCH_BIN"] = str(BUILD / "tests")
os.environ["HPO_SEARCH_INSTALL_S"] = "90"

import scores  # noqa: E402  (of this folder, with the environment above)

HERE = pathlib.Path(__file__).resolve().parent
PROBLEMS = ["bbob/f1_sphere-d5", "bbob/f15_rastrigin_rotated-d2", "bbob/f17_schaffers-d5",
            "hpolib/protein_structure", "nasbench201/cifar10", "mixed/boosting"]
METHODS = ["hpo:gp", "hpo:tpe", "hpo:cma_es", "hpo:random",
           "optuna:tpe", "optuna:cma_es", "optuna:random"]
VIRTUAL = ["hpo:auto"]  # has the studies of others
SEEDS, TRIALS = 4, 50


class SideBySide(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="hpo-studies-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.done = cls.search()
        if "skipped optuna" in cls.done.stderr:
            print(cls.done.stderr)  # a reason that unittest keeps to itself
            raise unittest.SkipTest(cls.done.stderr)

    @classmethod
    def search(cls, *more):
        return subprocess.run(
            [sys.executable, HERE / "search.py", "--methods", *METHODS, *VIRTUAL, "--problems",
             *PROBLEMS, "--seeds", str(SEEDS), "--trials", str(TRIALS), *more],
            capture_output=True, text=True, env={**os.environ, "HPO_SEARCH_STUDIES": cls.folder},
            timeout=250)

    def side(self, method):
        side = {}
        path = pathlib.Path(self.folder, method.replace(":", "-") + ".jsonl")
        for line in map(json.loads, path.read_text().splitlines()):
            side.setdefault(line["problem"], {})[line["seed"]] = \
                scores.regret_at(line["curve"], TRIALS)
        return side

    def ratio(self, ours, peer):
        return scores.ratio(self.side(ours), self.side(peer))

    def test_every_method_has_every_study_and_a_second_start_carries_out_none(self):
        self.assertEqual(self.done.returncode, 0, self.done.stderr)
        for method in METHODS:
            self.assertEqual([len(each) for each in self.side(method).values()],
                             [SEEDS] * len(PROBLEMS))
        again = self.search()
        self.assertEqual((again.stdout, again.stderr), (self.done.stdout, ""))

    def test_the_report_compares_ours_with_each_peer(self):
        for peer in ("optuna:tpe", "optuna:cma_es", "optuna:random"):
            self.assertIn(f"| hpo:tpe to {peer} |", self.done.stdout)
        print(self.done.stdout)

    def test_auto_has_a_study_of_each_problem_and_stands_beside_the_best_of_the_others(self):
        self.assertIn(f"| hpo:auto | {len(PROBLEMS) * SEEDS} |", self.done.stdout)
        self.assertIn("| hpo:auto to the best |", self.done.stdout)

    def test_both_random_searches_are_as_good_as_each_other(self):
        self.assertGreater(self.ratio("hpo:random", "optuna:random"), 0.6)
        self.assertLess(self.ratio("hpo:random", "optuna:random"), 1.6)

    def test_ours_learn_and_are_not_left_far_behind(self):
        """Bars that a broken strategy misses; how good ours is, only the whole benchmark tells."""
        self.assertLess(self.ratio("hpo:gp", "hpo:random"), 0.6)
        self.assertLess(self.ratio("hpo:gp", "optuna:tpe"), 1.0)
        self.assertLess(self.ratio("hpo:cma_es", "hpo:random"), 0.8)
        self.assertLess(self.ratio("hpo:tpe", "hpo:random"), 0.7)
        self.assertLess(self.ratio("hpo:tpe", "optuna:tpe"), 2.5)
        self.assertLess(self.ratio("hpo:tpe", "optuna:cma_es"), 1.5)


if __name__ == "__main__":
    unittest.main()
