"""Calibrates a calorimeter on all ranks: ridge regression by gradient descent, rows split by rank.

    mpirun -n 2 python3 train.py --rate=0.2        by hand; in a job: srun --mpi=pmix python3 …

The data are made up: layer energies, correlated as showers are, and a true energy with noise.
"""
import argparse
import json
import os
import signal
import sys

import numpy as np
from mpi4py import MPI

WORLD = MPI.COMM_WORLD
ROWS, LAYERS = 40000, 12
told = []  # the signals that ask to stop


def rows_of(rank, size):
    """A share: inputs, truth, whether to test on them. All shares make the same rows always."""
    random = np.random.default_rng(7)
    depth = np.arange(LAYERS)
    shower = random.normal(4, 1, ROWS)[:, None]
    x = np.exp(-0.1 * (depth - shower) ** 2) + random.normal(0, 0.05, (ROWS, LAYERS))
    y = x @ np.linspace(1, 2, LAYERS) + random.normal(0, 0.1, ROWS)
    x = np.c_[(x - x.mean(axis=0)) / x.std(axis=0), np.ones(ROWS)]
    return [part[rank::size] for part in (x, y, np.arange(ROWS) % 11 == 0)]


def train(p):
    """The rms error on the rows to test on, after p.steps steps."""
    x, y, is_test = rows_of(WORLD.rank, WORLD.size)
    w, velocity = np.zeros((2, LAYERS + 1))
    for step in range(p.steps):
        error = x[~is_test] @ w - y[~is_test]
        sums = np.r_[x[~is_test].T @ error, len(error), len(told)]
        WORLD.Allreduce(MPI.IN_PLACE, sums)  # the signal goes along, so all stop at the same step
        if sums[-1] > 0:
            sys.exit(f"rank {WORLD.rank} of {WORLD.size} stops at step {step}")
        velocity = p.momentum * velocity - p.rate * (sums[:-2] / sums[-2] + p.ridge * w)
        w = w + velocity
    error = x[is_test] @ w - y[is_test]
    squares, count = WORLD.allreduce(np.array([error @ error, len(error)]))
    return float(np.sqrt(squares / count))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, value in (("rate", 0.1), ("momentum", 0.0), ("ridge", 1e-3), ("steps", 200)):
        parser.add_argument("--" + name, type=type(value), default=value)
    signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    rms = train(parser.parse_args())
    if WORLD.rank == 0:
        result = json.dumps({"rms": rms, "ranks": WORLD.size})
        path = os.environ.get("HPO_RESULT_FILE")
        print(result, file=open(path, "w") if path else sys.stdout)
