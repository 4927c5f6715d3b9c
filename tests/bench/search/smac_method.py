"""SMAC3 with its defaults for hyperparameters, a random forest: `smac:forest`.

Conditions are ConfigSpace's own; a stepped integer is an ordinal parameter to it. It does not know
that trials are noise-free, so it may ask for one again, as it would for anybody.
"""
import shutil
import tempfile
import time

import spaces
from ConfigSpace import (Categorical, ConfigurationSpace, Float, InCondition, Integer,
                         OrdinalHyperparameter)
from smac import HyperparameterOptimizationFacade, Scenario
from smac.runhistory.dataclasses import TrialValue

FACADES = {"forest": HyperparameterOptimizationFacade}


class Method:
    def __init__(self, name, options):
        self.facade, self.options = FACADES[name], options
        self.version, self.folder = "smac 2.4.1", None

    def start(self, space, seed, budget, in_flight):
        self.close()
        self.folder = tempfile.mkdtemp(prefix="hpo-smac-")
        scenario = Scenario(_configuration_space(space, seed), n_trials=budget, seed=seed,
                            output_directory=self.folder, **self.options)
        self.study = self.facade(scenario, _nothing, logging_level=False, overwrite=True)
        self.space, self.open, self.next = space, {}, 0

    def ask(self, count):
        """(number, params) of `count` trials, and the milliseconds for all of them."""
        start, trials = time.process_time(), []
        for _ in range(count):
            trial = self.study.ask()
            self.open[self.next] = trial
            trials.append((self.next, self._params(dict(trial.config))))
            self.next += 1
        return trials, (time.process_time() - start) * 1e3

    def tell(self, number, value):
        self.study.tell(self.open.pop(number), TrialValue(cost=value))

    def close(self):
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _params(self, config):
        return {name: spaces.plain(parameter, config[name])
                for name, parameter in self.space.items() if name in config}


def _nothing(config, seed=0):
    raise AssertionError("trials are asked for and told, not carried out")


def _configuration_space(space, seed):
    """REQUIRES: a parameter hangs on one other at most."""
    found = ConfigurationSpace(seed=seed)
    found.add([_parameter(name, each) for name, each in space.items()])
    for name, each in space.items():
        for parent, wanted in each.get("when", {}).items():
            found.add(InCondition(found[name], found[parent],
                                  spaces.matching_values(space[parent], wanted)))
    return found


def _parameter(name, parameter):
    kind, log = spaces.type_of(parameter), parameter.get("log", False)
    if kind == "float":
        return Float(name, tuple(parameter["float"]), log=log)
    if kind == "int" and "step" not in parameter:
        return Integer(name, tuple(parameter["int"]), log=log)
    values = spaces.values_of(parameter)
    return Categorical(name, values) if kind in ("choice", "bool") else \
        OrdinalHyperparameter(name, values)
