"""A study's course: the simulated clock, the incumbent, what is kept and what is taken up again.

The method stands for a program outside, so it is played here.
"""
import atexit
import io
import json
import os
import pathlib
import shutil
import sys
import tempfile
import types
import unittest
from unittest import mock

os.environ["HPO_SEARCH_STUDIES"] = tempfile.mkdtemp(prefix="hpo-studies-")
atexit.register(shutil.rmtree, os.environ["HPO_SEARCH_STUDIES"])

import drive  # noqa: E402  (reads the folder when imported)
import problems  # noqa: E402
import search  # noqa: E402
import studies  # noqa: E402


class Counting:
    """Proposes 0, 1, 2, …, and remembers how many were open at each ask and what was told."""
    version = "1"

    def start(self, space, seed, budget, in_flight):
        self.next, self.open, self.told, self.most = 0, set(), [], 0

    def ask(self, count):
        numbers = range(self.next, self.next + count)
        self.next += count
        self.open |= set(numbers)
        self.most = max(self.most, len(self.open))
        return [(number, {"x": number}) for number in numbers], 3.0 * count

    def tell(self, number, value):
        self.open.remove(number)
        self.told.append(number)


class Given:
    """Trial n reports values[n]; its truth is truths[n]."""
    best, median = 1.0, 3.0

    def __init__(self, values, truths=None):
        self.values, self.truths = values, truths or values

    def observed(self, params, number):
        return self.values[number]

    def truth(self, params):
        return self.truths[params["x"]]


def carry_out(instance, budget, in_flight=1):
    problem = problems.Problem("p", {}, lambda seed: instance)
    method = Counting()
    wanted = studies.wanted("p", 0, in_flight, budget)
    return drive.Study(method, problem, wanted).carry_out(), method


class Drive(unittest.TestCase):
    def test_the_incumbent_is_what_was_observed_best_judged_by_its_truth(self):
        line, _ = carry_out(Given([2.0, 1.5, 1.7, 1.4], [2.0, 3.0, 1.0, 2.0]), 4)
        self.assertEqual(line["curve"], [[1, 0.5], [2, 1.0], [4, 0.5]])
        self.assertEqual((line["p50_ms"], line["p99_ms"]), (3.0, 3.0))

    def test_as_many_as_wanted_are_in_flight_and_the_budget_is_kept(self):
        for in_flight in (1, 8, 64):
            _, method = carry_out(Given(list(range(100))), 100, in_flight)
            self.assertEqual(method.most, in_flight)
            self.assertEqual(sorted(method.told), list(range(100)))

    def test_trials_end_by_their_durations(self):
        _, method = carry_out(Given(list(range(8))), 8, 8)
        ends = {n: drive.duration("p", 0, n) for n in range(8)}
        self.assertEqual(method.told, sorted(ends, key=ends.get))
        self.assertNotEqual(method.told, sorted(method.told))

    def test_durations_are_log_normal(self):
        drawn = sorted(drive.duration("p", 0, n) for n in range(4001))
        self.assertAlmostEqual(drawn[2000], 1.0, delta=0.05)
        self.assertAlmostEqual(drawn[3365], 2.718281828 ** 0.5, delta=0.08)  # one sigma up

    def test_what_a_peer_prints_does_not_come_between_the_answers(self):
        class Talking(Counting):
            def __init__(self, name, options):
                print("a warning")

            def tell(self, number, value):
                print("told")

            def close(self):
                pass

        problem = problems.Problem("p", {}, lambda seed: Given([1.0, 2.0]))
        wanted, answers = studies.wanted("p", 0, 1, 2), io.StringIO()
        with mock.patch.dict(sys.modules, played_method=types.SimpleNamespace(Method=Talking)), \
                mock.patch.object(problems, "find", lambda name: problem), \
                mock.patch.multiple(sys, stdin=[json.dumps(wanted)], stdout=answers,
                                    stderr=io.StringIO()):
            drive.main("played:any", asks_version=False)
        self.assertEqual(json.loads(answers.getvalue())["curve"], [[1, 0.0]])

    def test_a_method_name_may_carry_options(self):
        self.assertEqual(drive.split_name("hpo:gp,pending=kriging_believer,candidates=64"),
                         ("hpo", "gp", {"pending": "kriging_believer", "candidates": 64}))


class Resumed(unittest.TestCase):
    def test_what_is_there_is_skipped_but_not_of_another_version_or_budget(self):
        def missing(version="1", budget=4):
            return search.missing("hpo:played", version, ["p", "q"], range(2), 1, budget)
        self.assertEqual(len(missing()), 4)
        studies.append("hpo:played", '{"problem": "q", "seed": 1, "in_flight": 1, "budget": 4, '
                       f'"revision": {problems.REVISION}, "version": "1"}}')
        self.assertEqual([(each["problem"], each["seed"]) for each in missing()],
                         [("p", 0), ("q", 0), ("p", 1)])
        self.assertEqual(len(missing(version="2")), 4)
        self.assertEqual(len(missing(budget=5)), 4)

    def test_a_line_that_a_crash_cut_off_is_carried_out_again(self):
        whole = '{"problem": "p", "seed": 0, "in_flight": 1, "budget": 4, "revision": 1, ' \
            '"version": "1"}'
        studies.append("hpo:cut", whole)
        path = pathlib.Path(studies.file_of("hpo:cut"))
        path.write_text(path.read_text() + whole[:30])
        self.assertEqual(len(studies.read("hpo:cut", "1")), 1)
        studies.append("hpo:cut", whole.replace('"seed": 0', '"seed": 1'))
        self.assertEqual(len(studies.read("hpo:cut", "1")), 2)


if __name__ == "__main__":
    unittest.main()
