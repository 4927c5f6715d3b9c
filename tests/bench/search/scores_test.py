"""The statistics of the comparison, against cases that can be worked out by hand."""
import math
import random
import unittest

import scores


def side(**problems):
    return {name: dict(enumerate(regrets)) for name, regrets in problems.items()}


class Scores(unittest.TestCase):
    def test_the_regret_after_n_trials_is_that_of_the_incumbent_then(self):
        curve = [[1, 0.9], [4, 0.5], [9, 0.7]]  # lucky noise: a worse incumbent is possible
        self.assertEqual([scores.regret_at(curve, n) for n in (1, 3, 4, 8, 9, 100)],
                         [0.9, 0.9, 0.5, 0.5, 0.7, 0.7])

    def test_the_ratio_is_the_geometric_mean_over_problems_of_means_over_seeds(self):
        ours, peer = side(a=[0.1, 0.3], b=[0.4, 0.4]), side(a=[0.1, 0.1], b=[0.1, 0.1])
        self.assertAlmostEqual(scores.ratio(ours, peer), math.sqrt(2 * 4))

    def test_a_level_is_the_geometric_mean_over_problems_of_means_over_seeds(self):
        self.assertAlmostEqual(scores.level(side(a=[0.1, 0.3], b=[0.4, 0.4])), math.sqrt(0.08))
        self.assertAlmostEqual(scores.level(side(a=[1e-9], b=[0.1])), math.sqrt(1e-4))

    def test_regrets_below_the_floor_are_equal(self):
        ours, peer = side(a=[1e-9], b=[0.2]), side(a=[9e-4], b=[0.1])
        self.assertAlmostEqual(scores.ratio(ours, peer), math.sqrt(2))
        self.assertEqual(scores.wins_and_losses(ours, peer), (0, 1))

    def test_a_method_beside_itself_has_ratio_1_and_no_width(self):
        ours = side(a=[0.1, 0.2, 0.9], b=[0.3, 0.02, 0.5])
        self.assertEqual(scores.ratio(ours, ours), 1)
        self.assertEqual(scores.interval(ours, ours), (1, 1))
        self.assertEqual(scores.wins_and_losses(ours, ours), (0, 0))

    def test_seeds_are_paired_so_what_both_sides_share_does_not_widen_the_interval(self):
        rng = random.Random(1)
        peer = side(**{name: [10 ** rng.uniform(-2, 0) for _ in range(10)] for name in "abcd"})
        ours = {name: {s: r / 2 for s, r in each.items()} for name, each in peer.items()}
        low, high = scores.interval(ours, peer)
        self.assertAlmostEqual(low, 0.5)
        self.assertAlmostEqual(high, 0.5)
        mixed_up = {name: {s: each[(s + 1) % 10] for s in each} for name, each in ours.items()}
        low, high = scores.interval(mixed_up, peer)
        self.assertLess(low, 0.45)
        self.assertGreater(high, 0.55)

    def test_the_interval_is_that_of_problems_and_seeds_together(self):
        # One seed each: the mean of n logs of ±1 has the standard deviation 1/sqrt(n).
        n = 64
        ours = {str(i): {0: math.exp(-1 if i % 2 else 1) * 0.1} for i in range(n)}
        peer = {str(i): {0: 0.1} for i in range(n)}
        low, high = scores.interval(ours, peer, resamples=4000)
        self.assertAlmostEqual(math.log(high), 1.645 / math.sqrt(n), delta=0.04)
        self.assertAlmostEqual(math.log(low), -1.645 / math.sqrt(n), delta=0.04)
        seeds = {"a": {i: (0.2 if i % 2 else 0.1) for i in range(n)}}
        low, high = scores.interval(seeds, {"a": dict.fromkeys(range(n), 0.15)})
        self.assertAlmostEqual(high, 1 + 1.645 * (1 / 3) / math.sqrt(n), delta=0.03)

    def test_the_interval_repeats_from_its_seed(self):
        ours, peer = side(a=[0.1, 0.4], b=[0.2, 0.3]), side(a=[0.2, 0.1], b=[0.5, 0.3])
        self.assertEqual(scores.interval(ours, peer), scores.interval(ours, peer))

    def test_a_problem_is_noise_bound_where_random_is_within_1_2_of_the_peer(self):
        peer = side(a=[0.1], b=[0.1], c=[1e-9])
        chance = side(a=[0.11], b=[0.13], c=[1e-5])
        self.assertEqual(scores.noise_bound(peer, chance), {"a", "c"})

    def test_only_problems_and_seeds_that_all_have_are_compared(self):
        ours, peer = scores.shared(side(a=[0.1, 0.2], b=[0.3]), side(a=[0.5], c=[0.1]))
        self.assertEqual((ours, peer), ({"a": {0: 0.1}}, {"a": {0: 0.5}}))


if __name__ == "__main__":
    unittest.main()
