"""Which studies a figure of search is made of, with studies that are written here by hand."""
import pathlib
import sys
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import regrets  # noqa: E402  (of this folder)

PEER = "hpo:gp,pending=kriging_believer"
REGRETS = {("hpo:gp", 1, 100): 0.1, ("hpo:gp", 8, 128): 0.3, (PEER, 8, 128): 0.2,
           ("optuna:random", 1, 100): 0.9, ("optuna:random", 8, 128): 0.21,
           ("hpo:gp", 1, 200): 0.05, (PEER, 64, 256): 0.1}


def lines_of(method, _version, _names, seeds, in_flight, budget):
    regret = REGRETS.get((method, in_flight, budget))
    return [{"problem": "bbob/f1_sphere-d2", "seed": seed, "curve": [[1, 1.0], [20, regret]]}
            for seed in list(seeds)[:regrets.SEEDS_MIN] if regret is not None]


def figure(*arguments, **options):
    """Name and value of what is recorded, or None."""
    with mock.patch.object(regrets.search, "lines_of", lines_of), \
            mock.patch.object(regrets.environments, "version_of", str), \
            mock.patch.object(regrets.harness, "record") as record, mock.patch("builtins.print"):
        regrets.ratio(*arguments, **options)
    return record.call_args and record.call_args.args


class Regrets(unittest.TestCase):
    def test_alone_is_compared_with_what_has_trials_in_flight_after_as_many_trials(self):
        name, value = figure("hpo:gp", PEER, 50, 0.8, in_flight=8, alone=True)
        self.assertEqual(name, "regret after 50 trials: gp, alone, to gp, "
                               "pending=kriging_believer, 8 in flight")
        self.assertAlmostEqual(value, 0.5)

    def test_alone_after_more_trials_than_usual_it_is_that_of_a_longer_study(self):
        self.assertAlmostEqual(
            figure("hpo:gp", PEER, 200, 0.75, in_flight=64, alone=True)[1], 0.5)

    def test_both_in_flight_what_random_nearly_reaches_is_left_out_and_nothing_is_recorded(self):
        self.assertIsNone(figure("hpo:gp", PEER, 50, 0.8, in_flight=8))


if __name__ == "__main__":
    unittest.main()
