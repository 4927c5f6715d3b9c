"""A training of STEPS steps that saves after each, and writes into a common file what it does.

    training.py LEDGER STEPS STEP_S

A line, written at once: what (begun, saving, saved, ended), study, trial, attempt, fence of the
lease, step, UTC in ns. What it has after a step follows from its x and the steps before, so that a
value tells whether it went on from the right one. hpo.py lies beside it.
"""
import os
import sys
import time

import hpo


def after(x, step, before):
    """What the training has after this step; minimised."""
    return 0.75 * before + x * step


def whole(x, steps):
    """What it has in the end, begun at step 0."""
    value = 0.0
    for step in range(1, steps + 1):
        value = after(x, step, value)
    return value


def saved():
    """The step and the value of the checkpoint to go on from."""
    folder = hpo.checkpoint_from()
    if not folder:
        return 0, 0.0
    with open(os.path.join(folder, "state"), encoding="ascii") as file:
        step, value = file.read().split()
    return int(step), float(value)


def save(step, value):
    with hpo.checkpoint() as folder:
        with open(os.path.join(folder, "state"), "w", encoding="ascii") as file:
            file.write(f"{step} {value!r}")


def main(ledger, steps, step_s):
    descriptor = os.open(ledger, os.O_WRONLY | os.O_APPEND)
    names = [os.environ["HPO_" + name] for name in ("STUDY", "TRIAL", "ATTEMPT")]
    names.append(os.environ["HPO_JOB"].rsplit("-", 1)[1])

    def note(what, step):
        os.write(descriptor, " ".join([what, *names, str(step), f"{time.time_ns()}\n"]).encode())

    x = float(os.environ["HPO_P_X"])
    begun, value = saved()
    note("begun", begun)
    for step in range(begun + 1, int(steps) + 1):
        time.sleep(float(step_s))
        value = after(x, step, value)
        note("saving", step)
        save(step, value)
        note("saved", step)
        if hpo.report(step, loss=value):
            return
    hpo.result(loss=value)
    note("ended", int(steps))


if __name__ == "__main__":
    main(*sys.argv[1:])
