"""The numbers that the tests beside it hold CMA-ES against, from the papers' formulas with numpy.

    python3 cma_reference.py      prints them

Equations are those of Hansen (2016), arXiv:1604.00772v2; the margin and the choices are those of
Hamano et al. (2025), arXiv:2504.07884. Nothing here is a translation of the C++.
"""
import math
from statistics import NormalDist

import numpy as np

GOLDEN = 0.6180339887498949
NORMAL = NormalDist()


def fraction(n):
    """A number in [0, 1) that both sides compute alike."""
    return math.fmod(n * GOLDEN, 1.0)


class Rates:
    def __init__(self, n, lam, diagonal=False):
        mu = lam // 2
        w = np.array([math.log((lam + 1) / 2) - math.log(i) for i in range(1, lam + 1)])  # 49
        self.mueff = w[:mu].sum() ** 2 / (w[:mu] ** 2).sum()
        mueff_minus = w[mu:].sum() ** 2 / (w[mu:] ** 2).sum()
        faster = (n + 2) / 3 if diagonal else 1
        self.c1 = min(faster * 2 / ((n + 1.3) ** 2 + self.mueff), 0.5)  # 57
        self.cmu = min(1 - self.c1 - 1e-8, faster * 2 * (self.mueff - 2 + 1 / self.mueff) /
                       ((n + 2) ** 2 + self.mueff))  # 58
        alpha = min(1 + self.c1 / self.cmu, 1 + 2 * mueff_minus / (self.mueff + 2),
                    (1 - self.c1 - self.cmu) / (n * self.cmu))  # 50 to 52
        self.w = np.where(w >= 0, w / w[w > 0].sum(), w * alpha / -w[w < 0].sum())  # 53
        self.mu = mu
        self.cc = (4 + self.mueff / n) / (n + 4 + 2 * self.mueff / n)  # 56
        self.cs = (self.mueff + 2) / (n + self.mueff + 5)  # 55
        self.ds = 1 + 2 * max(0, math.sqrt((self.mueff - 1) / (n + 1)) - 1) + self.cs
        self.chi = math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n))


class Gaussian:
    def __init__(self, mean, sigma, lam, diagonal=False):
        self.m, self.sigma, self.n = np.array(mean), sigma, len(mean)
        self.diagonal = diagonal
        self.C, self.A = np.eye(self.n), np.ones(self.n)
        self.ps, self.pc = np.zeros(self.n), np.zeros(self.n)
        self.g, self.r = 0, Rates(len(mean), lam, diagonal)

    def whitening(self):
        values, vectors = np.linalg.eigh(self.C)
        return vectors @ np.diag(values ** -0.5) @ vectors.T

    def update(self, xs, injected=()):
        r, n, white = self.r, self.n, self.whitening()
        ys = [(x - self.m) / (self.A * self.sigma) for x in xs]
        for k in injected:
            ys[k] = ys[k] * min(1, (math.sqrt(n) + 2 * n / (n + 2)) / np.linalg.norm(white @ ys[k]))
        yw = sum(r.w[k] * ys[k] for k in range(r.mu))  # 41
        self.m = self.m + self.sigma * yw  # 42
        self.ps = (1 - r.cs) * self.ps + math.sqrt(r.cs * (2 - r.cs) * r.mueff) * white @ yw  # 43
        length = np.linalg.norm(self.ps)
        self.sigma *= math.exp(min(1, r.cs / r.ds * (length / r.chi - 1)))  # 44
        calm = length / math.sqrt(1 - (1 - r.cs) ** (2 * (self.g + 1))) < \
            (1.4 + 2 / (n + 1)) * r.chi
        self.pc = (1 - r.cc) * self.pc + calm * math.sqrt(r.cc * (2 - r.cc) * r.mueff) * yw  # 45
        w = [r.w[k] * (1 if r.w[k] >= 0 else n / (np.linalg.norm(white @ ys[k]) ** 2 + 1e-8))
             for k in range(len(ys))]  # 46
        delta = (1 - calm) * r.cc * (2 - r.cc)
        self.C = ((1 + r.c1 * delta - r.c1 - r.cmu * r.w.sum()) * self.C +
                  r.c1 * np.outer(self.pc, self.pc) +
                  r.cmu * sum(wk * np.outer(y, y) for wk, y in zip(w, ys)))  # 47
        if self.diagonal:
            self.C = np.diag(np.diag(self.C))
        self.g += 1
        widest = 1 / 3 / math.sqrt(np.diag(self.C).max())  # ours: never wider than a third
        self.sigma = min(self.sigma, widest)


def population(n, lam, generation):
    return [np.array([fraction((generation * lam + k) * n + i + 1) for i in range(n)])
            for k in range(lam)]


def show(name, *values):
    print(name, *("%.12g" % v for v in np.ravel(values)))


def gaussian(diagonal):
    g = Gaussian([0.2, 0.5, 0.7], 0.3, 7, diagonal)
    for generation in range(3):
        xs = population(3, 7, generation)
        if generation == 1:
            xs[2] = xs[2] + 5
        g.update(xs, injected=[2] if generation == 1 else [])
    show("mean", g.m)
    show("sigma", g.sigma)
    show("C", g.C[0, 0], g.C[1, 1], g.C[2, 2], g.C[0, 1], g.C[0, 2], g.C[1, 2])
    show("path", g.pc)
    show("step path", g.ps)


def margin():
    """An integer of five values at coordinate 0 of two: inside, with and without a change."""
    alpha = 1 - 0.73 ** (1 / 2)
    show("alpha", alpha)
    for mean, sigma, changed, rate in ((0.47, 0.02, False, 0.5 - 1e-8), (0.45, 0.06, True, 0.3),
                                       (0.52, 0.2, False, 0.2), (0.09, 0.01, False, 0.5 - 1e-8),
                                       (0.96, 0.05, True, 0.4)):
        cell = min(int(mean * 5), 4)
        low, high = cell / 5, (cell + 1) / 5
        quantile = lambda p: -NORMAL.inv_cdf(p)
        clip = lambda p: min(max(p, 1e-8), 0.5 - 1e-8)
        if 0 < cell < 4:
            below = max(NORMAL.cdf((low - mean) / sigma), alpha / 2)
            above = max(1 - NORMAL.cdf((high - mean) / sigma), alpha / 2)
            stay = 1 - NORMAL.cdf((low - mean) / sigma) - (1 - NORMAL.cdf((high - mean) / sigma))
            if not changed:
                stay = max(stay, 1 - rate)
            least = alpha / 2 if changed else 1 - rate
            room = below + above + stay - alpha - least
            share = (1 - below - above - stay) / room if room > 0 else 0
            below, above = (clip(p + share * (p - alpha / 2)) for p in (below, above))
            a = (high - low) / ((quantile(below) + quantile(above)) * sigma)
            m = (low * quantile(above) + high * quantile(below)) / \
                (quantile(below) + quantile(above))
        else:
            threshold = high if cell == 0 else low
            p = max(NORMAL.cdf(-abs(mean - threshold) / sigma), alpha)
            p = clip(p if changed else min(p, rate))
            a = max(1, abs((low + high) / 2 - threshold) / (sigma * quantile(alpha)))
            m = threshold + (-1 if cell == 0 else 1) * sigma * a * quantile(p)
        show("margin", m, a)


def categories():
    """Choices of 3 and 2 values, 4 parents of 8, five generations."""
    q = [np.full(3, 1 / 3), np.full(2, 1 / 2)]
    floor = [(1 - 0.73 ** (1 / 2)) / (len(p) - 1) for p in q]
    w = Rates(1, 8).w[:4]
    trust, gamma, s = 1.0, 0.0, np.zeros(3)
    for generation in range(5):
        c = [(int(3 * fraction(8 * generation + 2 * k + 1)),
              int(2 * fraction(8 * generation + 2 * k + 2))) for k in range(4)]
        grad = [sum(w[k] * (np.eye(len(p))[c[k][i]] - p) for k in range(4))
                for i, p in enumerate(q)]
        # The square root of the Fisher matrix of all values but the last one.
        parts = []
        for p, g in zip(q, grad):
            r, last = np.sqrt(p[:-1]), p[-1]
            parts.append(g[:-1] / r + r * g[:-1].sum() / (last + math.sqrt(last)))
        f = np.concatenate(parts)
        length = np.linalg.norm(f)
        q = [p + g / trust / (length + 1e-8) for p, g in zip(q, grad)]
        beta = 1 / trust / math.sqrt(len(f))
        s = (1 - beta) * s + math.sqrt(beta * (2 - beta)) * f / length
        gamma = (1 - beta) ** 2 * gamma + beta * (2 - beta)
        trust *= math.exp(beta * (gamma - s @ s / 1.5))
        for i, p in enumerate(q):
            p = np.maximum(p, floor[i])
            p = p - (p.sum() - 1) * (p - floor[i]) / (p.sum() - floor[i] * len(p))
            q[i] = p / p.sum()
    show("categories", *q[0], *q[1])


def warm_start():
    best = np.array([[fraction(3 * k + i + 1) for i in range(3)] for k in range(4)])
    spread = 0.01 * np.eye(3) + np.cov(best.T, bias=True)
    sigma = np.linalg.det(spread) ** (1 / 6)
    show("warm mean", best.mean(axis=0))
    show("warm sigma", sigma)
    show("warm C", (spread / sigma ** 2)[0, 0], (spread / sigma ** 2)[0, 1])


if __name__ == "__main__":
    r = Rates(10, 10)
    show("rates", r.c1, r.cmu, r.cc, r.cs, r.ds, r.mueff, r.w[0], r.w[9], r.w.sum())
    r = Rates(60, 16, diagonal=True)
    show("diagonal", r.c1, r.cmu, r.w[15])
    gaussian(False)
    gaussian(True)
    margin()
    categories()
    warm_start()
