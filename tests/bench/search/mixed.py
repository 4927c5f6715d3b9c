"""Five mixed spaces of our own, three of them conditional: shapes that trainings have.

Each value is a sum of distances to a target that the seed draws, coupled as real parameters are
(rate with batch, rate with rounds, width with depth), so the best value is 0 and is reached.
"""
import math
import random
import statistics

import spaces

TREES, CURVED = {"booster": ["tree", "dart"]}, {"kernel": ["rbf", "poly"]}
SPACES = {
    "network": {
        "lr": {"float": [1e-5, 1.0], "log": True}, "width": {"int": [8, 1024], "log": True},
        "depth": {"int": [1, 8]}, "dropout": {"float": [0.0, 0.9]},
        "optimizer": {"choice": ["sgd", "momentum", "adam", "lion"]},
        "batch": {"ordinal": [16, 32, 64, 128, 256, 512]}, "norm": {"bool": True}},
    "buffers": {
        "tile": {"ordinal": [8, 16, 32, 64, 128, 256]}, "inner": {"int": [1, 64], "log": True},
        "unroll": {"int": [1, 16]}, "threads": {"int": [1, 32]}, "vectorise": {"bool": True},
        "layout": {"choice": ["row", "column", "blocked"]},
        "prefetch": {"int": [0, 64], "step": 8}},
    "boosting": {
        "booster": {"choice": ["tree", "linear", "dart"]},
        "eta": {"float": [1e-3, 1.0], "log": True}, "rounds": {"int": [10, 2000], "log": True},
        "lambda": {"float": [1e-3, 1e3], "log": True},
        "max_depth": {"int": [1, 15], "when": TREES},
        "subsample": {"float": [0.1, 1.0], "when": TREES},
        "rate_drop": {"float": [0.0, 1.0], "when": {"booster": "dart"}}},
    "layers": {
        "lr": {"float": [1e-5, 1.0], "log": True}, "layers": {"int": [1, 4]},
        **{f"units_{i}": {"int": [8, 512], "log": True, "when": {"layers": {"min": i}}}
           for i in range(1, 5)}},
    "kernel": {
        "kernel": {"choice": ["linear", "rbf", "poly"]}, "shrinking": {"bool": True},
        "C": {"float": [1e-3, 1e3], "log": True},
        "gamma": {"float": [1e-5, 10.0], "log": True, "when": CURVED},
        "degree": {"int": [2, 5], "when": {"kernel": "poly"}},
        "coef0": {"float": [0.0, 1.0], "when": {"kernel": "poly"}}}}


def log2(a, b):
    return math.log2(a / b)


def network(p, t):
    rate = math.log10(p["lr"] / t["lr"]) - 0.25 * log2(p["batch"], t["batch"])
    rate -= {"sgd": 1.0, "momentum": 0.0, "adam": -1.0, "lion": -1.5}[p["optimizer"]]
    rate += {"sgd": 1.0, "momentum": 0.0, "adam": -1.0, "lion": -1.5}[t["optimizer"]]
    size = log2(p["width"], t["width"]) + 0.7 * (p["depth"] - t["depth"])
    value = 1 - math.exp(-rate ** 2)  # far off, all rates are equally useless
    value += 0.03 * size ** 2 + 0.02 * abs(p["depth"] - t["depth"])
    value += (p["dropout"] - t["dropout"] - 0.05 * size) ** 2
    return value + 0.1 * (p["optimizer"] != t["optimizer"]) + \
        0.02 * p["depth"] * (p["norm"] != t["norm"])


def buffers(p, t):
    fill = log2(p["tile"] * p["inner"], t["tile"] * t["inner"])
    value = 0.1 * abs(fill) + 0.5 * (fill > 0.5)  # a cache that overflows
    value += 0.05 * abs(log2(p["tile"], t["tile"])) + 0.3 * (p["layout"] != t["layout"])
    lost = 2.0 if p["vectorise"] != t["vectorise"] else 1.0
    value += 0.02 * lost * abs(p["unroll"] - t["unroll"]) + 0.2 * (lost - 1)
    value += 0.1 * (p["unroll"] % 4 != t["unroll"] % 4)
    return value + 0.03 * abs(p["threads"] - t["threads"]) + \
        0.002 * abs(p["prefetch"] - t["prefetch"])


def boosting(p, t):
    learned = math.log10(p["eta"] * p["rounds"] / (t["eta"] * t["rounds"]))
    value = 0.5 * learned ** 2 + 0.05 * abs(math.log10(p["eta"] / t["eta"]))
    value += 0.05 * math.log10(p["lambda"] / t["lambda"]) ** 2
    value += {("tree", "dart"): 0.05, ("dart", "tree"): 0.05}.get(
        (p["booster"], t["booster"]), 0.4 * (p["booster"] != t["booster"]))
    if "max_depth" in p:
        value += 0.01 * (p["max_depth"] - t["max_depth"]) ** 2
        value += 0.5 * (p["subsample"] - t["subsample"]) ** 2
    return value + ((p["rate_drop"] - t["rate_drop"]) ** 2 if "rate_drop" in p else 0)


def layers(p, t):
    value = 1 - math.exp(-math.log10(p["lr"] / t["lr"]) ** 2)
    value += 0.2 * abs(p["layers"] - t["layers"])
    return value + sum(0.1 * log2(p[f"units_{i}"], t[f"units_{i}"]) ** 2
                       for i in range(1, min(p["layers"], t["layers"]) + 1))


def kernel(p, t):
    soft = math.log10(p["C"] / t["C"])
    value = 0.3 * (p["kernel"] != t["kernel"]) + 0.02 * (p["shrinking"] != t["shrinking"])
    if "gamma" not in p:
        return value + 0.1 * soft ** 2
    value += 0.2 * (soft + math.log10(p["gamma"] / t["gamma"])) ** 2 + 0.02 * soft ** 2
    if "degree" in p:
        value += 0.1 * abs(p["degree"] - t["degree"]) + 0.3 * (p["coef0"] - t["coef0"]) ** 2
    return value


FUNCTIONS = {"network": network, "buffers": buffers, "boosting": boosting, "layers": layers,
             "kernel": kernel}
MEDIAN_OF = 1000  # random params whose median says how bad random is


def is_conditional(name):
    return any("when" in parameter for parameter in SPACES[name].values())


class Instance:
    best = 0.0

    def __init__(self, name, seed):
        self.name, rng = name, random.Random(f"{name}/{seed}")
        flat = spaces.without_conditions(SPACES[name])
        self.target = spaces.random_params(_inner(flat), rng)
        self.median = statistics.median(
            self.truth(spaces.random_params(flat, rng)) for _ in range(MEDIAN_OF))

    def truth(self, params):
        return FUNCTIONS[self.name](spaces.active_params(SPACES[self.name], params), self.target)

    def observed(self, params, number):
        return self.truth(params)


def _inner(space):
    """The middle of each float, so that what is coupled with it can be followed on both sides."""
    inner = {}
    for name, parameter in space.items():
        inner[name] = dict(parameter)
        if "float" in parameter:
            low, high = (math.log(end) if parameter.get("log") else end
                         for end in parameter["float"])
            ends = (low + 0.25 * (high - low), high - 0.25 * (high - low))
            inner[name]["float"] = [math.exp(end) if parameter.get("log") else end for end in ends]
    return inner
