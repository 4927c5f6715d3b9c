"""Ten functions of BBOB, from their published definitions.

N. Hansen, S. Finck, R. Ros, A. Auger: Real-Parameter Black-Box Optimization Benchmarking 2009:
Noiseless Functions Definitions. INRIA research report RR-6829, 2009. Notation and numbers of the
functions are the report's. Optimum, rotations and peaks are drawn here from the seed, not by the
report's generator, so values do not equal COCO's; f_opt is 0, and the penalty outside of [-5, 5]
is left out, for nothing is asked there.

A function takes x of shape (points, D) and returns (points,).
"""
import numpy as np


class Frame:
    """What an instance draws: x_opt in [-4, 4]^D, two rotations Q and R, signs."""

    def __init__(self, dimension, rng):
        self.dimension = dimension
        self.rng = rng
        self.x_opt = rng.uniform(-4, 4, dimension)
        self.R = _rotation(dimension, rng)
        self.Q = _rotation(dimension, rng)
        self.signs = rng.choice([-1.0, 1.0], dimension)
        self.ramp = np.arange(dimension) / (dimension - 1)  # (i-1)/(D-1)

    def powers(self, alpha):
        """The diagonal of Λ^α."""
        return alpha ** (0.5 * self.ramp)


def _rotation(dimension, rng):
    q, r = np.linalg.qr(rng.standard_normal((dimension, dimension)))
    return q * np.sign(np.diag(r))


def t_osz(x):
    """The oscillation: monotone, and zero where x is."""
    safe = np.where(x == 0, 1.0, np.abs(x))
    hat = np.log(safe)
    c1, c2 = np.where(x > 0, 10.0, 5.5), np.where(x > 0, 7.9, 3.1)
    return np.sign(x) * np.exp(hat + 0.049 * (np.sin(c1 * hat) + np.sin(c2 * hat))) * (x != 0)


def t_asy(x, beta, ramp):
    """The asymmetry: positive coordinates are bent, the last ones most."""
    positive = np.maximum(x, 0.0)
    return np.where(x > 0, positive ** (1 + beta * ramp * np.sqrt(positive)), x)


def sphere(frame):  # f1
    return lambda x: ((x - frame.x_opt) ** 2).sum(1)


def _rastrigin(z):
    return 10 * (z.shape[1] - np.cos(2 * np.pi * z).sum(1)) + (z ** 2).sum(1)


def rastrigin(frame):  # f3
    return lambda x: _rastrigin(frame.powers(10) * t_asy(t_osz(x - frame.x_opt), 0.2, frame.ramp))


def attractive_sector(frame):  # f6
    def f(x):
        z = (frame.powers(10) * ((x - frame.x_opt) @ frame.R.T)) @ frame.Q.T
        s = np.where(z * frame.x_opt > 0, 100.0, 1.0)
        return t_osz(((s * z) ** 2).sum(1)) ** 0.9
    return f


def rosenbrock(frame):  # f8
    x_opt = frame.x_opt * 0.75  # in [-3, 3]^D

    def f(x):
        z = max(1.0, np.sqrt(frame.dimension) / 8) * (x - x_opt) + 1
        return (100 * (z[:, :-1] ** 2 - z[:, 1:]) ** 2 + (z[:, :-1] - 1) ** 2).sum(1)
    f.x_opt = x_opt
    return f


def ellipsoid(frame):  # f10
    return lambda x: (10 ** (6 * frame.ramp) * t_osz((x - frame.x_opt) @ frame.R.T) ** 2).sum(1)


def bent_cigar(frame):  # f12
    def f(x):
        z = t_asy((x - frame.x_opt) @ frame.R.T, 0.5, frame.ramp) @ frame.R.T
        return z[:, 0] ** 2 + 1e6 * (z[:, 1:] ** 2).sum(1)
    return f


def rastrigin_rotated(frame):  # f15
    def f(x):
        bent = t_asy(t_osz((x - frame.x_opt) @ frame.R.T), 0.2, frame.ramp)
        return _rastrigin((frame.powers(10) * (bent @ frame.Q.T)) @ frame.R.T)
    return f


def schaffers(frame):  # f17
    def f(x):
        z = frame.powers(10) * (t_asy((x - frame.x_opt) @ frame.R.T, 0.5, frame.ramp) @ frame.Q.T)
        s = np.sqrt(z[:, :-1] ** 2 + z[:, 1:] ** 2)
        return (np.sqrt(s) * (1 + np.sin(50 * s ** 0.2) ** 2)).mean(1) ** 2
    return f


def schwefel(frame):  # f20
    x_opt = 4.2096874633 / 2 * frame.signs
    shift = 2 * np.abs(x_opt)

    def f(x):
        hat = 2 * frame.signs * x
        z = hat.copy()
        z[:, 1:] += 0.25 * (hat[:, :-1] - shift[:-1])
        z = 100 * (frame.powers(10) * (z - shift) + shift)
        penalty = (np.maximum(0.0, np.abs(z / 100) - 5) ** 2).sum(1)
        return 4.189828872724339 - (z * np.sin(np.sqrt(np.abs(z)))).mean(1) / 100 + 100 * penalty
    f.x_opt = x_opt
    return f


def gallagher(frame, peaks=101):  # f21
    rng, dimension = frame.rng, frame.dimension
    heights = np.append(10.0, 1.1 + 8 * np.arange(peaks - 1) / (peaks - 2))
    alphas = 1000.0 ** (2 * rng.permutation(peaks - 1) / (peaks - 2))
    alphas = np.append(1000.0, alphas)
    scales = np.stack([rng.permutation(frame.powers(alpha)) / alpha ** 0.25 for alpha in alphas])
    centers = rng.uniform(-5, 5, (peaks, dimension))
    centers[0] = frame.x_opt

    def f(x):
        offset = (x[:, None, :] - centers) @ frame.R.T
        exponent = (scales * offset ** 2).sum(2) / (2 * dimension)
        return t_osz(10 - (heights * np.exp(-exponent)).max(1)) ** 2
    return f


FUNCTIONS = {"f1_sphere": sphere, "f3_rastrigin": rastrigin, "f6_attractive_sector":
             attractive_sector, "f8_rosenbrock": rosenbrock, "f10_ellipsoid": ellipsoid,
             "f12_bent_cigar": bent_cigar, "f15_rastrigin_rotated": rastrigin_rotated,
             "f17_schaffers": schaffers, "f20_schwefel": schwefel, "f21_gallagher": gallagher}
MEDIAN_OF = 1000  # random points whose median says how bad random is


class Instance:
    """A function with what its seed drew. `x_opt` has the value 0."""
    best = 0.0

    def __init__(self, function, dimension, seed):
        rng = np.random.default_rng([seed, dimension, list(FUNCTIONS).index(function)])
        frame = Frame(dimension, rng)
        self.f = FUNCTIONS[function](frame)
        self.x_opt = getattr(self.f, "x_opt", frame.x_opt)
        self.median = float(np.median(self.f(rng.uniform(-5, 5, (MEDIAN_OF, dimension)))))

    def truth(self, params):
        return float(self.f(np.array([list(params.values())]))[0])

    def observed(self, params, number):
        return self.truth(params)


def space(dimension):
    return {f"x{i}": {"float": [-5.0, 5.0]} for i in range(dimension)}
