"""Tells the jet of a boosted W boson from a QCD jet by its constituents: a small network.

    python3 train.py                                 trains the defaults and prints the result
    python3 train.py --test --seed 7 --width=100     other values, scored on the test part too

In a trial of study.json the params come from hpo instead; see README.md for the figures.
"""
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when numpy loads; trials share the cores

import argparse
import sys

import numpy as np

HERE = os.path.dirname(os.path.realpath(__file__))
# hpo.py lies in this checkout, by hand as in a trial, unless HPO_HELPERS says where else.
sys.path.insert(0, os.environ.get("HPO_HELPERS", HERE + "/../../executors/runner/helpers"))
import hpo

DEFAULTS = {"constituents": 16, "align": "none", "log_pt": False, "layers": 2, "width": 64,
            "activation": "relu", "dropout": 0.0, "init_scale": 1.0, "batch": 128,
            "weight_decay": 1e-5, "schedule": "const", "optimizer": "adam", "learning_rate": 1e-3}
CHOICES = {"align": ["none", "rotate", "rotate+flip"], "activation": ["relu", "tanh"],
           "schedule": ["const", "cosine"], "optimizer": ["adam", "sgd"]}
PARTS = {"train": slice(0, 16000), "validation": slice(16000, 24000), "test": slice(24000, 40000)}
EPOCHS = 20
FRACTION_MIN = 1e-4   # of the pT code, see make_data.py
ANGLE_UNITS = 150.0
SGD_RATE_FACTOR = 25  # so that one range of learning rates suits both optimizers


def load_jets(part, path=os.path.join(HERE, "jets.npz")):
    """pT fraction, y and phi from the jet's axis (each jets x 16), and whether it is a W."""
    with np.load(path) as data:
        code, dy, dphi = (data[name][PARTS[part]].astype(np.float32)
                          for name in ("pt", "dy", "dphi"))
        is_w = data["is_w"][PARTS[part]]
    fraction = np.where(code > 0, np.exp((255 - code) / 254 * np.log(FRACTION_MIN)), 0)
    return fraction.astype(np.float32), dy / ANGLE_UNITS, dphi / ANGLE_UNITS, is_w


def rotate(pt, dy, dphi):
    """Turns each jet until its principal axis (of pT) stands vertical, along phi."""
    yy, pp, yp = ((pt * a * b).sum(axis=1) for a, b in ((dy, dy), (dphi, dphi), (dy, dphi)))
    angle = np.pi / 2 - 0.5 * np.arctan2(2 * yp, yy - pp)
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    return cos * dy - sin * dphi, sin * dy + cos * dphi


def flip(pt, coordinate):
    """Mirrors each jet whose negative side carries more pT."""
    return coordinate * np.where((pt * np.sign(coordinate)).sum(axis=1) < 0, -1, 1)[:, None]


def features(part, p):
    pt, dy, dphi, is_w = load_jets(part)
    pt, dy, dphi = (a[:, :p["constituents"]] for a in (pt, dy, dphi))
    if p["align"] != "none":
        dy, dphi = rotate(pt, dy, dphi)
    if p["align"] == "rotate+flip":
        dy, dphi = flip(pt, dy), flip(pt, dphi)
    if p["log_pt"]:
        pt = np.log(np.maximum(pt, FRACTION_MIN))
    return np.concatenate([pt, dy, dphi], axis=1).astype(np.float32), is_w.astype(np.float32)


class Network:
    """A perceptron whose weights are views of one vector: an optimizer step is a few operations."""

    def __init__(self, inputs, p, random):
        sizes = [inputs] + [p["width"]] * p["layers"] + [1]
        shapes = list(zip(sizes, sizes[1:]))
        size = sum(n * m + m for n, m in shapes)
        # decays is 1 for weights and 0 for biases
        self.weights_all, self.gradient, self.decays = np.zeros((3, size), np.float32)
        self.layers = self._views(self.weights_all, shapes)
        self.gradients = self._views(self.gradient, shapes)
        for (weights, _), (decays, _) in zip(self.layers, self._views(self.decays, shapes)):
            limit = p["init_scale"] * np.sqrt(6.0 / sum(weights.shape))  # Glorot 2010, eq. 16
            weights[:] = random.uniform(-limit, limit, weights.shape)
            decays[:] = 1
        self.is_relu, self.dropout, self.random = p["activation"] == "relu", p["dropout"], random

    @staticmethod
    def _views(vector, shapes):
        views, at = [], 0
        for n, m in shapes:
            views.append((vector[at:at + n * m].reshape(n, m), vector[at + n * m:at + n * m + m]))
            at += n * m + m
        return views

    def scores(self, x):
        for weights, bias in self.layers[:-1]:
            x = self._activate(x @ weights + bias)
        return (x @ self.layers[-1][0] + self.layers[-1][1])[:, 0]

    def _activate(self, x):
        return np.maximum(x, 0) if self.is_relu else np.tanh(x)

    def learn(self, x, y):
        """Fills the gradient of the mean cross-entropy of one batch."""
        inputs, slopes = [x], []
        for weights, bias in self.layers[:-1]:
            out = self._activate(inputs[-1] @ weights + bias)
            slope = (out > 0).astype(np.float32) if self.is_relu else 1 - out * out
            if self.dropout > 0:
                kept = self.random.random(out.shape, np.float32) >= self.dropout
                mask = kept.astype(np.float32) / np.float32(1 - self.dropout)
                out, slope = out * mask, slope * mask
            inputs.append(out)
            slopes.append(slope)
        score = inputs[-1] @ self.layers[-1][0] + self.layers[-1][1]
        delta = (0.5 + 0.5 * np.tanh(0.5 * score) - y[:, None]) / np.float32(len(y))  # sigmoid - y
        for k in reversed(range(len(self.layers))):
            np.matmul(inputs[k].T, delta, out=self.gradients[k][0])
            self.gradients[k][1][:] = delta.sum(axis=0)
            if k > 0:
                delta = (delta @ self.layers[k][0].T) * slopes[k - 1]


class Optimizer:
    """Adam (Kingma & Ba 2015) or SGD, momentum 0.9; weight decay decoupled (Loshchilov 2019)."""

    def __init__(self, network, p):
        self.network, self.p, self.step_number = network, p, 0
        self.mean, self.square = np.zeros_like(network.gradient), np.zeros_like(network.gradient)

    def step(self, progress):
        rate = self.p["learning_rate"]
        if self.p["schedule"] == "cosine":
            rate *= 0.5 * (1 + np.cos(np.pi * progress))
        weights = self.network.weights_all
        weights -= np.float32(rate * self.p["weight_decay"]) * self.network.decays * weights
        weights -= self._adam(rate) if self.p["optimizer"] == "adam" else self._sgd(rate)

    def _adam(self, rate):
        gradient, self.step_number = self.network.gradient, self.step_number + 1
        self.mean += np.float32(0.1) * (gradient - self.mean)
        self.square += np.float32(0.001) * (gradient * gradient - self.square)
        rate *= np.sqrt(1 - 0.999 ** self.step_number) / (1 - 0.9 ** self.step_number)
        return np.float32(rate) * self.mean / (np.sqrt(self.square) + np.float32(1e-8))

    def _sgd(self, rate):
        self.mean = np.float32(0.9) * self.mean + self.network.gradient
        return np.float32(SGD_RATE_FACTOR * rate) * self.mean


def figures(scores, is_w):
    """AUC, and 1 / background efficiency where half of the signal passes; NaN after divergence."""
    if not np.isfinite(scores).all():
        return {"auc": float("nan"), "rejection_50": float("nan")}
    signal, background = scores[is_w > 0], np.sort(scores[is_w == 0])
    below = sum(np.searchsorted(background, signal, side) for side in ("left", "right"))
    passed = (background >= np.median(signal)).sum()
    return {"auc": float(below.mean() / (2 * len(background))),  # a tie counts half
            "rejection_50": float(len(background) / max(passed, 1))}


def train(p, seed, with_test):
    """The figures of the validation part after the last epoch, and of the test part if wanted."""
    x, y = features("train", p)
    mean, spread = x.mean(axis=0), x.std(axis=0) + np.float32(1e-6)
    x = (x - mean) / spread
    validation, is_w = features("validation", p)
    validation = (validation - mean) / spread
    random = np.random.default_rng(seed)
    network = Network(x.shape[1], p, random)
    optimizer, batches = Optimizer(network, p), len(x) // p["batch"]
    for epoch in range(EPOCHS):
        order = random.permutation(len(x))
        for b in range(batches):
            chosen = order[b * p["batch"]:(b + 1) * p["batch"]]
            network.learn(x[chosen], y[chosen])
            optimizer.step((epoch + b / batches) / EPOCHS)
        results = figures(network.scores(validation), is_w)
        hpo.report(epoch + 1, auc=results["auc"])
    if with_test:
        test, is_w = features("test", p)
        for name, value in figures(network.scores((test - mean) / spread), is_w).items():
            results["test_" + name] = value
    return results


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], allow_abbrev=False)
    parser.add_argument("--seed", type=int, default=hpo.trial(), help="default: the trial's number")
    parser.add_argument("--test", action="store_true", help="score the test part as well")
    for name, value in hpo.params(DEFAULTS).items():
        is_bool = isinstance(value, bool)
        kind = {"true": True, "false": False}.get if is_bool else type(value)
        choices = [True, False] if is_bool else CHOICES.get(name)
        parser.add_argument("--" + name, type=kind, default=value, choices=choices)
    p = vars(parser.parse_args())
    return p, p.pop("seed"), p.pop("test")


if __name__ == "__main__":
    hpo.result(**train(*arguments()))
