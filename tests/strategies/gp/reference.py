"""The numbers that the tests of strategies/gp hold it against, by the formulas alone, with numpy.

    python3 reference.py      prints them
"""
import math

import numpy as np

# Rows: two axes with an order, one without; and where a prediction is asked for.
POINTS = np.array([[0.10, 0.20, 0.25], [0.40, 0.90, 0.75], [0.75, 0.35, 0.25],
                   [0.95, 0.60, 0.75], [0.30, 0.55, 0.25], [0.60, 0.05, 0.75]])
TARGETS = np.array([0.3, -1.2, 0.8, 1.1, -0.4, -0.6])
OPEN = np.array([[0.80, 0.50, 0.75]])
ASKED = np.array([[0.20, 0.30, 0.25], [0.85, 0.45, 0.75]])
WEIGHTS, SCALE, NOISE = np.array([2.0, 0.5, 0.8]), 1.3, 0.05
NOISE_LEAST = 1e-6


def kernel(a, b):
    k = np.empty((len(a), len(b)))
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            d = np.array([x[0] - y[0], x[1] - y[1], float(x[2] != y[2])])
            r = math.sqrt(float(np.sum(WEIGHTS * d * d)))
            k[i, j] = SCALE * (1 + math.sqrt(5) * r + 5 / 3 * r * r) * math.exp(-math.sqrt(5) * r)
    return k


# Two axes with an order, of which the second is absent (None) in some points.
SOME = [(0.10, None), (0.40, 0.90), (0.75, 0.35), (0.95, None), (0.30, 0.55), (0.60, 0.05)]
SOME_ASKED = [(0.20, 0.30), (0.85, None)]


def arc_distance(x, y):
    """Squared, of points on a circle of radius 1, or of its centre."""
    if x is None or y is None:
        return float((x is None) != (y is None))
    return 2 - 2 * math.cos(2 * math.atan((x - 0.5) / 2) - 2 * math.atan((y - 0.5) / 2))


def conditional_kernel(a, b):
    k = np.empty((len(a), len(b)))
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            r = math.sqrt(2.0 * (x[0] - y[0]) ** 2 + 0.5 * arc_distance(x[1], y[1]))
            k[i, j] = SCALE * (1 + math.sqrt(5) * r + 5 / 3 * r * r) * math.exp(-math.sqrt(5) * r)
    return k


def conditional_posterior():
    noisy = conditional_kernel(SOME, SOME) + NOISE * np.eye(len(SOME))
    cross = conditional_kernel(SOME_ASKED, SOME)
    variance = SCALE - np.einsum("ij,ji->i", cross, np.linalg.solve(noisy, cross.T))
    return cross @ np.linalg.solve(noisy, TARGETS), variance


def posterior(open_points=None):
    """Mean and variance at ASKED; open points count for the variance alone."""
    noisy = kernel(POINTS, POINTS) + NOISE * np.eye(len(POINTS))
    mean = kernel(ASKED, POINTS) @ np.linalg.solve(noisy, TARGETS)
    points = POINTS if open_points is None else np.vstack([POINTS, open_points])
    noisy = kernel(points, points) + NOISE * np.eye(len(points))
    cross = kernel(ASKED, points)
    variance = SCALE - np.einsum("ij,ji->i", cross, np.linalg.solve(noisy, cross.T))
    return mean, variance


def negative_log_posterior():
    noisy = kernel(POINTS, POINTS) + NOISE * np.eye(len(POINTS))
    likelihood = -0.5 * TARGETS @ np.linalg.inv(noisy) @ TARGETS - 0.5 * np.linalg.slogdet(noisy)[1]
    prior = -np.sum(0.1 / WEIGHTS + 0.1 * WEIGHTS)     # of each λ
    prior += math.log(SCALE) - SCALE                   # Gamma(2, 1)
    prior += 0.1 * math.log(NOISE) - 30 * NOISE        # Gamma(1.1, 30)
    return -(likelihood + prior)


def log_ei(mean, deviation, threshold):
    """E max(y - f*, 0) as an integral over the improvement, the density's peak taken out."""
    z = (mean - threshold) / deviation
    top = max(z, 0.0)
    u = np.linspace(0, top + 40 / max(1, -z), 4_000_001)
    f = u * np.exp(u * z - u * u / 2 - top * top / 2)
    step = u[1] - u[0]
    integral = step / 3 * (f[0] + f[-1] + 4 * f[1:-1:2].sum() + 2 * f[2:-1:2].sum())  # Simpson
    log_density = -0.5 * z * z - 0.5 * math.log(2 * math.pi)
    return math.log(deviation) + log_density + top * top / 2 + math.log(integral)


def half_rank(values):
    """Song et al. (2024), for values that are the better the larger; then mean 0, deviation 1."""
    values = np.array(values, dtype=float)
    median = np.median(values)
    unique = np.unique(values)
    good = unique[unique >= median]
    width = math.sqrt(np.mean((good - median) ** 2))
    first = len(unique) - len(good)
    share = first + (0.5 if good[0] == median else 0)
    quantile = {}
    for rank in range(first):
        low, high, p = -40.0, 40.0, 0.5 * (rank + 0.5) / share
        for _ in range(200):  # bisection
            middle = (low + high) / 2
            if 0.5 * math.erfc(-middle / math.sqrt(2)) < p:
                low = middle
            else:
                high = middle
        quantile[unique[rank]] = median + width * low
    warped = np.array([quantile.get(v, v) for v in values])
    return (warped - warped.mean()) / warped.std()


# (trial, level, value), the larger the better: eight trials, of which some went further.
TOLD = [(0, 0, 3.0), (1, 0, -9.0), (2, 0, 1.0), (3, 0, 2.0), (4, 0, 5.0), (5, 0, 0.0),
        (6, 0, 4.5), (7, 0, 2.5), (0, 1, 20.0), (3, 1, 12.0), (4, 1, 18.0), (6, 1, 19.0),
        (7, 1, 5.0), (0, 2, 300.0), (6, 2, 200.0)]


def level_targets():
    """Each level warped by itself, then moved and, for four trials and more, stretched to where its
    trials were at the level before."""
    last, targets = {}, []
    for level in range(3):
        rows = [(trial, value) for trial, at, value in TOLD if at == level]
        own = half_rank([value for _, value in rows])
        if last:
            before = np.array([last[trial] for trial, _ in rows])
            stretch = before.std() / own.std() if len(rows) >= 4 else 1.0
            own = before.mean() + stretch * (own - own.mean())
        last.update((trial, target) for (trial, _), target in zip(rows, own))
        targets += list(own)
    return np.array(targets)


# Rungs at 1, 3 and 9 of 27 steps: where a trial told, and the logarithm of the steps.
LEVEL_POINTS = np.array([[0.10, 1], [0.40, 1], [0.75, 1], [0.40, 3], [0.75, 3], [0.75, 27]])


def level_posterior():
    """At (0.5, 3 steps) and (0.8, 27 steps), by one kernel of x and log(steps)."""
    def axes(points):
        return np.column_stack([points[:, 0], np.log(points[:, 1]) / math.log(27)])

    def likeness(a, b):
        r = np.sqrt(((a[:, None, :] - b[None, :, :]) ** 2 * np.array([2.0, 0.5])).sum(axis=2))
        return SCALE * (1 + math.sqrt(5) * r + 5 / 3 * r * r) * np.exp(-math.sqrt(5) * r)

    points, asked = axes(LEVEL_POINTS), axes(np.array([[0.5, 3], [0.8, 27]]))
    noisy = likeness(points, points) + NOISE * np.eye(len(points))
    cross = likeness(asked, points)
    variance = SCALE - np.einsum("ij,ji->i", cross, np.linalg.solve(noisy, cross.T))
    return cross @ np.linalg.solve(noisy, TARGETS), variance


# One axis, each place twice, much noise: to be minimised. The least value is a lucky one.
NOISY_X = np.array([0.1, 0.1, 0.3, 0.3, 0.4, 0.4, 0.5, 0.5, 0.7, 0.7, 0.9, 0.9])
NOISY_Y = np.array([9.5, 8.0, 5.6, 4.0, 4.1, 3.2, 5.4, 7.1, 2.6, 9.4, 15.0, 17.0])


def recommended():
    """Of the noisy values: which trial a fitted model expects to be best, and its value."""
    targets = half_rank(-NOISY_Y)
    distance = np.sqrt(5) * np.abs(NOISY_X[:, None] - NOISY_X[None, :])

    def likeness(weight, scale):
        r = math.sqrt(weight) * distance
        return scale * (1 + r + r * r / 3) * np.exp(-r)

    def cost(logarithms):
        weight, scale, noise = np.exp(logarithms)
        noisy = likeness(weight, scale) + (noise + NOISE_LEAST) * np.eye(len(targets))
        likelihood = -0.5 * targets @ np.linalg.solve(noisy, targets)
        likelihood -= 0.5 * np.linalg.slogdet(noisy)[1]
        prior = -0.1 / weight - 0.1 * weight + math.log(scale) - scale
        return -(likelihood + prior + 0.1 * math.log(noise) - 30 * noise)

    best, reach = np.array([1.0, 0.0, -3.0]), 2.0
    while reach > 1e-4:  # the best of a cube around the best of all
        offsets = np.linspace(-reach, reach, 9)
        cube = [best + np.array([a, b, c]) for a in offsets for b in offsets for c in offsets]
        best, reach = min(cube, key=cost), 0.6 * reach
    weight, scale, noise = np.exp(best)
    matrix = likeness(weight, scale)
    noisy = matrix + (noise + NOISE_LEAST) * np.eye(len(targets))
    means = matrix @ np.linalg.solve(noisy, targets)
    order = np.argsort(targets)
    trial = int(np.argmax(means))
    return trial, -float(np.interp(means[trial], targets[order], -NOISY_Y[order])), best


if __name__ == "__main__":
    print("mean, variance", *[np.array2string(v, precision=12) for v in posterior()])
    print("variance with an open point", np.array2string(posterior(OPEN)[1], precision=12))
    print("mean, variance with a condition",
          *[np.array2string(v, precision=12) for v in conditional_posterior()])
    print("negative log posterior", f"{negative_log_posterior():.12f}")
    for case in [(0.5, 1.0, 0.0), (-1.0, 0.3, 0.2), (0.0, 0.01, 0.2), (0.0, 0.01, 0.3),
                 (0.0, 0.001, 1.0), (3.0, 0.5, 0.0)]:
        print("log EI", case, f"{log_ei(*case):.12f}")
    print("half-rank", np.array2string(half_rank([3, -1e9, 1, 2, 2, -5, 7, 0]), precision=12))
    print("targets of levels", np.array2string(level_targets(), precision=12))
    print("mean, variance over x and log(steps)",
          *[np.array2string(v, precision=12) for v in level_posterior()])
    print("recommended trial, its value, logarithms of the kernel's numbers", *recommended())
