"""HEBO with its defaults, a Gaussian process by GPyTorch: `hebo:gp`.

It has no conditions: all parameters are asked for, and what is not active is left out of the trial
and has no effect. Ordinal and stepped parameters are integers to it. It knows nothing of trials in
flight. A suggestion takes about 4 s.
"""
import importlib.metadata
import time
import warnings

import numpy as np
import spaces
import torch
from hebo.design_space.design_space import DesignSpace
from hebo.optimizers.hebo import HEBO

warnings.filterwarnings("ignore")
TYPES = {("float", False): "num", ("float", True): "pow", ("int", False): "int",
         ("int", True): "pow_int"}


class Method:
    def __init__(self, model, options):
        self.model, self.options = model, options
        self.version = f"hebo {importlib.metadata.version('hebo')}"

    def start(self, space, seed, budget, in_flight):
        np.random.seed(seed)  # it draws from the generators of all
        torch.manual_seed(seed)
        design = DesignSpace().parse([_parameter(name, each) for name, each in space.items()])
        self.study = HEBO(design, model_name=self.model, scramble_seed=seed, **self.options)
        self.space, self.open, self.next = space, {}, 0

    def ask(self, count):
        """(number, params) of `count` trials, and the milliseconds for all of them."""
        start, trials = time.process_time(), []
        suggested = self.study.suggest(n_suggestions=count)
        for i in range(count):
            self.open[self.next] = suggested.iloc[[i]]
            trials.append((self.next, spaces.from_flat(self.space, suggested.iloc[i].to_dict())))
            self.next += 1
        return trials, (time.process_time() - start) * 1e3

    def tell(self, number, value):
        self.study.observe(self.open.pop(number), np.array([[value]]))

    def close(self):
        pass


def _parameter(name, parameter):
    kind = spaces.type_of(parameter)
    if kind == "bool":
        return {"name": name, "type": "bool"}
    if kind == "choice":
        return {"name": name, "type": "cat", "categories": parameter["choice"]}
    if spaces.is_indexed(parameter):
        return {"name": name, "type": "int", "lb": 0, "ub": len(spaces.values_of(parameter)) - 1}
    low, high = parameter[kind]
    return {"name": name, "type": TYPES[kind, parameter.get("log", False)], "lb": low, "ub": high}
