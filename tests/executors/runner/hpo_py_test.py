"""hpo.py, the Python helper of training scripts: the same script by hand and in a trial."""
import ast
import contextlib
import io
import json
import math
import os
import signal
import sys
import tempfile
import unittest
from unittest import mock

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../..")
HELPERS = os.path.join(ROOT, "executors/runner/helpers")
sys.path.insert(0, HELPERS)
import hpo


class Helper(unittest.TestCase):
    """Each test has a directory, and no HPO_* variable but those it sets."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        clean = {name: text for name, text in os.environ.items() if not name.startswith("HPO_")}
        patch = mock.patch.dict(os.environ, clean, clear=True)
        patch.start()
        self.addCleanup(patch.stop)

    def file(self, variable, content=None):
        path = os.path.join(self.directory, variable.lower())
        os.environ[variable] = path
        os.environ["HPO_JOB"] = "hpo-1"
        if content is not None:
            with open(path, "w") as file:
                file.write(content)
        return path

    def in_trial(self, params):
        self.file("HPO_PARAMS_FILE", json.dumps(
            {"params": params, "seed": 5, "study": "jets", "trial": 3, "attempt": 1}))

    def written(self, path):
        with open(path) as file:
            return file.read()


class Params(Helper):
    def test_by_hand_the_defaults_are_the_params(self):
        self.assertEqual(hpo.params({"width": 64, "align": "none"}), {"width": 64, "align": "none"})
        self.assertEqual(hpo.params(), {})
        self.assertEqual(hpo.trial(), 0)
        self.assertFalse(hpo.in_trial())

    def test_a_trial_overrides_the_defaults_and_leaves_the_rest(self):
        defaults = {"width": 64, "layers": 2}
        self.in_trial({"width": 100, "depth": 7})
        self.assertEqual(hpo.params(defaults), {"width": 100, "layers": 2, "depth": 7})
        self.assertEqual(defaults, {"width": 64, "layers": 2})

    def test_the_last_step_is_the_fidelitys_or_the_default(self):
        self.assertEqual(hpo.last_step(40), 40)
        os.environ["HPO_FIDELITY_MAX"] = "81"
        self.assertEqual(hpo.last_step(40), 81)

    def test_a_step_is_a_whole_number_from_0(self):
        path = self.file("HPO_METRICS_FILE")
        for step in (-1, 2.5, math.nan, math.inf, 1e300, 2 ** 60):
            with self.assertRaisesRegex(ValueError, "whole numbers from 0"):
                hpo.report(step, loss=1)
        for step in ("3", None, True, [1]):
            with self.assertRaisesRegex(TypeError, "'step' is"):
                hpo.report(step, loss=1)
        self.assertFalse(os.path.exists(path))
        hpo.report(3.0, loss=math.nan)  # diverged, which is no error
        self.assertEqual(self.written(path), '{"loss": NaN, "step": 3}\n')

    def test_a_number_takes_its_defaults_type_where_nothing_is_lost(self):
        self.in_trial({"rate": 1, "width": 32.0, "share": 0.5, "wide": True, "align": "rotate"})
        values = hpo.params({"rate": 0.1, "width": 64, "share": 1, "wide": False, "align": "none"})
        self.assertEqual(values, {"rate": 1.0, "width": 32, "share": 0.5, "wide": True,
                                  "align": "rotate"})
        self.assertEqual([type(values[name]) for name in ("rate", "width", "share", "wide")],
                         [float, int, float, bool])

    def test_the_trials_number_is_read_from_the_environment(self):
        os.environ["HPO_TRIAL"] = "17"
        self.assertEqual(hpo.trial(), 17)
        os.environ["HPO_TRIAL"] = "x"
        with self.assertRaisesRegex(ValueError, "HPO_TRIAL is 'x'"):
            hpo.trial()

    def test_a_bad_params_file_is_named(self):
        for content in (None, "", "{", "[]", '{"values": {}}', '{"params": 3}'):
            with self.subTest(content=content):
                path = self.file("HPO_PARAMS_FILE", content)
                with self.assertRaisesRegex(RuntimeError, "HPO_PARAMS_FILE " + path):
                    hpo.params({})


class Result(Helper):
    def test_by_hand_the_result_is_printed(self):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            hpo.result(auc=0.875)
        self.assertEqual(json.loads(out.getvalue()), {"auc": 0.875})

    def test_with_a_file_but_no_job_it_is_printed_too(self):
        path = self.file("HPO_RESULT_FILE")
        del os.environ["HPO_JOB"]
        with contextlib.redirect_stdout(io.StringIO()) as out:
            hpo.result(auc=0.875)
        self.assertEqual(out.getvalue(), self.written(path))

    def test_the_file_holds_the_values_and_no_temporary_stays(self):
        path = self.file("HPO_RESULT_FILE")
        hpo.result(auc=0.8)
        hpo.result(auc=0.9, rejection_50=26)
        self.assertEqual(json.loads(self.written(path)), {"auc": 0.9, "rejection_50": 26})
        self.assertEqual(os.listdir(self.directory), ["hpo_result_file"])

    def test_a_status_comes_with_its_message(self):
        path = self.file("HPO_RESULT_FILE")
        hpo.result(status="infeasible", message="needs 80 GB")
        self.assertEqual(json.loads(self.written(path)),
                         {"values": {}, "status": "infeasible", "message": "needs 80 GB"})
        hpo.result(message="fine", auc=0.5)
        self.assertEqual(json.loads(self.written(path))["status"], "completed")

    def test_nan_and_infinity_reach_the_file_so_that_hpo_can_name_them(self):
        path = self.file("HPO_RESULT_FILE")
        hpo.result(auc=float("nan"), loss=float("-inf"))
        self.assertEqual(self.written(path), '{"auc": NaN, "loss": -Infinity}\n')
        self.assertTrue(math.isnan(json.loads(self.written(path))["auc"]))

    def test_what_is_no_number_is_named_and_nothing_is_written(self):
        path = self.file("HPO_RESULT_FILE")
        for value in ("0.9", None, True, [1], {"mean": 1}):
            with self.subTest(value=value), self.assertRaisesRegex(TypeError, "metric 'auc'"):
                hpo.result(auc=value)
        with self.assertRaisesRegex(ValueError, "'done': use one of completed, pruned"):
            hpo.result(status="done", auc=1)
        with self.assertRaisesRegex(ValueError, "no values"):
            hpo.result()
        self.assertFalse(os.path.exists(path))

    def test_scalars_of_numpy_are_numbers_and_arrays_are_not(self):
        import numpy as np
        path = self.file("HPO_RESULT_FILE")
        hpo.result(a=np.float32(0.5), b=np.int64(3), c=np.array([0.25]))
        self.assertEqual(json.loads(self.written(path)), {"a": 0.5, "b": 3, "c": 0.25})
        with self.assertRaisesRegex(TypeError, "metric 'a'"):
            hpo.result(a=np.zeros(2))


class Report(Helper):
    def test_each_report_appends_one_line(self):
        path = self.file("HPO_METRICS_FILE")
        hpo.report(1, auc=0.5)
        hpo.report(2, auc=float("nan"), loss=3)
        lines = self.written(path).splitlines()
        self.assertEqual(json.loads(lines[0]), {"step": 1, "auc": 0.5})
        self.assertIn("NaN", lines[1])
        self.assertEqual(len(lines), 2)

    def test_by_hand_a_report_does_nothing(self):
        hpo.report(1, auc=0.5)
        self.assertEqual(os.listdir(self.directory), [])

    def test_a_line_is_at_most_4096_bytes(self):
        path = self.file("HPO_METRICS_FILE")
        overhead = len('{"": 1, "step": 1}\n')
        hpo.report(1, **{"a" * (4096 - overhead): 1})
        self.assertEqual(os.path.getsize(path), 4096)
        with self.assertRaisesRegex(ValueError, "4097 bytes; the limit is 4096"):
            hpo.report(1, **{"a" * (4097 - overhead): 1})
        self.assertEqual(os.path.getsize(path), 4096)


class Stop(Helper):
    def test_a_report_says_when_the_training_should_stop(self):
        path = self.file("HPO_STOP_FILE")
        self.assertIs(hpo.report(1, auc=0.5), False)
        self.file("HPO_STOP_FILE", "cancelled\n")
        self.assertIs(hpo.report(2, auc=0.5), True)
        os.unlink(path)
        self.assertIs(hpo.report(3, auc=0.5), False)

    def test_by_hand_it_never_does(self):
        self.assertIs(hpo.report(1, auc=0.5), False)

    def test_sigterm_is_held_until_the_next_report_where_that_is_asked_for(self):
        self.addCleanup(signal.signal, signal.SIGTERM, signal.getsignal(signal.SIGTERM))
        self.addCleanup(hpo._told.clear)
        hpo.stop_at_report()
        self.assertIs(hpo.report(1, auc=0.5), False)
        os.kill(os.getpid(), signal.SIGTERM)
        self.assertIs(hpo.report(2, auc=0.5), True)


class Checkpoint(Helper):
    def save(self, text):
        with hpo.checkpoint() as folder:
            os.mkdir(folder + "/model")
            with open(folder + "/model/weights", "w") as file:
                file.write(text)
            return folder

    def home(self):
        home = os.environ["HPO_CHECKPOINT_DIR"] = os.path.join(self.directory, "checkpoint", "1")
        os.makedirs(home)
        return home

    def test_each_takes_the_place_of_the_one_before(self):
        home = self.home()
        for text in ("first", "second", "third"):
            self.save(text)
        os.environ["HPO_CHECKPOINT_FROM"] = home
        self.assertEqual(self.written(hpo.checkpoint_from() + "/model/weights"), "third")
        self.assertEqual([len(os.listdir(home)), os.listdir(os.path.dirname(home))], [1, ["1"]])

    def test_one_that_is_not_finished_leaves_the_one_before(self):
        home = self.home()
        self.save("first")
        with self.assertRaisesRegex(OSError, "no space"), hpo.checkpoint() as folder:
            self.assertNotIn(home + "/", folder, "what is inside counts as complete")
            raise OSError("no space")
        os.environ["HPO_CHECKPOINT_FROM"] = home
        self.assertEqual(self.written(hpo.checkpoint_from() + "/model/weights"), "first")
        self.assertEqual(os.listdir(os.path.dirname(home)), ["1"])

    def test_by_hand_it_is_thrown_away_and_there_is_none_to_go_on_from(self):
        self.assertFalse(os.path.exists(self.save("first")))
        self.assertIsNone(hpo.checkpoint_from())

    def test_files_that_did_not_come_from_the_helper_are_found_too(self):
        os.environ["HPO_CHECKPOINT_FROM"] = self.directory
        self.assertEqual(hpo.checkpoint_from(), self.directory)


class File(unittest.TestCase):
    def test_it_needs_only_the_standard_library_and_python_3_6(self):
        with open(os.path.join(HELPERS, "hpo.py")) as file:
            tree = ast.parse(file.read(), feature_version=(3, 6))
        names = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import)
                 for name in node.names}
        self.assertLessEqual(names, set(sys.stdlib_module_names))


if __name__ == "__main__":
    unittest.main()
