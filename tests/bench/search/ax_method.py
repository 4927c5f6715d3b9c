"""Ax with its defaults, a Gaussian process by BoTorch: `ax:gp`.

Its conditions make a tree, in which no two values share a parameter, as most of ours do: so all
parameters are asked for, and what is not active is left out of the trial and has no effect.
Ordinal and stepped parameters are ordered choices to it. Until some of its first trials have ended
it gives no more of them, so fewer are in flight than wanted.
"""
import importlib.metadata
import logging
import time
import warnings

import spaces
from ax.api.client import Client
from ax.api.configs import ChoiceParameterConfig, RangeParameterConfig
from ax.exceptions.core import DataRequiredError

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)


class Method:
    def __init__(self, name, options):
        self.options = options
        self.version = f"ax-platform {importlib.metadata.version('ax-platform')}"

    def start(self, space, seed, budget, in_flight):
        self.space, self.study = space, Client(random_seed=seed)
        self.study.configure_experiment([_parameter(name, each) for name, each in space.items()])
        self.study.configure_optimization(objective="-value")
        if self.options:
            self.study.configure_generation_strategy(**self.options)

    def ask(self, count):
        """(number, params) of up to `count` trials, and the milliseconds for all of them."""
        start = time.process_time()
        try:
            suggested = self.study.get_next_trials(max_trials=count)
        except DataRequiredError:
            suggested = {}
        trials = [(number, self._params(values)) for number, values in suggested.items()]
        return trials, (time.process_time() - start) * 1e3

    def tell(self, number, value):
        self.study.complete_trial(trial_index=number, raw_data={"value": value})

    def close(self):
        pass

    def _params(self, values):
        return spaces.active_params(self.space, {
            name: spaces.plain(each, values[name]) for name, each in self.space.items()})


def _parameter(name, parameter):
    kind = spaces.type_of(parameter)
    if kind in ("float", "int") and not spaces.is_indexed(parameter):
        return RangeParameterConfig(name=name, bounds=tuple(parameter[kind]), parameter_type=kind,
                                    scaling="log" if parameter.get("log") else "linear")
    values = spaces.values_of(parameter)
    return ChoiceParameterConfig(name=name, values=values, parameter_type=type(values[0]).__name__,
                                 is_ordered=spaces.is_indexed(parameter))
