"""From curves of studies to ratios with intervals. Pure functions; one paired comparison each.

Regrets are normalised: (true mean of the incumbent - best) / (median of random - best). A side is
a dict problem -> {seed: regret}; both sides of a comparison hold the same problems and seeds.
"""
import bisect
import math
import random

FLOOR = 1e-3          # smaller regrets are equal: nobody would notice
NOISE_BOUND = 1.2     # random within this factor of the peer: the problem tells nothing
RESAMPLES = 2000
DRAWS = 200           # of the seeds of a problem, from which each resample takes one


def regret_at(curve, trials):
    """Of the incumbent after so many finished trials. REQUIRES: trials >= 1."""
    at = bisect.bisect_right(curve, trials, key=lambda pair: pair[0])
    return curve[at - 1][1]


def mean(values):
    values = list(values)
    return math.fsum(values) / len(values)


def floored(regrets):
    """The mean over seeds, not below the floor."""
    return max(FLOOR, mean(regrets))


def level(side):
    """Geometric mean over problems of the means over seeds."""
    return math.exp(mean(math.log(floored(side[name].values())) for name in side))


def ratio(ours, peer):
    """Geometric mean over problems of the ratio of the means over seeds."""
    logs = [math.log(floored(ours[name].values()) / floored(peer[name].values()))
            for name in ours]
    return math.exp(mean(logs))


def interval(ours, peer, resamples=RESAMPLES, level=0.9, seed=0):
    """Bootstrap over problems, and over seeds within each; both sides get the same draws."""
    rng = random.Random(seed)
    drawn = [_drawn_logs([(ours[name][s], peer[name][s]) for s in sorted(ours[name])], rng)
             for name in sorted(ours)]
    found = sorted(mean(rng.choice(logs) for logs in rng.choices(drawn, k=len(drawn)))
                   for _ in range(resamples))
    tail = (1 - level) / 2
    return tuple(math.exp(found[round(share * (resamples - 1))]) for share in (tail, 1 - tail))


def _drawn_logs(pairs, rng):
    """Logarithms of the ratio, each of seeds drawn anew."""
    draws = (rng.choices(pairs, k=len(pairs)) for _ in range(DRAWS))
    return [math.log(floored(a for a, _ in each) / floored(b for _, b in each)) for each in draws]


def wins_and_losses(ours, peer):
    """Problems on which ours is better, and worse; equal ones, at the floor, are neither."""
    pairs = [(floored(ours[name].values()), floored(peer[name].values())) for name in ours]
    return sum(a < b for a, b in pairs), sum(a > b for a, b in pairs)


def noise_bound(peer, chance):
    """The problems on which random search stays within 1.2 times the peer's regret."""
    return {name for name in peer
            if floored(chance[name].values()) <= NOISE_BOUND * floored(peer[name].values())}


def shared(*sides):
    """The sides cut down to problems and seeds that all of them have."""
    names = set.intersection(*(set(side) for side in sides))
    seeds = {name: set.intersection(*(set(side[name]) for side in sides)) for name in names}
    return [{name: {seed: side[name][seed] for seed in seeds[name]}
             for name in sorted(names) if seeds[name]} for side in sides]
