"""What stopping early saves: studies on recorded curves, see pruners/. No clock is read."""
import os
import statistics
import sys

import harness

os.environ.setdefault("HPO_PRUNER_TELL", str(harness.PROGRAMS / "pruner_tell"))
sys.path.insert(0, str(harness.HERE / "pruners"))

import curves  # noqa: E402  (of pruners/)

RATIO_MAX = 0.5


def asha():
    """The time to a score with asha, beside trainings to their end in the same order; what no
    pruner with the same first rung can undercut; and both with few slots, where the winner's own
    training is a smaller part of the whole. A table of others that were tried follows."""
    trainings, program = curves.recorded(), curves.Pruner()
    score = curves.wanted_score(trainings)

    def times(name, slots=curves.SLOTS):
        return curves.times_to(score, *curves.side(name, program, score), trainings, slots=slots)

    def median(*which):
        return statistics.median(times(*which))

    full, ours = times("none"), times("asha")
    low, high = curves.ratio_interval(ours, full)
    few = median("none", curves.FEW_SLOTS)
    details = {"best possible": median("clairvoyant") / statistics.median(full),
               f"{curves.FEW_SLOTS} slots": median("asha", curves.FEW_SLOTS) / few,
               f"{curves.FEW_SLOTS} slots, best possible":
                   median("clairvoyant", curves.FEW_SLOTS) / few}
    harness.record(
        f"jets, 16 slots, simulated time: asha to the best score of {curves.FULL_TRIALS} whole "
        "trainings", statistics.median(ours), unit="s", peer=statistics.median(full),
        target=f"≤ {RATIO_MAX} × whole trainings",
        met=statistics.median(ours) <= RATIO_MAX * statistics.median(full), score=score, low=low,
        high=high, seeds=curves.SEEDS, trainings=len(trainings), **details)
    curves.table(curves.TRIED, program, trainings, score)
    program.close()


FIGURES = {"asha": asha}
