"""The recorded trainings: whole, of the levels that are named, and the same for all methods."""
import math
import unittest

import numpy as np
import problems
import spaces
import trainings


class Recorded(unittest.TestCase):
    def test_each_table_has_all_combinations_of_its_levels_and_three_trainings_of_each(self):
        for name in trainings.PARAMETERS:
            table, levels = trainings.table(name), trainings.levels(name)
            self.assertEqual(table.levels, levels)
            self.assertEqual(table.recorded.shape,
                             (math.prod(map(len, levels.values())), trainings.SEEDS))
            self.assertTrue(np.isfinite(table.recorded).all(), name)
            self.assertLess(table.best, 0.7 * table.median)

    def test_levels_lie_in_the_ranges_that_live_trials_draw_from(self):
        for name in trainings.PARAMETERS:
            for key, range_ in trainings.space(name).items():
                levels, kind = trainings.levels(name)[key], spaces.type_of(range_)
                self.assertEqual(len(set(levels)), len(levels), (name, key))
                if kind != "choice":
                    self.assertEqual([levels[0], levels[-1]], range_[kind], (name, key))

    def test_what_is_observed_is_one_of_the_three_and_the_same_for_all_methods(self):
        problem = problems.find("training/boosting")
        one, other = problem.instance(5), problem.instance(5)
        params = {key: each["ordinal"][1] for key, each in problem.space.items()}
        seen = {one.observed(params, number) for number in range(50)}
        self.assertEqual(seen, set(one.table.recorded[one.table.row(params)]))
        self.assertEqual([one.observed(params, number) for number in range(9)],
                         [other.observed(params, number) for number in range(9)])


if __name__ == "__main__":
    unittest.main()
