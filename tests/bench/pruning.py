"""What stopping early saves: studies on recorded curves, see pruners/. No clock is read."""
import os
import statistics
import sys

import harness

os.environ.setdefault("HPO_PRUNER_TELL", str(harness.PROGRAMS / "pruner_tell"))
os.environ.setdefault("HPO_ASK_TELL", str(harness.PROGRAMS / "ask_tell"))
sys.path.insert(0, str(harness.HERE / "pruners"))

import curves  # noqa: E402  (of pruners/)
import proposers  # noqa: E402

RATIO_MAX = 0.5


def _ratio(rows, name, trainings, slots):
    ours, whole = (statistics.median(rows[each](trainings, slots=slots))
                   for each in (name, "none"))
    return ours / whole


def _record(rows, name, trainings, **details):
    """The time to a score, beside random trainings to their end."""
    ours, full = rows[name](trainings), rows["none"](trainings)
    low, high = curves.ratio_interval(ours, full)
    harness.record(
        f"jets, {curves.SLOTS} slots, simulated time: {name} to the best score of "
        f"{curves.FULL_TRIALS} whole trainings", statistics.median(ours), unit="s",
        peer=statistics.median(full), target=f"≤ {RATIO_MAX} × whole trainings",
        met=statistics.median(ours) <= RATIO_MAX * statistics.median(full), low=low, high=high,
        seeds=curves.SEEDS, trainings=len(trainings), **details)


def asha():
    """With it what no pruner with the same first rung can undercut, and both with few slots, where
    the winner's own training is a smaller part of the whole. A table of all that was tried follows.
    """
    trainings, program = curves.recorded(), curves.Pruner()
    score, few = curves.wanted_score(trainings), curves.FEW_SLOTS
    rows = (curves.rows(("none", *curves.TRIED), program, score)
            | proposers.rows(proposers.STRATEGIES, program, score))
    best = {"best possible": _ratio(rows, "clairvoyant", trainings, curves.SLOTS),
            f"{few} slots, best possible": _ratio(rows, "clairvoyant", trainings, few)}
    for name, limits in {"asha": best, "asha, gp": {}, "asha, mobster": {}}.items():
        _record(rows, name, trainings, score=score, **limits, **{
            f"{few} slots": _ratio(rows, name, trainings, few)})
    curves.table(rows, rows["none"], trainings)
    program.close()


FIGURES = {"asha": asha}
