"""The example strategies keep the rules of users' programs, and do what their README says.

Optuna and the gest-api generators are the real ones, from PyPI, in environments of their own below
the build directory, which stay. Without a network they are skipped, and why is said.
"""
import json
import os
import re
import subprocess
import sys
import unittest

from packages import BIN, PLACES, ROOT, python_of

EXAMPLES = ROOT / "examples/strategies"
NUMPY = "numpy==2.2.6"
PINS = {"optuna": [NUMPY, "optuna==5.0.0"], "gest": [NUMPY, "gest-api==0.2", "libensemble==1.6.1"]}

# An algorithm of our own as a generator of the standard: steps around the best result.
CLIMBER = """
import random
from gest_api.generator import Generator

class Climber(Generator):
    def __init__(self, vocs, seed=0):
        super().__init__(vocs)
        self.vocs, self.draw, self.best = vocs, random.Random(seed), None

    def _validate_vocs(self, vocs):
        if len(vocs.objectives) != 1:
            raise ValueError("one objective, please")

    def suggest(self, num_points):
        return [self.one() for _ in range(num_points or 1)]

    def one(self):
        ranges = {name: variable.domain for name, variable in self.vocs.variables.items()}
        if self.best is None:
            return {name: self.draw.uniform(*ends) for name, ends in ranges.items()}
        return {name: min(max(self.best[name] + self.draw.gauss(0, 0.1) * (high - low), low), high)
                for name, (low, high) in ranges.items()}

    def ingest(self, results):
        (name, way), = self.vocs.objectives.items()
        sign = -1 if type(way).__name__ == "MaximizeObjective" else 1
        self.best = min(results, key=lambda result: sign * result[name])
"""


class Program:
    """A strategy's program, asked by hand."""

    def __init__(self, *command, options=None, space=None, **more):
        environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
        environment.update(more.pop("variables", {}))
        self.process = subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, env=environment)
        self.told = 0
        study = {"name": "a", "space": space or {"x": {"float": [0, 1]}, "y": {"float": [-1, 1]}},
                 "objective": {"minimize": "loss", "noise": "low"}, "seed": 3, "parallel": 1,
                 "budget": {"trials": 60},
                 "strategy": {"type": "external", "options": options or {}}}
        study.update(more)
        self.answer = self.exchange(request="study", version=1, study=study)

    def exchange(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def minimise(self, function, trials):
        """The best value of so many trials, one after the other."""
        finished = []
        for number in range(trials):
            proposal, = self.exchange(request="ask", first_number=number, count=1, open=[],
                                      open_count=0)["proposals"]
            trial = {"number": number, "state": "completed", "value": function(proposal["params"]),
                     "params": proposal["params"], "origin": "strategy"}
            assert self.exchange(request="tell", finished=[trial]) == {"ok": True}
            finished.append(trial["value"])
        return min(finished)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()


def bowl(params):
    return (params["x"] - 0.3) ** 2 + (params["y"] - 0.4) ** 2


class Strategies(unittest.TestCase):
    def check_rules(self, *words, options=None, path=""):
        """`hpo strategy test` finds nothing; returns what it said."""
        given = ["--options", json.dumps(options)] if options else []
        environment = dict(os.environ, PYTHONPATH=path, OPENBLAS_NUM_THREADS="1")
        done = subprocess.run([BIN / "hpo", "strategy", "test", *given, "--", *map(str, words)],
                              capture_output=True, text=True, timeout=280, env=environment)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_evolve_is_twenty_lines_and_finds_the_minimum(self):
        text = (EXAMPLES / "evolve.py").read_text()
        code = [line for line in text.splitlines()[1:] if line and not line.startswith("import")]
        self.assertLessEqual(len(code), 22)
        self.check_rules(sys.executable, EXAMPLES / "evolve.py")
        with Program(sys.executable, EXAMPLES / "evolve.py") as program:
            self.assertLess(program.minimise(bowl, 60), 1e-3)

    def test_the_study_of_the_readme_is_valid(self):
        subprocess.run([BIN / "hpo", "validate", EXAMPLES / "study.json"], check=True,
                       capture_output=True)

    def test_every_program_is_named_by_the_readme(self):
        readme = (EXAMPLES / "README.md").read_text()
        for path in EXAMPLES.glob("*.py"):
            self.assertIn(f"`{path.name}`", readme)

    def test_optuna_s_tpe_keeps_the_rules_and_searches(self):
        python = python_of("optuna", PINS["optuna"])
        said = self.check_rules(python, EXAMPLES / "optuna_strategy.py")
        self.assertNotIn("refused", said)
        with Program(python, EXAMPLES / "optuna_strategy.py") as program:
            tpe = program.minimise(bowl, 60)
        with Program(python, EXAMPLES / "optuna_strategy.py",
                     options={"sampler": "random"}) as program:
            self.assertLess(tpe, program.minimise(bowl, 60))
        with Program(python, EXAMPLES / "optuna_strategy.py", options={"sampler": "no"}) as program:
            self.assertIn("no sampler 'no'", program.answer["error"])

    def test_optuna_s_strategies_in_the_readme_are_those_of_the_program(self):
        kinds = re.search(r"options `sampler` \(([^)]*)\)", (EXAMPLES / "README.md").read_text())
        named = set(re.findall(r"`(\w+)`", kinds.group(1)))
        text = (EXAMPLES / "optuna_strategy.py").read_text()
        self.assertEqual(named, set(re.findall(r'"(\w+)": "\w+Sampler"', text)))

    def test_a_generator_of_the_gest_standard_from_pypi_keeps_the_rules(self):
        python = python_of("gest", PINS["gest"])
        options = {"generator": "libensemble.gen_classes.sampling:UniformSample",
                   "arguments": {"random_seed": "{seed}{number}"}}
        said = self.check_rules(python, EXAMPLES / "gest_strategy.py", options=options)
        self.assertIn("only plain floats are within the standard's reach", said)

    def test_a_generator_that_learns_is_fed_all_results(self):
        python = python_of("gest", PINS["gest"])
        (PLACES / "climber.py").write_text(CLIMBER)
        options = {"generator": "climber:Climber", "arguments": {"seed": "{seed}{number}"}}
        self.check_rules(python, EXAMPLES / "gest_strategy.py", options=options, path=str(PLACES))
        with Program(python, EXAMPLES / "gest_strategy.py", options=options,
                     variables={"PYTHONPATH": str(PLACES)}) as program:
            self.assertLess(program.minimise(bowl, 60), 1e-2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
