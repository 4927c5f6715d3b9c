#!/usr/bin/env python3
"""The promise: whatever is killed, frozen or cut, of hpod, workers, trainings, networks and nodes,
no trial is lost, none counts twice, and what was begun goes on from its checkpoint.

A short run; README.md has the command of a long one. And the verdict on a run is tested itself.
"""
import json
import pathlib
import sqlite3
import tempfile
import unittest

import fault_run  # first: it finds the other folders
import training
import verdict
from support import needs_cluster

FAULTS, SEED, STEPS = 16, 1, 3
X = 0.5
VALUE = training.whole(X, STEPS)
TABLES = """
CREATE TABLE studies(id, name, state, completed);
CREATE TABLE trials(study, number, state, params, value);
CREATE TABLE attempts(study, trial, number, fence, state);
CREATE TABLE events(seq INTEGER PRIMARY KEY, study, kind, data);
"""
RESULT = ("attempt_ended", {"trial": 0, "outcome": {"status": "completed"}})
BEGINS = [("attempt_started", {"trial": 0, "fence": fence}) for fence in (1, 2)]
# What, attempt, fence, step; the first one was lost.
FIRST = ["begun 1 1 0", "saving 1 1 1", "saved 1 1 1", "saving 1 1 2", "saved 1 1 2"]
SECOND = ["begun 2 2 2", "saving 2 2 3", "saved 2 2 3", "ended 2 2 3"]


@needs_cluster()
class FaultRunTest(unittest.TestCase):
    def test_a_few_random_faults_lose_and_double_nothing(self):
        self.assertEqual(fault_run.carry_out(FAULTS, SEED, trials=8, steps=6), [])


class VerdictTest(unittest.TestCase):
    """One trial, whose second attempt goes on where the lost first one had stopped."""

    def findings(self, lines=(*FIRST, *SECOND), states=("lost", "succeeded"), value=VALUE,
                 events=(*BEGINS, RESULT)):
        with tempfile.TemporaryDirectory() as name:
            state = pathlib.Path(name)
            with sqlite3.connect(state / "hpo.db") as database:
                database.executescript(TABLES)
                database.execute("INSERT INTO studies VALUES (1, 's', 'finished', 1)")
                database.execute("INSERT INTO trials VALUES (1, 0, 'completed', ?, ?)",
                                 (json.dumps({"x": X}), value))
                database.executemany("INSERT INTO attempts VALUES (1, 0, ?, ?, ?)",
                                     [(n, n, state) for n, state in enumerate(states, 1)])
                database.executemany("INSERT INTO events(study, kind, data) VALUES (1, ?, ?)",
                                     [(kind, json.dumps(data)) for kind, data in events])
            database.close()
            ledger = state / "ledger"
            ledger.write_text("".join(
                "{} s 0 {} {} {} {}\n".format(*line.split(), at) for at, line in enumerate(lines)))
            return verdict.check(state, ledger, ["s"], STEPS)[1]

    def check_finds(self, what, **world):
        found = self.findings(**world)
        self.assertTrue(any(what in finding for finding in found), found)

    def test_nothing_is_found_where_nothing_is_wrong(self):
        self.assertEqual(self.findings(), [])

    def test_what_is_lost_or_counted_twice_is_found(self):
        self.check_finds("completed with", value=VALUE + 1)
        self.check_finds("2 results counted", states=("succeeded", "succeeded"))
        self.check_finds("completed by no attempt", states=("lost", "failed"))
        self.check_finds("begun after its result", events=(BEGINS[0], RESULT, BEGINS[1]))

    def test_trainings_that_were_none_of_the_plan_are_found(self):
        self.check_finds("trained 2 times", lines=(*FIRST, *SECOND, SECOND[0]))
        self.check_finds("of nobody", events=(BEGINS[0], RESULT))
        self.check_finds("no training came to its end", lines=(*FIRST, *SECOND[:-1]))
        self.check_finds("at once", lines=(*FIRST, SECOND[0], "saved 1 1 3", *SECOND[1:]),
                         states=("failed", "succeeded"))

    def test_whoever_begins_at_another_step_than_was_saved_is_found(self):
        self.check_finds("began at 0, not at 2", lines=(*FIRST, "begun 2 2 0", *SECOND[1:]))
        self.check_finds("that nobody saved", lines=(FIRST[0], *SECOND))


if __name__ == "__main__":
    unittest.main()
