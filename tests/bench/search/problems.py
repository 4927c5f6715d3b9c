"""All problems by name, and which of them are for tuning.

A problem has a space, and gives an instance for each seed: `observed(params, number)` is what a
trial reports, `truth(params)` its mean without noise, `best` the smallest and `median` that of
uniformly random params. All are minimised. Names need no numpy; problems do.
"""
import functools
import os
from dataclasses import dataclass
from typing import Callable

import mixed
import trainings

REVISION = 1  # raise it when a problem changes: what was measured before no longer counts

TABLES = [f"{kind}/{name}" for kind, names in {
    "hpobench": ("australian", "blood_transfusion", "car", "credit_g", "kc1", "phoneme",
                 "segment", "vehicle"),
    "hpolib": ("naval_propulsion", "parkinsons_telemonitoring", "protein_structure",
               "slice_localization"),
    "nasbench201": ("cifar10", "cifar100", "imagenet")}.items() for name in names]
BBOB = [f"bbob/{function}-d{dimension}" for function in (
    "f1_sphere", "f3_rastrigin", "f6_attractive_sector", "f8_rosenbrock", "f10_ellipsoid",
    "f12_bent_cigar", "f15_rastrigin_rotated", "f17_schaffers", "f20_schwefel", "f21_gallagher")
    for dimension in (2, 5, 10)]
MIXED = [f"mixed/{name}" for name in mixed.SPACES]
NAMES = TABLES + BBOB + MIXED + trainings.NAMES
LIVE = trainings.LIVE  # when asked for: a trial takes as long as its training

# For tuning: a third, chosen by name before anything was measured. Nothing is tuned on the others,
# which are reported. All dimensions of a function are on the same side.
TUNING = ("hpobench/australian", "hpobench/car", "hpobench/kc1",
          "hpolib/parkinsons_telemonitoring", "nasbench201/cifar100",
          "bbob/f3_rastrigin-", "bbob/f8_rosenbrock-", "bbob/f20_schwefel-",
          "mixed/network", "mixed/kernel", "training/support_vectors", "live/support_vectors")


def is_tuning(name):
    return name.startswith(TUNING)


def group_of(name):
    """Problems of one kind; of BBOB those of one dimension."""
    kind = name.split("/")[0]
    if kind == "bbob":
        return f"bbob {name.split('-')[1]}"
    return "tables" if name in TABLES else kind


@dataclass(frozen=True)
class Problem:
    name: str
    space: dict
    instance: Callable


def _bbob(name):
    import bbob

    function, dimension = name.split("/")[1].split("-d")
    return Problem(name, bbob.space(int(dimension)),
                   lambda seed: bbob.Instance(function, int(dimension), seed))


def _mixed(name):
    function = name.split("/")[1]
    return Problem(name, mixed.SPACES[function], lambda seed: mixed.Instance(function, seed))


def _table(name):
    import tables

    table = tables.Table(tables.file_of(name, os.environ["HPO_SEARCH_TABLES"]))
    return Problem(name, table.space, lambda seed: tables.Instance(table, name, seed))


def _training(name):
    import tables

    table = trainings.table(name.split("/")[1])
    return Problem(name, table.space, lambda seed: tables.Instance(table, name, seed))


def _live(name):
    training = name.split("/")[1]
    return Problem(name, trainings.space(training), lambda seed: trainings.Live(training, seed))


@functools.cache
def find(name):
    return {"bbob": _bbob, "mixed": _mixed, "training": _training,
            "live": _live}.get(name.split("/")[0], _table)(name)
