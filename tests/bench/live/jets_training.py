"""The training of examples/jets as both sides of `live-jets` carry it out, with a common log.

JETS_LOG names the file: a JSON line when a trial begins, and one with its AUC when it has trained
to its end, before anybody is told. JETS_TRIALS has params and seed of each trial; the params come
from hpo or Ray. By itself it is our side, as a warm training or a fresh one.
"""
import json
import os
import pathlib
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy loads
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "examples" / "jets"))
import train


def _note(**line):
    with open(os.environ["JETS_LOG"], "ab", buffering=0) as file:  # one write a line
        file.write((json.dumps(dict(line, at=time.time())) + "\n").encode())


def carry_out(params, number, report):
    """Trains with the trial's seed; report(step, auc=…) after each epoch."""
    with open(os.environ["JETS_TRIALS"]) as file:
        seed = json.load(file)[number]["seed"]

    def told(step, auc):
        if step == train.EPOCHS:
            _note(number=number, auc=auc)
        report(step, auc=auc)

    _note(number=number)
    train.hpo.report = told
    return train.train(params, seed, False)


def _carry_out_for_hpo(params):
    hpo = train.hpo
    hpo.result(**carry_out(params, hpo.trial(), hpo.report))


if __name__ == "__main__":
    train.hpo.serve(_carry_out_for_hpo, train.DEFAULTS)
