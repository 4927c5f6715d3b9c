"""The examples of early stopping: by hand, in a trial, and stopped at once; 30 lines at most."""
import json
import os
import shutil
import subprocess
import sys
import unittest

import packages

sys.path.insert(0, str(packages.ROOT / "tests/executors/runner"))
from helper_case import HELPERS, HelperCase  # noqa: E402

EXAMPLES = packages.ROOT / "examples/early_stopping"
NUMPY = "numpy==2.2.6"
PINS = {"sklearn": [NUMPY, "scipy==1.15.3", "scikit-learn==1.6.1"],
        "xgboost": [NUMPY, "scipy==1.15.3", "xgboost==3.1.1"]}
OF_PYPI = os.environ.get("HPO_TEST_LONG") == "1"  # as tests/run.sh long asks for


def python_with(*modules):
    """The system's Python if it has them, else one with packages of PyPI where that was asked for;
    skips the test otherwise."""
    done = subprocess.run([sys.executable, "-c", f"import {','.join(modules)}"],
                          capture_output=True, text=True)
    if done.returncode == 0:
        return sys.executable
    if OF_PYPI and modules[0] in PINS:
        return packages.python_of(modules[0], PINS[modules[0]])
    raise unittest.SkipTest(f"skipped: {done.stderr.strip().splitlines()[-1]}; "
                            "HPO_TEST_LONG=1 asks PyPI for scikit-learn and xgboost")


class EarlyStopping(HelperCase):
    def setUp(self):
        super().setUp()
        self.environment.update(PYTHONPATH=str(HELPERS), OMP_NUM_THREADS="1",
                                OPENBLAS_NUM_THREADS="1")

    def train(self, *words):
        return self.run_words([str(word) for word in words]).stdout

    def check(self, python, name, metric, steps, before=()):
        """By hand, in a trial, and in one that is stopped: what was printed by the last."""
        lines = self.train(*before, python, EXAMPLES / name).splitlines()
        by_hand = json.loads(next(line for line in lines if line.startswith("{")))
        self.in_trial()
        self.train(*before, python, EXAMPLES / name)
        self.assertEqual([line["step"] for line in self.metrics()], list(range(1, steps + 1)))
        self.assertEqual(self.metrics()[-1][metric], json.loads(self.read("result.json"))[metric])
        self.assertAlmostEqual(self.metrics()[-1][metric], by_hand[metric])
        (self.directory / "metrics.jsonl").unlink()
        (self.directory / "stop").write_text("cancelled\n")
        out = self.train(*before, python, EXAMPLES / name)
        self.assertEqual([line["step"] for line in self.metrics()], [1])
        return out

    def test_numpy_reports_stops_and_goes_on_from_its_checkpoint(self):
        python = python_with("numpy")
        self.check(python, "numpy_loop.py", "loss", 40)
        whole = json.loads(self.read("result.json"))
        (self.directory / "stop").unlink()
        self.environment["HPO_CHECKPOINT_FROM"] = self.environment["HPO_CHECKPOINT_DIR"]
        self.train(python, EXAMPLES / "numpy_loop.py")
        self.assertEqual([line["step"] for line in self.metrics()], list(range(1, 41)))
        self.assertLess(json.loads(self.read("result.json"))["loss"], whole["loss"])

    def test_the_study_says_how_far_it_trains(self):
        self.environment["HPO_FIDELITY_MAX"] = "7"
        self.check(python_with("numpy"), "numpy_loop.py", "loss", 7)

    def test_scikit_learn_reports_and_stops(self):
        self.check(python_with("sklearn"), "partial_fit.py", "accuracy", 20)

    def test_xgboost_reports_and_stops(self):
        self.check(python_with("xgboost"), "xgboost_callback.py", "rmse", 20)

    def test_a_stop_reaches_both_ranks(self):
        python = python_with("mpi4py", "numpy")
        if not shutil.which("mpirun"):
            raise unittest.SkipTest("skipped: no mpirun (tests/deps.sh --tests)")
        self.environment.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
        out = self.check(python, "mpi_ranks.py", "loss", 40,
                         before=("mpirun", "--oversubscribe", "-n", "2"))
        self.assertEqual(sorted(line for line in out.splitlines() if line.startswith("rank")),
                         ["rank 0 ended after epoch 1", "rank 1 ended after epoch 1"])
        self.assertEqual(json.loads(self.read("result.json"))["ranks"], 2)

    def test_each_has_30_lines_at_most(self):
        for path in EXAMPLES.glob("*.py"):
            self.assertLessEqual(len(path.read_text().splitlines()), 30, path)

    def test_the_study_prunes_most_of_its_trials(self):
        for name in ("study.json", "numpy_loop.py"):
            shutil.copy(EXAMPLES / name, self.directory)
        python = os.path.dirname(python_with("numpy"))
        self.environment.update(HPO_STATE_DIR=self.path("state"), HPO_CONFIG=self.path("hpod.json"),
                                PYTHONPATH=str(HELPERS), PATH=python + ":" + os.environ["PATH"])
        (self.directory / "hpod.json").write_text("{}")
        submit = [packages.BIN / "hpo", "submit", "study.json", "--watch"]
        self.addCleanup(subprocess.run, [packages.BIN / "hpo", "daemon", "stop"],
                        env=self.environment, stderr=subprocess.DEVNULL)
        self.train(*submit)
        rows = self.train(packages.BIN / "hpo", "trials", "early", "--json")
        self.assertGreater(rows.count('"state":"pruned"'), 4)

    def test_the_study_is_valid(self):
        subprocess.run([packages.BIN / "hpo", "validate", EXAMPLES / "study.json"], check=True,
                       stdout=subprocess.PIPE)


if __name__ == "__main__":
    unittest.main()
