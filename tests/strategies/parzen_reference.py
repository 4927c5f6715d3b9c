"""The densities that parzen_test.cpp holds Parzen against, by the formulas alone and one by one.

    python3 parzen_reference.py      prints them
"""
import math

# A float, an int of 10 values, a choice of 3, as coordinates; the weights are of the points.
POINTS = [(0.10, 0.25, 1 / 6), (0.15, 0.95, 5 / 6), (0.80, 0.25, 1 / 6)]
WEIGHTS = [0.5, 1.0, 1.0]
ASKED = [(0.12, 0.25, 1 / 6), (0.5, 0.55, 0.5), (0.99, 0.05, 5 / 6)]
INTS, CHOICES = 10, 3


def cdf(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))


def widths(middles):
    """0.7 of the way to the farther neighbour, the prior among them; the prior's own is 1."""
    found = []
    for k, here in enumerate(middles[:-1]):
        below = [m for i, m in enumerate(middles) if i != k and (m, i) < (here, k)]
        above = [m for i, m in enumerate(middles) if i != k and (m, i) > (here, k)]
        far = max(here - max(below) if below else 0, min(above) - here if above else 0)
        found.append(min(max(0.7 * far, 0.07), 1))
    return found + [1.0]


def density(u):
    kernels = POINTS + [(0.5, 0.5, None)]
    weights = [w / (sum(WEIGHTS) + 1) for w in WEIGHTS + [1.0]]
    wide = [widths([p[axis] for p in kernels]) for axis in (0, 1)]
    total = 0
    for k, (kernel, weight) in enumerate(zip(kernels, weights)):
        product = weight
        for axis in (0, 1):
            m, s = kernel[axis], wide[axis][k]
            norm = cdf((1 - m) / s) - cdf((0 - m) / s)
            if axis == 0:
                product *= math.exp(-0.5 * ((u[0] - m) / s) ** 2) / s / norm
            else:
                cell = math.floor(u[1] * INTS)
                product *= (cdf(((cell + 1) / INTS - m) / s) - cdf((cell / INTS - m) / s)) / norm
        little = 1 / len(kernels)
        if kernel[2] is None:
            product *= 1 / CHOICES
        else:
            same = math.floor(kernel[2] * CHOICES) == math.floor(u[2] * CHOICES)
            product *= ((1 if same else 0) + little) / (1 + CHOICES * little)
        total += product
    return math.log(total)


if __name__ == "__main__":
    for point in ASKED:
        print(f"{density(point):.12f}")
