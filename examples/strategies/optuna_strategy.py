"""Optuna's strategies for hpo: the algorithm is Optuna's, trials and restarts are hpo's.

"strategy": {"type": "external", "command": ["python3", "optuna_strategy.py"],
             "options": {"sampler": "tpe", "arguments": {"multivariate": true}}}

For each proposal the algorithm is made anew, seeded by the study's seed and the trial's number, so
that an answer depends on what was told alone. That is why Optuna's CMA-ES, QMC and NSGA are not
here: they keep what they need in a storage of their own. (A `cma_es` and a `sobol` come with hpo.)
Conditional parameters are suggested behind those that they depend on, as an objective would.
"""
import json
import logging
import sys

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import TrialState, create_trial

KINDS = {"tpe": "TPESampler", "gp": "GPSampler", "random": "RandomSampler"}
STATES = {"completed": TrialState.COMPLETE, "pruned": TrialState.PRUNED}


def distribution(parameter):
    if "float" in parameter:
        low, high = map(float, parameter["float"])
        return FloatDistribution(low, high, log=parameter.get("log", False),
                                 step=parameter.get("step"))
    if "int" in parameter:
        low, high = parameter["int"]
        step = parameter.get("step", 1)
        return IntDistribution(low, high, log=parameter.get("log", False), step=step)
    if "bool" in parameter:
        return CategoricalDistribution([False, True])
    for kind in ("choice", "ordinal"):
        if kind in parameter:
            return CategoricalDistribution(parameter[kind])
    return None  # fixed


def parents_first(space):
    order = []
    while len(order) < len(space):
        order += [name for name, parameter in space.items() if name not in order and
                  all(parent in order for parent in parameter.get("when", {}))]
    return order


def holds(condition, value):
    if value is None:
        return False
    if isinstance(condition, dict):
        return condition.get("min", value) <= value <= condition.get("max", value)
    wanted = condition if isinstance(condition, list) else [condition]
    return any(value == each and isinstance(value, bool) == isinstance(each, bool)
               for each in wanted)


class Strategy:
    def __init__(self, study):
        self.space = study["space"]
        self.order = parents_first(self.space)
        self.distributions = {n: d for n, p in self.space.items() if (d := distribution(p))}
        self.seed = study["seed"]
        options = study["strategy"]["options"]
        self.kind = options.get("sampler", "tpe")
        if self.kind not in KINDS:
            raise ValueError(f"no sampler {self.kind!r}; there are {', '.join(KINDS)}")
        self.arguments = options.get("arguments", {})
        self.direction = "minimize" if "minimize" in study["objective"] else "maximize"
        self.finished = []

    def frozen(self, trial, state):
        params = {name: value for name, value in trial["params"].items()
                  if name in self.distributions}
        return create_trial(state=state, params=params,
                            distributions={name: self.distributions[name] for name in params},
                            value=trial["value"] if state == TrialState.COMPLETE else None)

    def tell(self, trials):
        self.finished += [self.frozen(t, STATES.get(t["state"], TrialState.FAIL)) for t in trials]

    def sampler(self, number):
        seed = (self.seed * 1_000_003 + number) % 2**32
        return getattr(optuna.samplers, KINDS[self.kind])(**{"seed": seed, **self.arguments})

    def ask(self, first, count, open_trials):
        """Each proposal is open, to Optuna too, when the next one is made."""
        study = optuna.create_study(direction=self.direction, sampler=self.sampler(first))
        study.add_trials(self.finished)
        study.add_trials([self.frozen(t, TrialState.RUNNING) for t in open_trials])
        proposals = []
        for number in range(first, first + count):
            study.sampler = self.sampler(number)
            proposals.append({"params": self.values(study.ask())})
        return {"proposals": proposals}

    def values(self, trial):
        values = {}
        for name in self.order:
            when = self.space[name].get("when", {})
            if all(holds(condition, values.get(parent)) for parent, condition in when.items()):
                values[name] = self.suggest(trial, name)
        return values

    def suggest(self, trial, name):
        if name not in self.distributions:
            return self.space[name]["fixed"]
        limits = self.distributions[name]
        if isinstance(limits, CategoricalDistribution):
            return trial.suggest_categorical(name, limits.choices)
        suggest = trial.suggest_int if isinstance(limits, IntDistribution) else trial.suggest_float
        return suggest(name, limits.low, limits.high, step=limits.step, log=limits.log)


def main():
    optuna.logging.set_verbosity(logging.WARNING)
    strategy = None
    for line in sys.stdin:
        request = json.loads(line)
        reply = {"ok": True}
        try:
            if request["request"] == "study":
                strategy = Strategy(request["study"])
            elif request["request"] == "tell":
                strategy.tell(request["finished"])
            else:
                reply = strategy.ask(request["first_number"], request["count"], request["open"])
        except (ValueError, TypeError, ImportError) as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
