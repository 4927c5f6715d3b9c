"""The problems: published values of BBOB worked out by hand, targets, the split, conditions."""
import math
import random
import unittest

import bbob
import mixed
import numpy as np
import problems
import spaces


def plain_frame(x_opt=(0.0, 0.0), signs=(1.0, 1.0)):
    """Of two dimensions, not rotated: Λ^10 is (1, sqrt(10))."""
    frame = bbob.Frame(2, np.random.default_rng(0))
    frame.R = frame.Q = np.eye(2)
    frame.x_opt, frame.signs = np.array(x_opt), np.array(signs)
    return frame


def value(function, x, **frame):
    return bbob.FUNCTIONS[function](plain_frame(**frame))(np.array([x], dtype=float))[0]


class Bbob(unittest.TestCase):
    def test_the_oscillation_and_the_asymmetry_are_the_reports(self):
        e = math.e
        self.assertAlmostEqual(float(bbob.t_osz(np.array(e))),
                               math.exp(1 + 0.049 * (math.sin(10) + math.sin(7.9))))
        self.assertAlmostEqual(float(bbob.t_osz(np.array(-e))),
                               -math.exp(1 + 0.049 * (math.sin(5.5) + math.sin(3.1))))
        self.assertEqual(float(bbob.t_osz(np.array(0.0))), 0)
        bent = bbob.t_asy(np.array([4.0, 4.0, -4.0]), 0.5, np.array([0.0, 1.0, 1.0]))
        np.testing.assert_allclose(bent, [4, 16, -4])

    def test_values_without_rotation_are_those_worked_out_by_hand(self):
        self.assertAlmostEqual(value("f1_sphere", [3, 4]), 25)
        self.assertAlmostEqual(value("f3_rastrigin", [1, 0]), 1)
        self.assertAlmostEqual(value("f15_rastrigin_rotated", [-1, 0]), 1)
        self.assertAlmostEqual(value("f6_attractive_sector", [0, 1], x_opt=(1.0, 1.0)), 1)
        self.assertAlmostEqual(value("f6_attractive_sector", [2, 1], x_opt=(1.0, 1.0)),
                               bbob.t_osz(np.array(1e4)) ** 0.9)
        self.assertAlmostEqual(value("f8_rosenbrock", [-1, -1]), 1)
        self.assertAlmostEqual(value("f10_ellipsoid", [1, -1]), 1 + 1e6)
        self.assertAlmostEqual(value("f12_bent_cigar", [-1, -1]), 1 + 1e6)
        self.assertAlmostEqual(value("f17_schaffers", [-1, 0]), (1 + math.sin(50) ** 2) ** 2)

    def test_schwefel_at_the_origin_is_that_worked_out_by_hand(self):
        two = 4.2096874633
        z = 100 * (math.sqrt(10) * (-0.25 * two - two) + two)
        expected = 4.189828872724339 - z * math.sin(math.sqrt(-z)) / 200 + 100 * (-z / 100 - 5) ** 2
        self.assertAlmostEqual(value("f20_schwefel", [0, 0]), expected)

    def test_beside_gallaghers_highest_peak_it_alone_counts(self):
        bend = 1000 ** -0.25  # of Λ^1000 the first or the second is at this axis
        found = value("f21_gallagher", [2.001, 2.0], x_opt=(2.0, 2.0))
        expected = [float(bbob.t_osz(np.array(10 - 10 * math.exp(-bend * c * 1e-6 / 4)))) ** 2
                    for c in (1, math.sqrt(1000))]
        self.assertTrue(any(math.isclose(found, each, rel_tol=1e-6) for each in expected))

    def test_all_are_0_at_their_optimum_and_above_elsewhere(self):
        rng = np.random.default_rng(1)
        for name in problems.BBOB:
            for seed in range(3):
                instance = problems.find(name).instance(seed)
                self.assertTrue(np.all(np.abs(instance.x_opt) <= 5), name)
                self.assertAlmostEqual(instance.truth(dict(enumerate(instance.x_opt))), 0)
                near = instance.x_opt + rng.uniform(-1e-2, 1e-2, (100, len(instance.x_opt)))
                self.assertGreater(instance.f(near).min(), 0, name)

    def test_rotations_are_orthogonal_and_instances_differ_by_seed(self):
        frame = bbob.Frame(10, np.random.default_rng(3))
        np.testing.assert_allclose(frame.R @ frame.R.T, np.eye(10), atol=1e-12)
        first, second = (problems.find("bbob/f1_sphere-d5").instance(seed) for seed in (0, 1))
        self.assertFalse(np.allclose(first.x_opt, second.x_opt))


class Mixed(unittest.TestCase):
    def test_all_reach_0_at_their_target_and_are_never_below(self):
        for name in mixed.SPACES:
            for seed in range(5):
                instance, rng = mixed.Instance(name, seed), random.Random(seed)
                self.assertEqual(instance.truth(instance.target), 0)
                flat = spaces.without_conditions(mixed.SPACES[name])
                values = [instance.truth(spaces.random_params(flat, rng)) for _ in range(200)]
                self.assertGreaterEqual(min(values), 0)
                self.assertGreater(instance.median, 0.1)

    def test_what_is_not_active_has_no_effect_and_may_be_missing(self):
        for name in filter(mixed.is_conditional, mixed.SPACES):
            instance, rng = mixed.Instance(name, 0), random.Random(0)
            flat, space = spaces.without_conditions(mixed.SPACES[name]), mixed.SPACES[name]
            left_out = 0
            for _ in range(100):
                params = spaces.random_params(flat, rng)
                active = spaces.active_params(space, params)
                left_out += len(params) - len(active)
                self.assertEqual(instance.truth(params), instance.truth(active))
            self.assertGreater(left_out, 0)

    def test_conditions_reach_along_chains(self):
        space = {"a": {"bool": True}, "b": {"int": [1, 9], "when": {"a": True}},
                 "c": {"int": [1, 9], "when": {"b": {"min": 3, "max": 5}}}}
        self.assertEqual(spaces.active_params(space, {"a": True, "b": 4, "c": 1}),
                         {"a": True, "b": 4, "c": 1})
        self.assertEqual(spaces.active_params(space, {"a": True, "b": 6, "c": 1}),
                         {"a": True, "b": 6})
        self.assertEqual(spaces.active_params(space, {"a": False, "b": 4, "c": 1}), {"a": False})

    def test_values_that_match_are_listed_and_made_plain(self):
        layers = {"int": [1, 9], "step": 2}
        self.assertEqual(spaces.matching_values(layers, {"min": 4}), [5, 7, 9])
        self.assertEqual(spaces.matching_values({"bool": True}, True), [True])
        self.assertEqual(spaces.matching_values({"choice": ["a", "b", "c"]}, ["a", "c"]),
                         ["a", "c"])
        plain = [spaces.plain(layers, np.int64(5)), spaces.plain({"ordinal": [8, 16]}, 16.0),
                 spaces.plain({"bool": True}, "False"), spaces.plain({"choice": ["a"]}, "a"),
                 spaces.plain({"float": [0, 1.0]}, 1.0000001)]
        self.assertEqual([(type(each), each) for each in plain],
                         [(int, 5), (int, 16), (bool, False), (str, "a"), (float, 1.0)])

    def test_a_peer_without_conditions_and_ordinals_is_asked_for_all_and_by_index(self):
        space = {"net": {"choice": ["flat", "deep"]}, "batch": {"ordinal": [16, 32, 64]},
                 "tiles": {"int": [0, 64], "step": 8},
                 "depth": {"int": [1, 9], "when": {"net": "deep"}}}
        self.assertEqual([name for name, each in space.items() if spaces.is_indexed(each)],
                         ["batch", "tiles"])
        suggested = {"net": "flat", "batch": np.int64(2), "tiles": 3.0, "depth": np.int64(4)}
        self.assertEqual(spaces.from_flat(space, suggested),
                         {"net": "flat", "batch": 64, "tiles": 24})
        self.assertEqual(spaces.from_flat(space, {**suggested, "net": "deep"})["depth"], 4)


class Split(unittest.TestCase):
    def test_a_third_is_for_tuning_and_no_function_is_on_both_sides(self):
        tuning = [name for name in problems.NAMES if problems.is_tuning(name)]
        self.assertEqual((len(problems.NAMES), len(tuning)), (53, 17))
        self.assertEqual(len(set(problems.NAMES)), 53)
        for name in problems.BBOB:
            other = [each for each in problems.BBOB if each.split("-d")[0] == name.split("-d")[0]]
            self.assertEqual(len({problems.is_tuning(each) for each in other}), 1)
        for prefix in problems.TUNING:
            self.assertTrue(any(name.startswith(prefix)
                                for name in problems.NAMES + problems.LIVE), prefix)


if __name__ == "__main__":
    unittest.main()
