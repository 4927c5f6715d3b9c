"""What is trained: scikit-learn's models, on the data sets that it brings along.

`recording.py record NAME…` trains all combinations of the levels and writes recorded/NAME.npz;
without words it trains what stdin asks for, one JSON line [name, params, seed] each, and answers
with the loss. One thread. The data is split once; the seed decides the rest of a training.
"""
import functools
import itertools
import json
import sys
import warnings

import numpy as np
import sklearn.datasets
import trainings
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVR

LEAST = 1e-6  # a probability below this costs no more
JUDGED_MAX = 500
SVR_STEPS = 20_000  # at most; large C would never end


@functools.cache
def data(name, rows):
    """x and y of `rows` rows to train on, and of those to judge by; x is standardised."""
    x, y = getattr(sklearn.datasets, f"load_{name}")(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(x))
    x, y = x[order], y[order]
    x = (x - x[:rows].mean(0)) / np.maximum(x[:rows].std(0), 1e-9)
    judged = slice(rows, rows + JUDGED_MAX)
    return x[:rows], y[:rows], x[judged], y[judged]


def cross_entropy(probabilities, labels):
    """A training that has overflowed counts as one that is sure and wrong."""
    right = np.nan_to_num(probabilities[np.arange(len(labels)), labels])
    return float(-np.log(np.maximum(right, LEAST)).mean())


def boosting(params, seed, stages):
    x, y, x_test, y_test = data("breast_cancer", 150)
    model = GradientBoostingClassifier(
        n_estimators=max(stages), learning_rate=params["rate"], max_depth=params["depth"],
        subsample=params["subsample"], max_features=params["features"], random_state=seed)
    model.fit(x, y)
    staged = list(model.staged_predict_proba(x_test))
    return [cross_entropy(staged[rounds - 1], y_test) for rounds in stages]


def network(params, seed, stages):
    x, y, x_test, y_test = data("digits", 300)
    model = MLPClassifier(
        (params["units"],), activation=params["activation"], alpha=params["alpha"],
        batch_size=params["batch"], learning_rate_init=params["rate"], random_state=seed)
    losses = {}
    for epoch in range(1, max(stages) + 1):
        model.partial_fit(x, y, classes=range(10))
        if epoch in stages:
            losses[epoch] = cross_entropy(model.predict_proba(x_test), y_test)
    return [losses[epoch] for epoch in stages]


def support_vectors(params, seed):
    """The mean squared error in units of the variance; the seed leaves out a fifth of the rows."""
    x, y, x_test, y_test = data("diabetes", 250)
    kept = np.random.default_rng(seed).permutation(len(x))[:len(x) * 4 // 5]
    model = SVR(kernel=params["kernel"], C=params["C"], gamma=params["gamma"],
                epsilon=params["epsilon"], coef0=params["coef0"], max_iter=SVR_STEPS)
    mean, spread = y.mean(), y.std()
    model.fit(x[kept], (y[kept] - mean) / spread)
    error = model.predict(x_test) - (y_test - mean) / spread
    return float((error ** 2).mean() / (y_test.std() / spread) ** 2)


STAGED = {"boosting": (boosting, "rounds"), "network": (network, "epochs")}


def losses(name, params, seed, stages):
    """One training, looked at after each of `stages`; [None] where it has none."""
    if name in STAGED:
        return STAGED[name][0](params, seed, stages)
    return [support_vectors(params, seed)]


def stages_of(name, levels):
    return levels[STAGED[name][1]] if name in STAGED else [None]


def record(name):
    """Of shape (configurations, seeds), in the order of the levels; the stage is the last one."""
    levels = trainings.levels(name)
    stages = stages_of(name, levels)
    before = [each for key, each in levels.items() if each is not stages]
    recorded = []
    for values in itertools.product(*before):
        params = dict(zip(levels, values))
        columns = [losses(name, params, seed, stages) for seed in range(trainings.SEEDS)]
        recorded += zip(*columns)
    trainings.RECORDED.mkdir(exist_ok=True)
    np.savez_compressed(trainings.file_of(name), recorded=np.array(recorded, dtype=np.float32),
                        levels=json.dumps(levels))


def serve():
    for line in sys.stdin:
        name, params, seed = json.loads(line)
        stage = params[STAGED[name][1]] if name in STAGED else None
        print(json.dumps(losses(name, params, seed, [stage])[0]), flush=True)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")  # of trainings that do not converge
    for each in sys.argv[2:]:
        record(each)
    if len(sys.argv) == 1:
        serve()
