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


def _ratio(rows, name, whole, trainings, slots):
    ours, peer = (statistics.median(rows[each](trainings, slots=slots)) for each in (name, whole))
    return ours / peer


def _record(rows, name, whole, trainings, **details):
    """The time to a score, beside random trainings to their end."""
    ours, full = rows[name](trainings), rows[whole](trainings)
    low, high = curves.ratio_interval(ours, full)
    harness.record(
        f"jets, {curves.SLOTS} slots, simulated time: {name} to the best score of "
        f"{curves.FULL_TRIALS} whole trainings", statistics.median(ours), unit="s",
        peer=statistics.median(full), target=f"≤ {RATIO_MAX} × whole trainings",
        met=statistics.median(ours) <= RATIO_MAX * statistics.median(full), low=low, high=high,
        seeds=curves.SEEDS, trainings=len(trainings),
        **{f"{curves.FEW_SLOTS} slots": _ratio(rows, name, whole, trainings, curves.FEW_SLOTS)},
        **details)


def asha():
    """With it what no pruner with the same first rung can undercut, and both with few slots, where
    the winner's own training is a smaller part of the whole. What proposes by a model is held
    against random proposals that take the same detour. Tables of all that was tried follow.
    """
    trainings, program = curves.recorded(), curves.Pruner()
    score = curves.wanted_score(trainings)
    judged = curves.rows(("none", *curves.TRIED), program, score)
    proposed = proposers.rows(proposers.STRATEGIES, program, score)
    best = {f"{slots} slots, best possible": _ratio(judged, "clairvoyant", "none", trainings, slots)
            for slots in (curves.SLOTS, curves.FEW_SLOTS)}
    _record(judged, "asha", "none", trainings, score=score, **best)
    for name in ("asha, gp", "asha, mobster"):
        _record(proposed, name, "none, random", trainings, score=score)
    curves.table(judged, judged["none"], trainings)
    curves.table(proposed, proposed["none, random"], trainings)
    program.close()


FIGURES = {"asha": asha}
