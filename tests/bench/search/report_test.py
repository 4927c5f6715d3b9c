"""What the report says of studies that are written here by hand."""
import unittest

import report


def line(problem, seed, regret):
    return {"problem": problem, "seed": seed, "curve": [[1, 1.0], [20, regret]], "p50_ms": 0.5,
            "p99_ms": 2.0}


def lines(regrets):
    return [line(problem, seed, regret) for problem, regret in regrets.items() for seed in (0, 1)]


REPORTED, TUNING = "bbob/f1_sphere-d2", "bbob/f8_rosenbrock-d2"


class Report(unittest.TestCase):
    def test_ratio_wins_and_latency_are_told_with_noise_bound_and_tuning_problems_apart(self):
        text = report.text({
            "hpo:tpe": lines({REPORTED: 0.1, "hpobench/phoneme": 0.3, TUNING: 0.8}),
            "optuna:tpe": lines({REPORTED: 0.2, "hpobench/phoneme": 0.2, TUNING: 0.2}),
            "optuna:random": lines({REPORTED: 0.9, "hpobench/phoneme": 0.21, TUNING: 0.9})}, [25],
            ["optuna:tpe", "optuna:random"])
        reported, tuning = text.split("## problems for tuning")
        self.assertIn("| hpo:tpe | 6 | 0.5 | 2 |", reported)
        self.assertIn("| hpo:tpe | 2 | 2 | 0.2 |", reported)
        first = reported.split("| hpo:tpe to optuna:tpe |")[1].split("\n\n")[0]
        self.assertIn("| @25 | 1 | 2 | 0.50 [0.50, 0.50] | 1–0 |", first)
        self.assertIn("| @25 noise-bound | 1 | 2 | 1.50 [1.50, 1.50] | 0–1 |", first)
        self.assertIn("| @25 | 1 | 2 | 4.00 [4.00, 4.00] | 0–1 |", tuning)

    def test_how_many_seeds_each_side_has_is_told_and_a_pair_is_made_of_those_of_both(self):
        text = report.text({
            "hpo:tpe": lines({REPORTED: 0.1, "hpobench/phoneme": 0.3}),
            "optuna:gp": lines({REPORTED: 0.2}) + [line("hpobench/phoneme", 0, 0.3)]}, [25],
            ["optuna:gp"])
        self.assertIn("| hpo:tpe | 2 | 2 |", text)
        self.assertIn("| optuna:gp | 2 | 1–2 |", text)
        self.assertIn("| @25 | 2 | 3 | 0.71 ", text)

    def test_against_random_nothing_is_noise_bound(self):
        text = report.text({"hpo:tpe": lines({REPORTED: 0.5}),
                            "optuna:random": lines({REPORTED: 0.5})}, [25],
                           ["optuna:random"])
        self.assertIn("| @25 | 1 | 2 | 1.00 [1.00, 1.00] | 0–0 |", text)
        self.assertNotIn("noise-bound", text)

    def test_one_of_ours_can_be_the_peer_but_is_not_compared_with_itself(self):
        text = report.text({"hpo:gp": lines({REPORTED: 0.2}),
                            "hpo:gp,a=1": lines({REPORTED: 0.4})}, [25], ["hpo:gp,a=1"])
        self.assertIn("| hpo:gp to hpo:gp,a=1 |", text)
        self.assertIn("| @25 | 1 | 2 | 0.50 [0.50, 0.50] | 1–0 |", text)
        self.assertEqual(text.count(" to "), 1)

    def test_ours_stand_beside_each_other_in_each_group_and_auto_beside_the_best(self):
        text = report.text({"hpo:gp": lines({REPORTED: 0.2, "bbob/f1_sphere-d5": 0.1}),
                            "hpo:tpe": lines({REPORTED: 0.1, "bbob/f1_sphere-d5": 0.4}),
                            "hpo:auto": lines({REPORTED: 0.11, "bbob/f1_sphere-d5": 0.2})}, [25],
                           [])
        self.assertIn("| bbob d2 @25 | 1 | 0.2 | **0.1** | 0.11 | 1.10 [1.10, 1.10] |", text)
        self.assertIn("| bbob d5 @25 | 1 | **0.1** | 0.4 | 0.2 | 2.00 [2.00, 2.00] |", text)
        alone = report.text({"hpo:gp": lines({REPORTED: 0.2})}, [25], [])
        self.assertNotIn("geometric mean", alone)

    def test_a_method_without_studies_is_left_out(self):
        text = report.text({"hpo:tpe": lines({REPORTED: 0.5}), "optuna:gp": []}, [25],
                           ["optuna:gp"])
        self.assertNotIn("gp", text)


if __name__ == "__main__":
    unittest.main()
