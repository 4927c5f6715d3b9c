"""Studies on made-up curves whose times are known, and pruner_tell as a program."""
import json
import math
import os
import pathlib
import subprocess
import unittest

PROGRAM = pathlib.Path(os.environ["HPO_BIN"]).parent / "tests" / "pruner_tell"
os.environ["HPO_PRUNER_TELL"] = str(PROGRAM)
os.environ["HPO_ASK_TELL"] = str(PROGRAM.with_name("ask_tell"))

import curves
import proposers


def flat(value, seconds=1.0, load=0.0):
    """20 epochs of one AUC."""
    return [value] * 20, [seconds + load] + [seconds] * 19


class Studies(unittest.TestCase):
    def setUp(self):
        self.program = curves.Pruner()

    def tearDown(self):
        self.program.close()

    def ends(self, name, trainings, slots):
        order = curves.Shuffled(trainings, 1)
        study = curves.Study(self.program, curves.named(name), order, 1, slots)
        return list(study.run()), study

    def test_without_a_pruner_every_training_takes_its_time(self):
        ends, study = self.ends("none", [flat(0.5, 1.0), flat(0.7, 2.0)], 2)
        self.assertEqual(sorted(ends), [(20.0, 0.5), (40.0, 0.7)])
        self.assertEqual(study.seconds_busy, 60.0)
        ends, _ = self.ends("none", [flat(0.5)] * 3, 1)
        self.assertEqual([now for now, _ in ends], [20.0, 40.0, 60.0])

    def test_asha_ends_what_is_worse_at_the_first_rung(self):
        trainings = [flat(0.5 + i / 1000) for i in range(30)]
        ends, study = self.ends("asha", trainings, 1)
        self.assertIn(0.529, [value for _, value in ends])
        self.assertLess(len(ends), 15)
        self.assertEqual(study.now, study.seconds_busy)  # one slot, never idle
        self.assertLess(study.now, 0.7 * 600)

    def test_a_paused_training_goes_on_where_it_was_and_reads_its_data_again(self):
        trainings = [flat(0.5 + i / 1000, 1.0, load=2.0) for i in range(9)]
        ends, study = self.ends("asha type=promotion", trainings, 1)
        busy = study.seconds_busy
        self.assertEqual(max(value for _, value in ends), 0.508)
        self.assertGreaterEqual(busy, 9 * 7.0)      # all to the first rung
        self.assertLess(busy, 9 * 7.0 + 3 * 15.0 + 1e-9)  # a third at most beyond
        self.assertGreater(study.now, busy)  # the second reading is no epoch

    def test_a_score_that_nobody_has_is_never_reached(self):
        whole = curves.named("none")
        times = curves.times_to(0.9, self.program, whole, [flat(0.5)], seeds=range(2))
        self.assertEqual(times, [math.inf, math.inf])

    def test_equal_times_have_the_ratio_one(self):
        self.assertEqual(curves.ratio_interval([3.0, 5.0, 9.0], [3.0, 5.0, 9.0]), (1.0, 1.0))


    def test_a_pruner_is_named_with_its_options(self):
        self.assertEqual(curves.named("asha eta=2 type=promotion"),
                         {"pruner": {"type": "asha", "options": {"type": "promotion"}},
                          "fidelity": dict(curves.FIDELITY, eta=2)})


class Proposers(unittest.TestCase):
    def test_each_training_is_taken_once_and_its_ends_are_told(self):
        trainings = [flat(0.5 + i / 1000) for i in range(12)]
        order = proposers.Proposed("bohb", trainings, 1, 4)
        program = curves.Pruner()
        study = curves.Study(program, curves.named("asha"), order, 1, 4)
        self.assertIn(0.511, [value for _, value in study.run()])
        self.assertCountEqual(study.curves, trainings)
        order.close()
        program.close()

    def test_every_params_have_their_place_in_the_unit_cube(self):
        for number in range(20):
            params = proposers.draw(proposers.SPACE, number)
            self.assertTrue(all(-1e-9 <= x <= 1 + 1e-9 for x in proposers.places(params)))


class PrunerTell(unittest.TestCase):
    def converse(self, *requests):
        text = "".join((each if isinstance(each, str) else json.dumps(each)) + "\n"
                       for each in requests)
        done = subprocess.run([PROGRAM], input=text, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_a_wrong_request_is_refused_and_harms_nothing(self):
        study = {"name": "s", "space": {"x": {"float": [0, 1]}}, "objective": {"minimize": "l"},
                 "command": ["true"], "workdir": "/", "pruner": "median"}
        answers = self.converse(
            {"report": {}}, "{", {"study": {"name": 1}}, {"study": study},
            {"report": {"trial": -1, "step": 1, "value": 1}},
            {"finished": {"trial": 0, "state": "running"}}, {"taken_up": "a"}, {"odd": 1},
            {"report": {"trial": 0, "step": 1, "value": 0.5}}, {"take_up": True})
        for refused in answers[:3] + answers[4:8]:
            self.assertIn("error", refused)
        self.assertEqual(answers[3]["pruner"], "median")
        self.assertEqual(answers[8], {"verdict": "go_on", "rung": -1, "reason": ""})
        self.assertEqual(answers[9], {})


class Recorded(unittest.TestCase):
    def test_all_trainings_are_whole(self):
        trainings = curves.recorded()
        self.assertGreaterEqual(len(trainings), 200)
        for values, seconds in trainings:
            self.assertEqual((len(values), len(seconds)), (20, 20))
            self.assertTrue(all(0 <= value < 1 for value in values))
            self.assertTrue(all(each > 0 for each in seconds))


if __name__ == "__main__":
    unittest.main()
