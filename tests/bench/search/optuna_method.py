"""Optuna's samplers, with their defaults: `optuna:tpe`, `optuna:cma_es`, `optuna:gp`,
`optuna:random`.

Define-by-run, as its users write it: conditions are tests in the program. An ordinal parameter is
an integer, its index, for Optuna has no closer type.
"""
import time
import warnings

import optuna
import spaces

SAMPLERS = {"tpe": "TPESampler", "cma_es": "CmaEsSampler", "gp": "GPSampler",
            "random": "RandomSampler"}
optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.filterwarnings("ignore")


class Method:
    def __init__(self, sampler, options):
        self.sampler, self.options = SAMPLERS[sampler], options
        self.version = f"optuna {optuna.__version__}"

    def start(self, space, seed, budget, in_flight):
        sampler = getattr(optuna.samplers, self.sampler)(seed=seed, **self.options)
        self.study = optuna.create_study(sampler=sampler, direction="minimize")
        self.space, self.open = space, {}

    def ask(self, count):
        """(number, params) of `count` trials, and the milliseconds for all of them."""
        start = time.process_time()
        trials = []
        for _ in range(count):
            trial = self.study.ask()
            params = {}
            for name, parameter in self.space.items():
                if spaces.is_active(parameter, params):
                    params[name] = _suggest(trial, name, parameter)
            self.open[trial.number] = trial
            trials.append((trial.number, params))
        return trials, (time.process_time() - start) * 1e3

    def tell(self, number, value):
        self.study.tell(self.open.pop(number), value)

    def close(self):
        pass


def _suggest(trial, name, parameter):
    kind = spaces.type_of(parameter)
    if kind == "bool":
        return trial.suggest_categorical(name, [False, True])
    if kind == "choice":
        return trial.suggest_categorical(name, parameter["choice"])
    if kind == "ordinal":
        return parameter["ordinal"][trial.suggest_int(name, 0, len(parameter["ordinal"]) - 1)]
    if kind == "float":
        return trial.suggest_float(name, *parameter["float"], log=parameter.get("log", False))
    return trial.suggest_int(name, *parameter["int"], log=parameter.get("log", False),
                             step=parameter.get("step", 1))
