"""The jets example: its data are what they claim, and its training tells W from QCD."""
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import unittest

import numpy as np

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
JETS = os.path.join(ROOT, "examples/jets")
sys.path.insert(0, JETS)
import train

SHA256 = "e6793bb5043e06513fe5501a6c89105f16482aa7f5eae99abcda9177c738180f"
PT_GEV = 550.0
AUC_OF_DEFAULTS = 0.8585  # mean over 10 seeds; they spread by 0.002
MEMORY_MAX_KB = 150 * 1024  # the largest child of this file so far; 65 MB measured


def environment(**more):
    """Ours without a trial's variables, so that these tests may themselves be a trial."""
    clean = {name: text for name, text in os.environ.items() if not name.startswith("HPO_")}
    return dict(clean, **more)


def script(*arguments, **more):
    return subprocess.run([sys.executable, os.path.join(JETS, "train.py")] + list(arguments),
                          env=environment(**more), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          universal_newlines=True)


def masses(fraction, dy, dphi):
    """Of massless constituents in a jet of PT_GEV at y = phi = 0."""
    pt = PT_GEV * fraction
    px, py, pz, energy = (pt * np.cos(dphi)).sum(1), (pt * np.sin(dphi)).sum(1), \
        (pt * np.sinh(dy)).sum(1), (pt * np.cosh(dy)).sum(1)
    return np.sqrt(np.maximum(energy ** 2 - px ** 2 - py ** 2 - pz ** 2, 0))


def peak(values, width=5.0):
    counts, edges = np.histogram(values, np.arange(0, 200, width))
    return edges[counts.argmax()] + width / 2


class Data(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.parts = {part: train.load_jets(part) for part in train.PARTS}
        cls.all = [np.concatenate([cls.parts[part][k] for part in train.PARTS]) for k in range(4)]

    def test_the_file_is_the_one_that_was_measured(self):
        with open(os.path.join(JETS, "jets.npz"), "rb") as file:
            content = file.read()
        self.assertEqual(hashlib.sha256(content).hexdigest(), SHA256)
        self.assertLessEqual(len(content), 2 * 1000 * 1000)

    def test_half_of_each_part_are_w_jets(self):
        sizes = {part: (len(jets[3]), int(jets[3].sum())) for part, jets in self.parts.items()}
        self.assertEqual(sizes, {"train": (16000, 8000), "validation": (8000, 4000),
                                 "test": (16000, 8000)})

    def test_no_jet_stands_in_two_parts(self):
        rows = np.concatenate(self.all[:3], axis=1)
        self.assertEqual(len(np.unique(rows, axis=0)), 40000)

    def test_constituents_come_by_falling_pt_and_empty_ones_last(self):
        fraction, dy, dphi, _ = self.all
        self.assertTrue((np.diff(fraction, axis=1) <= 0).all())
        self.assertTrue((dy[fraction == 0] == 0).all() and (dphi[fraction == 0] == 0).all())
        self.assertTrue((fraction[:, 0] > 0).all())

    def test_w_jets_weigh_65_gev_with_16_constituents_and_qcd_jets_10(self):
        fraction, dy, dphi, is_w = self.all
        mass = masses(fraction, dy, dphi)
        self.assertAlmostEqual(peak(mass[is_w]), 65, delta=5)
        self.assertAlmostEqual(peak(mass[~is_w]), 10, delta=5)

    def test_16_constituents_carry_most_of_a_w_jets_pt(self):
        fraction, _, _, is_w = self.all
        self.assertAlmostEqual(fraction[is_w].sum(axis=1).mean(), 0.87, delta=0.01)


class Features(unittest.TestCase):
    def test_rotation_puts_the_principal_axis_upright_and_keeps_distances(self):
        pt, dy, dphi, _ = train.load_jets("validation")
        y, phi = train.rotate(pt, dy, dphi)
        np.testing.assert_allclose((pt * y * phi).sum(axis=1), 0, atol=1e-5)
        self.assertTrue(((pt * y * y).sum(axis=1) <= (pt * phi * phi).sum(axis=1) + 1e-6).all())
        np.testing.assert_allclose(np.hypot(y, phi), np.hypot(dy, dphi), atol=1e-5)

    def test_flip_puts_the_heavier_side_on_the_positive_one(self):
        pt, dy, _, _ = train.load_jets("validation")
        y = train.flip(pt, dy)
        self.assertTrue(((pt * np.sign(y)).sum(axis=1) >= 0).all())
        np.testing.assert_array_equal(np.abs(y), np.abs(dy))

    def test_figures_of_a_known_order(self):
        is_w = np.array([0, 0, 0, 0, 1, 1])
        self.assertEqual(train.figures(np.array([1., 2., 3., 4., 5., 6.]), is_w)["auc"], 1.0)
        found = train.figures(np.array([1., 2., 3., 9., 4., 5.]), is_w)
        self.assertEqual(found, {"auc": 0.75, "rejection_50": 4.0})
        self.assertEqual(train.figures(np.zeros(6), is_w), {"auc": 0.5, "rejection_50": 1.0})
        self.assertTrue(np.isnan(train.figures(np.array([np.nan] * 6), is_w)["auc"]))


class Network(unittest.TestCase):
    def test_the_gradient_is_that_of_the_cross_entropy(self):
        for activation in ("relu", "tanh"):
            random = np.random.default_rng(1)
            network = train.Network(6, dict(train.DEFAULTS, width=5, activation=activation), random)
            x, y = random.normal(size=(32, 6)), random.integers(0, 2, 32).astype(float)
            network.learn(x, y)
            # float32 is too coarse for differences: the same weights once more, in float64
            shapes = [weights.shape for weights, _ in network.layers]
            weights = network.weights_all.astype(float)
            network.layers = network._views(weights, shapes)
            for k in range(len(weights)):
                losses, kept = [], weights[k]
                for step in (-1e-6, 1e-6):
                    weights[k] = kept + step
                    score = network.scores(x)
                    losses.append(np.mean(np.logaddexp(0, score) - y * score))
                weights[k] = kept
                self.assertAlmostEqual((losses[1] - losses[0]) / 2e-6, network.gradient[k],
                                       delta=1e-5)


class Training(unittest.TestCase):
    def test_by_hand_the_defaults_reach_their_auc_and_seed_0_repeats(self):
        done, again = script(), script("--seed", "0")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        values = json.loads(done.stdout)
        self.assertEqual(sorted(values), ["auc", "rejection_50"])
        self.assertAlmostEqual(values["auc"], AUC_OF_DEFAULTS, delta=0.006)
        self.assertEqual(again.stdout, done.stdout)

    def test_in_a_trial_params_seed_and_metrics_go_through_the_files(self):
        with tempfile.TemporaryDirectory() as directory:
            files = {name: os.path.join(directory, name)
                     for name in ("params", "result", "metrics")}
            with open(files["params"], "w") as file:
                params = {"width": 16, "layers": 1, "optimizer": "sgd"}
                json.dump({"params": params, "trial": 4}, file)
            done = script(HPO_JOB="hpoaaaaaaaaaaaa", HPO_TRIAL="4", HPO_PARAMS_FILE=files["params"],
                          HPO_RESULT_FILE=files["result"], HPO_METRICS_FILE=files["metrics"])
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
            with open(files["result"]) as file:
                values = json.load(file)
            with open(files["metrics"]) as file:
                reports = [json.loads(line) for line in file]
        by_hand = script("--seed=4", "--width=16", "--layers", "1", "--optimizer=sgd")
        self.assertEqual(json.loads(by_hand.stdout), values)
        self.assertEqual([report["step"] for report in reports], list(range(1, 21)))
        self.assertEqual(reports[-1]["auc"], values["auc"])

    def test_every_choice_trains(self):
        done = script("--test", "--constituents=4", "--align=rotate+flip", "--log_pt=true",
                      "--layers=3", "--width=16", "--activation=tanh", "--dropout=0.2",
                      "--batch=512", "--schedule=cosine", "--weight_decay=0.3", "--init_scale=0.05")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sorted(json.loads(done.stdout)),
                         ["auc", "rejection_50", "test_auc", "test_rejection_50"])

    def test_the_script_is_short(self):
        with open(os.path.join(JETS, "train.py")) as file:
            self.assertLessEqual(len(file.readlines()), 200)

    def test_wrong_options_are_refused(self):
        for option in ("--align=sideways", "--log_pt=maybe", "--depth=3", "--width=2.5"):
            done = script(option)
            self.assertEqual(done.returncode, 2)
            self.assertIn(option.split("=")[0], done.stderr)

    def test_a_training_needs_little_memory(self):
        script()
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, MEMORY_MAX_KB)


class Study(unittest.TestCase):
    def test_the_space_is_the_scripts_and_its_defaults_are_the_same(self):
        with open(os.path.join(JETS, "study.json")) as file:
            study = json.load(file)
        defaults = {name: definition["default"] for name, definition in study["space"].items()}
        self.assertEqual(defaults, train.DEFAULTS)
        choices = {name: definition["choice"] for name, definition in study["space"].items()
                   if "choice" in definition}
        self.assertEqual(choices, train.CHOICES)

    def test_the_comparison_retrains_both_on_the_test_part(self):
        done = subprocess.run([sys.executable, os.path.join(JETS, "compare.py"), "--json"],
                              input=json.dumps({"width": 64, "dropout": 0.2, "log_pt": False}),
                              env=environment(), stdout=subprocess.PIPE, universal_newlines=True)
        self.assertEqual(done.returncode, 0)
        compared = json.loads(done.stdout)
        before, after = (compared[name]["test_rejection_50"] for name in ("defaults", "best"))
        self.assertLess(before["mean"], after["mean"])
        self.assertGreater(before["sd"], 0)
        self.assertEqual(compared["command"][-3:],
                         ["--width=64", "--dropout=0.2", "--log_pt=false"])


if __name__ == "__main__":
    unittest.main()
