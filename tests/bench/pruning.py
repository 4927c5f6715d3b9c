"""What stopping early saves: studies on recorded curves, see pruners/. No clock is read."""
import os
import statistics
import sys

import harness

os.environ.setdefault("HPO_PRUNER_TELL", str(harness.PROGRAMS / "pruner_tell"))
sys.path.insert(0, str(harness.HERE / "pruners"))

import curves  # noqa: E402  (of pruners/)

RATIO_MAX = 0.5
FEW_SLOTS = 4


def asha():
    """The time to a score with asha, beside trainings to their end in the same order; what no
    pruner with the same first rung can undercut; and both with few slots, where the winner's own
    training is a smaller part of the whole."""
    trainings, program = curves.recorded(), curves.Pruner()
    score = curves.wanted_score(trainings)

    def times(side, pruner, slots=curves.SLOTS):
        return curves.times_to(score, side, pruner, trainings, slots=slots)

    def median(*side):
        return statistics.median(times(*side))

    whole, asha_alone, knows = {"type": "none"}, {"type": "asha"}, curves.Clairvoyant(score)
    full, ours = times(program, whole), times(program, asha_alone)
    low, high = curves.ratio_interval(ours, full)
    few = median(program, whole, FEW_SLOTS)
    details = {"best possible": median(knows, None) / statistics.median(full),
               f"{FEW_SLOTS} slots": median(program, asha_alone, FEW_SLOTS) / few,
               f"{FEW_SLOTS} slots, best possible": median(knows, None, FEW_SLOTS) / few}
    program.close()
    harness.record(
        f"jets, 16 slots, simulated time: asha to the best score of {curves.FULL_TRIALS} whole "
        "trainings", statistics.median(ours), unit="s", peer=statistics.median(full),
        target=f"≤ {RATIO_MAX} × whole trainings",
        met=statistics.median(ours) <= RATIO_MAX * statistics.median(full), score=score, low=low,
        high=high, seeds=curves.SEEDS, trainings=len(trainings), **details)


FIGURES = {"asha": asha}
