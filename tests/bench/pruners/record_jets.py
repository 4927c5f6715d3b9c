"""Records the learning curves of examples/jets: random params, the AUC after each of 20 epochs.

    nice /usr/bin/python3 tests/bench/pruners/record_jets.py [TRAININGS]     -> jets.json

It goes on after the trainings that the file has, and writes it again after each.
Training t has the params that random.Random(t) draws from examples/jets/study.json, and seed t. A
time is the CPU time of an epoch in ms, the reading of the data included in the first: on a busy
machine a clock would measure its neighbours. An AUC is in units of 1e-5; 0 after divergence.
"""
import json
import math
import os
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
JETS = os.path.join(HERE, "../../../examples/jets")
sys.path.insert(0, JETS)
import train
from draw import draw

SCALE = 100_000  # of an AUC
TRAININGS = 2000
FILE = os.path.join(HERE, "jets.json")


def curve(params, seed):
    values, times, last = [], [], time.process_time()

    def report(step, auc):
        nonlocal last
        now = time.process_time()
        values.append(0 if math.isnan(auc) else round(auc * SCALE))
        times.append(round(1000 * (now - last)))
        last = now

    train.hpo.report = report
    train.train(params, seed, False)
    return {"auc": values, "ms": times}


def main(count):
    with open(os.path.join(JETS, "study.json")) as file:
        space = json.load(file)["space"]
    lines = kept()
    for number in range(len(lines), count):
        lines.append(json.dumps(curve(draw(space, number), number), separators=(",", ":")))
        with open(FILE + ".new", "w") as file:
            file.write('{"scale": %d, "trainings": [\n%s\n]}\n' % (SCALE, ",\n".join(lines)))
        os.replace(FILE + ".new", FILE)


def kept():
    """The lines of the trainings recorded before."""
    if not os.path.exists(FILE):
        return []
    with open(FILE) as file:
        return [json.dumps(each, separators=(",", ":")) for each in json.load(file)["trainings"]]


main(int(sys.argv[1]) if len(sys.argv) > 1 else TRAININGS)
