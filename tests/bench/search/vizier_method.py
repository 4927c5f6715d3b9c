"""Vizier's default, a Gaussian process with UCB and pure exploration: `vizier:gp`.

This algorithm of it takes no conditions: all parameters are asked for, and what is not active is
left out of the trial and has no effect. Ordinal and stepped parameters are integers to it. It
computes in double precision, for in single precision suggestions become NaN; and it compiles anew
for each number of trials, so a suggestion takes 9 to 17 s.
"""
import importlib.metadata
import logging
import time
import warnings

import jax
import spaces
from vizier import algorithms
from vizier import pyvizier as vz
from vizier._src.algorithms.designers.gp_ucb_pe import VizierGPUCBPEBandit

logging.disable(logging.WARNING)
warnings.filterwarnings("ignore")
jax.config.update("jax_enable_x64", True)


class Method:
    def __init__(self, name, options):
        self.options = options
        self.version = f"google-vizier {importlib.metadata.version('google-vizier')}"

    def start(self, space, seed, budget, in_flight):
        problem = vz.ProblemStatement()
        for name, each in space.items():
            _add(problem.search_space.root, name, each)
        problem.metric_information.append(
            vz.MetricInformation("value", goal=vz.ObjectiveMetricGoal.MINIMIZE))
        self.study = VizierGPUCBPEBandit(problem, rng=jax.random.PRNGKey(seed), **self.options)
        self.space, self.open, self.finished, self.next = space, {}, [], 0

    def ask(self, count):
        """(number, params) of `count` trials, and the milliseconds for all of them."""
        start, trials = time.process_time(), []
        self.study.update(algorithms.CompletedTrials(self.finished),
                          algorithms.ActiveTrials(list(self.open.values())))
        self.finished = []
        for suggestion in self.study.suggest(count):
            self.open[self.next] = suggestion.to_trial(self.next + 1)
            trials.append((self.next, spaces.from_flat(
                self.space, suggestion.parameters.as_dict())))
            self.next += 1
        return trials, (time.process_time() - start) * 1e3

    def tell(self, number, value):
        self.finished.append(self.open.pop(number).complete(vz.Measurement({"value": value})))

    def close(self):
        pass


def _add(root, name, parameter):
    kind = spaces.type_of(parameter)
    scale = vz.ScaleType.LOG if parameter.get("log") else vz.ScaleType.LINEAR
    if spaces.is_indexed(parameter):
        root.add_int_param(name, 0, len(spaces.values_of(parameter)) - 1)
    elif kind == "float":
        root.add_float_param(name, *parameter["float"], scale_type=scale)
    elif kind == "int":
        root.add_int_param(name, *parameter["int"], scale_type=scale)
    else:
        root.add_categorical_param(name, list(map(str, spaces.values_of(parameter))))
