"""The p-values that signed_rank_test.cpp holds SignedRank against, by SciPy 1.17.

    python3 wilcoxon_reference.py      prints them; needs numpy and scipy
"""
import numpy as np
from scipy import stats

# Whole numbers and halves, so that ties are ties; then the same from a formula, for larger n.
SMALL = {"one": [1.5], "clear": [1, 2, 3, 4, 5, 6, 7], "mixed": [3, -1, 4, 1.5, -5, 9, 2, 6],
         "ties": [1, 1, -1, 2, 2, -3], "zeros": [0, 0, 1, -2, 3], "a zero": [0, 1, 2, 3],
         "all zero": [0, 0, 0, 0], "worse": [-1, -2, -3, 0.5]}


def formula(n, modulus, shift):
    """d_i = ((7 i² + 3 i) mod m) - shift + i / 1024: no ties; the integer parts alone have them."""
    return [(7 * i * i + 3 * i) % modulus - shift + i / 1024 for i in range(1, n + 1)]


LARGE = {"exact 50": formula(50, 101, 40), "normal 51": formula(51, 101, 40),
         "normal 400": formula(400, 101, 48),
         "ties 60": [float(int(d)) for d in formula(60, 11, 5)]}


def p_greater(differences):
    d = np.array(differences, dtype=float)
    has_ties = len(set(np.abs(d))) < len(d) or (d == 0).any()
    method = "exact" if len(d) <= 50 and not has_ties else "asymptotic"
    return stats.wilcoxon(d, alternative="greater", zero_method="zsplit", correction=False,
                          method=method).pvalue


if __name__ == "__main__":
    for name, differences in {**SMALL, **LARGE}.items():
        print(f"{name:12} {p_greater(differences):.15g}")
