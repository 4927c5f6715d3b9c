"""What strategies find beside Optuna, from the studies that search/run.sh has kept.

Nothing is carried out here: a figure is made anew from the studies of the strategy's version, and
is left as it is where there are none.
"""
import sys

import harness

sys.path.insert(0, str(harness.HERE / "search"))

import environments  # noqa: E402  (of search/)
import problems  # noqa: E402
import report  # noqa: E402
import scores  # noqa: E402
import search  # noqa: E402

SEEDS_MIN = 5
REPORTED = [name for name in problems.NAMES if not problems.is_tuning(name)]


def sides(in_flight, trials, *methods):
    """method -> lines of its studies of the reported problems; without those that are not there.
    Of the mode's budget, or of `trials` where that is more."""
    budget = max(search.MODES[in_flight][0], trials)
    found = {}
    for method in methods:
        try:
            found[method] = search.lines_of(method, environments.version_of(method), REPORTED,
                                            range(20), in_flight, budget)
        except environments.Missing as why:
            print(f"skipped {method}: {why}", file=sys.stderr)
    return {method: lines for method, lines in found.items() if lines}


def ratio(mine, peer, trials, limit, *, in_flight=1, alone=False, upper=None):
    """A figure: the ratio of regrets over the problems that tell something, with its interval.
    `alone`: mine has one trial at a time, so that it knows every result when it is asked."""
    found = {**sides(in_flight, trials, peer),
             **sides(1 if alone else in_flight, trials, mine, report.CHANCE)}
    if not {mine, peer} <= set(found):
        return print(f"no studies of {mine} and {peer} with {in_flight} in flight")
    ours, theirs, bound = report.pair(found, mine, peer, trials)
    ours, theirs = ({name: side[name] for name in side if name not in bound}
                    for side in (ours, theirs))
    seeds = min((len(each) for each in ours.values()), default=0)
    if seeds < SEEDS_MIN:
        return print(f"{mine} to {peer}, {in_flight} in flight: {seeds} seeds are too few to tell")
    value, (low, high) = scores.ratio(ours, theirs), scores.interval(ours, theirs)
    wins, losses = scores.wins_and_losses(ours, theirs)
    flight = "" if in_flight == 1 else f", {in_flight} in flight"
    harness.record(
        f"regret after {trials} trials: {_word(mine)}{', alone,' * alone} to {_word(peer)}{flight}",
        value, unit="of its regret", limit=limit,
        target=f"≤ {limit}" + (f", interval below {upper}" if upper else ""),
        met=value <= limit and (upper is None or high < upper), low=low, high=high, wins=wins,
        losses=losses, problems=len(ours), noise_bound=len(bound), seeds=seeds)


def _word(method):
    peer, name = method.split(":", 1)
    return name.replace(",", ", ") if peer == "hpo" else f"Optuna's {name}"


def all_ratios():
    ratio("hpo:gp", "optuna:gp", 100, 0.95, upper=1.1)
    ratio("hpo:tpe", "optuna:tpe", 100, 0.95)
    ratio("hpo:cma_es", "optuna:cma_es", 100, 1)
    believer = "hpo:gp,pending=kriging_believer"
    for in_flight, trials, limit in ((8, 50, 0.8), (8, 100, 1), (64, 200, 0.75)):
        ratio("hpo:gp", believer, trials, limit, in_flight=in_flight)
        # What no rule for open trials can know: how far the limit lies from what gp can do at all.
        ratio("hpo:gp", believer, trials, limit, in_flight=in_flight, alone=True)


FIGURES = {"regret": all_ratios}
