"""Three small real trainings, as recorded tables and live.

`training/NAME` is a table of all combinations of a few levels, three trainings of each, in
recorded/; `live/NAME` has the whole ranges, and each trial is trained at that moment. What is
trained, and on what, is in recording.py, which runs in an environment of its own.
"""
import functools
import json
import math
import os
import pathlib
import random
import statistics
import subprocess

import spaces

RECORDED = pathlib.Path(__file__).with_name("recorded")
SEEDS = 3  # trainings of one configuration

# Of each: the stage, up to which losses come from one and the same training, stands last. A pair
# is a range and the number of its recorded levels.
RATE, SHARE = {"float": [0.02, 1.0], "log": True}, {"float": [0.1, 1.0]}
PARAMETERS = {
    "boosting": {"rate": (RATE, 7), "depth": ({"int": [1, 4]}, 4), "subsample": (SHARE, 3),
                 "features": (SHARE, 2), "rounds": ({"int": [4, 32], "log": True}, 8)},
    "network": {"rate": ({"float": [1e-4, 0.1], "log": True}, 7),
                "units": ({"int": [8, 128], "log": True}, 5),
                "batch": ({"int": [16, 256], "log": True}, 2),
                "activation": ({"choice": ["relu", "tanh"]}, 2),
                "alpha": ({"float": [1e-4, 1.0], "log": True}, 2),
                "epochs": ({"int": [1, 8], "log": True}, 5)},
    "support_vectors": {"kernel": ({"choice": ["rbf", "poly", "sigmoid"]}, 3),
                        "C": ({"float": [1e-2, 1e2], "log": True}, 9),
                        "gamma": ({"float": [1e-4, 1.0], "log": True}, 9),
                        "epsilon": ({"float": [1e-2, 1.0], "log": True}, 4),
                        "coef0": ({"float": [0.0, 1.0]}, 2)}}
NAMES = [f"training/{name}" for name in PARAMETERS]
LIVE = [f"live/{name}" for name in PARAMETERS]


def space(name):
    return {key: range_ for key, (range_, _) in PARAMETERS[name].items()}


def levels(name):
    return {key: _levels(*each) for key, each in PARAMETERS[name].items()}


def _levels(range_, count):
    kind = spaces.type_of(range_)
    if kind == "choice":
        return range_["choice"]
    low, high = map(math.log, range_[kind]) if range_.get("log") else range_[kind]
    even = [low + (high - low) * i / (count - 1) for i in range(count)]
    found = [math.exp(each) if range_.get("log") else each for each in even]
    return [round(each) for each in found] if kind == "int" else [float(f"{each:.4g}")
                                                                  for each in found]


def file_of(name):
    return RECORDED / f"{name}.npz"


@functools.cache
def table(name):
    import tables

    return tables.Table(file_of(name))


@functools.cache
def _program():
    """Trains for all live studies of this process, and ends with it."""
    return subprocess.Popen([os.environ["HPO_SEARCH_TRAINER"], RECORDED.with_name("recording.py")],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


class Live:
    """`seed` and the trial's number choose the training's seed, as they choose it in a table.

    Whose best and median the table's are: a better one is possible, and counts as the floor."""

    def __init__(self, name, seed):
        self.name, self.seed = name, seed
        self.best, self.median = table(name).best, table(name).median

    def observed(self, params, number):
        rng = random.Random(f"{self.name}/{self.seed}/{number}")
        return self._loss(params, rng.getrandbits(31))

    def truth(self, params):
        return statistics.mean(self._loss(params, seed) for seed in range(SEEDS))

    def _loss(self, params, seed):
        program = _program()
        program.stdin.write(json.dumps([self.name, params, seed]) + "\n")
        program.stdin.flush()
        return json.loads(program.stdout.readline())
