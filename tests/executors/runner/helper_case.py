"""A trial's directory and variables, for the helpers that are programs of their own."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

HELPERS = pathlib.Path(__file__).resolve().parents[3] / "executors" / "runner" / "helpers"


class HelperCase(unittest.TestCase):
    """Each test has a directory, and an environment without HPO_* and PYTHON* variables."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        self.environment = {name: text for name, text in os.environ.items()
                            if not name.startswith(("HPO_", "PYTHON"))}

    def in_trial(self, **params):
        """As the runner sets it up; params as text."""
        (self.directory / "checkpoint" / "2").mkdir(parents=True)
        self.environment.update(
            {"HPO_P_" + name.upper(): text for name, text in params.items()},
            HPO_JOB="hpo-1", HPO_TRIAL="17", HPO_PARAMS_FILE=self.path("params.json"),
            HPO_RESULT_FILE=self.path("result.json"), HPO_METRICS_FILE=self.path("metrics.jsonl"),
            HPO_STOP_FILE=self.path("stop"), HPO_CHECKPOINT_DIR=self.path("checkpoint/2"))
        (self.directory / "params.json").write_text(json.dumps({"params": params}))

    def path(self, name):
        return str(self.directory / name)

    def run_words(self, words, code=0):
        done = subprocess.run(words, env=self.environment, cwd=self.directory, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def read(self, name):
        return (self.directory / name).read_text()

    def metrics(self):
        return [json.loads(line) for line in self.read("metrics.jsonl").splitlines()]
